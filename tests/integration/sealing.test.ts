import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyPdf } from '../../main/signing/index.ts'
import { startDesk } from '../helpers/desk.ts'
import { readyDraft } from '../helpers/intake.ts'
import { openDeskFor } from '../helpers/open-desk.ts'
import {
  finished,
  followJob,
  getBytes,
  openDesk,
  paperBytes,
  putCopies,
  putFile,
  putPaper,
  sealingRequest,
  unlockSeal,
  wholeRegister,
} from '../helpers/papers.ts'
import { fixture } from '../helpers/seals.ts'
import { noSmallDisk, smallDisk } from '../helpers/small-disk.ts'

const open = openDeskFor('each test')

const impressionsInRegister = async () => (await open.desk.ask('seals.register', wholeRegister, open.sessionId)).total

const judged = (pdf: Uint8Array) =>
  verifyPdf(pdf, { trustedRootsPem: [readFileSync(join(open.folder, 'training-ca.pem'), 'utf8')], now: new Date() })

describe('papers of one’s own', () => {
  it('are taken in, listed, sealed, and given back under their name', async () => {
    const paper = await putPaper(open, '低保公示.pdf', fixture('pdf-lib-table.pdf'))
    expect(paper).toMatchObject({ kind: 'own', title: '低保公示', caseId: null, impressions: 0, pages: 2 })
    const sealId = await unlockSeal(open)
    const { job, items } = await finished(open, sealingRequest(sealId, [paper.documentId]))
    expect(job).toMatchObject({ state: 'done', total: 1, sealed: 1, failed: 0, pausedBecause: '' })
    expect(items).toEqual([{ documentId: paper.documentId, title: '低保公示', state: 'sealed', why: '' }])

    const { body, name } = await getBytes(open, `/bytes/documents/${paper.documentId}.pdf`)
    expect([name, judged(body).verdict]).toEqual(['低保公示.pdf', 'valid'])
    const page = { query: '公示', offset: 0, limit: 20 }
    const list = await open.desk.ask('sealing.papers', { view: 'sealed', ...page }, open.sessionId)
    expect(list).toMatchObject({
      total: 1,
      counts: { waiting: 0, own: 1, sealed: 1, all: 1 },
      papers: [{ impressions: 1 }],
    })
  })

  it.each([
    ['notes.txt', Buffer.from('no PDF at all'), 'PDF_NOT_A_PDF'],
    ['locked.pdf', 'bad-encrypted.pdf', 'PDF_ENCRYPTED'],
    ['a/../b\u0000.pdf', 'pdf-lib-table.pdf', 'FILE_NAME_REFUSED'],
  ])('refuses %s with its sentence and keeps nothing', async (name, bytes, code) => {
    const given = typeof bytes === 'string' ? fixture(bytes) : bytes
    expect(await putFile(open, 'papers', name, given)).toMatchObject({ ok: false, error: { code } })
    const page = { view: 'all', query: '', offset: 0, limit: 20 } as const
    expect((await open.desk.ask('sealing.papers', page, open.sessionId)).total).toBe(0)
  })

  it('are forgotten on demand, but not once they are sealed', async () => {
    const [kept = '', gone = ''] = await putCopies(open, 2)
    await open.desk.ask('sealing.discardPaper', { documentId: gone }, open.sessionId)
    expect(await open.desk.call('sealing.places', { documentId: gone }, open.sessionId)).toMatchObject({ ok: false })
    await finished(open, sealingRequest(await unlockSeal(open), [kept]))
    const refused = await open.desk.call('sealing.discardPaper', { documentId: kept }, open.sessionId)
    expect(refused).toMatchObject({ ok: false, error: { code: 'NOT_ALLOWED' } })
    expect(judged(await paperBytes(open, kept)).verdict).toBe('valid')
  })
})

