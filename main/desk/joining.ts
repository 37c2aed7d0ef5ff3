// Owns: a machine that joins a centre by a code read over the phone: made aside, let in, put in the place of what was here.
// Does not own: how a training station is made (training.ts), what the centre does with the code (central/stations).
// Start here: `askCode`, `joinCentre`; `takePlace` at the start of the desk.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type CodeAnswer, codeAnswerSchema } from '../../preload/contract/hand-over.ts'
import type { EnrolmentReply } from '../../preload/contract/wire.ts'
import { createVault, hasVault, newStationKeys, openVault, stationSubject, writeFileDurably } from '../store/index.ts'
import { readAnswer } from '../wire/centre-answers.ts'
import { createCentreClient } from '../wire/centre-client.ts'
import { createHttpTransport } from '../wire/transport/http-transport.ts'
import { type FeatureGround, openFeatures } from './compose.ts'
import { readDivision } from './divisions.ts'
import type { DeskContext, StationFacts } from './feature.ts'
import { type Profile, readProfile, readTraining, writeProfile } from './profile.ts'
import { makeTrainingStation, type VaultGround, vaultOptions } from './training.ts'

/** What a desk on a folder stands on before it knows whose it is. */
export type JoiningGround = Omit<FeatureGround, 'station' | 'vault'> & VaultGround

/** Who works at the new machine first; of no use in training, whose clerk is made. */
export type FirstPerson = { readonly account: string; readonly displayName: string; readonly pin: string }

/** What somebody who has a code gives. */
export type JoiningWanted = {
  readonly centreUrl: string
  readonly code: string
  /** What the window is called; by its village where it is ''. */
  readonly windowName: string
  readonly person: FirstPerson | null
}

/** What came of it: whose place was taken, and how much was handed over. */
export type Joined = { readonly stationId: string; readonly replaced: EnrolmentReply['replaced'] }

/** What lies in a data folder and is not the station's: it stays when another station comes. */
const stays = /^(owner\.|logs$|shell$|centre$|joining$|before-)/

/** An answer may have been lost on a bad link: the same is asked again so often before somebody has to. */
const tries = { most: 4, waitMs: 2_000 } as const

const readySchema = z.object({ aside: z.string().regex(/^before-[0-9-]+$/) })

