import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decideCase } from '../../central/cases/cases.ts'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { committeeName } from '../../main/features/seals/index.ts'
import { makeTrainingSeal } from '../../main/signing/index.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { Handlers } from '../../preload/contract/api.ts'
import type { CaseDecision } from '../../preload/contract/case-steps.ts'
import type { EntryPayload, LaterMaterial } from '../../preload/contract/entries.ts'
import type { CasePaperKind } from '../../preload/contract/papers.ts'
import { signerWith } from '../helpers/catalogues.ts'
import { judgeSeals, missingForJudges, refusals } from '../helpers/judges/judges.ts'
import { type Pair, startPair, stationId } from '../helpers/reconciling.ts'
import { replaceStation } from '../helpers/replacing.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const caller = { sessionId: 's', account: 'clerk', displayName: '文书' }
const sealPin = '135790'
const organisation = committeeName('乌迳镇', '测试村')
const hasPoppler = spawnSync('which', ['pdftotext']).status === 0

const folder = temporaryFolder()
let pair: Pair
let caPem = ''

const call = <N extends keyof Handlers>(name: N, input: Parameters<Handlers[N]>[0], station = pair.station) => {
  const handler = station.handlers[name] as Handlers[N] | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return handler(input as never, caller) as ReturnType<Handlers[N]>
}
const make = (caseId: string, kind: CasePaperKind) => call('documents.make', { caseId, kind })
const papersOf = async (caseId: string) => (await call('cases.get', { caseId })).papers
const decide = async (caseId: string, decision: CaseDecision, reason = '') => {
  pair.clock.passSeconds(60)
  await pair.exchange()
  await decideCase(pair.database, caseId, { decision, reason, officer: '经办人' }, pair.clock.now())
  await pair.exchange()
}
async function receive(itemId = 'SAMPLE-GLJT', later: LaterMaterial[] = [], name = '测试人甲'): Promise<string> {
  const { context, matters, cases } = pair.station
  const { standard, sha256 } = matters.inForce(itemId)
  const blob = await context.blobs.put([Buffer.from([0xff, 0xd8]), randomBytes(50)], { limitBytes: 1000 })
  const file = { ...blob, name: '照片.jpg', mediaType: 'image/jpeg' as const }
  const material = { materialId: randomUUID(), requirementId: 'id-card', file, addedAtUtc: context.nowUtc() }
  const received = context.store.transaction(() =>
    cases.receive(
      {
        ...{ caseId: context.newId(), standard, standardSha256: sha256, materials: [material], later },
        applicant: { name, idNumber: '110101190001010000', phone: '13800000000' },
        answers: { name },
        promised: { date: '2026-03-31', days: 20, unit: 'workday' },
      },
      caller,
    ),
  )
  return received.caseId
}
const bytesOf = (documentId: string) => {
  const { context, documents } = pair.station
  return context.blobs.readAll(documents.file(documentId).sha256)
}
/** What can be read on the pages, without white space. */
async function printed(documentId: string): Promise<string> {
  const file = join(folder.path, `${documentId}.pdf`)
  writeFileSync(file, await bytesOf(documentId))
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replaceAll(/\s/gu, '')
}
const rebuilt = ({ context }: OpenFeatures) => {
  const { ledger } = context.store
  const before = ledger.snapshotTables()
  ledger.rebuild()
  return { before, after: ledger.snapshotTables() }
}
const madeEntries = (caseId: string) =>
  pair.station.context.store.ledger.entriesOf(caseId).filter(({ kind }) => kind === 'document.made')

beforeAll(async () => {
  pair = await startPair(folder.path, '2026-03-03T08:00:00.000Z')
  const { catalogue, accounts } = pair.station
  accounts.create({ account: 'clerk', displayName: '文书', role: 'administrator' }, 'system')
  await catalogue.releaseSample(signerWith(makeKeyPair()))
  const seal = await makeTrainingSeal({ organisation, pin: sealPin, now: pair.clock.now() })
  caPem = seal.caPem
  const face = {
    name: '演练章',
    organisation,
    purposeLine: '演练专用章',
    code: '',
    diameterMm: 42,
    emblem: 'star',
  } as const
  await call('seals.add', { p12: Buffer.from(seal.p12).toString('base64'), pin: sealPin, face })
})
afterAll(async () => {
  await pair.stop()
  folder[Symbol.dispose]()
})

