import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callNames, findCall } from '../../preload/contract/api.ts'
import type { Session } from '../../preload/contract/views.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { allowance, allowanceAnswers, readyDraft, smallPng } from '../helpers/intake.ts'

let desk: DeskUnderTest
let session: Session
const folder = freshFolder()

beforeAll(async () => {
  desk = await startDesk(folder)
  session = await loginTraining(desk)
})

afterAll(async () => {
  await desk.kill('SIGTERM')
  removeFolder(folder)
})

const failure = (code: string, details: object = {}) => ({ ok: false, error: { code, details } })

const post = async (name: string, body: string, headers: Record<string, string> = {}) =>
  JSON.parse((await desk.raw('POST', `/call/${name}`, { body, headers })).text)

describe('what the desk refuses before any feature sees it', () => {
  it('gives nothing to a process without the token', async () => {
    const answers = await Promise.all(
      (['/call/station.status', '/events', '/shell/key', '/bytes/materials'] as const).map((path) =>
        desk.raw('POST', path, { token: 'wrong' }),
      ),
    )
    expect(answers).toEqual(Array(4).fill({ status: 401, text: '' }))
  })

  it('refuses a call that the contract does not have', async () => {
    const names = ['nothing.here', 'station', 'station.status.more', '__proto__.toString', 'session.constructor']
    const answers = await Promise.all(names.map((name) => post(name, '{}')))
    expect(answers).toEqual(names.map(() => failure('INPUT_INVALID', { field: 'call' })))
  })

  it('refuses an unknown key in every call, and names it', async () => {
    const headers = { 'x-session': session.sessionId }
    const answers = await Promise.all(callNames.map((name) => post(name, '{"surprise":1}', headers)))
    expect(answers.map(({ ok, error }) => [ok, error.code])).toEqual(callNames.map(() => [false, 'INPUT_INVALID']))
    expect(await post('matters.list', '{"surprise":1}', headers)).toEqual(
      failure('INPUT_INVALID', { field: 'surprise' }),
    )
  })

  it('refuses every call that needs a login without one, and with one that is none', async () => {
    const guarded = callNames.filter((name) => findCall(name)?.access !== 'anyone')
    const answers = await Promise.all(
      guarded.flatMap((name) => [post(name, '{}'), post(name, '{}', { 'x-session': 'invented' })]),
    )
    expect(answers).toEqual(guarded.flatMap(() => [failure('LOGIN_NEEDED'), failure('LOGIN_NEEDED')]))
  })

  it('refuses a body that is no JSON, of the wrong type, or without end', async () => {
    const headers = { 'x-session': session.sessionId }
    expect(await post('matters.list', '{"', headers)).toEqual(failure('INPUT_INVALID', { field: 'JSON' }))
    expect(await post('cases.get', '{"caseId":7}', headers)).toEqual(failure('INPUT_INVALID', { field: 'caseId' }))
    expect((await post('drafts.save', `{"x":"${'x'.repeat(5 << 20)}"}`, headers)).error.code).toBe('FILE_TOO_LARGE')
  })

  it('names the draft, the case or the matter that is not there', async () => {
    const id = '019a0000-0000-7000-8000-000000000000'
    const { sessionId } = session
    expect(await desk.call('drafts.get', { draftId: id }, sessionId)).toEqual(failure('NOT_FOUND', { what: '草稿' }))
    expect(await desk.call('cases.get', { caseId: id }, sessionId)).toEqual(failure('NOT_FOUND', { what: '办件' }))
    expect(await desk.call('drafts.create', { itemId: 'NONE' }, sessionId)).toEqual(
      failure('STANDARD_UNKNOWN', { itemId: 'NONE' }),
    )
  })
})

