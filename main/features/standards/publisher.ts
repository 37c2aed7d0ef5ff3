import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import type { StandardsDesk } from '../../../preload/contract/standards/publishing.ts'
import {
  makePublisherKey,
  openPublisherKey,
  type PublisherKey,
  readPublisherKey,
  stationSubject,
  writePublisherKey,
} from '../../store/index.ts'
import { sha256Hex } from '../../wire/canonical.ts'
import type { Signer } from '../../wire/signatures.ts'
import { keepProof } from './county.ts'
import type { StandardsGround } from './ground.ts'

/** Where the publisher's key of a station lies, encrypted under its own PIN. */
export function publisherKeyFile(dataFolder: string): string {
  return join(dataFolder, 'publisher-key.json')
}

function keyHere({ context }: StandardsGround): PublisherKey | undefined {
  const file = publisherKeyFile(context.dataFolder)
  return existsSync(file) ? readPublisherKey(file) : undefined
}

/** The key at this station, as the window shows it; null for none. Throws PUBLISHER_KEY_DAMAGED. */
export function publisherView(ground: StandardsGround): StandardsDesk['publisher'] {
  const key = keyHere(ground)
  if (key === undefined) return null
  const { name, publicKey } = key
  const short = fingerprintOf(publicKey)
  const counted = ground.ports.catalogue.publisher()
  return { name, publicKey, short, counts: counted === undefined || counted === publicKey }
}

/** Who stands behind a public key, as people can tell: the name of the key here, else its fingerprint. */
export function publisherName(ground: StandardsGround, publicKey: string): string {
  const key = keyHere(ground)
  return key?.publicKey === publicKey ? key.name : fingerprintOf(publicKey)
}

const fingerprintOf = (publicKey: string) => sha256Hex(Buffer.from(publicKey, 'base64')).slice(0, 16)

/** Opens the key with its PIN. Throws PUBLISHER_KEY_NONE, PUBLISHER_KEY_DAMAGED, PUBLISHER_PIN_WRONG. */
export async function openKey(
  ground: StandardsGround,
  pin: string,
): Promise<{ readonly publicKey: string; readonly sign: Signer }> {
  const key = keyHere(ground)
  if (key === undefined) throw new AppError('PUBLISHER_KEY_NONE')
  return await openPublisherKey(key, pin)
}

/** Makes the key of this station. A key is never replaced here: whoever believes it would believe nobody. Throws INPUT_INVALID. */
export async function makeKey(
  ground: StandardsGround,
  { name, pin }: { readonly name: string; readonly pin: string },
  account: string,
): Promise<{ readonly publicKey: string }> {
  const { context } = ground
  if (keyHere(ground) !== undefined) throw new AppError('INPUT_INVALID', { field: '这台机器上已经有发布密钥' })
  const key = await makePublisherKey(name, pin)
  if (keyHere(ground) !== undefined) throw new AppError('INPUT_INVALID', { field: '这台机器上已经有发布密钥' })
  writePublisherKey(publisherKeyFile(context.dataFolder), key)
  const payload = { publicKey: key.publicKey, name }
  const draft = {
    kind: 'publishing.key-made',
    version: 1,
    subject: stationSubject,
    actor: account,
    at: context.nowUtc(),
  }
  context.store.transaction(() => context.store.ledger.append([{ ...draft, payload }]))
  keepProof(ground, await openPublisherKey(key, pin))
  return { publicKey: key.publicKey }
}
