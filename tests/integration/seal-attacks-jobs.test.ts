import { describe, expect, it } from 'vitest'
import { openDeskFor } from '../helpers/open-desk.ts'
import { followJob, getBytes, putCopies, sealingRequest, unlockSeal, wholeRegister } from '../helpers/papers.ts'

const open = openDeskFor('each test')

const statusesOf = async (ids: readonly string[]) => {
  const answers = await Promise.all(ids.map((id) => getBytes(open, `/bytes/documents/${id}.pdf`)))
  return answers.map(({ status }) => status)
}

describe('papers of the same bytes', () => {
  it('keep their sealed files when the seal of another one fails', async () => {
    const ids = await putCopies(open, 40)
    const sealId = await unlockSeal(open)
    await open.desk.ask('seals.renewLease', { sealId, uses: 25, days: 1 }, open.sessionId)
    const events = await Promise.all([open.desk.events(), open.desk.events()])
    // Each asks for less than the lease has, both together for more.
    const requests = [ids.slice(0, 20), ids.slice(20)].map((some) => sealingRequest(sealId, some))
    const begun = await Promise.all(requests.map((one) => open.desk.ask('sealing.begin', one, open.sessionId)))
    await Promise.all(begun.map(({ jobId }, at) => followJob(events[at] ?? events[0], jobId)))
    for (const one of events) one.stop()
    const { jobs } = await open.desk.ask('sealing.jobs', {}, open.sessionId)
    expect(jobs.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(25)
    expect(new Set(await statusesOf(ids))).toEqual(new Set([200]))
  })
})

describe('a seal that somebody opened', () => {
  it('is open to nobody else, and to nobody when their session has ended', async () => {
    const { desk, sessionId } = open
    const account = { account: 'other', displayName: '另一人', role: 'clerk', pin: '1357924' } as const
    await desk.ask('accounts.create', account, sessionId)
    const login = await desk.call('session.login', { account: account.account, pin: account.pin })
    if (!login.ok) throw new Error(login.error.code)
    const [other, ids] = [login.value.sessionId, await putCopies(open, 1)]
    const sealId = await unlockSeal(open)
    const begin = () => desk.call('sealing.begin', sealingRequest(sealId, ids), other)
    expect(await begin()).toMatchObject({ error: { code: 'SEAL_PIN_NEEDED' } })
    expect(await desk.ask('seals.status', {}, other)).toMatchObject({ unlocked: false, seals: [{ unlocked: false }] })
    await desk.ask('session.lock', {}, sessionId)
    expect(await begin()).toMatchObject({ error: { code: 'SEAL_PIN_NEEDED' } })
    await open.logIn()
    const request = sealingRequest(sealId, ids)
    expect(await desk.call('sealing.begin', request, open.sessionId)).toMatchObject({
      error: { code: 'SEAL_PIN_NEEDED' },
    })
    await desk.ask('seals.unlock', { pin: open.sealPin, sealId }, other)
    expect(await begin()).toMatchObject({ ok: true })
  })
})

describe('a job under way', () => {
  it('stops where its seal begins to ask for a second person', async () => {
    const ids = await putCopies(open, 40)
    const sealId = await unlockSeal(open)
    const events = await open.desk.events()
    const { jobId } = await open.desk.ask('sealing.begin', sealingRequest(sealId, ids), open.sessionId)
    await followJob(events, jobId, ({ sealed }) => sealed >= 1)
    const custody = { keepers: [], itemIds: null, otherPapers: true, needsApproval: true }
    await open.desk.ask('seals.setCustody', { sealId, custody }, open.sessionId)
    const { total } = await open.desk.ask('seals.register', wholeRegister, open.sessionId)
    const [last] = (await followJob(events, jobId)).slice(-1)
    events.stop()
    expect(last).toMatchObject({ state: 'paused', sealed: total })
  })

  it('loses no paper when its seal is opened again meanwhile', async () => {
    const ids = await putCopies(open, 40)
    const sealId = await unlockSeal(open)
    const events = await open.desk.events()
    const { jobId } = await open.desk.ask('sealing.begin', sealingRequest(sealId, ids), open.sessionId)
    await followJob(events, jobId, ({ sealed }) => sealed >= 1)
    await open.desk.ask('seals.unlock', { pin: open.sealPin, sealId }, open.sessionId)
    const [last] = (await followJob(events, jobId)).slice(-1)
    events.stop()
    expect(last).toMatchObject({ state: 'done', sealed: 40, failed: 0 })
  })
})
