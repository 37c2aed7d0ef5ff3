import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Paper } from '../../preload/contract/seals.ts'
import { judgeSeals, missingForJudges, refusals } from '../helpers/judges/judges.ts'
import { openDeskFor } from '../helpers/open-desk.ts'
import { finished, paperBytes, putPaper, sealingRequest, unlockSeal } from '../helpers/papers.ts'
import { rebuiltTables } from '../helpers/rebuild.ts'
import { fixture } from '../helpers/seals.ts'
import {
  missingForTimestamps,
  startTimestampAuthority,
  type TestTimestampAuthority,
} from '../helpers/timestamp-authority.ts'

let sealId = ''
let authority: TestTimestampAuthority

beforeAll(async () => {
  if (missingForTimestamps() === '') authority = await startTimestampAuthority()
})
afterAll(() => authority?.stop())

beforeEach((context) => {
  if (missingForTimestamps() !== '') context.skip(missingForTimestamps())
  authority.answerWith('token')
})
const open = openDeskFor('each test')
beforeEach(async () => {
  mkdirSync(join(open.folder, 'trust', 'timestamp'), { recursive: true })
  writeFileSync(join(open.folder, 'trust', 'timestamp', 'tsa.pem'), authority.caPem)
  sealId = await unlockSeal(open)
})

const setAuthority = (url: string | null) => open.desk.ask('seals.setTimestampAuthority', { url }, open.sessionId)
const status = async () => (await open.desk.ask('seals.status', {}, open.sessionId)).timestamps

async function sealedPaper(name = '证明.pdf'): Promise<string> {
  const { documentId } = await putPaper(open, name, fixture('pdf-lib-table.pdf'))
  await finished(open, sealingRequest(sealId, [documentId]))
  return documentId
}

const papersNow = async (): Promise<Paper[]> => {
  const page = { view: 'own', query: '', offset: 0, limit: 200 } as const
  return (await open.desk.ask('sealing.papers', page, open.sessionId)).papers
}