describe('logging in', () => {
  it('shows the station and the training PIN before the store is open', async () => {
    const other = freshFolder()
    const fresh = await startDesk(other)
    const status = await fresh.call('station.status', {})
    await fresh.kill('SIGTERM')
    removeFolder(other)
    expect(status).toMatchObject({
      ok: true,
      value: { mode: 'training', stationId: '440282113201-1', townName: '珠玑镇', storeOpen: false },
    })
    expect(status.ok && status.value.training?.pin).toMatch(/^\d{6}$/)
  })

  it('counts wrong PINs down, then makes even the right one wait, across a crash', async () => {
    const other = freshFolder()
    let fresh = await startDesk(other)
    const status = await fresh.call('station.status', {})
    const right = status.ok ? (status.value.training?.pin ?? '') : ''
    const wrong = right === '000000' ? '000001' : '000000'
    const tries = []
    for (let i = 0; i < 5; i += 1) tries.push(await fresh.call('session.login', { account: 'yanlian', pin: wrong }))
    await fresh.kill('SIGKILL')
    fresh = await startDesk(other)
    const after = await fresh.call('session.login', { account: 'yanlian', pin: right })
    await fresh.kill('SIGTERM')
    removeFolder(other)
    expect(tries.slice(0, 4)).toEqual([4, 3, 2, 1].map((left) => failure('PIN_WRONG', { left })))
    expect(tries[4]).toEqual(failure('PIN_WAIT', { seconds: 30 }))
    expect(after).toMatchObject({ ok: false, error: { code: 'PIN_WAIT' } })
  })

  it('does not know an account that is none', async () => {
    expect(await desk.call('session.login', { account: 'nobody', pin: '123456' })).toEqual(failure('ACCOUNT_UNKNOWN'))
  })

  it('ends a session at lock, and goes on with the others', async () => {
    const other = await loginTraining(desk)
    await desk.ask('session.lock', {}, other.sessionId)
    expect(await desk.call('session.current', {}, other.sessionId)).toEqual(failure('LOGIN_NEEDED'))
    expect(await desk.ask('session.current', {}, session.sessionId)).toEqual(session)
  })

  it('locks by itself when nobody works, and tells the windows', async () => {
    const other = freshFolder()
    const quiet = await startDesk(other, ['--training', '--cheap-pins', '--idle-seconds', '1'])
    const events = await quiet.events()
    const { sessionId } = await loginTraining(quiet)
    const message = await events.next('locked')
    const answer = await quiet.call('session.current', {}, sessionId)
    events.stop()
    await quiet.kill('SIGTERM')
    removeFolder(other)
    expect([message, answer]).toEqual([{ event: 'locked', payload: {} }, failure('LOGIN_NEEDED')])
  })
})

describe('a desk that was started again', () => {
  it('takes key and sessions back from the shell, without a PIN', async () => {
    const other = freshFolder()
    let restarted = await startDesk(other)
    const own = await loginTraining(restarted)
    const key = await restarted.key()
    await restarted.kill('SIGKILL')
    restarted = await startDesk(other)
    await restarted.resume(key, [own, { ...own, sessionId: 'x', account: 'gone' }])
    const current = await restarted.call('session.current', {}, own.sessionId)
    const gone = await restarted.call('session.current', {}, 'x')
    await restarted.kill('SIGTERM')
    removeFolder(other)
    expect([current, gone]).toEqual([{ ok: true, value: own }, failure('LOGIN_NEEDED')])
  })

  it('refuses a key that is not the store’s', async () => {
    const other = freshFolder()
    const restarted = await startDesk(other)
    const body = JSON.stringify({ key: Buffer.alloc(32, 7).toString('base64'), sessions: [] })
    const answer = await restarted.raw('POST', '/shell/resume', { body })
    await restarted.kill('SIGTERM')
    removeFolder(other)
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([409, 'STORE_DAMAGED'])
  })
})

