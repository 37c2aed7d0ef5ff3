import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openFeatures } from '../../main/desk/compose.ts'
import { readProfile } from '../../main/desk/profile.ts'
import type { Material } from '../../preload/contract/entries.ts'
import { type CentreProcess, runCentral, startCentre } from '../helpers/centre.ts'
import {
  type DeskUnderTest,
  freshFolder,
  loginTraining,
  removeFolder,
  resourcesFolder,
  startDesk,
} from '../helpers/desk.ts'
import { allowance, allowanceAnswers } from '../helpers/intake.ts'
import { programs } from '../helpers/programs.ts'
import { noSmallDisk, smallDisk } from '../helpers/small-disk.ts'
import { jobOf, namesOn, noisyPng, plugIn } from '../helpers/sticks.ts'

const village = '440282113201'
const town = '440282001001'

/** A village's desk whose cable can be pulled, a town hall's that carries, their centre, and a stick. */
type World = {
  readonly folders: { readonly centre: string; readonly village: string; readonly town: string }
  readonly stick: string
  readonly centre: CentreProcess
  readonly village: Desk
  readonly town: Desk
}
type Desk = { desk: DeskUnderTest; sessionId: string }

let world: World

const flags = (division: string, centre: CentreProcess, centreData: string) => [
  ...['--training', '--cheap-pins', '--check-outputs', '--division', division],
  ...['--centre-url', centre.url, '--centre-data', centreData],
]

async function open(folder: string, division: string, centre: CentreProcess, centreData: string): Promise<Desk> {
  const desk = await startDesk(folder, flags(division, centre, centreData))
  const { sessionId } = await loginTraining(desk)
  return { desk, sessionId }
}

async function untilOnline({ desk, sessionId }: Desk): Promise<void> {
  const events = await desk.events()
  for (;;) {
    const status = await desk.ask('sync.status', {}, sessionId)
    if (status.online && status.unsentEntries === 0) break
    await events.next('sync')
  }
  events.stop()
}

/** A county's folders in which both desks have joined the centre and sent what they had; nothing runs on them. */
let joined: string

const foldersIn = (root: string) => ({
  centre: join(root, 'centre'),
  village: join(root, 'village'),
  town: join(root, 'town'),
})

beforeAll(async () => {
  joined = freshFolder()
  const folders = foldersIn(joined)
  const centre = await startCentre(folders.centre)
  const villageDesk = await open(folders.village, village, centre, folders.centre)
  await untilOnline(villageDesk)
  await villageDesk.desk.ask('sync.setLink', { on: false }, villageDesk.sessionId)
  const townDesk = await open(folders.town, town, centre, folders.centre)
  await untilOnline(townDesk)
  for (const { desk } of [villageDesk, townDesk]) await desk.kill('SIGTERM')
  await centre.kill('SIGTERM')
})
beforeEach(async () => {
  const root = freshFolder()
  cpSync(joined, root, { recursive: true })
  const folders = foldersIn(root)
  const stick = plugIn(join(root, 'stick'))
  const centre = await startCentre(folders.centre)
  const villageDesk = await open(folders.village, village, centre, folders.centre)
  const townDesk = await open(folders.town, town, centre, folders.centre)
  await untilOnline(townDesk)
  world = { folders, stick, centre, village: villageDesk, town: townDesk }
})
afterEach(async () => {
  await world.village.desk.kill('SIGKILL')
  await world.town.desk.kill('SIGKILL')
  await world.centre.kill('SIGKILL')
  removeFolder(join(world.folders.centre, '..'))
})
afterAll(() => {
  process.env.CUNCHUANG_STICKS = ''
  removeFolder(joined)
})

/** 收件 of a case at the village, with a photo of its own of so many bytes. */
async function receive(index: number, photoBytes = 3_000): Promise<{ caseId: string; localNumber: string }> {
  const { desk, sessionId } = world.village
  const { draftId } = await desk.ask('drafts.create', { itemId: allowance.itemId }, sessionId)
  await desk.ask('drafts.save', { draftId, answers: allowanceAnswers(index) }, sessionId)
  for (const [at, requirement] of allowance.materials.entries())
    await desk.put(
      { draft: draftId, requirement, name: `${requirement}.png` },
      noisyPng(photoBytes, index * 10 + at),
      sessionId,
    )
  await desk.ask('drafts.promiseLater', { draftId, requirementId: allowance.later, later: true }, sessionId)
  return await desk.ask('drafts.receive', { draftId }, sessionId)
}

