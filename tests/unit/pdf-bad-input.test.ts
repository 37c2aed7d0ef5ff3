import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPageCount } from '../../main/pdf/index.ts'
import { verifyPdf } from '../../main/signing/index.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { fixture, now, sealed, soundFixtures, trainingSigner } from '../helpers/seals.ts'
import { pagesOf, pdfOf, streamOf } from '../helpers/small-pdf.ts'
import { workedMs } from '../helpers/work-time.ts'

const catalogue = '<< /Type /Catalog /Pages 2 0 R >>'
const refusedWith = (code: string) => expect.objectContaining({ code })

describe('a file that cannot be sealed', () => {
  it.each([
    ['an empty file', Buffer.alloc(0), 'PDF_NOT_A_PDF'],
    ['a text', Buffer.from('这不是 PDF'), 'PDF_NOT_A_PDF'],
    ['a header and nothing else', Buffer.from('%PDF-1.7\n'), 'PDF_DAMAGED'],
    ['an encrypted PDF', fixture('bad-encrypted.pdf'), 'PDF_ENCRYPTED'],
    ['a truncated PDF', fixture('bad-truncated.pdf'), 'PDF_DAMAGED'],
    ['a certified PDF that allows no change', fixture('bad-certified.pdf'), 'PDF_CERTIFIED_NO_CHANGES'],
    ['a PDF whose fields a signature has locked', fixture('bad-locked.pdf'), 'PDF_FIELD_LOCKED'],
  ])('%s is refused', async (_, pdf, code) => {
    await expect(sealed(pdf)).rejects.toEqual(refusedWith(code))
  })

  it('a page tree that loops is refused, not walked for ever', async () => {
    const pdf = pdfOf([catalogue, '<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>', '<< /Type /Pages /Kids [ 2 0 R ] >>'])
    await expect(sealed(pdf)).rejects.toEqual(refusedWith('PDF_DAMAGED'))
  })

  it('cross-references that lead back to themselves are refused', () => {
    const pages = '<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>'
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] >>'
    const offset = pdfOf([catalogue, pages, page]).indexOf('xref\n')
    expect(() => readPageCount(pdfOf([catalogue, pages, page], { trailer: `/Prev ${offset}` }))).toThrow(
      refusedWith('PDF_DAMAGED'),
    )
  })

  it('an object nested without end is refused', async () => {
    const pdf = pdfOf([catalogue, `<< /Kids ${'['.repeat(100_000)}`])
    await expect(sealed(pdf)).rejects.toEqual(refusedWith('PDF_DAMAGED'))
  })

  it('an object stream that unpacks to 300 MB is refused', () => {
    const bomb = deflateSync(Buffer.alloc(300 * 1024 * 1024)).toString('latin1')
    const stream = `<< /Type /XRef /Size 9 /W [ 1 4 2 ] /Root 1 0 R /Filter /FlateDecode /Length ${bomb.length} >>`
    const body = `%PDF-1.7\n9 0 obj\n${stream}\nstream\n${bomb}\nendstream\nendobj\nstartxref\n9\n%%EOF\n`
    expect(() => readPageCount(Buffer.from(body, 'latin1'))).toThrow(refusedWith('PDF_TOO_LARGE'))
  })

  it('damaged cross-references are written anew where nobody has sealed, and said', async () => {
    const { seal } = await trainingSigner()
    const { pdf, resaved } = await sealed(fixture('bad-cross-reference.pdf'))
    expect(resaved).toBe(true)
    expect(verifyPdf(pdf, { trustedRootsPem: [seal.caPem], now }).verdict).toBe('valid')
  })

  it('damaged cross-references are never written anew where a seal would be lost', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const broken = Buffer.from(
      Buffer.from(pdf)
        .toString('latin1')
        .replaceAll(/startxref\n\d+/g, 'startxref\n7'),
      'latin1',
    )
    await expect(sealed(broken)).rejects.toEqual(refusedWith('PDF_DAMAGED'))
  })
})