describe('a sealing job', () => {
  it('asks for the PIN before anything is begun', async () => {
    const [documentId = ''] = await putCopies(open, 1)
    const { seals } = await open.desk.ask('seals.status', {}, open.sessionId)
    const request = sealingRequest(seals[0]?.sealId ?? '', [documentId])
    const refused = await open.desk.call('sealing.begin', request, open.sessionId)
    expect(refused).toMatchObject({ ok: false, error: { code: 'SEAL_PIN_NEEDED' } })
    expect((await open.desk.ask('sealing.jobs', {}, open.sessionId)).jobs).toEqual([])
  })

  it('seals 120 papers with one PIN, one entry each, and tells how far it is', async () => {
    const ids = await putCopies(open, 120)
    const sealId = await unlockSeal(open)
    const events = await open.desk.events()
    const { jobId } = await open.desk.ask('sealing.begin', sealingRequest(sealId, ids), open.sessionId)
    const told = await followJob(events, jobId)
    events.stop()
    expect(told.at(-1)).toMatchObject({ state: 'done', total: 120, sealed: 120, failed: 0 })
    const counts = told.map(({ sealed }) => sealed)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    expect(told.some(({ secondsLeft, state }) => state === 'running' && secondsLeft !== null)).toBe(true)
    expect(await impressionsInRegister()).toBe(120)
    const bytes = await Promise.all(ids.slice(0, 5).map((id) => paperBytes(open, id)))
    expect(bytes.map((pdf) => judged(pdf).verdict)).toEqual(Array(5).fill('valid'))
  })

  it('stops after the paper in hand when it is cancelled, and goes on with the rest when it is resumed', async () => {
    const ids = await putCopies(open, 40)
    const sealId = await unlockSeal(open)
    const events = await open.desk.events()
    const { jobId } = await open.desk.ask('sealing.begin', sealingRequest(sealId, ids), open.sessionId)
    await followJob(events, jobId, ({ sealed }) => sealed >= 1)
    await open.desk.ask('sealing.cancel', { jobId }, open.sessionId)
    const { job, items } = await open.desk.ask('sealing.job', { jobId }, open.sessionId)
    expect(job.state).toBe('cancelled')
    expect(job.sealed).toBeLessThan(40)
    expect(items.filter(({ state }) => state === 'sealed')).toHaveLength(await impressionsInRegister())

    await open.desk.ask('sealing.resume', { jobId }, open.sessionId)
    const [last] = (await followJob(events, jobId, ({ state }) => state === 'done')).slice(-1)
    events.stop()
    expect(last).toMatchObject({ state: 'done', sealed: 40, failed: 0 })
    expect(await impressionsInRegister()).toBe(40)
  })

  it('goes on after the desk was killed in the middle, and seals nothing twice', async () => {
    const ids = await putCopies(open, 60)
    const sealId = await unlockSeal(open)
    const events = await open.desk.events()
    const { jobId } = await open.desk.ask('sealing.begin', sealingRequest(sealId, ids), open.sessionId)
    await followJob(events, jobId, ({ sealed }) => sealed >= 5)
    await open.desk.kill('SIGKILL')
    events.stop()

    await open.start()
    await open.logIn()
    const { job } = await open.desk.ask('sealing.job', { jobId }, open.sessionId)
    expect(job).toMatchObject({ state: 'paused', pausedBecause: expect.stringContaining('重新启动') })
    expect(job.sealed).toBe(await impressionsInRegister())
    expect(await open.desk.call('sealing.resume', { jobId }, open.sessionId)).toMatchObject({
      error: { code: 'SEAL_PIN_NEEDED' },
    })
    await unlockSeal(open)
    const again = await open.desk.events()
    await open.desk.ask('sealing.resume', { jobId }, open.sessionId)
    await followJob(again, jobId, ({ state }) => state === 'done')
    again.stop()
    const page = { view: 'own', query: '', offset: 0, limit: 200 } as const
    const { papers: all } = await open.desk.ask('sealing.papers', page, open.sessionId)
    expect(all.map(({ impressions }) => impressions)).toEqual(Array(60).fill(1))
    expect(await impressionsInRegister()).toBe(60)
    expect(await open.desk.ask('ledger.verify', {}, open.sessionId)).toMatchObject({ ok: true })
  })

  it('marks a paper that cannot be sealed, says why, and seals the others', async () => {
    const [first = '', second = ''] = await putCopies(open, 2)
    const certified = (await putPaper(open, '不许改动.pdf', fixture('pdf-lib-table.pdf'))).documentId
    const sealId = await unlockSeal(open)
    await finished(open, sealingRequest(sealId, [certified], { certify: { slots: [] } }))
    const { job, items } = await finished(open, sealingRequest(sealId, [first, certified, second]))
    expect(job).toMatchObject({ state: 'done', sealed: 2, failed: 1 })
    expect(items.map(({ state }) => state)).toEqual(['sealed', 'failed', 'sealed'])
    expect(items[1]?.why).toContain('没有改动')
  })

  it('waits when the last session is locked, since the PIN is gone with it', async () => {
    const ids = await putCopies(open, 30)
    const sealId = await unlockSeal(open)
    const events = await open.desk.events()
    const { jobId } = await open.desk.ask('sealing.begin', sealingRequest(sealId, ids), open.sessionId)
    await followJob(events, jobId, ({ sealed }) => sealed >= 1)
    await open.desk.ask('session.lock', {}, open.sessionId)
    const [last] = (await followJob(events, jobId)).slice(-1)
    events.stop()
    expect(last).toMatchObject({ state: 'paused', pausedBecause: expect.stringContaining('锁屏') })
    await open.logIn()
    expect(await impressionsInRegister()).toBe(last?.sealed)
  })

  it('waits when the lease is used up in the middle, and goes on under a new one', async () => {
    const ids = await putCopies(open, 70)
    const sealId = await unlockSeal(open)
    await open.desk.ask('seals.renewLease', { sealId, uses: 60, days: 1 }, open.sessionId)
    const events = await Promise.all([open.desk.events(), open.desk.events()])
    // Each asks for less than the lease has, both together for more.
    const requests = [ids.slice(0, 30), ids.slice(30)].map((some) => sealingRequest(sealId, some))
    const begun = await Promise.all(requests.map((one) => open.desk.ask('sealing.begin', one, open.sessionId)))
    await Promise.all(begun.map(({ jobId }, at) => followJob(events[at] ?? events[0], jobId)))
    for (const one of events) one.stop()
    const { jobs } = await open.desk.ask('sealing.jobs', {}, open.sessionId)
    expect(jobs.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(60)
    expect(await impressionsInRegister()).toBe(60)
    // One of them, or both: whose turn it is when the last use goes is the machine's.
    const paused = jobs.filter(({ state }) => state === 'paused')
    expect(paused.length).toBeGreaterThan(0)
    for (const { pausedBecause } of paused) expect(pausedBecause).toContain('授权')

    await open.desk.ask('seals.renewLease', { sealId, uses: 60, days: 1 }, open.sessionId)
    for (const { jobId } of paused) {
      const again = await open.desk.events()
      await open.desk.ask('sealing.resume', { jobId }, open.sessionId)
      await followJob(again, jobId, ({ state }) => state === 'done')
      again.stop()
    }
    expect(await impressionsInRegister()).toBe(70)
  })

  it('waits when the disk is full, and goes on when there is room again', async (context) => {
    const disk = smallDisk(50_000)
    if (disk === undefined) return context.skip(noSmallDisk)
    using held = disk
    const small = await openDesk(await startDesk(join(held.path, 'data')))
    try {
      const ids = await putCopies(small, 80)
      const sealId = await unlockSeal(small)
      const events = await small.desk.events()
      const { jobId } = await small.desk.ask('sealing.begin', sealingRequest(sealId, ids), small.sessionId)
      await followJob(events, jobId, ({ sealed }) => sealed >= 1)
      const ballast = join(held.path, 'ballast')
      spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k'], { stdio: 'ignore' })
      const [paused] = (await followJob(events, jobId)).slice(-1)
      expect(paused).toMatchObject({ state: 'paused', failed: 0, pausedBecause: expect.stringContaining('磁盘满') })

      rmSync(ballast)
      await small.desk.ask('sealing.resume', { jobId }, small.sessionId)
      const [done] = (await followJob(events, jobId, ({ state }) => state === 'done')).slice(-1)
      events.stop()
      expect(done).toMatchObject({ sealed: 80, failed: 0 })
      expect(await small.desk.ask('ledger.verify', {}, small.sessionId)).toMatchObject({ ok: true })
    } finally {
      await small.desk.kill('SIGKILL')
    }
  })

  it('asks the second person once, and writes them into every entry', async () => {
    const ids = await putCopies(open, 3)
    const sealId = await unlockSeal(open)
    const custody = { keepers: [], itemIds: null, otherPapers: true, needsApproval: true }
    await open.desk.ask('seals.setCustody', { sealId, custody }, open.sessionId)
    const request = sealingRequest(sealId, ids)
    expect(await open.desk.call('sealing.begin', request, open.sessionId)).toMatchObject({
      error: { code: 'SEAL_APPROVAL_NEEDED' },
    })
    const { training } = await open.desk.ask('station.status', {}, open.sessionId)
    const approval = training?.approver ?? null
    await finished(open, { ...request, approval })
    const { impressions } = await open.desk.ask('seals.register', wholeRegister, open.sessionId)
    const names = new Set(impressions.map(({ approvedBy }) => approvedBy))
    expect([impressions.length, names.size, names.has('')]).toEqual([3, 1, false])
  })
})

describe('a job whose seal wants a second person', () => {
  it('keeps their word while the desk runs, and asks again after a restart', async () => {
    const ids = await putCopies(open, 60)
    const sealId = await unlockSeal(open)
    const custody = { keepers: [], itemIds: null, otherPapers: true, needsApproval: true }
    await open.desk.ask('seals.setCustody', { sealId, custody }, open.sessionId)
    const { training } = await open.desk.ask('station.status', {}, open.sessionId)
    const approval = training?.approver ?? null
    const events = await open.desk.events()
    const request = { ...sealingRequest(sealId, ids), approval }
    const { jobId } = await open.desk.ask('sealing.begin', request, open.sessionId)
    const stop = async () => {
      await followJob(events, jobId, ({ sealed, state }) => state === 'running' && sealed >= 1)
      await open.desk.ask('sealing.cancel', { jobId }, open.sessionId)
    }
    await stop()
    await open.desk.ask('sealing.resume', { jobId }, open.sessionId)
    await stop()
    events.stop()
    await open.desk.kill('SIGKILL')

    await open.start()
    await open.logIn()
    await unlockSeal(open)
    const alone = await open.desk.call('sealing.resume', { jobId }, open.sessionId)
    expect(alone).toMatchObject({ ok: false, error: { code: 'SEAL_APPROVAL_NEEDED' } })
    const again = await open.desk.events()
    await open.desk.ask('sealing.resume', { jobId, approval }, open.sessionId)
    await followJob(again, jobId, ({ state }) => state === 'done')
    again.stop()
    expect(await impressionsInRegister()).toBe(60)
  })
})

describe('a receipt', () => {
  it('is sealed by itself after 收件 and may get another seal in a job', async () => {
    const sealId = await unlockSeal(open)
    const draftId = await readyDraft(open.desk, open.sessionId, 1)
    const { caseId } = await open.desk.ask('drafts.receive', { draftId }, open.sessionId)
    const { documentId, sealed } = await open.desk.ask('documents.receipt', { caseId }, open.sessionId)
    expect(sealed).toBe(true)
    const { job } = await finished(open, sealingRequest(sealId, [documentId], { placements: [{ kind: 'date' }] }))
    expect(job).toMatchObject({ state: 'done', sealed: 1 })
    const verdict = judged(await paperBytes(open, documentId))
    expect([verdict.verdict, verdict.seals.length]).toEqual(['valid', 2])
  })
})
