import { randomInt } from 'node:crypto'
import { AppError } from '../../preload/contract/errors.ts'
import type { Account } from '../features/accounts/index.ts'
import { createVault, hasVault, newStationKeys, openVault, type PinCost } from '../store/index.ts'
import { type FeatureGround, type OpenFeatures, openFeatures } from './compose.ts'
import { type Division, defaultDivisionCode, readDivision } from './divisions.ts'
import type { StationFacts } from './feature.ts'
import { readTraining, type TrainingSecrets, writeProfile, writeTraining } from './profile.ts'

/** What a first start in training mode is given. */
export type FirstStart = Omit<FeatureGround, 'station'> & {
  readonly division: string | undefined
  readonly pinCost: PinCost | undefined
}

const trainingClerk: Account = { account: 'yanlian', displayName: '演练员', role: 'administrator' }

const digits = () => String(randomInt(0, 1_000_000)).padStart(6, '0')

/**
 * Makes a training station (演练) in a data folder: PINs, vault, store, station, clerk, sample matters, training seal; the
 * profile is written last. Every step can be repeated and leaves what is already there, so a start that broke off anywhere
 * is finished by the next. Enrolment at the centre follows whenever the centre can be reached (enrolment.ts). Throws
 * NOT_FOUND for an unknown village, and as `openStore`.
 */
export async function makeTrainingStation(given: FirstStart): Promise<void> {
  const secrets = readTraining(given.dataFolder) ?? newSecrets(given)
  const division = readDivision(given.resources, secrets.divisionCode)
  const station = trainingStation(division)
  const key = await keyOf(given, secrets)
  const features = openFeatures({ ...given, station }, key)
  try {
    await fillStore(features, division, secrets)
  } finally {
    await features.close()
  }
  writeProfile(given.dataFolder, {
    format: 1,
    divisionCode: division.code,
    ...station,
    accounts: [trainingClerk],
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

function trainingStation(division: Division): StationFacts {
  return {
    stationId: `${division.code}-1`,
    mode: 'training',
    townName: division.townName,
    villageName: division.name,
    windowName: `${division.name}综合服务窗口`,
  }
}

async function keyOf({ dataFolder, clock, pinCost }: FirstStart, secrets: TrainingSecrets): Promise<Uint8Array> {
  const options = { folder: dataFolder, clock, ...(pinCost === undefined ? {} : { cost: pinCost }) }
  if (hasVault(dataFolder)) return await openVault(options).unlock(secrets.account, secrets.pin)
  return (await createVault(options, { account: secrets.account, pin: secrets.pin })).key
}

async function fillStore(features: OpenFeatures, division: Division, secrets: TrainingSecrets): Promise<void> {
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
  features.matters.applySampleCatalogue()
  await features.seals.makeTrainingSeal(secrets.sealPin)
}
