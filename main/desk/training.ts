import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Clock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { Account } from '../features/accounts/index.ts'
import { publisherKeyFile } from '../features/standards/index.ts'
import {
  createVault,
  hasVault,
  makePublisherKey,
  newStationKeys,
  openPublisherKey,
  openVault,
  type PinCost,
  readPublisherKey,
  type VaultOptions,
  writePublisherKey,
} from '../store/index.ts'
import { type FeatureGround, type OpenFeatures, openFeatures } from './compose.ts'
import { type Division, defaultDivisionCode, readDivision } from './divisions.ts'
import type { StationFacts } from './feature.ts'
import { readProfile, readTraining, type TrainingSecrets, writeProfile, writeTraining } from './profile.ts'

/** Where a vault lies. */
export type VaultGround = {
  readonly dataFolder: string
  readonly clock: Clock
  readonly pinCost: PinCost | undefined
}

/** What a first start in training mode is given. */
export type FirstStart = Omit<FeatureGround, 'station' | 'vault'> &
  VaultGround & {
    readonly division: string | undefined
    /** Its name at the centre, and what its window is called; the first of its village, and by its village, without. */
    readonly stationId?: string
    readonly windowName?: string
  }

const trainingClerk: Account = { account: 'yanlian', displayName: '演练员', role: 'administrator' }

/** The second person of a training station, who approves where a seal asks for it. */
export const trainingApprover: Account = { account: 'shenpi', displayName: '演练审批员', role: 'approver' }

type CompleteSecrets = TrainingSecrets & { readonly approver: NonNullable<TrainingSecrets['approver']> }

const digits = () => String(randomInt(0, 1_000_000)).padStart(6, '0')

/**
 * Makes a training station (演练) in a data folder: PINs, vault, store, station, accounts, sample matters, training seal; the
 * profile is written last. Every step can be repeated and leaves what is already there, so a start that broke off anywhere
 * is finished by the next. Enrolment at the centre follows whenever the centre can be reached (enrolment.ts). Throws
 * NOT_FOUND for an unknown village, and as `openStore`.
 */
export async function makeTrainingStation(given: FirstStart): Promise<void> {
  const secrets = withApprover(given.dataFolder, readTraining(given.dataFolder) ?? newSecrets(given))
  const division = readDivision(given.resources, secrets.divisionCode)
  const station = trainingStation(division, given)
  const key = await keyOf(given, secrets)
  await letApproverIn(given, key, secrets)
  const features = openFeatures({ ...given, station }, key)
  try {
    await fillStore(features, division, secrets, given)
  } finally {
    await features.close()
  }
  writeProfile(given.dataFolder, {
    format: 1,
    divisionCode: division.code,
    ...station,
    accounts: [trainingClerk, trainingApprover],
  })
}

function newSecrets({ dataFolder, resources, division = defaultDivisionCode }: FirstStart): TrainingSecrets {
  // A vault without the PINs to it belongs to a live station: it is left alone.
  if (hasVault(dataFolder)) throw new AppError('STORE_DAMAGED', { reason: 'station.json' })
  readDivision(resources, division)
  const account = trainingClerk.account
  const secrets = { format: 1 as const, account, pin: digits(), sealPin: digits(), divisionCode: division }
  writeTraining(dataFolder, secrets)
  return secrets
}

/** The PINs with the approver's, which is made and written where the file is older than that. */
function withApprover(dataFolder: string, secrets: TrainingSecrets): CompleteSecrets {
  if (secrets.approver) return { ...secrets, approver: secrets.approver }
  const complete = { ...secrets, approver: { account: trainingApprover.account, pin: digits() } }
  writeTraining(dataFolder, complete)
  return complete
}

async function letApproverIn(given: VaultGround, key: Uint8Array, { approver }: CompleteSecrets): Promise<void> {
  const vault = openVault(vaultOptions(given))
  if (!vault.accounts().includes(approver.account)) await vault.addAccount(key, approver.account, approver.pin)
}

