import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type PinCost, readVaultFile, type VaultAccount, type VaultFile, writeVaultFile } from './vault-file.ts'
import { decoyWrapping, keyCheckOf, machineSecretIn, unwrapKey, wrapKey } from './vault-keys.ts'

export type { PinCost } from './vault-file.ts'

/** How to open a vault. */
export type VaultOptions = {
  /** The data folder: the vault is `vault.json` in it. */
  readonly folder: string
  readonly clock: Clock
  /** Where the machine's secret lies; `machine.key` in the folder where not told. Elsewhere is better: a copied folder is then of no use. */
  readonly machineSecretFile?: string
  /** Argon2id's cost for new wrappings; RFC 9106's second choice (64 MiB, 3 passes) with one lane where not told. */
  readonly cost?: PinCost
}

/** The database key, wrapped once per account. PINs are tried one after the other, in the order asked. */
export type Vault = {
  /** Names of the accounts, in the order they were added. */
  readonly accounts: () => string[]
  /**
   * The database key, for the right PIN. Throws `PIN_WRONG` (`left`: tries before a wait), `PIN_WAIT` (`seconds`) from the
   * fifth wrong try on, where nothing is tried before the wait is over, and `ACCOUNT_UNKNOWN`, after as long as a real try.
   */
  readonly unlock: (account: string, pin: string) => Promise<Uint8Array>
  /** Adds an account. `key` is what `unlock` gave someone. Throws `INPUT_INVALID` for a name that is taken or unfit, or a short PIN. */
  readonly addAccount: (key: Uint8Array, account: string, pin: string) => Promise<void>
  /** Gives an account a new PIN and ends its wait. Throws `ACCOUNT_UNKNOWN` or `INPUT_INVALID`. */
  readonly setPin: (key: Uint8Array, account: string, pin: string) => Promise<void>
  /** Removes an account. Throws `ACCOUNT_UNKNOWN`; the last one cannot go (`NOT_ALLOWED`). */
  readonly removeAccount: (account: string) => Promise<void>
}

const defaultCost: PinCost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 }
const triesBeforeWait = 5
const waitSeconds = [30, 60, 120, 300, 900, 1800] as const
const longestWaitSeconds = 1800
const shortestPin = 4

/** Says whether a folder has a vault. */
export function hasVault(folder: string): boolean {
  return existsSync(fileOf(folder))
}

/**
 * Makes a vault with a fresh random key and its first account; gives the key too. Throws `INPUT_INVALID` for an unfit name
 * or PIN, `DISK_FULL`, `STORE_READ_ONLY`. A folder that has one already is a bug: its key would be lost.
 */
export async function createVault(
  options: VaultOptions,
  first: { readonly account: string; readonly pin: string },
): Promise<{ readonly vault: Vault; readonly key: Uint8Array }> {
  if (hasVault(options.folder)) throw new Error('the folder has a vault already')
  const name = fitName(first.account)
  const key = new Uint8Array(randomBytes(32))
  const account = await newAccount(options, machineSecretIn(secretFileOf(options), true), key, name, first.pin)
  writeVaultFile(fileOf(options.folder), { format: 1, keyCheck: keyCheckOf(key), accounts: [account] })
  return { vault: openVault(options), key }
}

/** Opens a vault. Throws `NOT_FOUND` where none is, `STORE_DAMAGED` (`reason`: `vault`, `machine-secret-missing`, `machine-secret`). */
export function openVault(options: VaultOptions): Vault {
  const file = fileOf(options.folder)
  const read = () => readVaultFile(file)
  const secret = machineSecretIn(secretFileOf(options), false)
  read()
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work)
    queue = turn.catch(() => {})
    return turn
  }
  return {
    accounts: () => read().accounts.map(({ name }) => name),
    unlock: (account, pin) => inTurn(() => unlock(options, secret, account, pin)),
    addAccount: (key, account, pin) =>
      inTurn(async () => {
        assertKey(read(), key)
        const name = fitName(account)
        if (find(read(), name)) throw new AppError('INPUT_INVALID', { field: 'account', reason: 'taken' })
        const added = await newAccount(options, secret, key, name, pin)
        const vault = read()
        writeVaultFile(file, { ...vault, accounts: [...vault.accounts, added] })
      }),
    setPin: (key, account, pin) =>
      inTurn(async () => {
        assertKey(read(), key)
        const old = find(read(), account)
        if (!old) throw new AppError('ACCOUNT_UNKNOWN')
        change(file, await newAccount(options, secret, key, old.name, pin))
      }),
    removeAccount: (account) =>
      inTurn(async () => {
        const vault = read()
        const gone = find(vault, account)
        if (!gone) throw new AppError('ACCOUNT_UNKNOWN')
        if (vault.accounts.length === 1) throw new AppError('NOT_ALLOWED', { reason: 'last-account' })
        writeVaultFile(file, { ...vault, accounts: vault.accounts.filter(({ name }) => name !== gone.name) })
      }),
  }
}

