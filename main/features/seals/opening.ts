import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { SealAppearance } from '../../pdf/index.ts'
import type { OpenSeal } from '../../signing/index.ts'
import { libraryPath } from './adding.ts'
import { isKeeper, sealStateOf } from './custody.ts'
import { afterWrongPin, cleanPinState, secondsToWait, triesBeforeWait } from './model.ts'
import { receiptSeals } from './receipts.ts'
import { type SealKey, type SealRow, selectKey, selectPinState, selectSeals, updatePinState } from './store.ts'
import type { SealTrust } from './trust.ts'

/** A seal whose PIN was given this login: what an impression needs. */
export type UnlockedSeal = {
  readonly sealId: string
  readonly name: string
  readonly certificateSha256: string
  readonly signer: OpenSeal
  readonly appearance: SealAppearance
}

/** Who gives a PIN, and in which session: it opens the seal for nobody else, and no longer. */
export type PinGiver = { readonly sessionId: string; readonly account: string }

/** Seals that are open, in memory alone. */
export type OpenSeals = {
  /**
   * Opens a seal with its PIN; without an id the newest that the account may use. Throws SEAL_NONE, SEAL_NOT_YOURS,
   * SEAL_REVOKED, SEAL_PIN_WAIT (`seconds`), SEAL_PIN_WRONG (`left` tries), SEAL_CERTIFICATE_REVOKED by a revocation list
   * in what is trusted, or as `openSealFile` and `openToken`. Every wrong try is on disk, or counted by the token, before
   * it is answered.
   */
  readonly open: (pin: string, who: PinGiver, sealId?: string) => Promise<UnlockedSeal>
  /** A seal whose PIN this account gave in a session that goes on; without an id the one opened last. */
  readonly find: (account: string, sealId?: string) => UnlockedSeal | undefined
  /** Every open seal, the one opened last first. */
  readonly all: () => UnlockedSeal[]
  /** Forgets a seal's key; without an id all keys, and those that are about to be opened. */
  readonly forget: (sealId?: string) => Promise<void>
  /** Takes back the PINs that were given in a session; a seal that nobody else has opened is forgotten. */
  readonly endSession: (sessionId: string) => Promise<void>
}

/** No seal is open at first. */
export function createOpenSeals(context: DeskContext, trust: () => SealTrust): OpenSeals {
  const held = new Map<string, UnlockedSeal>()
  /** By seal: the accounts that gave its PIN, by session. */
  const givers = new Map<string, Map<string, string>>()
  const ended = new Set<string>()
  const refusedByToken = rememberRefused()
  let login = 0
  let lastTry: Promise<unknown> = Promise.resolve()

  const all = () => [...held.values()].toReversed()
  const forget = async (sealId?: string) => {
    if (sealId === undefined) login += 1
    const gone = all().filter((seal) => sealId === undefined || seal.sealId === sealId)
    for (const seal of gone) {
      held.delete(seal.sealId)
      givers.delete(seal.sealId)
    }
    const closing = Promise.all(gone.map(({ signer }) => signer.close()))
    // A token library that is still in use does not see a token that is plugged in again.
    lastTry = Promise.allSettled([lastTry, closing])
    await closing
  }
  /** A seal file that is open stays as it is, since a job may be sealing with it; a token may have been plugged in anew. */
  const take = async (opened: UnlockedSeal, isFile: boolean, who: PinGiver): Promise<UnlockedSeal> => {
    const before = held.get(opened.sealId)
    const kept = isFile ? (before ?? opened) : opened
    held.delete(kept.sealId)
    held.set(kept.sealId, kept)
    givers.set(kept.sealId, new Map(givers.get(kept.sealId)).set(who.sessionId, who.account))
    if (before !== undefined) await (kept === before ? opened : before).signer.close()
    return kept
  }
  const openOne = async (pin: string, who: PinGiver, sealId?: string): Promise<UnlockedSeal> => {
    const { account } = who
    const own = login
    const seal = sealToOpen(context, account, sealId)
    const key = selectKey(context.store.db, seal.sealId)
    if (key === undefined) throw new AppError('SEAL_NONE')
    const signer =
      'p12' in key
        ? await openFile(context, seal.sealId, key.p12, pin)
        : await openKey(context, key, pin, refusedByToken)
    const opened = unlocked(seal, signer)
    try {
      if (await isOnRevocationList(context, signer, trust())) {
        await forget(seal.sealId)
        throw new AppError('SEAL_CERTIFICATE_REVOKED')
      }
      // A PIN takes its time: the login may be over, or the seal stopped or given to others meanwhile.
      if (own !== login || ended.has(who.sessionId)) throw new AppError('SEAL_PIN_NEEDED')
      sealToOpen(context, account, seal.sealId)
    } catch (error) {
      await signer.close()
      throw error
    }
    return await take(opened, 'p12' in key, who)
  }
  return {
    open(pin, who, sealId) {
      // One PIN at a time, so that tries cannot be made side by side to be counted once.
      const next = lastTry.then(() => openOne(pin, who, sealId))
      lastTry = next.catch(() => undefined)
      return next
    },
    find(account, sealId) {
      const isOpenFor = (seal: UnlockedSeal) => [...(givers.get(seal.sealId)?.values() ?? [])].includes(account)
      return all().find((seal) => (sealId === undefined || seal.sealId === sealId) && isOpenFor(seal))
    },
    all,
    forget,
    async endSession(sessionId) {
      ended.add(sessionId)
      const left = [...givers].filter(([, sessions]) => sessions.delete(sessionId) && sessions.size === 0)
      await Promise.all(left.map(([sealId]) => forget(sealId)))
    },
  }
}

