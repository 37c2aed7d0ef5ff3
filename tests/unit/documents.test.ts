import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenFeatures, openFeatures } from '../../main/desk/compose.ts'
import { committeeName } from '../../main/features/seals/index.ts'
import { drawReceipt, receiptSealPlace } from '../../main/pdf/documents/index.ts'
import { makeTrainingSeal, verifyPdf } from '../../main/signing/index.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { idCheckDigit } from '../../preload/contract/identity.ts'
import { maskIdNumber } from '../../preload/contract/masking.ts'
import { signerWith } from '../helpers/catalogues.ts'
import { sampleReceipt } from '../helpers/receipts.ts'
import { settableClock, temporaryFolder } from '../helpers/store.ts'

const resources = join(import.meta.dirname, '..', '..', 'resources')
const caller = { sessionId: 's', account: 'yanlian', displayName: '演练员' }
const station = {
  stationId: '440282113201-1',
  mode: 'training' as const,
  townName: '珠玑镇',
  villageName: '珠玑村委会',
  windowName: '珠玑村委会综合服务窗口',
}
const sealPin = '135790'
const organisation = committeeName(station.townName, station.villageName)
/** Ends in X: digits beside a letter are where fonts like to change forms. */
const first17 = Array.from({ length: 100 }, (_, at) => `44028219460101${String(at).padStart(3, '0')}`).find(
  (digits) => idCheckDigit(digits) === 'X',
)
const idNumber = `${first17}X`
const jpeg = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2Q==', 'base64')

const clock = settableClock('2026-11-23T07:04:30.000Z')
const folder = temporaryFolder()
const key = randomBytes(32)
let features: OpenFeatures
let caPem: string

function open(): OpenFeatures {
  const ground = { dataFolder: folder.path, resources, station, clock, emit: () => undefined, log: () => undefined }
  return openFeatures(ground, key)
}

async function receive(name: string): Promise<string> {
  const entryId = features.context.newId()
  const { standard, sha256 } = features.matters.inForce('SAMPLE-GLJT')
  const blob = await features.context.blobs.put([jpeg, randomBytes(8)], { limitBytes: 1000 })
  const materials = standard.materials.slice(0, 3).map(({ id }) => ({
    materialId: features.context.newId(),
    requirementId: id,
    file: { ...blob, name: '照片.jpg', mediaType: 'image/jpeg' as const },
    addedAtUtc: features.context.nowUtc(),
  }))
  const { caseId } = features.context.store.transaction(() =>
    features.cases.receive(
      {
        caseId: entryId,
        standard,
        standardSha256: sha256,
        applicant: { name, idNumber, phone: '13800138000' },
        answers: { name, idNumber, phone: '13800138000' },
        materials,
        later: [{ requirementId: 'photo', dueDate: '2026-11-30' }],
        promised: { date: '2026-12-21', days: 20, unit: 'workday' },
      },
      caller,
    ),
  )
  return caseId
}

const bytesOf = (documentId: string) => features.context.blobs.readAll(features.documents.file(documentId).sha256)

/** What can be read on the pages, without white space: page by page, form feeds between. */
function extract(pdf: Uint8Array): string {
  const file = join(folder.path, `${randomBytes(4).toString('hex')}.pdf`)
  writeFileSync(file, pdf)
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replaceAll(/[^\S\f]/gu, '')
}

/** Share of dark pixels in a part of page 1, in thousandths of the page's sides. */
function inkIn(pdf: Uint8Array, box: { left: number; top: number; right: number; bottom: number }): number {
  const file = join(folder.path, `${randomBytes(4).toString('hex')}`)
  writeFileSync(`${file}.pdf`, pdf)
  execFileSync('pdftoppm', ['-gray', '-r', '60', '-singlefile', `${file}.pdf`, file])
  const image = readFileSync(`${file}.pgm`)
  const [, width = 0, height = 0] = (
    /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(image.subarray(0, 40).toString('latin1')) ?? []
  ).map(Number)
  const pixels = image.subarray(image.length - width * height)
  let dark = 0
  let all = 0
  for (let y = Math.floor((box.top * height) / 1000); y < (box.bottom * height) / 1000; y++) {
    for (let x = Math.floor((box.left * width) / 1000); x < (box.right * width) / 1000; x++) {
      all += 1
      if ((pixels[y * width + x] ?? 255) < 160) dark += 1
    }
  }
  return dark / all
}

const publisher = makeKeyPair()

beforeAll(async () => {
  mkdirSync(folder.path, { recursive: true })
  features = open()
  const { store } = features.context
  const { stationId, villageName, windowName } = station
  store.station.create({ id: stationId, name: villageName, divisionCode: '440282113201', windowName }, newStationKeys())
  features.accounts.create(
    { account: caller.account, displayName: caller.displayName, role: 'administrator' },
    'system',
  )
  await features.catalogue.releaseSample(signerWith(publisher))
  const seal = await makeTrainingSeal({ organisation, pin: sealPin, now: clock.now() })
  caPem = seal.caPem
  const face = {
    name: '演练章',
    organisation,
    purposeLine: '演练专用章',
    code: '',
    diameterMm: 42,
    emblem: 'star',
  } as const
  const p12 = Buffer.from(seal.p12).toString('base64')
  await features.handlers['seals.add']?.({ p12, pin: sealPin, face }, caller)
})

