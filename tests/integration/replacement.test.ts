import { spawn } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallOutput } from '../../preload/contract/api.ts'
import { type CentreProcess, runCentral, startCentre } from '../helpers/centre.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { allowanceAnswers, readyDraft } from '../helpers/intake.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'
import { programs } from '../helpers/programs.ts'
import { rebuiltTables } from '../helpers/rebuild.ts'
import { noisyPng } from '../helpers/sticks.ts'

const [centreFolder, oldFolder, keptFolder, newFolder] = [freshFolder(), freshFolder(), freshFolder(), freshFolder()]
const oldId = '440282113201-1'
const newId = '440282113201-2'
let centre: CentreProcess
let link: LinkEmulator
let old: DeskUnderTest
let fresh: DeskUnderTest
let session: string
let events: Awaited<ReturnType<DeskUnderTest['events']>>
let code: string
const cases: string[] = []
let late = ''
let draftId = ''

const flags = () => ['--training', '--cheap-pins', '--check-outputs', '--centre-url', centre.url]
const data = ['--data', centreFolder]

/** Reads until it is as wanted, at every event of a desk. */
async function until<T>(
  follow: Awaited<ReturnType<DeskUnderTest['events']>>,
  read: () => Promise<T>,
  isWanted: (found: T) => boolean,
): Promise<T> {
  for (;;) {
    const found = await read()
    if (isWanted(found)) return found
    await follow.next('changed', 'sync')
  }
}

async function cli(words: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [programs.cli, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...said }
}

/** A village's day: two cases at the centre, one of them asked back, a draft; then the cable is out, and one more case. */
beforeAll(async () => {
  centre = await startCentre(centreFolder)
  old = await startDesk(oldFolder, [...flags(), '--centre-data', centreFolder])
  const follow = await old.events()
  let { sessionId } = await loginTraining(old)
  draftId = (await old.ask('drafts.create', { itemId: 'SAMPLE-GLJT' }, sessionId)).draftId
  await old.ask('drafts.save', { draftId, answers: allowanceAnswers(7) }, sessionId)
  await old.put({ draft: draftId, requirement: 'id-card', name: '身份证.png' }, noisyPng(400, 3), sessionId)
  // What changed goes up when nobody types any more.
  await old.ask('session.lock', {}, sessionId)
  sessionId = (await loginTraining(old)).sessionId
  // An open seal: receipts are sealed and sent at once.
  const station = await old.ask('station.status', {}, sessionId)
  await old.ask('seals.unlock', { pin: station.training?.sealPin ?? '' }, sessionId)
  for (const index of [1, 2]) {
    const caseId = await readyDraft(old, sessionId, index)
    if (index === 2)
      await old.put({ draft: caseId, requirement: 'form', name: '大.png' }, noisyPng(700_000, 5), sessionId)
    await old.ask('drafts.receive', { draftId: caseId }, sessionId)
    cases.push(caseId)
  }
  for (const caseId of cases) {
    const isThere = ({ files }: CallOutput<'sync.files'>) =>
      files.some(({ class: kind }) => kind === 'receipt') && files.every(({ state }) => state === 'at-centre')
    await until(follow, () => old.ask('sync.files', { caseId }, sessionId), isThere)
  }
  const asked = await old.ask('cases.get', { caseId: cases[0] ?? '' }, sessionId)
  await runCentral(['decide', asked.summary.localNumber, 'corrections', '--reason', '请补户口簿', ...data])
  await until(
    follow,
    () => old.ask('cases.get', { caseId: cases[0] ?? '' }, sessionId),
    ({ summary }) => summary.state === 'corrections',
  )
  await old.ask('sync.setLink', { on: false }, sessionId)
  late = await readyDraft(old, sessionId, 3)
  await old.ask('drafts.receive', { draftId: late }, sessionId)
  follow.stop()
  await old.kill('SIGKILL')
  // One copy of the disk turns up again later; the machine itself is gone.
  cpSync(oldFolder, keptFolder, { recursive: true })
  removeFolder(oldFolder)
  link = await startLinkEmulator(centre.url)
})

