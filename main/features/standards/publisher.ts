import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import type { StandardsDesk } from '../../../preload/contract/standards/publishing.ts'
import { readTraining, writeTraining } from '../../desk/profile.ts'
import {
  makePublisherKey,
  openPublisherKey,
  type PublisherKey,
  publisherKeyFrom,
  readPublisherKey,
  stationSubject,
  withNewPin,
  writePublisherKey,
} from '../../store/index.ts'
import { sha256Hex } from '../../wire/canonical.ts'
import { type Signer, signValue, verifyValue } from '../../wire/signatures.ts'
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

/** Makes the key of this station. A fresh key never replaces one: whoever believes that would believe nobody. Throws INPUT_INVALID. */
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
  noteKey(ground, 'publishing.key-made', key, account)
  keepProof(ground, await openPublisherKey(key, pin))
  return { publicKey: key.publicKey }
}

/**
 * Puts a key in place that comes as a file: the one that counts now, because the key here handed over to it, or because this is another
 * machine of the same office. One that no window believes replaces nothing. Throws PUBLISHER_KEY_DAMAGED, PUBLISHER_PIN_WRONG,
 * PUBLISHER_KEY_STRANGE.
 */
export async function putKey(
  ground: StandardsGround,
  { text, pin }: { readonly text: string; readonly pin: string },
  account: string,
): Promise<{ readonly publicKey: string }> {
  const key = publisherKeyFrom(text)
  if (key.cost.memoryKiB > mostMemoryKiB) throw new AppError('PUBLISHER_KEY_DAMAGED')
  const opened = await openPublisherKey(key, pin)
  if (!verifyValue(key.publicKey, probe, signValue(opened.sign, probe))) throw new AppError('PUBLISHER_KEY_DAMAGED')
  const counts = ground.ports.catalogue.publisher() ?? keyHere(ground)?.publicKey ?? key.publicKey
  if (counts !== key.publicKey) throw new AppError('PUBLISHER_KEY_STRANGE', { short: fingerprintOf(key.publicKey) })
  writePublisherKey(publisherKeyFile(ground.context.dataFolder), key)
  noteTrainingPin(ground, pin)
  noteKey(ground, 'publishing.key-put', key, account)
  keepProof(ground, opened)
  return { publicKey: key.publicKey }
}

/** What a stranger's file may have the machine spend on its PIN: sixteen times what ours take. */
const mostMemoryKiB = 1024 * 1024

/** That a private half belongs to its public one is told by a signature of anything. */
const probe = { purpose: 'key-file' }

/** Puts the key here under another PIN; copies of its file keep theirs. Throws PUBLISHER_KEY_NONE, PUBLISHER_KEY_DAMAGED, PUBLISHER_PIN_WRONG. */
export async function changeKeyPin(
  ground: StandardsGround,
  { pin, newPin }: { readonly pin: string; readonly newPin: string },
): Promise<void> {
  const key = keyHere(ground)
  if (key === undefined) throw new AppError('PUBLISHER_KEY_NONE')
  const changed = await withNewPin(key, pin, newPin)
  if (keyHere(ground)?.wrapped !== key.wrapped) throw new AppError('INPUT_INVALID', { field: '密钥刚才已经换过' })
  writePublisherKey(publisherKeyFile(ground.context.dataFolder), changed)
  noteTrainingPin(ground, newPin)
}

/** In training the PIN stands on the screen: it is to be the one that opens the key. */
function noteTrainingPin({ context }: StandardsGround, publisherPin: string): void {
  const secrets = readTraining(context.dataFolder)
  if (secrets !== undefined) writeTraining(context.dataFolder, { ...secrets, publisherPin })
}

function noteKey(
  { context }: StandardsGround,
  kind: 'publishing.key-made' | 'publishing.key-put',
  { publicKey, name }: PublisherKey,
  account: string,
): void {
  const draft = { kind, version: 1, subject: stationSubject, actor: account, at: context.nowUtc() }
  context.store.transaction(() => context.store.ledger.append([{ ...draft, payload: { publicKey, name } }]))
  context.emit({ event: 'changed', payload: { topics: ['standards'] } })
}