const exportTo = (withFiles = true) => {
  const { desk, sessionId } = world.village
  return jobOf(desk, () => desk.ask('bundle.export', { stickId: world.stick, withFiles }, sessionId))
}
const carry = (file: string) => {
  const { desk, sessionId } = world.town
  return jobOf(desk, () => desk.ask('bundle.carry', { stickId: world.stick, file }, sessionId))
}
const apply = (file: string) => {
  const { desk, sessionId } = world.village
  return jobOf(desk, () => desk.ask('bundle.apply', { stickId: world.stick, file }, sessionId))
}
const onStick = (name: string) => join(world.stick, '村窗', name)
const answerOf = (name: string) => name.replace('.cunchuang', '-回执.cunchuang')
const centralCases = async () =>
  JSON.parse((await runCentral(['cases', '--json', '--data', world.folders.centre])).stdout)
const villageStatus = () => world.village.desk.ask('sync.status', {}, world.village.sessionId)

async function sticks({ desk, sessionId }: Desk) {
  const { sticks: found } = await desk.ask('bundle.sticks', {}, sessionId)
  return found.find(({ stickId }) => stickId === world.stick)?.bundles ?? []
}

describe('a case goes to the centre and its answer comes back by stick alone', () => {
  test('the clerk writes, the town hall carries, the clerk reads in; a decision comes along', async () => {
    const { village: clerk, town: hall } = world
    const first = await receive(1, 700_000)
    await receive(2)
    const written = await exportTo()
    const [name = ''] = namesOn(world.stick)
    expect(written).toMatchObject({
      state: 'done',
      said: expect.stringMatching(/^已写好：\d+ 条记录、\d+ 个文件。请把U盘带到.*替别的村送/u),
    })
    const seenByHall = await sticks(hall)
    const carried = await carry(name)
    expect(carried).toMatchObject({ state: 'done', said: expect.stringMatching(/^中心已收下\D+镇\D+的 \d+ 条新记录/u) })
    expect((await centralCases()).map(({ localNumber }: { localNumber: string }) => localNumber).sort()).toContain(
      first.localNumber,
    )
    await runCentral([
      'decide',
      first.localNumber,
      'corrections',
      '--reason',
      '请补户口簿',
      '--data',
      world.folders.centre,
    ])
    const again = await carry(name)
    const read = await apply(answerOf(name))
    const detail = await clerk.desk.ask('cases.get', { caseId: first.caseId }, clerk.sessionId)
    const status = await villageStatus()
    expect({ seenByHall, again: again.state, read }).toMatchObject({
      seenByHall: [{ kind: 'out', ours: false, state: 'ready', stationId: `${village}-1` }],
      again: 'done',
      read: { state: 'done', said: expect.stringContaining('带回 1 条中心的消息') },
    })
    expect(detail.summary).toMatchObject({ state: 'corrections', delivery: 'at-centre', filesWaiting: 0 })
    expect(status).toMatchObject({ unsentCases: 0, unsentFiles: 0 })
    expect(await apply(answerOf(name))).toMatchObject({
      state: 'failed',
      said: expect.stringContaining('没有新的内容'),
    })
    expect((await sticks(clerk)).map(({ state }) => state)).toEqual(['done', 'done'])
    expect((await clerk.desk.ask('ledger.verify', {}, clerk.sessionId)).ok).toBe(true)
  })

  test('both routes at once: nothing is lost and nothing doubled', async () => {
    const { village: clerk } = world
    await receive(1, 200_000)
    await receive(2)
    await exportTo()
    const [name = ''] = namesOn(world.stick)
    await receive(3)
    await clerk.desk.ask('sync.setLink', { on: true }, clerk.sessionId)
    const [carried] = await Promise.all([carry(name), untilOnline(clerk)])
    const read = await apply(answerOf(name))
    await untilOnline(clerk)
    const cases = await centralCases()
    expect({ carried: carried.state, cases: cases.length, readIsSaid: read.said !== '' }).toEqual({
      carried: 'done',
      cases: 3,
      readIsSaid: true,
    })
    expect((await clerk.desk.ask('ledger.verify', {}, clerk.sessionId)).ok).toBe(true)
    expect(await villageStatus()).toMatchObject({ lastError: '', unsentCases: 0 })
  })

  test('by the command lines of both ends', async () => {
    await receive(1)
    await exportTo()
    const [name = ''] = namesOn(world.stick)
    const shown = spawnSync(process.execPath, [programs.cli, 'bundle', 'show', onStick(name)], { encoding: 'utf8' })
    expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining(`${village}-1`) })
    const data = ['--data', world.folders.centre]
    const out = onStick(answerOf(name))
    const running = await runCentral(['bundle', 'import', onStick(name), '--out', out, ...data])
    expect(running).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('条新记录') })
    expect(await apply(answerOf(name))).toMatchObject({ state: 'done' })
    await world.centre.kill('SIGTERM')
    rmSync(out)
    const idle = await runCentral(['bundle', 'import', onStick(name), '--out', out, ...data])
    const listed = await runCentral(['bundle', 'list', '--json', ...data])
    expect(idle).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('0 条新记录') })
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { outcome: 'taken', courier: '', newEntries: 0 },
      { outcome: 'taken', courier: '', stationId: `${village}-1` },
    ])
  })
})