afterAll(async () => {
  events?.stop()
  await fresh?.kill('SIGTERM')
  await link?.stop()
  await centre.kill('SIGTERM')
  for (const folder of [centreFolder, keptFolder, newFolder]) removeFolder(folder)
})

describe('a machine that is lost', () => {
  it('is replaced by a code that is read over the phone, by another machine, whose training is put aside', async () => {
    const training = await startDesk(newFolder, ['--training', '--cheap-pins'])
    const { sessionId } = await loginTraining(training)
    const made = await runCentral(['enrolment-code', newId, '--replaces', oldId, ...data])
    code = made.stdout.trim()
    const wrong = await training.call(
      'station.askCode',
      { centreUrl: centre.url, code: 'AAAAA-AAAAA-AAAAA-AAAAA' },
      sessionId,
    )
    const asked = await training.ask('station.askCode', { centreUrl: link.url, code: code.toLowerCase() }, sessionId)
    const ended = new Promise((resolve) => training.process.once('exit', resolve))
    const joined = await training.ask(
      'station.join',
      { centreUrl: link.url, code, windowName: '', person: null },
      sessionId,
    )
    await ended
    fresh = await startDesk(newFolder, flags())
    const status = await fresh.call('station.status', {})
    expect(wrong).toEqual({ ok: false, error: { code: 'ENROLMENT_CODE_WRONG', details: {} } })
    expect(asked).toMatchObject({ stationId: newId, villageName: '珠玑村委会' })
    expect(asked.replaces).toMatchObject({ stationId: oldId, mode: 'training' })
    expect(joined).toEqual({ stationId: newId, cases: 2, drafts: 1 })
    expect(status.ok && status.value).toMatchObject({ stationId: newId, mode: 'training', elsewhere: true })
    expect(readdirSync(newFolder).filter((name) => name.startsWith('before-')).length).toBe(1)
    expect(existsSync(join(newFolder, 'joining'))).toBe(false)
  })

  it('hands its cases back whole over a link that is cut in the middle, each once', async () => {
    events = await fresh.events()
    link.cutAfter({ down: 1_500 })
    session = (await loginTraining(fresh)).sessionId
    await until(
      events,
      () => fresh.ask('sync.status', {}, session),
      ({ lastErrorReason }) => lastErrorReason !== 'none' && lastErrorReason !== 'not-enrolled',
    )
    link.cutAfter(undefined)
    await fresh.call('sync.now', {}, session)
    const list = { view: 'all', query: '', offset: 0, limit: 9 } as const
    const { cases: rows } = await until(
      events,
      () => fresh.ask('cases.list', list, session),
      ({ total }) => total === 2,
    )
    const asked = await fresh.ask('cases.get', { caseId: cases[0] ?? '' }, session)
    expect(rows.map(({ caseId, delivery }) => [caseId, delivery])).toEqual([
      [cases[1], 'at-centre'],
      [cases[0], 'at-centre'],
    ])
    expect(asked.summary).toMatchObject({ state: 'corrections', returned: true })
    expect([asked.handedOver?.stationId, asked.actions]).toEqual([oldId, ['supplement']])
    expect(asked.timeline.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['中心要求补正：请补户口簿', `由这台机器接手，原来在 ${oldId}`]),
    )
  })

  it('hands its files back: small ones by themselves, a large one when somebody asks', async () => {
    const read = () => fresh.ask('sync.files', { caseId: cases[1] ?? '' }, session)
    const small = await until(events, read, ({ files }) =>
      files.every(({ state, name }) => state === 'fetched' || name === '大.png' || state === 'absent'),
    )
    const large = small.files.find(({ name }) => name === '大.png')
    const before = await fresh.raw('GET', `/bytes/files/${large?.sha256}`, { headers: { 'x-session': session } })
    await fresh.ask('sync.fetchFile', { sha256: large?.sha256 ?? '' }, session)
    await until(events, read, ({ files }) => files.some(({ name, state }) => name === '大.png' && state === 'fetched'))
    const after = await fresh.raw('GET', `/bytes/files/${large?.sha256}`, { headers: { 'x-session': session } })
    // Until then its readable copy stands in for it.
    expect([large?.state, before.status, after.status]).toEqual(['in-centre', 200, 200])
    expect(before.text.length).toBeLessThan(after.text.length / 2)
  })

  it('hands its draft back, and says which photograph has to be taken again', async () => {
    const { drafts } = await fresh.ask('drafts.list', {}, session)
    const { draft } = await fresh.ask('drafts.get', { draftId }, session)
    expect(drafts.map((one) => one.draftId)).toEqual([draftId])
    expect(draft.answers).toEqual(allowanceAnswers(7))
    expect(draft.lostPhotos).toEqual([{ requirementId: 'id-card', name: '身份证.png' }])
    await fresh.put({ draft: draftId, requirement: 'id-card', name: '重拍.png' }, noisyPng(400, 9), session)
    expect((await fresh.ask('drafts.get', { draftId }, session)).draft.lostPhotos).toEqual([])
  })

  it('is told so in words when it turns up again, keeps what it had, and is heard by an officer alone', async () => {
    const found = await startDesk(keptFolder, [...flags(), '--centre-data', centreFolder])
    const follow = await found.events()
    const { sessionId } = await loginTraining(found)
    await found.ask('sync.setLink', { on: true }, sessionId)
    const told = await until(
      follow,
      () => found.ask('sync.status', {}, sessionId),
      ({ replaced }) => replaced,
    )
    follow.stop()
    const kept = await found.ask('cases.get', { caseId: late }, sessionId)
    await found.kill('SIGTERM')

    const pinFile = join(keptFolder, 'pin.txt')
    const training = JSON.parse(readFileSync(join(keptFolder, 'training.json'), 'utf8'))
    writeFileSync(pinFile, training.pin)
    const login = ['--account', training.account, '--pin-file', pinFile, '--data', keptFolder]
    const written = await cli(['bundle', 'export', '--to', keptFolder, ...login])
    const [name] = readdirSync(join(keptFolder, '村窗'))
    const stick = join(keptFolder, '村窗', name ?? '')
    const answer = join(keptFolder, '回执.cunchuang')
    const refused = await runCentral(['bundle', 'import', stick, '--out', answer, ...data])
    const taken = await runCentral(['bundle', 'import', stick, '--out', answer, '--from-replaced', ...data])
    const came = await until(
      events,
      () => fresh.call('cases.get', { caseId: late }, session),
      ({ ok }) => ok,
    )
    expect([told.lastErrorReason, told.unsentCases]).toEqual(['replaced', 1])
    expect(told.lastError).toContain('没有送出去的都还在本机')
    expect(kept.summary.delivery).toBe('stored-here')
    expect([written.code, refused.code, taken.code]).toEqual([0, 1, 0])
    expect(refused.stderr).toContain('已由另一台代替')
    expect(came.ok && came.value.summary.delivery).toBe('at-centre')
  })

  it('leaves nothing undone: the new machine goes on with its cases, and its rows follow from ledger and feed', async () => {
    const caseId = cases[0] ?? ''
    await fresh.ask('cases.supplement', { caseId, note: '户口簿已补' }, session)
    await until(
      events,
      () => fresh.ask('cases.get', { caseId }, session),
      ({ summary }) => summary.delivery === 'at-centre' && !summary.returned,
    )
    const listed = await runCentral(['cases', ...data])
    const { summary } = await fresh.ask('cases.get', { caseId }, session)
    await runCentral(['decide', summary.localNumber, 'accepted', ...data])
    await until(
      events,
      () => fresh.ask('cases.get', { caseId }, session),
      (one) => one.summary.state === 'accepted',
    )
    const again = await runCentral(['enrolment-code', '440282113201-3', '--replaces', oldId, ...data])
    const key = await fresh.key()
    await fresh.kill('SIGTERM')
    const { before, after } = await rebuiltTables(newFolder, key)
    expect(listed.stdout).toContain(`现由 ${newId} 办理`)
    expect([again.code, again.stderr]).toEqual([1, `${oldId} 已由 ${newId} 代替，要代替的应该是 ${newId}。\n`])
    expect(after).toEqual(before)
  })
})
