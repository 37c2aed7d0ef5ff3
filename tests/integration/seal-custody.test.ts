import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SealCustody, SealFace } from '../../preload/contract/seals.ts'
import { readyDraft } from '../helpers/intake.ts'
import { openDeskFor } from '../helpers/open-desk.ts'
import {
  finished,
  followJob,
  getBytes,
  putPaper,
  sealingRequest,
  unlockSeal,
  wholeRegister,
} from '../helpers/papers.ts'
import { rebuiltTables } from '../helpers/rebuild.ts'
import { fixture } from '../helpers/seals.ts'
import { makeTrainingAuthority } from '../helpers/training-authority.ts'

const open = openDeskFor('each test')

const everybody: SealCustody = { keepers: [], itemIds: null, otherPapers: true, needsApproval: false }
const status = (sessionId = open.sessionId) => open.desk.ask('seals.status', {}, sessionId)
const firstSeal = async (sessionId?: string) => {
  const [seal] = (await status(sessionId)).seals
  if (seal === undefined) throw new Error('no seal')
  return seal
}
const paper = async (name = '证明.pdf') => (await putPaper(open, name, fixture('pdf-lib-table.pdf'))).documentId
const begin = (request: Parameters<typeof sealingRequest>, sessionId = open.sessionId) =>
  open.desk.call('sealing.begin', sealingRequest(...request), sessionId)
const refusal = (code: string, details = {}) => ({
  ok: false,
  error: { code, details: expect.objectContaining(details) },
})
const register = () => open.desk.ask('seals.register', wholeRegister, open.sessionId)
const training = async () => {
  const found = await open.desk.ask('station.status', {}, open.sessionId)
  if (found.training === null) throw new Error('not a training station')
  return found.training
}

/** Somebody new who works here, logged in. */
async function colleague(account: string, role: 'clerk' | 'approver' | 'administrator' = 'clerk'): Promise<string> {
  await open.desk.ask(
    'accounts.create',
    { account, displayName: `同事${account}`, role, pin: '246810' },
    open.sessionId,
  )
  const login = await open.desk.call('session.login', { account, pin: '246810' })
  if (!login.ok) throw new Error(JSON.stringify(login.error))
  return login.value.sessionId
}

const setCustody = async (part: Partial<SealCustody>) => {
  const { sealId } = await firstSeal()
  await open.desk.ask('seals.setCustody', { sealId, custody: { ...everybody, ...part } }, open.sessionId)
  return sealId
}

describe('the people of a station', () => {
  it('are two at first: the clerk, chosen on the login screen, and one who approves', async () => {
    const { accounts, training: shown } = await open.desk.ask('station.status', {}, open.sessionId)
    expect(accounts).toEqual([
      { account: 'yanlian', displayName: '演练员', role: 'administrator' },
      { account: 'shenpi', displayName: '演练审批员', role: 'approver' },
    ])
    expect(shown?.account).toBe('yanlian')
    const approver = shown?.approver ?? { account: '', pin: '' }
    expect(await open.desk.call('session.login', approver)).toMatchObject({ ok: true, value: { role: 'approver' } })
  })

  it('can be more: a new account logs in, stands on the login screen, and is there after a restart', async () => {
    await colleague('zhang-san')
    const again = { account: 'zhang-san', displayName: '另一个', role: 'clerk', pin: '135790' } as const
    expect(await open.desk.call('accounts.create', again, open.sessionId)).toMatchObject(refusal('INPUT_INVALID'))
    await open.desk.kill('SIGTERM')
    await open.start()
    const closed = await open.desk.call('station.status', {})
    expect(closed).toMatchObject({ ok: true, value: { storeOpen: false } })
    expect(closed.ok && closed.value.accounts.map(({ account }) => account)).toEqual(['yanlian', 'shenpi', 'zhang-san'])
    expect(await open.desk.call('session.login', { account: 'zhang-san', pin: '246810' })).toMatchObject({ ok: true })
  })

  it('get new PINs, and what the training screen shows stays true', async () => {
    const approver = { account: 'shenpi', pin: '864200' }
    const { count } = await open.desk.ask('ledger.verify', {}, open.sessionId)
    await open.desk.ask('accounts.setPin', approver, open.sessionId)
    // The ledger tells of it: who can set an approver's PIN could else approve unseen.
    expect(await open.desk.ask('ledger.verify', {}, open.sessionId)).toMatchObject({ ok: true, count: count + 1 })
    expect((await training()).approver).toEqual(approver)
    expect(await open.desk.call('session.login', approver)).toMatchObject({ ok: true })
    expect(await open.desk.call('accounts.setPin', { ...approver, account: 'nobody' }, open.sessionId)).toMatchObject(
      refusal('ACCOUNT_UNKNOWN'),
    )
  })

  it('are added by administrators alone', async () => {
    const clerk = await colleague('zhang-san')
    const given = { account: 'li-si', displayName: '李四', role: 'administrator', pin: '246810' } as const
    expect(await open.desk.call('accounts.create', given, clerk)).toMatchObject(refusal('NOT_ALLOWED'))
    const { accounts } = await open.desk.ask('accounts.list', {}, clerk)
    expect(accounts.map(({ account }) => account)).toEqual(['shenpi', 'yanlian', 'zhang-san'])
  })
})