afterAll(async () => {
  await features.close()
  folder[Symbol.dispose]()
})

describe('the catalogue', () => {
  test('is released once and found by pinyin', async () => {
    expect(features.catalogue.isSampleDue()).toBe(false)
    const { matters } = (await features.handlers['matters.list']?.({}, caller)) ?? { matters: [] }
    const named = matters.map(({ itemId }) => itemId)
    expect(named).toEqual(expect.arrayContaining(['SAMPLE-CJYL', 'SAMPLE-GLJT', 'SAMPLE-LSJZ']))
    expect(named).toHaveLength(features.catalogue.allInForce('matter').length)
    const allowance = matters.find(({ itemId }) => itemId === 'SAMPLE-GLJT')
    expect(allowance?.searchKeys).toEqual(expect.arrayContaining(['gaolingjintie', 'gljt', 'csj']))
  })
})

describe('a receipt', () => {
  test('is made once however often it is asked for, and waits for its seal in words', async () => {
    const caseId = await receive('张三')
    const [one, two] = await Promise.all([
      features.documents.receipt(caseId, caller.account),
      features.documents.receipt(caseId, caller.account),
    ])
    expect(one.documentId).toBe(two.documentId)
    expect(one).toMatchObject({ sealed: false, waitsFor: '印章还没有解锁。', unprintable: [] })
    expect(features.documents.documentsOf(caseId)).toHaveLength(1)
  })

  test('says in print who, what, when, by when and what follows later', async () => {
    const caseId = await receive('李四')
    const { documentId } = await features.documents.receipt(caseId, caller.account)
    expect(first17).toBeDefined()
    const row = features.cases.read(caseId)
    const text = extract(await bytesOf(documentId))
    for (const expected of [
      '收件凭证',
      '演练',
      '南雄市珠玑镇珠玑村民委员会',
      row.localNumber,
      '高龄津贴',
      '李四',
      maskIdNumber(idNumber),
      '2026年11月23日15:04',
      '户口簿（首页和本人页）',
      // Promised, not here: no original of it is counted.
      '近期一寸彩色免冠照片··2026年11月30日前',
      '近期一寸彩色免冠照片：请于2026年11月30日前补交',
      '2026年12月21日前（20个工作日，从收件次日起算）',
      '事项标准第1版',
      row.receivedHash,
    ]) {
      expect(text).toContain(expected)
    }
    expect(text.split('\f').filter((page) => page !== '')).toHaveLength(1)
    expect(text).not.toContain(idNumber)
    expect(text).not.toContain('13800138000')
  })

  test('is drawn, not blank: title, table, QR code and the date line have ink', async () => {
    const { documentId } = await features.documents.receipt(await receive('王五'), caller.account)
    const pdf = await bytesOf(documentId)
    expect(inkIn(pdf, { left: 100, top: 95, right: 340, bottom: 145 })).toBeGreaterThan(0.1)
    expect(inkIn(pdf, { left: 765, top: 75, right: 895, bottom: 165 })).toBeGreaterThan(0.35)
    expect(inkIn(pdf, { left: 240, top: 200, right: 890, bottom: 370 })).toBeGreaterThan(0.02)
    expect(inkIn(pdf, { left: 620, top: 865, right: 800, bottom: 890 })).toBeGreaterThan(0.05)
  })

  test('prints 〓 for a character that no font has, and names it', async () => {
    const document = await features.documents.receipt(await receive('张\u{2ceb2}'), caller.account)
    expect(document.unprintable).toEqual(['\u{2ceb2}'])
    expect(extract(await bytesOf(document.documentId))).toContain('张〓')
  })

  test('of many materials goes over several pages and is sealed on the last', async () => {
    const material = {
      name: '一份名字相当长、长到要写成两行才写得下的证明材料',
      originals: 1,
      copies: 2,
      state: '已收，影像 2 份',
    }
    const { pdf, pages } = await drawReceipt(
      sampleReceipt({ issuer: organisation, materials: Array.from({ length: 40 }, () => material) }),
    )
    expect(pages).toBeGreaterThan(1)
    expect(receiptSealPlace(pages, 42).page).toBe(pages)
    const text = extract(pdf)
    expect(text.match(/复印件/g)?.length).toBe(pages - (text.split('\f')[pages - 1]?.includes('复印件') ? 0 : 1))
    expect(text).not.toContain('演练')
  })
})