/** An address as people read it out: without a scheme it is http. Throws INPUT_INVALID. */
export function centreAddress(text: string): string {
  const whole = /^https?:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`
  if (!URL.canParse(whole)) throw new AppError('INPUT_INVALID', { field: '中心地址' })
  const { origin, pathname } = new URL(whole)
  return `${origin}${pathname.replace(/\/+$/, '')}`
}

/** Asks a centre what a code is for. Throws ENROLMENT_CODE_WRONG, and as the link does. */
export async function askCode(centreUrl: string, code: string): Promise<CodeAnswer> {
  const transport = createHttpTransport(centreAddress(centreUrl))
  try {
    const body = Buffer.from(JSON.stringify({ code: code.trim() }))
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const reply = await transport.send({ method: 'POST', path: '/v1/enrolments/question', headers, body })
    return readAnswer(codeAnswerSchema, reply)
  } catch (error) {
    throw error instanceof AppError && error.code === 'CENTRE_REFUSED' && error.details.reason === 'malformed'
      ? new AppError('ENROLMENT_CODE_WRONG', {}, { cause: error })
      : error
  } finally {
    transport.close()
  }
}

/**
 * Makes the station of a code in a folder beside what is here and lets it in at its centre. What is here stays as it is until
 * the desk starts again (`takePlace`). Repeating it after a lost answer goes on with the same key. Throws
 * ENROLMENT_CODE_WRONG, ENROLMENT_TOO_LATE, as the link does, INPUT_INVALID without a person where one is needed.
 */
export async function joinCentre(ground: JoiningGround, wanted: JoiningWanted): Promise<Joined> {
  const centreUrl = centreAddress(wanted.centreUrl)
  const { stationId, replaces } = await askCode(centreUrl, wanted.code)
  const folder = join(ground.dataFolder, 'joining')
  if (readProfile(folder)?.stationId !== stationId) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const aside = { ...ground, dataFolder: folder }
  // A training station's cases are no matter for a live one, nor the other way round.
  const key =
    replaces?.mode === 'training'
      ? await makeTraining(aside, stationId, wanted.windowName)
      : await makeLive(aside, stationId, wanted)
  const reply = await enrolAside(aside, key, { centreUrl, code: wanted.code.trim() })
  const at = ground.clock.now().toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
  const ready = { aside: `before-${at}` }
  writeFileDurably(join(folder, 'ready.json'), Buffer.from(JSON.stringify(ready)))
  return { stationId, replaced: reply.replaced }
}

async function makeTraining(ground: JoiningGround, stationId: string, windowName: string): Promise<Uint8Array> {
  await makeTrainingStation({ ...ground, division: stationId.slice(0, 12), stationId, windowName })
  const secrets = readTraining(ground.dataFolder)
  if (secrets === undefined) throw new Error('a training station has its PINs')
  return await openVault(vaultOptions(ground)).unlock(secrets.account, secrets.pin)
}

/** A live station: its first person is its administrator; matters and seals come from the centre and from their keepers. */
async function makeLive(ground: JoiningGround, stationId: string, wanted: JoiningWanted): Promise<Uint8Array> {
  const { person } = wanted
  if (person === null) throw new AppError('INPUT_INVALID', { field: '姓名、账号和口令' })
  const { account, displayName, pin } = person
  const division = readDivision(ground.resources, stationId.slice(0, 12))
  const station: StationFacts = {
    ...{ stationId, mode: 'live', townName: division.townName, villageName: division.name },
    windowName: wanted.windowName === '' ? `${division.name}综合服务窗口` : wanted.windowName,
  }
  const options = vaultOptions(ground)
  const key = hasVault(ground.dataFolder)
    ? await openVault(options).unlock(account, pin)
    : (await createVault(options, { account, pin })).key
  const features = openFeatures({ ...ground, station }, key)
  const administrator = { account, displayName, role: 'administrator' as const }
  try {
    const { store } = features.context
    const { windowName } = station
    if (!store.station.find()) {
      const facts = { id: stationId, name: division.name, divisionCode: division.code, windowName }
      store.station.create(facts, newStationKeys())
    }
    features.accounts.create(administrator, 'system')
  } finally {
    await features.close()
  }
  const accounts = [administrator]
  writeProfile(ground.dataFolder, { format: 1, divisionCode: division.code, ...station, accounts, elsewhere: true })
  return key
}

async function enrolAside(
  ground: JoiningGround,
  key: Uint8Array,
  place: { readonly centreUrl: string; readonly code: string },
): Promise<EnrolmentReply> {
  const profile = readProfile(ground.dataFolder)
  if (profile === undefined) throw new Error('a station that was just made has a profile')
  const features = openFeatures({ ...ground, station: factsOf(profile) }, key)
  try {
    const reply = await enrolPatiently(features.context, place)
    if (reply.publisherKey !== undefined) features.catalogue.pin(reply.publisherKey, reply.publisherBefore)
    writeProfile(ground.dataFolder, { ...profile, elsewhere: true })
    return reply
  } finally {
    await features.close()
  }
}

function factsOf({ stationId, mode, townName, villageName, windowName }: Profile): StationFacts {
  return { stationId, mode, townName, villageName, windowName }
}

async function enrolPatiently(
  context: DeskContext,
  place: { readonly centreUrl: string; readonly code: string },
): Promise<EnrolmentReply> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await enrolAt(context, place)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.code === 'STATION_REPLACED') throw new AppError('ENROLMENT_TOO_LATE', {}, { cause: error })
      if (error.code !== 'CENTRE_UNREACHABLE' || tried === tries.most) throw error
      await wait(tries.waitMs)
    }
  }
}

/** Lets the station of an open store in at a centre by its code, and notes both in one transaction. Throws as the link does. */
export async function enrolAt(
  context: DeskContext,
  { centreUrl, code }: { readonly centreUrl: string; readonly code: string },
): Promise<EnrolmentReply> {
  const { store, station } = context
  const { publicKey, centre: known } = store.station.read()
  const client = createCentreClient({
    ...{ baseUrl: centreUrl, stationId: station.stationId },
    sign: (bytes) => store.station.sign(bytes),
    now: () => context.clock.now().getTime(),
  })
  try {
    const reply = await client.enrol({ code, windowName: station.windowName, publicKey })
    const centre = { id: reply.centreId, url: centreUrl, publicKey: reply.centrePublicKey }
    store.transaction(() => {
      store.station.setCentre(centre)
      if (known === undefined) store.ledger.append([enrolledEntry(context, reply.centreId, publicKey)])
    })
    return reply
  } finally {
    client.close()
  }
}

function enrolledEntry({ station, nowUtc }: DeskContext, centreId: string, publicKey: string) {
  const { stationId, windowName, mode } = station
  const payload: EntryPayload<'station.enrolled@1'> = { stationId, windowName, centreId, publicKey, mode }
  return { kind: 'station.enrolled', version: 1, subject: stationSubject, actor: 'system', at: nowUtc(), payload }
}

/**
 * Puts a station that was let in into its place, before anything of the folder is opened: what was here goes into a folder of
 * its own, whole. Broken off anywhere, the next start goes on. Says whether there was one.
 */
export function takePlace(dataFolder: string): boolean {
  const folder = join(dataFolder, 'joining')
  const readyFile = join(folder, 'ready.json')
  if (!existsSync(readyFile)) return false
  const { aside } = readySchema.parse(JSON.parse(readFileSync(readyFile, 'utf8')))
  const cleared = join(folder, 'cleared')
  if (!existsSync(cleared)) {
    mkdirSync(join(dataFolder, aside), { recursive: true, mode: 0o700 })
    for (const name of readdirSync(dataFolder).filter((one) => !stays.test(one)))
      renameSync(join(dataFolder, name), join(dataFolder, aside, name))
    writeFileDurably(cleared, Buffer.alloc(0))
  }
  for (const name of readdirSync(folder).filter((one) => one !== 'ready.json' && one !== 'cleared'))
    renameSync(join(folder, name), join(dataFolder, name))
  // This first: without it the rest is litter, with it and without `cleared` the new one would be put aside.
  rmSync(readyFile)
  rmSync(folder, { recursive: true, force: true })
  return true
}