describe('an interrupted stick', () => {
  test('a desk that is killed in the middle goes on after the last whole segment', async () => {
    // So much that a fast desk is not done before it hears of its end.
    for (const index of [1, 2, 3, 4]) await receive(index, 900_000)
    const { desk, sessionId } = world.village
    const events = await desk.events()
    await desk.ask('bundle.export', { stickId: world.stick, withFiles: true }, sessionId)
    for (;;) {
      const { event, payload } = await events.next('bundle')
      if (event === 'bundle' && payload.doneBytes > 3_000_000) break
    }
    await desk.kill('SIGKILL')
    const [torn = ''] = namesOn(world.stick)
    const tornBytes = readFileSync(onStick(torn))
    const { folders, centre } = world
    world = { ...world, village: await open(folders.village, village, centre, folders.centre) }
    expect(torn).toMatch(/\.part$/)
    expect(await sticks(world.village)).toMatchObject([{ state: 'torn', ours: true }])
    expect(await exportTo()).toMatchObject({ state: 'done' })
    const [name = '', ...others] = namesOn(world.stick)
    const whole = readFileSync(onStick(name))
    // What was whole before stands as it was: it was not written anew (sealing is random, the same bytes do not come twice).
    expect({ others, kept: whole.subarray(0, 2_000_000).equals(tornBytes.subarray(0, 2_000_000)) }).toEqual({
      others: [],
      kept: true,
    })
    expect(await carry(name)).toMatchObject({ state: 'done', said: expect.stringContaining('条新记录') })
    expect(await apply(answerOf(name))).toMatchObject({ state: 'done' })
    expect(await villageStatus()).toMatchObject({ unsentCases: 0, unsentFiles: 0 })
  })

  test.skipIf(smallDiskIsMissing())(
    `a stick without room is told before, with what is missing (${noSmallDisk} otherwise)`,
    async () => {
      const disk = smallDisk(2_000)
      if (disk === undefined) throw new Error('a small disk was there a moment ago')
      onTestFinished(() => disk[Symbol.dispose]())
      await receive(1, 900_000)
      const { desk, sessionId } = world.village
      const stickId = `folder:${disk.path}`
      const refused = await desk.call('bundle.export', { stickId, withFiles: true }, sessionId)
      expect(refused).toMatchObject({ ok: false, error: { code: 'STICK_FULL', details: { missingMb: 2 } } })
      const text = await jobOf(desk, () => desk.ask('bundle.export', { stickId, withFiles: false }, sessionId))
      expect(text).toMatchObject({ state: 'done' })
      disk.makeReadOnly()
      const readOnly = await jobOf(desk, () => desk.ask('bundle.export', { stickId, withFiles: false }, sessionId))
      expect(readOnly).toMatchObject({ state: 'failed', said: expect.stringContaining('写不了文件') })
    },
  )

  test.skipIf(smallDiskIsMissing())(
    `a stick that others fill meanwhile keeps what is whole, and goes on when there is room (${noSmallDisk} otherwise)`,
    async () => {
      const disk = smallDisk(12_000)
      if (disk === undefined) throw new Error('a small disk was there a moment ago')
      onTestFinished(() => disk[Symbol.dispose]())
      for (const index of [1, 2]) await receive(index, 900_000)
      const { desk, sessionId } = world.village
      const stickId = `folder:${disk.path}`
      const events = await desk.events()
      const ended = jobOf(desk, async () => {
        await desk.ask('bundle.export', { stickId, withFiles: true }, sessionId)
        writeFileSync(join(disk.path, '别人的文件'), Buffer.alloc(9_000_000))
      })
      const full = await ended
      events.stop()
      expect(full).toMatchObject({ state: 'failed', said: expect.stringContaining('U盘空间不够') })
      rmSync(join(disk.path, '别人的文件'))
      expect(await jobOf(desk, () => desk.ask('bundle.export', { stickId, withFiles: true }, sessionId))).toMatchObject(
        {
          state: 'done',
        },
      )
    },
  )

  test('a stick that is not there, or nothing to carry, is told at once', async () => {
    const { desk, sessionId } = world.village
    expect(await desk.call('bundle.export', { stickId: '/no/such/stick', withFiles: true }, sessionId)).toMatchObject({
      ok: false,
      error: { code: 'STICK_GONE' },
    })
    const hall = world.town
    await untilOnline(hall)
    expect(
      await hall.desk.call('bundle.export', { stickId: world.stick, withFiles: true }, hall.sessionId),
    ).toMatchObject({ ok: false, error: { code: 'BUNDLE_NOTHING' } })
  })
})

