import { join } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import type { SealStatus } from '../../../preload/contract/seals.ts'
import { sentenceFor } from '../../../preload/contract/sentences.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { SealAppearance } from '../../pdf/index.ts'
import type { OpenSeal } from '../../signing/index.ts'
import { writeFileDurably } from '../../store/index.ts'
import { afterWrongPin, cleanPinState, committeeName, secondsToWait, triesBeforeWait } from './model.ts'
import { insertSeal, type SealRow, selectPinState, selectSeals, selectUses, updatePinState } from './store.ts'

/** A seal whose PIN was given this login: what an impression needs. */
export type UnlockedSeal = {
  readonly sealId: string
  readonly name: string
  readonly certificateSha256: string
  readonly signer: OpenSeal
  readonly appearance: SealAppearance
}

/** A seal to be kept. */
export type NewSeal = {
  /** PKCS#12, opened by `pin`; kept closed. */
  readonly p12: Uint8Array
  readonly pin: string
  readonly name: string
  /** On the arc: the legal name in full. */
  readonly organisation: string
  /** Straight below the star, e.g. 演练专用章. */
  readonly purposeLine: string
  /** 42 where not told. */
  readonly diameterMm?: number
}

/** What seals asks of others; given by main/desk/compose.ts. */
export type SealPorts = {
  /** Seals every document that waits; says how many. */
  readonly sealWaiting: (account: string) => Promise<number>
  readonly waitingCount: () => number
}

/**
 * Keeps a seal and says under which id; the same certificate twice is one seal. Opens it once, so that a wrong PIN or a
 * damaged file is found now: throws as `openSealFile`.
 */
export async function addSeal(context: DeskContext, given: NewSeal): Promise<string> {
  const { openSealFile } = await import('../../signing/index.ts')
  const { certificate } = await openSealFile(given.p12, given.pin, context.clock.now())
  return context.store.transaction(() => {
    const before = selectSeals(context.store.db).find((seal) => seal.certificateSha256 === certificate.sha256)
    if (before !== undefined) return before.sealId
    const sealId = context.newId()
    insertSeal(context.store.db, {
      sealId,
      name: given.name,
      organisation: given.organisation,
      purposeLine: given.purposeLine,
      diameterMm: given.diameterMm ?? 42,
      p12: given.p12,
      certificateSha256: certificate.sha256,
      validFromUtc: new Date(certificate.notBefore).toISOString(),
      validUntilUtc: new Date(certificate.notAfter).toISOString(),
      addedAtUtc: context.nowUtc(),
    })
    return sealId
  })
}

/** Makes the station's training seal where there is none; see `Seals.makeTrainingSeal`. */
export async function makeStationTrainingSeal(context: DeskContext, pin: string): Promise<void> {
  if (selectSeals(context.store.db).length > 0) return
  const { townName, villageName } = context.station
  const organisation = committeeName(townName, villageName)
  const { makeTrainingSeal } = await import('../../signing/index.ts')
  const { p12, caPem } = await makeTrainingSeal({ organisation, pin, now: context.clock.now() })
  writeFileDurably(join(context.dataFolder, 'training-ca.pem'), Buffer.from(caPem))
  const name = `${organisation}演练专用章`
  await addSeal(context, { p12, pin, name, organisation, purposeLine: '演练专用章' })
}

/**
 * Opens the newest seal with its PIN. Throws SEAL_NONE, SEAL_PIN_WAIT (`seconds`), SEAL_PIN_WRONG (`left` tries), or as
 * `openSealFile`. Every wrong try is on disk before it is answered.
 */
export async function openWithPin(context: DeskContext, pin: string): Promise<UnlockedSeal> {
  const seal = selectSeals(context.store.db)[0]
  if (seal === undefined) throw new AppError('SEAL_NONE')
  const now = context.clock.now()
  const state = selectPinState(context.store.db, seal.sealId) ?? cleanPinState
  const seconds = secondsToWait(state, now)
  if (seconds > 0) throw new AppError('SEAL_PIN_WAIT', { seconds })
  try {
    const { openSealFile } = await import('../../signing/index.ts')
    const signer = await openSealFile(seal.p12, pin, now)
    updatePinState(context.store.db, seal.sealId, cleanPinState)
    return unlocked(seal, signer)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'SEAL_PIN_WRONG') throw error
    const after = afterWrongPin(state, now)
    updatePinState(context.store.db, seal.sealId, after)
    const wait = secondsToWait(after, now)
    if (wait > 0) throw new AppError('SEAL_PIN_WAIT', { seconds: wait }, { cause: error })
    throw new AppError('SEAL_PIN_WRONG', { left: triesBeforeWait - after.failedTries }, { cause: error })
  }
}

function unlocked(seal: SealRow, signer: OpenSeal): UnlockedSeal {
  const { sealId, name, certificateSha256, organisation, purposeLine, diameterMm } = seal
  return { sealId, name, certificateSha256, signer, appearance: { organisation, purposeLine, diameterMm } }
}

/** Why a document waits for its seal, in words: no seal at all, or one that is not unlocked. */
export function whySealWaits(context: DeskContext): string {
  return sentenceFor(selectSeals(context.store.db).length === 0 ? 'SEAL_NONE' : 'SEAL_PIN_NEEDED').title
}

/** What stands on the seals page. */
export function sealStatus(context: DeskContext, ports: SealPorts, isUnlocked: boolean): SealStatus {
  const uses = selectUses(context.store.db)
  const seals = selectSeals(context.store.db).map((seal) => ({
    sealId: seal.sealId,
    name: seal.name,
    organisation: seal.organisation,
    validFromUtc: seal.validFromUtc,
    validUntilUtc: seal.validUntilUtc,
    certificateSha256: seal.certificateSha256,
    uses: uses.get(seal.sealId) ?? 0,
  }))
  return { seals, unlocked: isUnlocked, waitingDocuments: ports.waitingCount() }
}