describe('custody', () => {
  it('lets only keepers open and use a seal', async () => {
    const clerk = await colleague('zhang-san')
    const sealId = await setCustody({ keepers: ['yanlian'] })
    await unlockSeal(open)
    const documentId = await paper()
    expect(await open.desk.call('seals.unlock', { pin: open.sealPin }, clerk)).toMatchObject(refusal('SEAL_NOT_YOURS'))
    expect(await begin([sealId, [documentId]], clerk)).toMatchObject(refusal('SEAL_NOT_YOURS'))
    expect([(await firstSeal()).mayUse, (await firstSeal(clerk)).mayUse]).toEqual([true, false])
    const custody = { ...everybody, keepers: ['zhang-san'] }
    expect(await open.desk.call('seals.setCustody', { sealId, custody }, clerk)).toMatchObject(refusal('NOT_ALLOWED'))
    const unknown = { sealId, custody: { ...everybody, keepers: ['nobody'] } }
    expect(await open.desk.call('seals.setCustody', unknown, open.sessionId)).toMatchObject(refusal('ACCOUNT_UNKNOWN'))
    expect((await register()).total).toBe(0)
  })

  it('keeps a seal to its matters: other papers are refused, and a receipt of another matter waits', async () => {
    const sealId = await setCustody({ itemIds: ['SAMPLE-OTHER'], otherPapers: false })
    await unlockSeal(open)
    expect(await begin([sealId, [await paper()]])).toMatchObject(refusal('SEAL_MATTER_REFUSED'))
    const { caseId } = await open.desk.ask(
      'drafts.receive',
      { draftId: await readyDraft(open.desk, open.sessionId, 1) },
      open.sessionId,
    )
    expect(await open.desk.ask('documents.receipt', { caseId }, open.sessionId)).toMatchObject({
      sealed: false,
      waitsFor: '没有能盖这类文书的印章。',
    })
    await setCustody({})
    await open.desk.ask('seals.unlock', { pin: open.sealPin }, open.sessionId)
    expect(await open.desk.ask('documents.receipt', { caseId }, open.sessionId)).toMatchObject({ sealed: true })
  })

  it('asks for a second person where the seal says so, with their PIN and its tries', async () => {
    const sealId = await setCustody({ needsApproval: true })
    await unlockSeal(open)
    const documentId = await paper()
    const { approver, ...own } = await training()
    const clerk = await colleague('zhang-san')
    const wrong = { account: approver.account, pin: approver.pin === '000000' ? '111111' : '000000' }
    const answers = [
      await begin([sealId, [documentId]]),
      await begin([sealId, [documentId], { approval: { account: own.account, pin: own.pin } }]),
      await begin([sealId, [documentId], { approval: { account: 'zhang-san', pin: '246810' } }]),
      await begin([sealId, [documentId], { approval: wrong }]),
    ]
    expect(answers).toMatchObject([
      refusal('SEAL_APPROVAL_NEEDED'),
      refusal('SEAL_APPROVER_UNFIT'),
      refusal('SEAL_APPROVER_UNFIT'),
      refusal('PIN_WRONG', { left: 4 }),
    ])
    const { job } = await finished(open, sealingRequest(sealId, [documentId], { approval: approver }))
    expect(job).toMatchObject({ state: 'done', sealed: 1 })
    const { impressions } = await register()
    expect(impressions).toMatchObject([{ askedBy: '演练员', approvedBy: '演练审批员', reason: '测试用印' }])
    // A clerk may ask too; the approver's own request needs another approver.
    await open.desk.ask('seals.unlock', { pin: open.sealPin, sealId }, clerk)
    expect(await begin([sealId, [documentId], { approval: approver }], clerk)).toMatchObject({ ok: true })
  })

  it('never seals a receipt by itself where a second person must agree', async () => {
    await setCustody({ needsApproval: true })
    const { caseId } = await open.desk.ask(
      'drafts.receive',
      { draftId: await readyDraft(open.desk, open.sessionId, 1) },
      open.sessionId,
    )
    expect(await open.desk.ask('documents.receipt', { caseId }, open.sessionId)).toMatchObject({
      sealed: false,
      waitsFor: expect.stringContaining('第二个人'),
    })
    expect(await open.desk.ask('seals.unlock', { pin: open.sealPin }, open.sessionId)).toEqual({ sealed: 0 })
  })
})