const [first = '', tree = '', page = ''] = pagesOf(1)
const bomb = (megabytes: number): string =>
  streamOf(deflateSync(Buffer.alloc(megabytes * 1024 * 1024)), '/Filter /FlateDecode')

describe('a file that is unusual, not broken', () => {
  it.each([
    ['lines that end with CR and LF', pdfOf(pagesOf(2), { lineEnd: '\r\n' })],
    ['lines that end with CR', pdfOf(pagesOf(2), { lineEnd: '\r' })],
    ['bytes after its end', Buffer.concat([pdfOf(pagesOf(2)), Buffer.from('trailing \0 bytes')])],
    ['zeros after its end, up to a whole block', Buffer.concat([pdfOf(pagesOf(2)), Buffer.alloc(8192)])],
    ['a /Size that is too small', pdfOf(pagesOf(2), { size: 2 })],
    ['a /Size that no file can have', pdfOf(pagesOf(2), { size: 999_999_999 })],
    ['a page size by reference', pdfOf([first, tree, page.replace('595.28', '4 0 R'), '595.28'])],
    ['null in place of annotations', pdfOf([first, tree, page.replace('>>', '/Annots null >>')])],
    ['null in place of a form', pdfOf([first.replace('>>', '/AcroForm null >>'), tree, page])],
    ['page content that unpacks to 300 MB', pdfOf([first, tree, page.replace('>>', '/Contents 4 0 R >>'), bomb(300)])],
  ])('is sealed in place with %s', async (_, pdf) => {
    const { seal } = await trainingSigner()
    const { pdf: out, resaved } = await sealed(pdf)
    expect(resaved).toBe(false)
    expect(Buffer.from(out).subarray(0, pdf.length).equals(pdf)).toBe(true)
    expect(verifyPdf(out, { trustedRootsPem: [seal.caPem], now }).verdict).toBe('valid')
  })

  it('keeps the generation of the objects that it writes again', async () => {
    const objects = pagesOf(2).map((body, i) => (i === 2 ? { body, generation: 3 } : body.replace('3 0 R', '3 3 R')))
    const { parts } = await sealed(pdfOf(objects), { page: 1 })
    const update = Buffer.from(parts[1] ?? []).toString('latin1')
    expect(update).toMatch(/^3 3 obj$/m)
    expect(update).toMatch(/^3 1\n\d{10} 00003 n $/m)
  })

  it('is written anew where bytes stand before its header, for readers disagree about what offsets count from', async () => {
    const { resaved } = await sealed(Buffer.concat([Buffer.from('bytes before\n'), pdfOf(pagesOf(2))]))
    expect(resaved).toBe(true)
  })

  it('has ten thousand pages and is sealed within seconds', async () => {
    const begun = process.cpuUsage()
    expect((await sealed(pdfOf(pagesOf(10_000)))).place.page).toBe(10_000)
    expect(workedMs(begun)).toBeLessThan(5000)
  })

  it('has two hundred pages of 30 MB each, packed small, and is sealed without unpacking all', async () => {
    const pages = pagesOf(200)
    const content = bomb(30)
    const withContent = pages.map((body, i) => (i < 2 ? body : body.replace('>>', `/Contents ${i + 201} 0 R >>`)))
    const pdf = pdfOf([...withContent, ...Array.from({ length: 200 }, () => content)])
    const begun = process.cpuUsage()
    expect((await sealed(pdf)).resaved).toBe(false)
    expect(workedMs(begun)).toBeLessThan(5000)
  })
})

