import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { argon2id } from 'hash-wasm'
import { AppError } from '../../preload/contract/errors.ts'
import { sha256Hex } from '../wire/canonical.ts'
import { writeFileDurably } from './durable-file.ts'
import { withMappedErrors } from './sqlite-errors.ts'
import type { PinCost, VaultAccount } from './vault-file.ts'

/** The wrapped form of a key for one account. */
export type WrappedKey = Pick<VaultAccount, 'salt' | 'cost' | 'nonce' | 'wrapped'>

const tagBytes = 16

/** Says whether a key is the vault's: equal checks, equal keys. */
export function keyCheckOf(key: Uint8Array): string {
  return sha256Hex(Buffer.from(hkdfSync('sha256', key, '', 'cunchuang key check 1', 32)))
}

/** Wraps a key by a PIN and the machine's secret, bound to the account's name. Takes as long as `cost` says. */
export async function wrapKey(
  key: Uint8Array,
  name: string,
  pin: string,
  machineSecret: Uint8Array,
  cost: PinCost,
): Promise<WrappedKey> {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await wrappingKey(pin, salt, machineSecret, cost), nonce)
  cipher.setAAD(Buffer.from(name, 'utf8'))
  const wrapped = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()])
  return {
    salt: salt.toString('base64'),
    cost,
    nonce: nonce.toString('base64'),
    wrapped: wrapped.toString('base64'),
  }
}

/** The key, or undefined for a wrong PIN (or another machine's secret). Takes as long as the account's cost says. */
export async function unwrapKey(
  account: WrappedKey,
  name: string,
  pin: string,
  machineSecret: Uint8Array,
): Promise<Uint8Array | undefined> {
  const wrapping = await wrappingKey(pin, Buffer.from(account.salt, 'base64'), machineSecret, account.cost)
  const sealed = Buffer.from(account.wrapped, 'base64')
  const nonce = Buffer.from(account.nonce, 'base64')
  if (sealed.length <= tagBytes || nonce.length !== 12) throw new AppError('STORE_DAMAGED', { reason: 'vault' })
  const decipher = createDecipheriv('aes-256-gcm', wrapping, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(name, 'utf8'))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]))
  } catch {
    return undefined
  }
}

/** A wrapping that no PIN opens, as dear to try as a real one: so an unknown account takes the same time. */
export function decoyWrapping(cost: PinCost): WrappedKey {
  return {
    salt: randomBytes(16).toString('base64'),
    cost,
    nonce: randomBytes(12).toString('base64'),
    wrapped: randomBytes(48).toString('base64'),
  }
}

/** The machine's secret: 32 random bytes in a file of their own, made where none is. */
export function machineSecretIn(file: string, make: boolean): Uint8Array {
  return withMappedErrors(() => {
    if (!existsSync(file)) {
      if (!make) throw new AppError('STORE_DAMAGED', { reason: 'machine-secret-missing' })
      writeFileDurably(file, randomBytes(32))
    }
    const secret = readFileSync(file)
    if (secret.length !== 32) throw new AppError('STORE_DAMAGED', { reason: 'machine-secret' })
    return new Uint8Array(secret)
  })
}

async function wrappingKey(pin: string, salt: Uint8Array, machineSecret: Uint8Array, cost: PinCost): Promise<Buffer> {
  const stretched = await argon2id({
    password: pin.normalize('NFKC'),
    salt,
    memorySize: cost.memoryKiB,
    iterations: cost.passes,
    parallelism: cost.lanes,
    hashLength: 32,
    outputType: 'binary',
  })
  return Buffer.from(hkdfSync('sha256', stretched, machineSecret, 'cunchuang vault 1', 32))
}
