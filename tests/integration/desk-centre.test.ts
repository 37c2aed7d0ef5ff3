import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallOutput } from '../../preload/contract/api.ts'
import { type CentreProcess, runCentral, startCentre } from '../helpers/centre.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { inventedIdNumber, readyDraft, smallPng } from '../helpers/intake.ts'
import { rebuiltTables } from '../helpers/rebuild.ts'

const folder = freshFolder()
let centre: CentreProcess
let desk: DeskUnderTest
let sessionId: string
let events: Awaited<ReturnType<DeskUnderTest['events']>>

beforeAll(async () => {
  centre = await startCentre(folder)
  desk = await startDesk(folder, deskArguments())
  events = await desk.events()
  sessionId = (await loginTraining(desk)).sessionId
})

afterAll(async () => {
  events.stop()
  await desk.kill('SIGTERM')
  await centre.kill('SIGTERM')
  removeFolder(folder)
})

const deskArguments = () => [
  ...['--training', '--cheap-pins', '--check-outputs'],
  ...['--centre-url', centre.url, '--centre-data', folder],
]

const detail = (caseId: string) => desk.ask('cases.get', { caseId }, sessionId)

/** Reads the case at every event of the desk until it is as wanted. */
async function caseThat(
  caseId: string,
  isWanted: (found: CallOutput<'cases.get'>) => boolean,
): Promise<CallOutput<'cases.get'>> {
  for (;;) {
    const found = await detail(caseId)
    if (isWanted(found)) return found
    await events.next('changed', 'sync')
  }
}

const decide = (localNumber: string, decision: string, reason: string) =>
  runCentral(['decide', localNumber, decision, '--reason', reason, '--data', folder])

/** A complete 养老保险参保登记, which the station itself accepts. */
async function pensionDraft(): Promise<string> {
  const { draftId } = await desk.ask('drafts.create', { itemId: 'SAMPLE-CJYL' }, sessionId)
  const answers = {
    ...{ name: '测试丑', idNumber: inventedIdNumber(500, '19900101'), sex: 'female', birthDate: '1990-01-01' },
    ...{ phone: '19900000500', division: '440282113201', address: '测试路二号', ethnicity: '汉族' },
    ...{ householdHere: 'yes', householdKind: 'rural', student: 'no', employeeCovered: 'no', agent: 'no' },
  }
  await desk.ask('drafts.save', { draftId, answers }, sessionId)
  for (const requirement of ['id-card', 'household-register', 'form']) {
    await desk.put({ draft: draftId, requirement, name: 'a.png' }, smallPng, sessionId)
  }
  return draftId
}