describe('a lease', () => {
  it('is there from the first start of a training station, and every impression uses one', async () => {
    const before = await firstSeal()
    expect(before).toMatchObject({
      state: 'usable',
      stateText: '',
      lease: { uses: 1000, usesLeft: 1000, itemIds: null },
    })
    const sealId = await unlockSeal(open)
    await finished(open, sealingRequest(sealId, [await paper(), await paper()]))
    expect((await firstSeal()).lease).toMatchObject({ usesLeft: 998 })
    const { impressions } = await register()
    expect(impressions.map(({ leaseId }) => leaseId)).toEqual(Array(2).fill(before.lease?.leaseId))
  })

  it('stops the seal when it is used up, and a new one lets it go on', async () => {
    const sealId = await unlockSeal(open)
    await open.desk.ask('seals.renewLease', { sealId, uses: 2, days: 30 }, open.sessionId)
    const ids = [await paper(), await paper(), await paper()]
    expect(await begin([sealId, ids])).toMatchObject(refusal('SEAL_LEASE_ENDED', { left: 2 }))
    await finished(open, sealingRequest(sealId, ids.slice(0, 2)))
    expect(await firstSeal()).toMatchObject({ state: 'lease-used-up', lease: { usesLeft: 0 } })
    expect(await begin([sealId, ids.slice(2)])).toMatchObject(refusal('SEAL_LEASE_ENDED'))
    await open.desk.ask('seals.renewLease', { sealId, uses: 1, days: 30 }, open.sessionId)
    expect((await finished(open, sealingRequest(sealId, ids.slice(2)))).job).toMatchObject({ sealed: 1 })
  })

  it('is never overdrawn by jobs that seal at once', async () => {
    const sealId = await unlockSeal(open)
    const ids = await Promise.all(Array.from({ length: 12 }, (_, index) => paper(`证明 ${index}.pdf`)))
    await open.desk.ask('seals.renewLease', { sealId, uses: 7, days: 1 }, open.sessionId)
    const streams = await Promise.all([0, 6].map(() => open.desk.events()))
    const jobs = await Promise.all(
      [0, 6].map((from) =>
        open.desk.ask('sealing.begin', sealingRequest(sealId, ids.slice(from, from + 6)), open.sessionId),
      ),
    )
    await Promise.all(jobs.map(({ jobId }, at) => streams[at] && followJob(streams[at], jobId)))
    for (const stream of streams) stream.stop()
    const ends = await Promise.all(jobs.map(({ jobId }) => open.desk.ask('sealing.job', { jobId }, open.sessionId)))
    expect(ends.reduce((sum, { job }) => sum + job.sealed, 0)).toBe(7)
    expect((await register()).total).toBe(7)
    expect(ends.some(({ job }) => job.state === 'paused')).toBe(true)
  })
})