/** Looks again at every event until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const events = await open.desk.events()
  while (!(await isSo())) await events.next('changed', 'sealing', 'sync')
  events.stop()
}

const isStamped = (documentId: string) => async () =>
  (await papersNow()).some((paper) => paper.documentId === documentId && paper.timestampedAtUtc !== null)

describe('timestamps', () => {
  it('come by themselves for papers sealed before and after an authority is set, and every judge takes them', async (context) => {
    const before = await sealedPaper('以前盖的.pdf')
    expect(await status()).toEqual({ authorityUrl: null, waiting: 0, lastError: '' })
    await setAuthority(authority.url)
    await until(isStamped(before))
    const after = await sealedPaper('以后盖的.pdf')
    await until(isStamped(after))
    expect(await status()).toMatchObject({ waiting: 0, lastError: '' })
    const { verdict } = await open.desk.ask('verification.ofDocument', { documentId: after }, open.sessionId)
    expect([verdict.verdict, verdict.seals.map(({ kind }) => kind)]).toEqual(['valid', ['seal', 'timestamp']])
    expect(verdict.seals[0]?.provenAtUtc).not.toBe('')

    if (missingForJudges() !== '') return context.skip(missingForJudges())
    writeFileSync(join(open.folder, 'stamped.pdf'), await paperBytes(open, after))
    const root = readFileSync(join(open.folder, 'training-ca.pem'), 'utf8')
    expect(refusals(judgeSeals([join(open.folder, 'stamped.pdf')], { rootsPem: [root, authority.caPem] }))).toEqual([])
  })

  it.each([
    ['garbage', '没有给出'],
    ['refusal', '没有给出'],
    ['error 500', '没有给出'],
    ['cut', '连不上'],
  ] as const)('wait and say why where the authority answers with %s', async (behaviour, words) => {
    authority.answerWith(behaviour)
    await setAuthority(authority.url)
    const documentId = await sealedPaper()
    await until(async () => (await status()).lastError !== '')
    expect(await status()).toMatchObject({ waiting: 1, lastError: expect.stringContaining(words) })
    expect((await papersNow()).map(({ impressions, timestampedAtUtc }) => [impressions, timestampedAtUtc])).toEqual([
      [1, null],
    ])

    authority.answerWith('token')
    await setAuthority(authority.url)
    await until(isStamped(documentId))
    expect(await status()).toMatchObject({ waiting: 0, lastError: '' })
  })

  it('are not made of a token that answers another request', async () => {
    await setAuthority(authority.url)
    await until(isStamped(await sealedPaper('一.pdf')))
    authority.answerWith('same token again')
    const documentId = await sealedPaper('二.pdf')
    await until(async () => (await status()).lastError !== '')
    expect(await isStamped(documentId)()).toBe(false)
  })

  it('refuse an authority whose root is not trusted', async () => {
    writeFileSync(
      join(open.folder, 'trust', 'timestamp', 'tsa.pem'),
      readFileSync(join(open.folder, 'training-ca.pem')),
    )
    await setAuthority(authority.url)
    await sealedPaper()
    await until(async () => (await status()).lastError !== '')
    expect((await papersNow())[0]?.timestampedAtUtc).toBeNull()
  })

  it('are not asked for while the link is off, and come when it is on again', async () => {
    await open.desk.ask('sync.setLink', { on: false }, open.sessionId)
    const asked = authority.requests()
    await setAuthority(authority.url)
    const documentId = await sealedPaper()
    expect([await status(), authority.requests()]).toMatchObject([{ waiting: 1 }, asked])
    await open.desk.ask('sync.setLink', { on: true }, open.sessionId)
    await until(isStamped(documentId))
  })

  it('are due again when a paper is sealed again, and the ledger tells all of it', async () => {
    await setAuthority(authority.url)
    const documentId = await sealedPaper()
    await until(isStamped(documentId))
    await setAuthority(null)
    const again = sealingRequest(sealId, [documentId], { placements: [{ kind: 'page', page: 2, xMm: 20, yMm: 20 }] })
    await finished(open, again)
    expect((await papersNow())[0]).toMatchObject({ impressions: 2, timestampedAtUtc: null })
    await setAuthority(authority.url)
    await until(isStamped(documentId))

    const key = await open.desk.key()
    await open.desk.kill('SIGTERM')
    const { before, after } = await rebuiltTables(open.folder, key)
    expect(after).toEqual(before)
    expect(before.documents).toMatchObject([
      { kind: 'own', case_id: null, impressions: 2, timestamped_at: expect.any(String) },
    ])
  })

  it('never hold up sealing while an authority does not answer', async () => {
    const silent = await silentAuthority()
    await setAuthority(silent.url)
    const documentId = await sealedPaper()
    await silent.asked
    const again = sealingRequest(sealId, [documentId], { placements: [{ kind: 'page', page: 2, xMm: 20, yMm: 20 }] })
    expect((await finished(open, again)).job).toMatchObject({ state: 'done', sealed: 1 })
    await setAuthority(null)
    expect(await status()).toMatchObject({ waiting: 0, lastError: '' })
  })

  it('say nothing of an authority that is asked for the first time when another is given up for it', async () => {
    const [silent, another] = [await silentAuthority(), await silentAuthority()]
    await setAuthority(silent.url)
    await sealedPaper()
    await silent.asked

    await setAuthority(another.url)
    await another.asked

    expect(await status()).toMatchObject({ authorityUrl: another.url, waiting: 1, lastError: '' })
  })
})

/** An authority that takes a request and never answers. */
async function silentAuthority() {
  const silent: Server = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    silent.closeAllConnections()
    silent.close()
  })
  const asked = new Promise<void>((resolve) => silent.once('request', () => resolve()))
  return { url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`, asked }
}
