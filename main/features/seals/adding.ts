import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CallInput } from '../../../preload/contract/api.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { SealFace } from '../../../preload/contract/seals.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { OpenSeal } from '../../signing/index.ts'
import { stationSubject, writeFileDurably } from '../../store/index.ts'
import { committeeName } from './model.ts'
import { clearUntold, insertKey, type SealIdentity, type SealKey, selectSeals, selectUntold } from './store.ts'

/** What a training station grants itself, so that practice goes on for a year. */
export const trainingLease = { uses: 1000, days: 366 } as const

const dayMs = 86_400_000

/** Where the roots of training seals lie in the data folder. */
export const trainingRootsFile = 'training-ca.pem'

/** Writes an entry of the seals themselves. Only inside a transaction. */
export function appendSealEntry<N extends 'seal.added' | 'seal.custody-set' | 'seal.leased' | 'seal.revoked'>(
  context: DeskContext,
  kind: N,
  payload: EntryPayload<`${N}@1`>,
  actor: string,
): void {
  const at = context.nowUtc()
  context.store.ledger.append([{ kind, version: 1, subject: stationSubject, actor, at, payload }])
}

/**
 * Keeps a seal file and says under which id; the same certificate twice is one seal. Opens it once, so that a wrong PIN or
 * a damaged file is found now: throws as `openSealFile`.
 */
export async function addSealFile(
  context: DeskContext,
  given: { readonly p12: Uint8Array; readonly pin: string; readonly face: SealFace },
  actor: string,
): Promise<string> {
  const { openSealFile } = await import('../../signing/index.ts')
  const opened = await openSealFile(given.p12, given.pin, context.clock.now())
  try {
    return keepSeal(context, { ...given.face, holder: 'file' }, opened, { p12: given.p12 }, actor)
  } finally {
    await opened.close()
  }
}

/** Keeps a seal whose key stays in its token. Throws as `openToken`. */
export async function addSealToken(
  context: DeskContext,
  given: Omit<CallInput<'seals.addToken'>, 'face'> & { readonly face: SealFace },
  actor: string,
): Promise<string> {
  const { openToken } = await import('../../signing/index.ts')
  const { library, serial, keyId, pin } = given
  const opened = await openToken({ library: await libraryPath(library), serial, keyId, pin, now: context.clock.now() })
  try {
    return keepSeal(context, { ...given.face, holder: 'token' }, opened, { library, serial, keyId }, actor)
  } finally {
    await opened.close()
  }
}

/** The file of a token library that this machine has. Throws SEAL_TOKEN_UNSUPPORTED. */
export async function libraryPath(id: string): Promise<string> {
  const { knownTokenLibraries } = await import('../../signing/index.ts')
  const library = knownTokenLibraries().find((known) => known.id === id)
  if (library === undefined) throw new AppError('SEAL_TOKEN_UNSUPPORTED', { reason: 'library' })
  return library.path
}

const keyKinds: Readonly<Record<OpenSeal['algorithm'], SealIdentity['algorithm']>> = {
  'rsa-sha256': 'rsa',
  'ecdsa-sha256': 'ec',
  'sm2-sm3': 'sm2',
}

function keepSeal(
  context: DeskContext,
  face: SealFace & Pick<SealIdentity, 'holder'>,
  { certificate, algorithm }: OpenSeal,
  key: SealKey,
  actor: string,
): string {
  return context.store.transaction(() => {
    const { db } = context.store
    const before = selectSeals(db).find((seal) => seal.certificateSha256 === certificate.sha256)
    if (before !== undefined) return before.sealId
    const payload: SealIdentity = {
      ...face,
      sealId: context.newId(),
      algorithm: keyKinds[algorithm],
      certificateSha256: certificate.sha256,
      validFromUtc: new Date(certificate.notBefore).toISOString(),
      validUntilUtc: new Date(certificate.notAfter).toISOString(),
    }
    insertKey(db, { ...payload, addedAtUtc: context.nowUtc() }, key)
    appendSealEntry(context, 'seal.added', payload, actor)
    if (context.station.mode === 'training') grantLease(context, { sealId: payload.sealId, ...trainingLease }, actor)
    return payload.sealId
  })
}

/** Grants a training station's seal a lease from now on, for all that its custody allows. Only inside a transaction. */
export function grantLease(
  context: DeskContext,
  given: { readonly sealId: string; readonly uses: number; readonly days: number },
  actor: string,
): void {
  const from = context.clock.now()
  const untilUtc = new Date(from.getTime() + given.days * dayMs).toISOString()
  const terms = { uses: given.uses, fromUtc: from.toISOString(), untilUtc, itemIds: null }
  appendSealEntry(context, 'seal.leased', { sealId: given.sealId, leaseId: context.newId(), ...terms }, actor)
}

/**
 * Makes a practice seal under a new training root and keeps it. The root's certificate is added to the data folder's
 * `training-ca.pem` before, for whoever checks.
 */
export async function makeTrainingSealFor(
  context: DeskContext,
  given: CallInput<'seals.makeTraining'>,
  actor: string,
): Promise<string> {
  const { makeTrainingSeal } = await import('../../signing/index.ts')
  const { pin, algorithm, face } = given
  const now = context.clock.now()
  const { p12, caPem } = await makeTrainingSeal({ organisation: face.organisation, pin, now, algorithm })
  const file = join(context.dataFolder, trainingRootsFile)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  writeFileDurably(file, Buffer.from(before + caPem))
  return addSealFile(context, { p12, pin, face }, actor)
}

/** Makes the station's training seal where there is none. */
export async function makeStationTrainingSeal(context: DeskContext, pin: string): Promise<void> {
  if (selectSeals(context.store.db).length > 0 || selectUntold(context.store.db).length > 0) return
  const { townName, villageName } = context.station
  const organisation = committeeName(townName, villageName)
  const face: SealFace = {
    name: `${organisation}演练专用章`,
    organisation,
    purposeLine: '演练专用章',
    code: '',
    diameterMm: 42,
    emblem: 'star',
  }
  await makeTrainingSealFor(context, { face, algorithm: 'rsa', pin }, 'system')
}

/**
 * Tells the ledger of seals that were kept before it told of seals, and gives a training station's seals that never had a
 * lease their first. Changes nothing where nothing is missing.
 */
export function completeSeals(context: DeskContext): void {
  context.store.transaction(() => {
    const { db } = context.store
    for (const untold of selectUntold(db)) {
      appendSealEntry(context, 'seal.added', untold, 'system')
      clearUntold(db, untold.sealId)
    }
    if (context.station.mode !== 'training') return
    for (const { sealId, lease } of selectSeals(db)) {
      if (lease === null) grantLease(context, { sealId, ...trainingLease }, 'system')
    }
  })
}