describe('a case on its way to the centre and back', () => {
  it('waits here while the cable is out, also over a crash, and goes by itself when it is back', async () => {
    await desk.ask('sync.setLink', { on: false }, sessionId)
    const draftId = await readyDraft(desk, sessionId, 1)
    await desk.ask('drafts.receive', { draftId }, sessionId)
    const pulled = await detail(draftId)
    await desk.kill('SIGKILL')
    events.stop()
    desk = await startDesk(folder, deskArguments())
    events = await desk.events()
    sessionId = (await loginTraining(desk)).sessionId
    const afterCrash = await desk.ask('sync.status', {}, sessionId)
    await desk.ask('sync.setLink', { on: true }, sessionId)
    const arrived = await caseThat(draftId, ({ summary }) => summary.delivery !== 'stored-here')
    const { counts } = await desk.ask('cases.list', { view: 'undelivered', query: '', offset: 0, limit: 1 }, sessionId)
    expect([pulled.summary.delivery, afterCrash.linkOn, afterCrash.unsentCases]).toEqual(['stored-here', false, 1])
    expect([arrived.summary.delivery, counts.undelivered]).toEqual(['at-centre', 0])
  })

  it('shows what the centre asks for, takes what was brought, and shows the 受理', async () => {
    const draftId = await readyDraft(desk, sessionId, 2)
    const { localNumber } = await desk.ask('drafts.receive', { draftId }, sessionId)
    await caseThat(draftId, ({ summary }) => summary.delivery === 'at-centre')
    await decide(localNumber, 'corrections', '户口簿缺本人页')
    const asked = await caseThat(draftId, ({ summary }) => summary.state === 'corrections')
    const returned = await desk.ask('cases.list', { view: 'returned', query: '', offset: 0, limit: 9 }, sessionId)

    await desk.put({ case: draftId, requirement: 'household-register', name: '本人页.png' }, smallPng, sessionId)
    await desk.ask('cases.supplement', { caseId: draftId, note: '补本人页' }, sessionId)
    const sent = await caseThat(draftId, ({ summary }) => summary.delivery === 'at-centre')
    await decide(localNumber, 'accepted', '')
    const accepted = await caseThat(draftId, ({ summary }) => summary.state === 'accepted')

    expect([asked.centreReason, asked.actions, asked.summary.returned]).toEqual([
      '户口簿缺本人页',
      ['supplement'],
      true,
    ])
    expect(returned.cases.map(({ caseId }) => caseId)).toEqual([draftId])
    expect([sent.summary.returned, sent.materials.length]).toEqual([false, 5])
    expect(accepted.summary.delivery).toBe('accepted-by-centre')
    const told = accepted.timeline.filter(({ kind }) => !kind.startsWith('document.')).map(({ text }) => text)
    expect(told).toEqual([
      `收件，编号 ${localNumber}，附件 4 份，1 项材料承诺后补`,
      '中心要求补正：户口簿缺本人页',
      '补正：材料 1 份，补本人页',
      '中心已受理',
    ])
  })

  it('stays returned after 不予受理 until the clerk has noted that the applicant was told', async () => {
    const draftId = await readyDraft(desk, sessionId, 3)
    const { localNumber } = await desk.ask('drafts.receive', { draftId }, sessionId)
    await caseThat(draftId, ({ summary }) => summary.delivery === 'at-centre')
    await decide(localNumber, 'refused', '户籍不在本市')
    const refused = await caseThat(draftId, ({ summary }) => summary.state === 'refused')
    await desk.ask('cases.tell', { caseId: draftId }, sessionId)
    const again = await desk.call('cases.tell', { caseId: draftId }, sessionId)
    const told = await caseThat(draftId, ({ summary }) => summary.delivery === 'at-centre')
    const { counts } = await desk.ask('cases.list', { view: 'returned', query: '', offset: 0, limit: 9 }, sessionId)
    expect([refused.actions, refused.summary.returned]).toEqual([['tell'], true])
    expect([told.actions, told.summary.returned, counts.returned]).toEqual([[], false, 0])
    expect(told.timeline.map(({ text }) => text)).toContain('已把不予受理告知申请人')
    expect(again).toEqual({ ok: false, error: { code: 'STEP_NOT_LEGAL', details: { state: '不予受理' } } })
  })

  it('is accepted at the window where the standard lets the station decide, and only once', async () => {
    const draftId = await pensionDraft()
    await desk.ask('drafts.receive', { draftId }, sessionId)
    const before = await detail(draftId)
    await desk.ask('cases.accept', { caseId: draftId }, sessionId)
    const again = await desk.call('cases.accept', { caseId: draftId }, sessionId)
    const after = await detail(draftId)
    expect([before.actions, after.summary.state, after.actions]).toEqual([['accept'], 'accepted', []])
    expect(again).toEqual({ ok: false, error: { code: 'STEP_NOT_LEGAL', details: { state: '已受理' } } })
  })

  it('gives the same rows when everything is rebuilt from ledger and feed', async () => {
    const key = await desk.key()
    await desk.kill('SIGTERM')
    const { before, after } = await rebuiltTables(folder, key)
    desk = await startDesk(folder, deskArguments())
    expect(after).toEqual(before)
    expect(before.case_decisions?.length).toBe(3)
  })
})