describe('drafts and 收件', () => {
  it('tells everything that is missing at once, and refuses 收件 until it is there', async () => {
    const { sessionId } = session
    const { check, ...begun } = await desk.ask('drafts.create', { itemId: allowance.itemId }, sessionId)
    const { draftId } = begun
    // What is begun opens without another question: it is what the desk would say when asked.
    expect(await desk.ask('drafts.get', { draftId }, sessionId)).toEqual({ draft: begun, check })
    expect(check.ready).toBe(false)
    expect(check.form.length).toBeGreaterThan(5)
    expect(check.materials.filter(({ state }) => state === 'missing')).toHaveLength(5)
    expect(await desk.call('drafts.receive', { draftId }, sessionId)).toMatchObject(failure('FORM_INCOMPLETE'))

    const wrongId = allowanceAnswers(1, { idNumber: '999999194001010010' })
    await desk.ask('drafts.save', { draftId, answers: wrongId }, sessionId)
    expect((await desk.call('drafts.receive', { draftId }, sessionId)).ok).toBe(false)
    expect(await desk.call('drafts.receive', { draftId }, sessionId)).toMatchObject({
      error: { code: 'ID_NUMBER_WRONG' },
    })

    const young = allowanceAnswers(1, { householdHere: 'no' })
    await desk.ask('drafts.save', { draftId, answers: young }, sessionId)
    expect(await desk.call('drafts.receive', { draftId }, sessionId)).toMatchObject({
      error: { code: 'CONDITION_NOT_MET', details: { condition: '申请人的户籍在本市' } },
    })

    await desk.ask('drafts.save', { draftId, answers: allowanceAnswers(1) }, sessionId)
    expect(await desk.call('drafts.receive', { draftId }, sessionId)).toMatchObject({
      error: { code: 'MATERIALS_MISSING' },
    })
  })

  it('promises only what the standard lets follow later', async () => {
    const { sessionId } = session
    const { draftId } = await desk.ask('drafts.create', { itemId: allowance.itemId }, sessionId)
    const call = (requirementId: string) =>
      desk.call('drafts.promiseLater', { draftId, requirementId, later: true }, sessionId)
    expect(await call('id-card')).toMatchObject({ error: { code: 'NOT_ALLOWED' } })
    expect(await call('none')).toEqual(failure('INPUT_INVALID', { field: 'requirement' }))
    expect((await call(allowance.later)).ok).toBe(true)
  })

  it('keeps any answers, right or wrong, across a crash', async () => {
    const other = freshFolder()
    let first = await startDesk(other)
    const own = await loginTraining(first)
    const { draftId } = await first.ask('drafts.create', { itemId: allowance.itemId }, own.sessionId)
    const answers = { name: '半', idNumber: '44', odd: [1, { deep: true }] }
    await first.ask('drafts.save', { draftId, answers }, own.sessionId)
    await first.kill('SIGKILL')
    first = await startDesk(other)
    const again = await loginTraining(first)
    const { draft } = await first.ask('drafts.get', { draftId }, again.sessionId)
    await first.kill('SIGTERM')
    removeFolder(other)
    expect(draft.answers).toEqual(answers)
  })

  it('gives the same case for the same draft, and lets nothing else touch the draft', async () => {
    const { sessionId } = session
    const draftId = await readyDraft(desk, sessionId, 3)
    const [first, second] = await Promise.all([
      desk.ask('drafts.receive', { draftId }, sessionId),
      desk.ask('drafts.receive', { draftId }, sessionId),
    ])
    const third = await desk.ask('drafts.receive', { draftId }, sessionId)
    expect([second, third]).toEqual([first, first])
    expect(await desk.call('drafts.save', { draftId, answers: {} }, sessionId)).toEqual(
      failure('DRAFT_ALREADY_RECEIVED'),
    )
    const put = await desk.put({ draft: draftId, requirement: 'form', name: 'a.png' }, smallPng, sessionId)
    expect(put).toEqual(failure('DRAFT_ALREADY_RECEIVED'))
  })

  it('warns of the same person and matter, without stopping', async () => {
    const { sessionId } = session
    const { localNumber } = await desk.ask(
      'drafts.receive',
      { draftId: await readyDraft(desk, sessionId, 4) },
      sessionId,
    )
    const { check } = await desk.ask('drafts.get', { draftId: await readyDraft(desk, sessionId, 4) }, sessionId)
    // Towards the end of a year it also says that the next one has no calendar yet.
    const warned = check.warnings.filter(({ code }) => code === 'duplicate').map(({ text }) => text)
    expect([check.ready, warned]).toEqual([true, [expect.stringContaining(localNumber)]])
  })
})