describe('papers of a case', () => {
  test('are offered as the case goes its way, are made once of each step, and a rebuild finds them again', async () => {
    const caseId = await receive('SAMPLE-GLJT', [{ requirementId: 'photo', dueDate: '2026-03-10' }])
    await make(caseId, 'receipt')
    const offered = [await papersOf(caseId)]
    for (const kind of ['laterPromise', 'form'] as const) await make(caseId, kind)
    for (const [decision, paper] of [
      ['corrections', 'correction'],
      ['corrections', 'correction'],
      ['accepted', 'acceptance'],
      ['approved', 'closing'],
      ['closed', undefined],
    ] as const) {
      await decide(caseId, decision, '看不清')
      offered.push(await papersOf(caseId))
      if (paper === undefined) continue
      const made = await Promise.all([make(caseId, paper), make(caseId, paper)])
      expect(made[0].documentId).toBe(made[1].documentId)
    }
    await call('cases.deliver', { caseId, receiverName: '李四', receiverIdNumber: '' })
    offered.push(await papersOf(caseId))
    await make(caseId, 'delivery')
    expect(offered).toEqual([
      ['laterPromise', 'form'],
      ['correction'],
      ['correction'],
      ['acceptance'],
      ['closing'],
      [],
      ['delivery'],
    ])
    const { documents, timeline, papers } = await call('cases.get', { caseId })
    expect(papers).toEqual([])
    expect(documents.map(({ title }) => title)).toEqual([
      ...['收件凭证', '容缺受理承诺书', '申请表', '补正告知书', '补正告知书', '受理通知书', '办结通知书', '送达回执'],
    ])
    expect(timeline.map(({ text }) => text)).toContain('出具补正告知书')
    const entries = madeEntries(caseId)
    expect(entries.map(({ version }) => version)).toEqual([1, 2, 2, 2, 2, 2, 2, 2])
    const { before, after } = rebuilt(pair.station)
    expect(after).toEqual(before)
  })

  test('wait a little for their seal before they are sent; an 申请表, which bears none, does not', async () => {
    const { documents, files } = pair.station
    const caseId = await receive('SAMPLE-GLJT', [{ requirementId: 'photo', dueDate: '2026-03-10' }])
    const stateOf = async (kind: 'laterPromise' | 'form') => {
      const { sha256 } = documents.file((await make(caseId, kind)).documentId)
      return files.states(caseId).find((one) => one.sha256 === sha256)?.state
    }
    expect([await stateOf('laterPromise'), await stateOf('form')]).toEqual(['sealing', 'waiting'])
  })

  test('that are not right now are refused, and nothing is written', async () => {
    const caseId = await receive()
    const refused = [
      'correction',
      'acceptance',
      'refusal',
      'closing',
      'delivery',
      'laterPromise',
      'informedPromise',
    ] as const
    for (const kind of refused)
      expect(await failureOf(() => make(caseId, kind))).toMatchObject({
        code: 'STEP_NOT_LEGAL',
        details: { state: '已收件' },
      })
    expect(madeEntries(caseId)).toEqual([])
    expect(await failureOf(() => make(randomUUID(), 'form'))).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('say in print why, by when and what one can do', async (context) => {
    if (!hasPoppler) context.skip('pdftotext (poppler-utils) is not installed')
    const refused = await receive('SAMPLE-GLJT', [], '张\u{2ceb2}')
    await decide(refused, 'refused', '户籍不在本市。'.repeat(250))
    const { documentId, unprintable } = await make(refused, 'refusal')
    const refusal = await printed(documentId)
    expect(unprintable).toEqual(['\u{2ceb2}'])
    for (const words of [
      '不予受理通知书',
      '张〓：',
      '民政部门审查后于2026年3月3日决定不予受理',
      '行政复议',
      organisation,
      '共3页',
    ])
      expect(refusal).toContain(words)
    expect(refusal.match(/籍/gu)).toHaveLength(250)
    const asked = await receive()
    await decide(asked, 'corrections')
    const correction = await printed((await make(asked, 'correction')).documentId)
    expect(correction).toContain('需要补正的内容：________')
    expect(correction).toContain('还没有收到的材料：户口簿（首页和本人页）；本人银行卡或存折')
    expect(correction).not.toContain('110101190001010000')
  })

  test('have the words of the template that their standard names; the entry tells its version and hash', async () => {
    const caseId = await receive('SAMPLE-ZDSH')
    await decide(caseId, 'corrections', '缺核对授权书')
    const { documentId, templateFailed } = await make(caseId, 'correction')
    const known = pair.station.catalogue.inForce('template', 'SAMPLE-WS-BZ')
    const template = { templateId: 'SAMPLE-WS-BZ', version: 1, sha256: known?.sha256 }
    expect(madeEntries(caseId).map(({ payload }) => (payload as EntryPayload<'document.made@2'>).template)).toEqual([
      template,
    ])
    const { documents } = await call('cases.get', { caseId })
    expect([templateFailed, documents[0]?.template]).toEqual(['', { templateId: 'SAMPLE-WS-BZ', version: 1 }])
    if (hasPoppler) expect(await printed(documentId)).toContain('由窗口协助')
  })
})

describe('seals', () => {
  test('go over the date of every paper that waits once the PIN is given; other programs find them valid; a form waits for none', async () => {
    const caseId = await receive('SAMPLE-GLJT', [{ requirementId: 'photo', dueDate: '2026-03-10' }])
    await decide(caseId, 'accepted')
    const kinds = ['receipt', 'acceptance', 'laterPromise', 'form'] as const
    const ids: string[] = []
    for (const kind of kinds) ids.push((await make(caseId, kind)).documentId)
    const mine = async () =>
      (await call('sealing.papers', { view: 'waiting', query: '', offset: 0, limit: 100 })).papers.filter(
        (one) => one.caseId === caseId,
      )
    const waiting = await mine()
    expect(waiting.map(({ title }) => title).toSorted()).toEqual(['受理通知书', '容缺受理承诺书', '收件凭证'])
    expect(waiting.every(({ waitsFor }) => waitsFor === '印章还没有解锁。')).toBe(true)

    await call('seals.unlock', { pin: sealPin })
    expect(await mine()).toEqual([])
    const entries = pair.station.context.store.ledger.entriesOf(caseId).filter(({ kind }) => kind === 'document.sealed')
    const told = entries.map(({ version, payload }) => {
      const { title, places, reason } = payload as EntryPayload<'document.sealed@3'>
      return { version, title, reason, pages: places.map(({ page }) => page) }
    })
    expect(told).toEqual(
      ['收件凭证', '受理通知书', '容缺受理承诺书'].map((title, at) => ({
        ...{ version: at === 0 ? 2 : 3, title, reason: `${title}用印`, pages: [1] },
      })),
    )
    for (const [at, documentId] of ids.slice(0, 3).entries()) {
      const places = await call('sealing.places', { documentId })
      const seal = (entries[at]?.payload as EntryPayload<'document.sealed@3'> | undefined)?.places[0]
      if (places.date === null || seal === undefined) throw new Error('no date, or no seal')
      const middle = { x: places.date.xMm + places.date.widthMm / 2, y: places.date.yMm }
      expect(Math.abs(seal.xMm + seal.widthMm / 2 - middle.x)).toBeLessThan(6)
      expect(middle.y).toBeGreaterThan(seal.yMm)
      expect(middle.y).toBeLessThan(seal.yMm + seal.heightMm)
    }
    const why = missingForJudges()
    if (why !== '') return
    const files = await Promise.all(
      ids.slice(0, 3).map(async (id) => {
        const file = join(folder.path, `sealed-${id}.pdf`)
        writeFileSync(file, await bytesOf(id))
        return file
      }),
    )
    expect(refusals(judgeSeals(files, { rootsPem: [caPem] }))).toEqual([])
  })
})

test('the centre expects each paper’s newest file and counts its seal; the machine in a lost one’s place has them all', async () => {
  const caseId = await receive()
  await decide(caseId, 'accepted')
  for (const kind of ['receipt', 'form', 'acceptance'] as const) await make(caseId, kind)
  await pair.exchange()
  const documents = (await call('cases.get', { caseId })).documents
  const expected = await pair.database.query<{ sha256: string }>(
    `select sha256 from expected_files where case_id = $1 and class = 'receipt'`,
    [caseId],
  )
  expect(expected.map(({ sha256 }) => sha256).toSorted()).toEqual(documents.map(({ sha256 }) => sha256).toSorted())
  const [used] = await pair.database.query<{ used: number }>('select sum(impressions)::int as used from seal_uses')
  const impressions = pair.station.context.store.ledger.readEntries({}).filter(({ kind }) => kind === 'document.sealed')
  const successor = await replaceStation(pair, join(folder.path, 'new'))
  await successor.exchange()
  const there = await call('cases.get', { caseId }, successor.station)
  const { before, after } = rebuilt(successor.station)
  await successor.stop()
  expect([used?.used, documents.length]).toEqual([impressions.length, 3])
  expect(there.documents.map(({ kind, sha256, sealed }) => ({ kind, sha256, sealed }))).toEqual(
    documents.map(({ kind, sha256, sealed }) => ({ kind, sha256, sealed })),
  )
  expect([there.papers, there.handedOver?.stationId]).toEqual([[], stationId])
  expect(after).toEqual(before)
})