describe('a seal that is stopped', () => {
  it('is forgotten at once and cannot be opened again', async () => {
    const sealId = await unlockSeal(open)
    const documentId = await paper()
    await open.desk.ask('seals.revoke', { sealId, reason: '印章遗失' }, open.sessionId)
    expect(await firstSeal()).toMatchObject({
      unlocked: false,
      state: 'revoked',
      stateText: expect.stringContaining('停用'),
    })
    expect(await begin([sealId, [documentId]])).toMatchObject(refusal('SEAL_REVOKED'))
    const unlock = await open.desk.call('seals.unlock', { pin: open.sealPin }, open.sessionId)
    expect(unlock).toMatchObject(refusal('SEAL_REVOKED'))
    const renew = await open.desk.call('seals.renewLease', { sealId, uses: 1, days: 1 }, open.sessionId)
    expect(renew).toMatchObject(refusal('SEAL_REVOKED'))
  })
})

describe('a seal file of others', () => {
  it('is kept with its root, and refused once a revocation list names its certificate', async () => {
    const authority = await makeTrainingAuthority({ now: new Date(), kind: 'ec' })
    const issued = await authority.issue({ organisation: '演练镇人民政府', pin: '镇章-2468', kind: 'ec' })
    const face: SealFace = {
      ...{
        name: '镇章',
        organisation: '演练镇人民政府',
        purposeLine: '',
        code: '',
        diameterMm: 45,
        emblem: 'national',
      },
    }
    const given = { p12: issued.p12.toString('base64'), pin: '镇章-2468', face }
    const wrong = await open.desk.call('seals.add', { ...given, pin: 'not-this' }, open.sessionId)
    expect(wrong).toMatchObject(refusal('SEAL_PIN_WRONG'))
    const { sealId } = await open.desk.ask('seals.add', given, open.sessionId)
    expect(await open.desk.ask('seals.add', given, open.sessionId)).toEqual({ sealId })
    const unlock = { pin: given.pin, sealId }
    expect(await open.desk.call('seals.unlock', unlock, open.sessionId)).toMatchObject({ ok: true })
    const trust = join(open.folder, 'trust')
    mkdirSync(trust)
    writeFileSync(join(trust, 'broken.crl'), 'not a list')
    writeFileSync(join(trust, 'root.pem'), authority.caPem)
    expect(await open.desk.call('seals.unlock', unlock, open.sessionId)).toMatchObject({ ok: true })
    const at = new Date(Date.now() - 60_000)
    writeFileSync(join(trust, 'list.crl'), await authority.revoke([{ certificateDer: issued.certificateDer, at }]))
    expect(await open.desk.call('seals.unlock', unlock, open.sessionId)).toMatchObject(
      refusal('SEAL_CERTIFICATE_REVOKED'),
    )
    expect((await status()).seals[0]).toMatchObject({ sealId, unlocked: false })
  })
})