describe('what is not as it was written', () => {
  test('any changed byte is refused by courier and centre, and nothing changes', async () => {
    await receive(1)
    await exportTo()
    const [name = ''] = namesOn(world.stick)
    const whole = readFileSync(onStick(name))
    const data = ['--data', world.folders.centre]
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 7)) {
      const changed = Buffer.from(whole)
      changed.writeUInt8((changed[at] ?? 0) ^ 1, at)
      writeFileSync(onStick(name), changed)
      const { desk, sessionId } = world.town
      const told = await desk
        .call('bundle.carry', { stickId: world.stick, file: name }, sessionId)
        .then(async (result) => (result.ok ? await nextJob(world.town) : result.error.code))
      const byHand = await runCentral(['bundle', 'import', onStick(name), '--out', onStick('out'), ...data])
      expect({ at, told, code: byHand.code, lines: byHand.stderr.trim().split('\n').length }).toEqual({
        at,
        told: expect.stringMatching(/BUNDLE_|不完整|不是给这个中心/),
        code: 1,
        lines: 1,
      })
    }
    expect({ cases: await centralCases(), left: namesOn(world.stick) }).toEqual({ cases: [], left: [name] })
  })

  test("another station's answer, another centre's, and an answer that is cut off are refused in words", async () => {
    await receive(1)
    await exportTo()
    const [name = ''] = namesOn(world.stick)
    await carry(name)
    const { desk: hall, sessionId } = world.town
    const ofOthers = await hall.call('bundle.apply', { stickId: world.stick, file: answerOf(name) }, sessionId)
    expect(ofOthers).toMatchObject({ ok: false, error: { code: 'BUNDLE_OF_OTHERS' } })
    const answer = readFileSync(onStick(answerOf(name)))
    writeFileSync(onStick(answerOf(name)), answer.subarray(0, answer.length - 5))
    expect(await apply(answerOf(name))).toMatchObject({ state: 'failed', said: expect.stringContaining('不完整') })
    expect(await villageStatus()).toMatchObject({ unsentCases: 1 })

    const elsewhere = freshFolder()
    onTestFinished(() => removeFolder(elsewhere))
    const other = await startCentre(elsewhere)
    const refused = await runCentral(['bundle', 'import', onStick(name), '--out', onStick('out'), '--data', elsewhere])
    await other.kill('SIGKILL')
    expect(refused).toMatchObject({ code: 1, stderr: '这个文件是给另一个中心的。\n' })
  })

  test('a cloned station is refused with its bundle, and the ledger at the centre stays as it was', async () => {
    const { folders, centre } = world
    await world.village.desk.kill('SIGTERM')
    const clone = `${folders.village}-clone`
    spawnSync('cp', ['-r', folders.village, clone])
    const data = ['--data', folders.centre]
    world = { ...world, village: await open(folders.village, village, centre, folders.centre) }
    await receive(1)
    await exportTo()
    const [own = ''] = namesOn(world.stick)
    await carry(own)
    await world.village.desk.kill('SIGTERM')
    world = { ...world, village: await open(clone, village, centre, folders.centre) }
    await receive(2)
    await exportTo()
    const theirs = namesOn(world.stick).find((name) => name !== own && !name.includes('回执')) ?? ''
    const refused = await carry(theirs)
    expect(refused).toMatchObject({ state: 'failed', said: expect.stringContaining('没有覆盖') })
    expect(await centralCases()).toHaveLength(1)
    expect(JSON.parse((await runCentral(['bundle', 'list', '--json', ...data])).stdout)[0]).toMatchObject({
      outcome: 'fork',
    })
  })
})