/**
 * Gives a training station that was made before there was a second person its approver, so that they can log in; the store
 * learns of them when it is opened. Changes nothing where they are there, or on a live station. Throws as the vault does.
 */
export async function addTrainingApprover(given: VaultGround): Promise<void> {
  const before = readTraining(given.dataFolder)
  const profile = readProfile(given.dataFolder)
  if (before === undefined || profile?.mode !== 'training') return
  const secrets = withApprover(given.dataFolder, before)
  const options = vaultOptions(given)
  if (!openVault(options).accounts().includes(secrets.approver.account)) {
    await letApproverIn(given, await keyOf(given, secrets), secrets)
  }
  if (profile.accounts.some(({ account }) => account === trainingApprover.account)) return
  writeProfile(given.dataFolder, { ...profile, accounts: [...profile.accounts, trainingApprover] })
}

function trainingStation(
  division: Division,
  { stationId = `${division.code}-1`, windowName = '' }: Pick<FirstStart, 'stationId' | 'windowName'>,
): StationFacts {
  return {
    stationId,
    mode: 'training',
    townName: division.townName,
    villageName: division.name,
    windowName: windowName === '' ? `${division.name}综合服务窗口` : windowName,
  }
}

/** How a data folder's vault is opened: a cost that is not the usual one is for tests. */
export function vaultOptions({ dataFolder, clock, pinCost }: VaultGround): VaultOptions {
  return { folder: dataFolder, clock, ...(pinCost === undefined ? {} : { cost: pinCost }) }
}

async function keyOf(given: VaultGround, secrets: TrainingSecrets): Promise<Uint8Array> {
  const options = vaultOptions(given)
  if (hasVault(given.dataFolder)) return await openVault(options).unlock(secrets.account, secrets.pin)
  return (await createVault(options, { account: secrets.account, pin: secrets.pin })).key
}

async function fillStore(
  features: OpenFeatures,
  division: Division,
  secrets: TrainingSecrets,
  given: VaultGround,
): Promise<void> {
  const { store, station } = features.context
  if (!store.station.find()) {
    const facts = {
      id: station.stationId,
      name: division.name,
      divisionCode: division.code,
      windowName: station.windowName,
    }
    store.station.create(facts, newStationKeys())
  }
  features.accounts.create(trainingClerk, 'system')
  features.accounts.create(trainingApprover, 'system')
  await releaseSampleWhenDue(features, given)
  await features.seals.makeTrainingSeal(secrets.sealPin)
}

/** The training publisher's key in a data folder, encrypted under the PIN that `training.json` holds. */
export function trainingPublisherFile(dataFolder: string): string {
  return publisherKeyFile(dataFolder)
}

/**
 * Releases the sample matters at a training station where they are not in force yet, or the program brings newer ones: signed by
 * the training publisher, whose key is made for it. Samples that cannot be released leave what is in force as it is.
 */
export async function releaseSampleWhenDue(
  { catalogue, context, standards }: OpenFeatures,
  given: VaultGround,
): Promise<void> {
  if (!catalogue.isSampleDue()) return
  try {
    const publisher = await trainingPublisher(given)
    standards.proveDesk(publisher)
    await catalogue.releaseSample(publisher)
  } catch (error) {
    if (catalogue.allInForce('matter').length === 0) throw error
    context.log('catalogue', error)
  }
}

async function trainingPublisher({ dataFolder, pinCost }: VaultGround) {
  const secrets = readTraining(dataFolder)
  const file = trainingPublisherFile(dataFolder)
  if (secrets?.publisherPin !== undefined && existsSync(file))
    return await openPublisherKey(readPublisherKey(file), secrets.publisherPin)
  const publisherPin = secrets?.publisherPin ?? digits()
  if (secrets !== undefined) writeTraining(dataFolder, { ...secrets, publisherPin })
  const key = await makePublisherKey('演练发布人', publisherPin, pinCost)
  writePublisherKey(file, key)
  return await openPublisherKey(key, publisherPin)
}