function sealToOpen(context: DeskContext, account: string, sealId?: string): SealRow {
  const asked =
    sealId === undefined
      ? receiptSeals(context)
      : selectSeals(context.store.db).filter((seal) => seal.sealId === sealId)
  if (asked.length === 0) throw new AppError('SEAL_NONE')
  const own = asked.filter(({ custody }) => isKeeper(custody, account))
  const now = context.clock.now()
  const seal =
    own.find((one) => sealStateOf(one, now) === 'usable') ?? own.find(({ isRevoked }) => !isRevoked) ?? own[0]
  if (seal === undefined) throw new AppError('SEAL_NOT_YOURS')
  if (seal.isRevoked) throw new AppError('SEAL_REVOKED')
  return seal
}

async function openFile(context: DeskContext, sealId: string, p12: Uint8Array, pin: string): Promise<OpenSeal> {
  const now = context.clock.now()
  const state = selectPinState(context.store.db, sealId) ?? cleanPinState
  const seconds = secondsToWait(state, now)
  if (seconds > 0) throw new AppError('SEAL_PIN_WAIT', { seconds })
  try {
    const { openSealFile } = await import('../../signing/index.ts')
    const signer = await openSealFile(p12, pin, now)
    updatePinState(context.store.db, sealId, cleanPinState)
    return signer
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'SEAL_PIN_WRONG') throw error
    const after = afterWrongPin(state, now)
    updatePinState(context.store.db, sealId, after)
    const wait = secondsToWait(after, now)
    if (wait > 0) throw new AppError('SEAL_PIN_WAIT', { seconds: wait }, { cause: error })
    throw new AppError('SEAL_PIN_WRONG', { left: triesBeforeWait - after.failedTries }, { cause: error })
  }
}

/** A token counts wrong PINs itself and locks for good: what it refused once is not put to it again. */
async function openKey(
  context: DeskContext,
  key: Exclude<SealKey, { readonly p12: Uint8Array }>,
  pin: string,
  refused: RefusedPins,
): Promise<OpenSeal> {
  const token = `${key.library}/${key.serial}`
  if (refused.has(token, pin)) throw new AppError('SEAL_PIN_WRONG', { reason: 'same-again' })
  try {
    const { openToken } = await import('../../signing/index.ts')
    const library = await libraryPath(key.library)
    const { serial, keyId } = key
    return await openToken({ library, serial, keyId, pin, now: context.clock.now() })
  } catch (error) {
    if (error instanceof AppError && error.code === 'SEAL_PIN_WRONG') refused.add(token, pin)
    throw error
  }
}

/** A list that cannot be read, or that nobody trusted has signed, stops no seal; checks of papers tell of it. */
async function isOnRevocationList(
  context: DeskContext,
  { certificatePem }: OpenSeal,
  { trustedRootsPem, crls }: SealTrust,
): Promise<boolean> {
  if (crls.length === 0) return false
  const { checkChain, readCrls } = await import('../../signing/index.ts')
  const readable = crls.filter((crl) => {
    try {
      return readCrls(crl).length > 0
    } catch (error) {
      context.log('a revocation list could not be read', error)
      return false
    }
  })
  const der = Buffer.from(certificatePem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  return checkChain(der, [], { trustedRootsPem, crls: readable, now: context.clock.now() }).state === 'revoked'
}

type RefusedPins = {
  readonly has: (token: string, pin: string) => boolean
  readonly add: (token: string, pin: string) => void
}

/** Remembers the PIN that a token refused last, as a salted digest and until the desk ends. */
function rememberRefused(): RefusedPins {
  const salt = randomBytes(16)
  const last = new Map<string, string>()
  const digest = (pin: string) => createHash('sha256').update(salt).update(pin).digest('hex')
  return {
    has: (token, pin) => last.get(token) === digest(pin),
    add: (token, pin) => void last.set(token, digest(pin)),
  }
}

function unlocked(seal: SealRow, signer: OpenSeal): UnlockedSeal {
  const { sealId, name, certificateSha256, organisation, purposeLine, diameterMm, code, emblem } = seal
  const appearance = { organisation, purposeLine, diameterMm, emblem, ...(code === '' ? {} : { code }) }
  return { sealId, name, certificateSha256, signer, appearance }
}