test('2,000 cases with a photo each arrive by stick alone', async () => {
  const { village: clerk, folders, centre } = world
  const key = await clerk.desk.key()
  await clerk.desk.kill('SIGTERM')
  const seeded = spawnSync(process.execPath, [
    programs.cli,
    'seed',
    '--cases',
    '2000',
    '--data',
    folders.village,
    '--yes',
  ])
  expect(seeded.status).toBe(0)
  await addPhotos(folders.village, key)
  world = { ...world, village: await open(folders.village, village, centre, folders.centre) }
  const startedAt = performance.now()
  const written = await exportTo()
  const writtenAt = performance.now()
  const [name = ''] = namesOn(world.stick)
  const carried = await carry(name)
  const carriedAt = performance.now()
  const read = await apply(answerOf(name))
  const seconds = [writtenAt - startedAt, carriedAt - writtenAt, performance.now() - carriedAt].map((ms) =>
    Math.round(ms / 1000),
  )
  console.info({ seconds, bytes: statSync(onStick(name)).size, answerBytes: statSync(onStick(answerOf(name))).size })
  expect([written.state, carried.said, read.state]).toEqual(['done', expect.stringContaining('2001 个文件'), 'done'])
  expect(await villageStatus()).toMatchObject({ unsentCases: 0, unsentFiles: 0 })
}, 900_000)

/** Gives every case of a closed data folder a photo of its own. */
async function addPhotos(folder: string, key: string): Promise<void> {
  const profile = readProfile(folder)
  if (profile === undefined) throw new Error('a seeded folder has a station')
  const { stationId, mode, townName, villageName, windowName } = profile
  const features = openFeatures(
    {
      dataFolder: folder,
      resources: resourcesFolder,
      station: { stationId, mode, townName, villageName, windowName },
      clock: { now: () => new Date() },
      emit: () => undefined,
      log: () => undefined,
    },
    new Uint8Array(Buffer.from(key, 'base64')),
  )
  const { store } = features.context
  const cases = store.db.all<{ caseId: string }>('SELECT case_id AS caseId FROM cases')
  const materials: { readonly caseId: string; readonly material: Material }[] = []
  for (const [index, { caseId }] of cases.entries()) {
    // None so large that a readable copy would be made beside it meanwhile.
    const bytes = noisyPng(index % 100 === 0 ? 140_000 : 2_000, 1_000_000 + index)
    const source = (async function* () {
      yield bytes
    })()
    const file = await features.materials.receiveFile({
      name: `照片${index}.png`,
      announcedBytes: bytes.length,
      source,
    })
    const addedAtUtc = new Date().toISOString()
    materials.push({ caseId, material: { materialId: crypto.randomUUID(), requirementId: 'photo', file, addedAtUtc } })
  }
  store.transaction(() => {
    // How many receipts of the last day are still to be made depends on the hour: here they are none of the stick's.
    store.db.run('DELETE FROM receipts_due')
    for (const { caseId, material } of materials) {
      const payload = { caseId, materials: [material], note: '' }
      const at = new Date().toISOString()
      store.ledger.append([{ kind: 'case.supplemented', version: 1, subject: caseId, actor: 'yanlian', at, payload }])
    }
  })
  await features.close()
}

async function nextJob({ desk, sessionId }: Desk): Promise<string> {
  const events = await desk.events()
  try {
    for (;;) {
      const { job } = await desk.ask('bundle.sticks', {}, sessionId)
      if (job !== null && job.state !== 'running') return job.said
      await events.next('bundle')
    }
  } finally {
    events.stop()
  }
}

function smallDiskIsMissing(): boolean {
  const disk = smallDisk(100)
  disk?.[Symbol.dispose]()
  return disk === undefined
}
