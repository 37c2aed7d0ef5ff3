// Owns: `cli seed`: fills a training station with invented cases, through the same features as a window does.
// Does not own: who and what is invented (seed-cases.ts, seed-people.ts).
// Start here: `seedCommand`.
import { join } from 'node:path'
import { addDays, todayInShanghai } from '../../preload/contract/calendar.ts'
import { type Clock, systemClock } from '../../preload/contract/clock.ts'
import type { Material } from '../../preload/contract/entries.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { MatterStandard } from '../../preload/contract/standard.ts'
import { type OpenFeatures, openFeatures } from '../desk/compose.ts'
import { openLog } from '../desk/log.ts'
import { type Profile, readProfile, readTraining } from '../desk/profile.ts'
import type { NewCase } from '../features/cases/index.ts'
import { checkDraft, type DraftJudgement } from '../features/matters/index.ts'
import { programFiles } from '../shells/program-files.ts'
import { openVault } from '../store/index.ts'
import { lockFolder } from '../wire/local/folder-lock.ts'
import type { Command } from './arguments.ts'
import type { CommandOutput } from './seal/command.ts'
import { emptySheet, type InventedCase, inventCases, inventedId } from './seed-cases.ts'

type SeedCommand = Extract<Command, { name: 'seed' }>

/** What a seed did. */
type Seeded = { readonly cases: number; readonly total: number; readonly seconds: number }

const casesATransaction = 1000
const progressEvery = 20_000

/**
 * Runs `cli seed` on a data folder that nobody has open. Throws NOT_FOUND for a folder without a station, INPUT_INVALID for a
 * live station and for one with cases where `--yes` is not said, FOLDER_IN_USE, and as `openStore`.
 */
export async function seedCommand(command: SeedCommand, io: CommandOutput): Promise<0> {
  const { dataFolder, json } = command.options
  const profile = readProfile(dataFolder)
  if (profile === undefined)
    throw new AppError('NOT_FOUND', { what: '这个数据文件夹里的工作站：先用 npm start 打开一次' })
  const lock = lockFolder(dataFolder)
  try {
    const seeded = await seedFolder(command, profile, io)
    if (json) io.stdout(JSON.stringify(seeded, null, 2))
    else io.stdout(`造好了 ${seeded.cases} 件演练办件，用时 ${seeded.seconds} 秒；本机现在共 ${seeded.total} 件。`)
    return 0
  } finally {
    lock.release()
  }
}

async function seedFolder(command: SeedCommand, profile: Profile, io: CommandOutput): Promise<Seeded> {
  const { dataFolder } = command.options
  const secrets = profile.mode === 'training' ? readTraining(dataFolder) : undefined
  if (secrets === undefined) throw new AppError('INPUT_INVALID', { field: '这是正式的窗口，例子只能造在演练的窗口里' })
  const key = await openVault({ folder: dataFolder, clock: systemClock }).unlock(secrets.account, secrets.pin)
  const clock = movedClock()
  const log = openLog(join(dataFolder, 'logs'), systemClock.now)
  const { resources } = programFiles()
  const features = openFeatures({ dataFolder, resources, station: profile, clock, emit: () => {}, log }, key)
  try {
    const before = await countCases(features, secrets.account)
    if (before > 0 && !command.yes)
      throw new AppError('INPUT_INVALID', { field: `本机已经有 ${before} 件办件；要在它们后面接着造，请加 --yes` })
    const started = performance.now()
    const until = addDays(todayInShanghai(systemClock.now()), -1)
    const plan = { seed: command.seed, count: command.cases, before, until, divisionCode: profile.divisionCode }
    await receiveAll(features, clock, secrets.account, inventCases(plan), (count) => {
      if (count % progressEvery === 0) io.stderr(`${count} / ${command.cases}`)
    })
    const seconds = Math.round((performance.now() - started) / 100) / 10
    return { cases: command.cases, total: before + command.cases, seconds }
  } finally {
    await features.close()
  }
}

/** The machine's clock, which can be set to when an invented case was received. */
function movedClock(): Clock & { set: (time: Date) => void } {
  let moved: Date | undefined
  return {
    now: () => moved ?? new Date(),
    set: (time) => {
      moved = time
    },
  }
}

async function countCases({ handlers }: OpenFeatures, account: string): Promise<number> {
  const caller = { sessionId: 'seed', account, displayName: account }
  const page = await handlers['cases.list']?.({ view: 'all', query: '', offset: 0, limit: 1 }, caller)
  return page?.total ?? 0
}

/** 收件 of every case, a thousand in a transaction: a broken seed leaves whole cases. */
async function receiveAll(
  features: OpenFeatures,
  clock: ReturnType<typeof movedClock>,
  account: string,
  cases: Iterable<InventedCase>,
  onReceived: (count: number) => void,
): Promise<void> {
  const paper = emptySheet()
  const file = await features.materials.receiveFile({
    name: '演练材料.png',
    announcedBytes: paper.length,
    source: (async function* () {
      yield paper
    })(),
  })
  const caller = { sessionId: 'seed', account, displayName: account }
  const toNewCase = caseMaker(features, file)
  let count = 0
  let batch: InventedCase[] = []
  const flush = () => {
    features.context.store.transaction(() => {
      for (const one of batch) {
        clock.set(one.receivedAt)
        features.cases.receive(toNewCase(one), caller)
      }
    })
    batch = []
  }
  for (const one of cases) {
    batch.push(one)
    count += 1
    if (batch.length === casesATransaction) flush()
    onReceived(count)
  }
  flush()
}

/**
 * Makes of an invented case what its draft would have become. The standard's own check tells limits and promises, once for
 * each matter and day, since it takes longer than the rest of a 收件; that every invented case passes it is a test.
 */
function caseMaker(
  { catalogue, matters, context }: OpenFeatures,
  file: Material['file'],
): (one: InventedCase) => NewCase {
  const calendars = catalogue.calendars()
  const checks = new Map<string, DraftJudgement>()
  return (one) => {
    const { caseId, itemId, applicant, answers } = one
    const { standard, sha256 } = matters.inForce(itemId)
    const materials = materialsOf(one, standard, file)
    const today = context.today()
    const name = `${itemId} ${today} ${one.promisesLater}`
    const later = promisesOf(one, standard)
    const check =
      checks.get(name) ?? checkDraft({ standard, answers, materials, later, calendars, today, duplicates: [] })
    if (!check.ready) throw new Error(`an invented case is not ready for 收件: ${JSON.stringify(check)}`)
    checks.set(name, check)
    const promises = check.materials.filter(({ state }) => state === 'later')
    return {
      ...{ caseId, standard, standardSha256: sha256, applicant, answers, materials, promised: check.promised },
      later: promises.map(({ requirementId, dueDate }) => ({ requirementId, dueDate })),
    }
  }
}

function promisesOf({ promisesLater }: InventedCase, { materials }: MatterStandard): string[] {
  return promisesLater ? materials.filter(({ necessity }) => necessity === 3).map(({ id }) => id) : []
}

function materialsOf(one: InventedCase, standard: MatterStandard, file: Material['file']): Material[] {
  const promised = promisesOf(one, standard)
  return standard.materials
    .filter(({ id, necessity }) => necessity !== 2 && !promised.includes(id))
    .map(({ id: requirementId }) => ({
      materialId: inventedId(one.receivedAt, `${one.caseId}:${requirementId}`),
      requirementId,
      file,
      addedAtUtc: one.receivedAt.toISOString(),
    }))
}