async function unlock(options: VaultOptions, secret: Uint8Array, name: string, pin: string): Promise<Uint8Array> {
  const file = fileOf(options.folder)
  const account = find(readVaultFile(file), name)
  if (!account) {
    await unwrapKey(decoyWrapping(options.cost ?? defaultCost), name, pin, secret)
    throw new AppError('ACCOUNT_UNKNOWN')
  }
  refuseDuringWait(file, account, options.clock)
  // Counted before the try, so that ending the process in the middle of it gains nothing.
  const failures = account.failures + 1
  const wait = waitAfter(failures, options.clock)
  change(file, { ...account, failures, wait })
  const key = await unwrapKey(account, account.name, pin, secret)
  if (key && keyCheckOf(key) === readVaultFile(file).keyCheck) {
    change(file, { ...account, failures: 0, wait: null })
    return key
  }
  if (wait) throw new AppError('PIN_WAIT', { seconds: wait.seconds })
  throw new AppError('PIN_WRONG', { left: triesBeforeWait - failures })
}

function waitAfter(failures: number, clock: Clock): VaultAccount['wait'] {
  if (failures < triesBeforeWait) return null
  const seconds = waitSeconds[failures - triesBeforeWait] ?? longestWaitSeconds
  return { from: clock.now().toISOString(), seconds }
}

/** A clock that was set back starts the wait anew: it never gets shorter, nor longer than it was at first. */
function refuseDuringWait(file: string, account: VaultAccount, clock: Clock): void {
  if (!account.wait) return
  const now = clock.now()
  const passed = (now.getTime() - Date.parse(account.wait.from)) / 1000
  if (passed >= account.wait.seconds) return
  if (passed < 0) change(file, { ...account, wait: { ...account.wait, from: now.toISOString() } })
  throw new AppError('PIN_WAIT', { seconds: Math.ceil(account.wait.seconds - Math.max(0, passed)) })
}

async function newAccount(
  options: VaultOptions,
  secret: Uint8Array,
  key: Uint8Array,
  name: string,
  pin: string,
): Promise<VaultAccount> {
  if (pin.length < shortestPin || pin.length > 64) throw new AppError('INPUT_INVALID', { field: 'pin' })
  return { name, ...(await wrapKey(key, name, pin, secret, options.cost ?? defaultCost)), failures: 0, wait: null }
}

function change(file: string, changed: VaultAccount): void {
  const vault = readVaultFile(file)
  const accounts = vault.accounts.map((account) => (account.name === changed.name ? changed : account))
  writeVaultFile(file, { ...vault, accounts })
}

function find(vault: VaultFile, name: string): VaultAccount | undefined {
  const normal = name.normalize('NFC').trim()
  return vault.accounts.find((account) => account.name === normal)
}

function fitName(name: string): string {
  const normal = name.normalize('NFC').trim()
  if (normal.length < 1 || normal.length > 64 || /[\p{Cc}\p{Cs}]/u.test(normal)) {
    throw new AppError('INPUT_INVALID', { field: 'account' })
  }
  return normal
}

function assertKey(vault: VaultFile, key: Uint8Array): void {
  if (keyCheckOf(key) !== vault.keyCheck) throw new Error('this is not the key of the vault')
}

function fileOf(folder: string): string {
  return join(folder, 'vault.json')
}

function secretFileOf(options: VaultOptions): string {
  return options.machineSecretFile ?? join(options.folder, 'machine.key')
}