describe('the seal', () => {
  test('refuses wrong PINs, then waits, and a restart forgets no try', async () => {
    const unlock = (pin: string) => features.handlers['seals.unlock']?.({ pin }, caller)
    for (const left of [4, 3, 2, 1]) {
      await expect(unlock('000000')).rejects.toMatchObject({ code: 'SEAL_PIN_WRONG', details: { left } })
    }
    await features.close()
    features = open()
    await expect(unlock('000000')).rejects.toMatchObject({ code: 'SEAL_PIN_WAIT', details: { seconds: 30 } })
    await expect(unlock(sealPin)).rejects.toMatchObject({ code: 'SEAL_PIN_WAIT' })
    clock.passSeconds(-3600)
    await expect(unlock(sealPin)).rejects.toMatchObject({ code: 'SEAL_PIN_WAIT', details: { seconds: 30 } })
    clock.passSeconds(3631)
  })

  test('seals everything that waits once its PIN is given, and each seal is valid', async () => {
    const waiting = features.documents.waitingCount()
    expect(waiting).toBeGreaterThan(2)
    expect(await features.handlers['seals.unlock']?.({ pin: sealPin }, caller)).toEqual({ sealed: waiting })
    expect(features.documents.waitingCount()).toBe(0)
    const caseId = await receive('赵六')
    const document = await features.documents.receipt(caseId, caller.account)
    expect(document).toMatchObject({ sealed: true, waitsFor: '' })
    const pdf = await bytesOf(document.documentId)
    expect(verifyPdf(pdf, { trustedRootsPem: [caPem], now: clock.now() }).verdict).toBe('valid')
    const status = await features.handlers['seals.status']?.({}, caller)
    expect(status).toMatchObject({ unlocked: true, waitingDocuments: 0, seals: [{ organisation, uses: waiting + 1 }] })
  })

  test('is judged valid by pdfsig and lies over the date line', async (context) => {
    try {
      execFileSync('pdfsig', ['-v'], { stdio: 'ignore' })
    } catch {
      context.skip('pdfsig (poppler-utils) is not installed')
    }
    const { documentId } = await features.documents.receipt(await receive('孙七'), caller.account)
    const pdf = await bytesOf(documentId)
    const file = join(folder.path, 'sealed.pdf')
    writeFileSync(file, pdf)
    expect(execFileSync('pdfsig', ['-nocert', file], { encoding: 'utf8' })).toContain('Signature is Valid')
    const place = receiptSealPlace(1, 42)
    const [x, y] = [(place.xMm / 210) * 1000, (place.yMm / 297) * 1000]
    expect(inkIn(pdf, { left: x, top: y, right: x + 200, bottom: y + 141 })).toBeGreaterThan(0.08)
  })

  test('is dropped at lock: the next receipt waits again', async () => {
    features.lock()
    const document = await features.documents.receipt(await receive('周八'), caller.account)
    expect(document.sealed).toBe(false)
  })

  test('names the committee in full', () => {
    expect(committeeName('雄州街道', '八一社区居民委员会')).toBe('南雄市雄州街道八一社区居民委员会')
    expect(committeeName('珠玑镇', '珠玑社区居委会')).toBe('南雄市珠玑镇珠玑社区居民委员会')
  })
})

test('a checklist tells everything that is missing in print', async () => {
  const { standard } = features.matters.inForce('SAMPLE-GLJT')
  const check = {
    revision: 1,
    ready: false,
    form: [{ path: '/phone', title: '联系电话', kind: 'missing' as const, text: '' }],
    conditions: [{ id: 'age-80', matterName: '', text: '申请人年满80周岁', state: 'unmet' as const }],
    materials: standard.materials.map(({ id, name, necessity }) => ({
      requirementId: id,
      name,
      necessity,
      state: 'missing' as const,
      dueDate: null,
    })),
    promised: { date: '2026-12-21', days: 20, unit: 'workday' as const },
    promises: [],
    closed: [],
    warnings: [],
  }
  const pdf = await features.documents.checklist({
    standard,
    answers: { name: '张三' },
    check,
    account: caller.account,
  })
  const text = extract(pdf)
  for (const expected of [
    '一次性告知单',
    '张三',
    '户口簿（首页和本人页）',
    '还没有填：联系电话',
    '不符合：申请人年满80周岁',
  ]) {
    expect(text).toContain(expected)
  }
})

test('rebuilding from the ledger gives the same documents and impressions', () => {
  const { ledger } = features.context.store
  const before = ledger.snapshotTables()
  ledger.rebuild()
  expect(ledger.snapshotTables()).toEqual(before)
})

test('erasing a case leaves no row of its papers, here as after a rebuild', async () => {
  const caseId = await receive('吴九')
  await features.documents.receipt(caseId, caller.account)
  const { store } = features.context
  store.ledger.acknowledge(store.ledger.head())
  store.transaction(() => store.ledger.erase({ subject: caseId, actor: caller.account, reason: '保存期满' }))
  expect(features.documents.documentsOf(caseId)).toEqual([])
  const before = store.ledger.snapshotTables()
  store.ledger.rebuild()
  expect(store.ledger.snapshotTables()).toEqual(before)
  expect(store.ledger.verify()).toMatchObject({ ok: true })
})
