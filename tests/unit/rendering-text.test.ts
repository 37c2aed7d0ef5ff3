import * as fontkit from 'fontkit'
import { degrees, PDFDocument } from 'pdf-lib'
import { afterAll, describe, expect, test } from 'vitest'
import { drawReceipt } from '../../main/pdf/documents/index.ts'
import { fontSubset } from '../../main/pdf/index.ts'
import { openRenderer } from '../../main/rendering/index.ts'
import { sampleReceipt } from '../helpers/receipts.ts'

const renderer = openRenderer()
afterAll(() => renderer.close())

type Line = { text: string; xMm: number; yMm: number; page?: number }
const pointsPerMm = 72 / 25.4

/** Upright A4 pages with lines of 5 mm high letters; `yMm` is the base line. */
async function paper(lines: readonly Line[], turn = 0): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.registerFontkit(fontkit as unknown as Parameters<PDFDocument['registerFontkit']>[0])
  const subset = await fontSubset('serif', lines.map(({ text }) => text).join(''))
  const font = await document.embedFont(subset, { subset: false })
  const count = Math.max(...lines.map(({ page = 1 }) => page))
  const pages = Array.from({ length: count }, () => document.addPage([210 * pointsPerMm, 297 * pointsPerMm]))
  for (const page of pages) page.setRotation(degrees(turn))
  for (const { text, xMm, yMm, page = 1 } of lines) {
    pages[page - 1]?.drawText(text, { x: xMm * pointsPerMm, y: (297 - yMm) * pointsPerMm, size: 5 * pointsPerMm, font })
  }
  return await document.save()
}

const rounded = (box: { page: number; xMm: number; yMm: number } | undefined) =>
  box && { page: box.page, xMm: Math.round(box.xMm), yMm: Math.round(box.yMm) }

describe('a text', () => {
  test('is found wherever it stands, however its characters are spaced', async () => {
    const pdf = await paper([
      { text: '申请人（签章）：', xMm: 20, yMm: 50 },
      { text: '申 请　人 （签 章）：', xMm: 100, yMm: 80, page: 2 },
    ])
    const found = await renderer.findText(pdf, '申请人(签章)')
    expect(found.map(rounded)).toEqual([
      { page: 1, xMm: 21, yMm: 46 },
      { page: 2, xMm: 101, yMm: 76 },
    ])
    expect(found[0]?.widthMm).toBeGreaterThan(30)
    expect(found[0]?.heightMm).toBeLessThan(6)
  })

  test('that is not there, or is nothing, is found nowhere', async () => {
    const pdf = await paper([{ text: '申请人', xMm: 20, yMm: 50 }])
    expect(await renderer.findText(pdf, '盖章')).toEqual([])
    expect(await renderer.findText(pdf, ' 　')).toEqual([])
  })

  test('on a turned page is found where the page shows it', async () => {
    const pdf = await paper([{ text: '盖章', xMm: 20, yMm: 50 }], 90)
    const [found] = await renderer.findText(pdf, '盖章')
    // A quarter turn clockwise: what is 50 mm from the top comes to stand 297 − 50 mm from the left.
    expect(found?.xMm).toBeGreaterThan(245)
    expect(found?.xMm).toBeLessThan(249)
    expect(found?.yMm).toBeGreaterThan(19)
    expect(found?.yMm).toBeLessThan(22)
  })
})

describe('the date under which a paper is sealed', () => {
  test.for([
    '2026年11月23日',
    '2026 年 11 月 23 日',
    '二〇二六年十一月二十三日',
    '二○二六年元月三日',
    '２０２６年１１月２３日',
  ])('is known as %s', async (date) => {
    const pdf = await paper([
      { text: '珠玑村民委员会', xMm: 120, yMm: 240 },
      { text: date, xMm: 120, yMm: 250 },
    ])
    const found = await renderer.findSignatureDate(pdf)
    // A full width digit stands in the middle of its square.
    expect(Math.abs((found?.xMm ?? 0) - 120)).toBeLessThan(1.5)
    expect(Math.abs((found?.yMm ?? 0) - 246)).toBeLessThan(1.5)
  })

  test('is the lowest one that ends its line on the right of the last page that has one', async () => {
    const pdf = await paper([
      { text: '2026年1月1日', xMm: 130, yMm: 280 },
      { text: '2026年2月2日', xMm: 20, yMm: 200, page: 2 },
      { text: '2026年3月3日', xMm: 130, yMm: 150, page: 2 },
      { text: '2026年4月4日', xMm: 130, yMm: 220, page: 2 },
      { text: '打印于2026年5月5日15:04', xMm: 130, yMm: 285, page: 2 },
      { text: '2026年6月6日', xMm: 20, yMm: 290, page: 2 },
      { text: '附件', xMm: 20, yMm: 50, page: 3 },
    ])
    expect(rounded(await renderer.findSignatureDate(pdf))).toEqual({ page: 2, xMm: 130, yMm: 216 })
  })

  test('is found on a receipt of this program, not the time of receiving', async () => {
    const { pdf } = await drawReceipt(sampleReceipt({}))
    const date = await renderer.findSignatureDate(pdf)
    expect(date?.yMm).toBeGreaterThan(250)
    expect(date?.xMm).toBeGreaterThan(105)
  })

  test('is nowhere on a paper without one', async () => {
    const pdf = await paper([{ text: '　　年　月　日', xMm: 120, yMm: 250 }])
    expect(await renderer.findSignatureDate(pdf)).toBeUndefined()
  })
})