describe('cases', () => {
  it('numbers cases of a day one after the other, and finds them by name, initials, number and ends of numbers', async () => {
    const { sessionId } = session
    const draftId = await readyDraft(desk, sessionId, 6)
    const { localNumber } = await desk.ask('drafts.receive', { draftId }, sessionId)
    const queries = [
      '测试庚',
      '试庚',
      'csg',
      'ceshigeng',
      localNumber,
      localNumber.slice(-4),
      '000006',
      '高龄 庚',
      '赵',
    ]
    const found = await Promise.all(
      queries.map(async (query) => {
        const list = await desk.ask('cases.list', { view: 'all', query, offset: 0, limit: 50 }, sessionId)
        return list.cases.some(({ caseId }) => caseId === draftId)
      }),
    )
    expect(Object.fromEntries(queries.map((query, index) => [query, found[index]]))).toEqual(
      Object.fromEntries(queries.map((query) => [query, query !== '赵'])),
    )
  })

  it('masks what is personal and writes down who looked', async () => {
    const { sessionId } = session
    const draftId = await readyDraft(desk, sessionId, 7)
    await desk.ask('drafts.receive', { draftId }, sessionId)
    const before = await desk.ask('cases.get', { caseId: draftId }, sessionId)
    const { value } = await desk.ask('cases.reveal', { caseId: draftId, field: 'idNumber' }, sessionId)
    const after = await desk.ask('cases.get', { caseId: draftId }, sessionId)
    expect(JSON.stringify(before)).not.toContain(value)
    expect(before.answers.bankAccount).toBe('620***********00')
    // The receipt is made meanwhile: its entry may stand before or behind.
    expect(after.timeline.filter(({ kind }) => kind === 'identity.revealed')).toMatchObject([
      { text: '查看了完整的身份证号' },
    ])
  })

  it('takes no step that the case does not allow', async () => {
    const { sessionId } = session
    const draftId = await readyDraft(desk, sessionId, 8)
    await desk.ask('drafts.receive', { draftId }, sessionId)
    expect(await desk.call('cases.accept', { caseId: draftId }, sessionId)).toEqual(
      failure('STEP_NOT_LEGAL', { state: '已收件' }),
    )
  })

  it('keeps a promise when the material is brought', async () => {
    const { sessionId } = session
    const draftId = await readyDraft(desk, sessionId, 9)
    await desk.ask('drafts.receive', { draftId }, sessionId)
    const nothing = await desk.call('cases.supplement', { caseId: draftId, note: ' ' }, sessionId)
    await desk.put({ case: draftId, requirement: allowance.later, name: '照片.png' }, smallPng, sessionId)
    await desk.ask('cases.supplement', { caseId: draftId, note: '' }, sessionId)
    const { later, materials, actions } = await desk.ask('cases.get', { caseId: draftId }, sessionId)
    expect(nothing).toMatchObject({ error: { code: 'MATERIALS_MISSING' } })
    expect([later, materials.length, actions]).toEqual([[], 5, []])
  })

  it('tells the windows what changed', async () => {
    const events = await desk.events()
    const draftId = await readyDraft(desk, session.sessionId, 11)
    await events.next('changed')
    await desk.ask('drafts.receive', { draftId }, session.sessionId)
    let topics: readonly string[] = []
    while (!topics.includes('cases')) {
      const message = await events.next('changed')
      topics = message.event === 'changed' ? message.payload.topics : []
    }
    events.stop()
    expect(topics).toContain('drafts')
  })

  it('verifies its ledger', async () => {
    expect(await desk.ask('ledger.verify', {}, session.sessionId)).toMatchObject({ ok: true, brokenAt: null })
  })
})

it('gives bytes by its routes alone', async () => {
  const headers = { 'x-session': session.sessionId }
  const paths = [
    'files/../../etc/passwd',
    'files/%2e%2e%2fvault.json',
    `files/${'0'.repeat(64)}`,
    'documents/x.pdf',
    '',
  ]
  const answers = await Promise.all(paths.map((path) => desk.raw('GET', `/bytes/${path}`, { headers })))
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404))
})