describe('several seals', () => {
  const face = (name: string): SealFace => ({
    ...{ name, organisation: '南雄市演练镇演练村村民委员会', purposeLine: '业务专用章' },
    ...{ code: '4402829999999', diameterMm: 45, emblem: 'star' },
  })

  it('of every algorithm are made, open at once and close together', async () => {
    await unlockSeal(open)
    const made: string[] = []
    for (const algorithm of ['rsa', 'ec', 'sm2'] as const) {
      const given = { face: face(`演练章 ${algorithm}`), algorithm, pin: `${algorithm}-2468` }
      const { sealId } = await open.desk.ask('seals.makeTraining', given, open.sessionId)
      await open.desk.ask('seals.unlock', { pin: given.pin, sealId }, open.sessionId)
      made.push(sealId)
    }
    const { seals } = await status()
    expect(seals.map(({ algorithm, unlocked, state, diameterMm }) => [algorithm, unlocked, state, diameterMm])).toEqual(
      [
        ['sm2', true, 'usable', 45],
        ['ec', true, 'usable', 45],
        ['rsa', true, 'usable', 45],
        ['rsa', true, 'usable', 42],
      ],
    )
    const { job } = await finished(open, sealingRequest(made[1] ?? '', [await paper()]))
    expect(job).toMatchObject({ sealed: 1, sealName: '演练章 ec' })
    const roots = readFileSync(join(open.folder, 'training-ca.pem'), 'utf8')
    expect(roots.match(/BEGIN CERTIFICATE/g)).toHaveLength(4)
    await open.desk.ask('session.lock', {}, open.sessionId)
    await open.logIn()
    expect((await status()).unlocked).toBe(false)
  })

  it('leave receipts to the village: a seal of somebody else that is open stands on none', async () => {
    const own = await firstSeal()
    const bureau = { ...face('民政局章'), organisation: '演练县民政局' }
    const given = { face: bureau, algorithm: 'ec' as const, pin: '民政局-2468' }
    const { sealId } = await open.desk.ask('seals.makeTraining', given, open.sessionId)
    await open.desk.ask('seals.unlock', { pin: given.pin, sealId }, open.sessionId)
    const draftId = await readyDraft(open.desk, open.sessionId, 1)
    const { caseId } = await open.desk.ask('drafts.receive', { draftId }, open.sessionId)
    expect(await open.desk.ask('documents.receipt', { caseId }, open.sessionId)).toMatchObject({ sealed: false })
    await open.desk.ask('seals.unlock', { pin: open.sealPin }, open.sessionId)
    expect(await open.desk.ask('documents.receipt', { caseId }, open.sessionId)).toMatchObject({ sealed: true })
    expect((await register()).impressions).toMatchObject([{ sealId: own.sealId, title: '收件凭证' }])
  })

  it('have PINs of their own, whose wrong tries are counted apart', async () => {
    const given = { face: face('演练章'), algorithm: 'ec' as const, pin: '第二枚-2468' }
    const first = await firstSeal()
    const { sealId } = await open.desk.ask('seals.makeTraining', given, open.sessionId)
    const tries: unknown[] = []
    for (let at = 0; at < 5; at += 1)
      tries.push(await open.desk.call('seals.unlock', { pin: 'wrong-one', sealId }, open.sessionId))
    expect(tries.slice(3)).toMatchObject([
      refusal('SEAL_PIN_WRONG', { left: 1 }),
      refusal('SEAL_PIN_WAIT', { seconds: 30 }),
    ])
    const right = { pin: open.sealPin, sealId: first.sealId }
    expect(await open.desk.call('seals.unlock', right, open.sessionId)).toMatchObject({ ok: true })
  })
})

it('the register is searched and printed, and everything of it is made again from the ledger', async () => {
  const sealId = await unlockSeal(open)
  await setCustody({ keepers: ['yanlian', 'shenpi'] })
  await finished(open, sealingRequest(sealId, [await paper('低保公示.pdf'), await paper('证明.pdf')]))
  const today = (await open.desk.ask('station.status', {}, open.sessionId)).todayInShanghai
  const query = { query: '公示', sealId, fromDay: today, untilDay: today, offset: 0, limit: 10 }
  expect(await open.desk.ask('seals.register', query, open.sessionId)).toMatchObject({
    total: 1,
    impressions: [{ title: '低保公示', delivery: 'stored-here', timestampedAtUtc: null, form: 'page' }],
  })
  const printed = await getBytes(open, `/bytes/register.pdf?query=&sealId=&fromDay=${today}&untilDay=${today}`)
  expect([printed.status, printed.type, printed.body.subarray(0, 5).toString()]).toEqual([
    200,
    'application/pdf',
    '%PDF-',
  ])
  const key = await open.desk.key()
  await open.desk.kill('SIGTERM')
  const { before, after } = await rebuiltTables(open.folder, key)
  expect(after).toEqual(before)
  expect(after.seal_impressions).toHaveLength(2)
  await open.start()
  await open.logIn()
})
