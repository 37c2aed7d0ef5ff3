import { afterAll, describe, expect, test } from 'vitest'
import { inspectPdf, openRenderer } from '../../main/rendering/index.ts'
import { pagesThatChanged } from '../../main/rendering/inspect.ts'
import { verifyPdf } from '../../main/signing/index.ts'
import { bomb, endlessDrawing } from '../helpers/hostile-pdfs.ts'
import { overlaid } from '../helpers/overlays.ts'
import { fixture, now, sealed, trainingSigner } from '../helpers/seals.ts'

const renderer = openRenderer()
afterAll(() => renderer.close())

const paper = fixture('pdf-lib-chinese.pdf')

async function options() {
  const { seal } = await trainingSigner()
  return { trustedRootsPem: [seal.caPem], now }
}

/** The first seal beside the text, and a second whose look covers what lies under it instead of darkening it. */
async function withOpaqueSeal(place: { xMm: number; yMm: number }): Promise<Buffer> {
  const one = await sealed(paper, { page: 1, xMm: 150, yMm: 230 })
  const two = await sealed(one.pdf, { page: 1, ...place })
  const pdf = Buffer.from(two.pdf)
  const at = pdf.indexOf('/Multiply', one.pdf.length)
  if (at < 0) throw new Error('the seal does not say how it blends')
  pdf.write('/Normal  ', at, 'latin1')
  return pdf
}

describe('an inspection', () => {
  test('finds several seals valid, also where they lie over text and over each other', async () => {
    const [date] = await renderer.findText(paper, '年')
    const one = await sealed(paper, { page: 1, xMm: 10, yMm: (date?.yMm ?? 60) - 20 })
    const two = await sealed(one.pdf, { page: 1, xMm: 25, yMm: (date?.yMm ?? 60) - 15 })
    const found = await inspectPdf(two.pdf, await options(), renderer)
    expect(found.seals.map(({ verdict }) => verdict)).toEqual(['valid', 'valid'])
  })

  test('finds text under an opaque seal hidden, and nothing under one on white paper', async () => {
    const [date] = await renderer.findText(paper, '年')
    const over = await withOpaqueSeal({ xMm: (date?.xMm ?? 40) - 21, yMm: (date?.yMm ?? 60) - 20 })
    const beside = await withOpaqueSeal({ xMm: 20, yMm: 230 })
    const [first] = (await inspectPdf(over, await options(), renderer)).seals
    expect(first).toMatchObject({ verdict: 'changed', changes: [{ kind: 'hidden-content', page: 1 }] })
    const [unharmed] = (await inspectPdf(beside, await options(), renderer)).seals
    expect(unharmed).toMatchObject({ verdict: 'valid', changes: [{ kind: 'new-seal' }] })
  })

  test('compares what pages look like, whatever the structural check says', async () => {
    const one = await sealed(paper, { page: 1, xMm: 150, yMm: 230 })
    const two = await sealed(one.pdf, { page: 1, xMm: 20, yMm: 230 })
    const claimed = verifyPdf(two.pdf, await options())
    expect(await pagesThatChanged(two.pdf, claimed, renderer)).toEqual([])
    const tampered = overlaid(two.pdf, { page: 1, xMm: 80, yMm: 80, widthMm: 8, heightMm: 4, colour: [0, 0, 0] })
    expect(await pagesThatChanged(tampered, claimed, renderer)).toEqual([1])
  })

  test('of bytes changed in place is made anew', async () => {
    const { pdf } = await sealed(paper, { page: 1, xMm: 150, yMm: 230 })
    const bytes = Buffer.from(pdf)
    expect((await inspectPdf(bytes, await options(), renderer)).verdict).toBe('valid')
    const at = bytes.indexOf('/MediaBox')
    bytes[at + 1] = 'N'.charCodeAt(0)
    expect((await inspectPdf(bytes, await options(), renderer)).verdict).toBe('invalid')
  })

  test('that cannot come to an end is told as such within its time', async () => {
    const hurried = openRenderer({ limitMs: 1 })
    const { verdict, sentence } = await inspectPdf(paper, await options(), hurried)
    await hurried.close()
    expect({ verdict, says: sentence.includes('查不完') }).toEqual({ verdict: 'unknown', says: true })
  })

  test('of files without a seal comes to unknown, however hard they are to draw', async () => {
    for (const pdf of [endlessDrawing(), bomb(100)])
      expect((await inspectPdf(pdf, await options(), renderer)).verdict).toBe('unknown')
  })

  test('refuses what is no PDF and what is encrypted', async () => {
    await expect(inspectPdf(Buffer.from('x'), await options(), renderer)).rejects.toMatchObject({
      code: 'PDF_NOT_A_PDF',
    })
    const locked = fixture('bad-encrypted.pdf')
    await expect(inspectPdf(locked, await options(), renderer)).rejects.toMatchObject({ code: 'PDF_ENCRYPTED' })
  })
})