describe('a file without cross-references', () => {
  const without = (pdf: Buffer): Buffer =>
    Buffer.from(pdf.toString('latin1').replace(/startxref\n\d+/, 'startxref\n0'), 'latin1')
  const packed = (content: Uint8Array, filter: string): string =>
    streamOf(content, `/Type /Obj#53tm /N 1 /First 4 /Filter /${filter}`)

  it('is written anew, objects in object streams too', async () => {
    const stream = packed(deflateSync(Buffer.from('9 0 (text)')), 'FlateDecode')
    expect((await sealed(without(pdfOf([...pagesOf(1), stream])))).resaved).toBe(true)
  })

  it.each([
    [
      'an object stream unpacks to 300 MB',
      packed(deflateSync(Buffer.alloc(300 << 20)), 'FlateDecode'),
      'PDF_TOO_LARGE',
    ],
    [
      'an object stream is packed so that nobody can say to what',
      packed(Buffer.alloc(100_000), 'LZWDecode'),
      'PDF_DAMAGED',
    ],
    ['thousands of strings never end', '<< /A ('.concat('obj << /A ('.repeat(20_000)), 'PDF_DAMAGED'],
  ])('is refused where %s', async (_, object, code) => {
    const begun = process.cpuUsage()
    await expect(sealed(without(pdfOf([...pagesOf(1), object])))).rejects.toEqual(refusedWith(code))
    expect(workedMs(begun)).toBeLessThan(5000)
  })
})

describe('a file that leads nowhere', () => {
  it.each([
    ['a page tree that is its own kid', [first, '<< /Type /Pages /Kids [ 2 0 R ] /Count 1 >>']],
    ['a page that stands twice in the tree', [first, tree.replace('3 0 R', '3 0 R 3 0 R'), page]],
    ['no page', [first, '<< /Type /Pages /Kids [ ] /Count 0 >>']],
    ['annotations that refer to themselves', [first, tree, page.replace('>>', '/Annots 4 0 R >>'), '4 0 R']],
    [
      'a form whose field is its own kid',
      [first.replace('>>', '/AcroForm << /Fields [ 4 0 R ] >> >>'), tree, page, '<< /T (a) /Kids [ 4 0 R ] >>'],
    ],
    [
      'page content that cannot be unpacked',
      [first, tree, page.replace('>>', '/Contents 4 0 R >>'), streamOf(Buffer.from('no'), '/Filter /FlateDecode')],
    ],
  ])('is refused with %s', async (_, objects) => {
    await expect(sealed(pdfOf(objects))).rejects.toEqual(refusedWith('PDF_DAMAGED'))
  })

  it('is refused where a hundred cross-reference streams unpack to more than memory should hold', () => {
    const zeros = deflateSync(Buffer.alloc(20 * 1024 * 1024))
    let body = '%PDF-1.7\n'
    let previous = ''
    let offset = 0
    for (let number = 9; number < 109; number++) {
      offset = body.length
      const entries = `/Type /XRef /Size 200 /W [ 1 4 2 ] /Root 1 0 R /Filter /FlateDecode ${previous}`
      body += `${number} 0 obj\n${streamOf(zeros, entries)}\nendobj\n`
      previous = `/Prev ${offset}`
    }
    const pdf = Buffer.from(`${body}startxref\n${offset}\n%%EOF\n`, 'latin1')
    expect(() => readPageCount(pdf)).toThrow(refusedWith('PDF_TOO_LARGE'))
  })
})

describe('an earlier seal', () => {
  it('that claims bytes beyond the file stops a further one', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const text = Buffer.from(pdf).toString('latin1')
    const longer = Buffer.from(text.replace(/(\/ByteRange \[ 0 \d+ \d+ )\d+/, '$199999'), 'latin1')
    await expect(sealed(longer)).rejects.toEqual(refusedWith('PDF_DAMAGED'))
  })
})

describe('mutated files', () => {
  it('are sealed so that they check, or refused with a code: nothing else ever happens', async () => {
    const { seal } = await trainingSigner()
    const mutation = fc.record({
      name: fc.constantFrom(...soundFixtures),
      cuts: fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 12,
      }),
    })
    await fc.assert(
      fc.asyncProperty(mutation, async ({ name, cuts }) => {
        const pdf = fixture(name)
        for (const [where, byte] of cuts) pdf[Math.floor(where * pdf.length)] = byte
        const result = await sealed(pdf).catch((error: unknown) => error)
        if (result instanceof AppError) return
        if (result instanceof Error) throw result
        const { pdf: out } = result as Awaited<ReturnType<typeof sealed>>
        expect(verifyPdf(out, { trustedRootsPem: [seal.caPem], now }).verdict).toBe('valid')
      }),
      { numRuns: 150 },
    )
  })
})
