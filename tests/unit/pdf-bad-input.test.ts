import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPageCount } from '../../main/pdf/index.ts'
import { verifyPdf } from '../../main/signing/index.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { fixture, now, sealed, soundFixtures, trainingSigner } from '../helpers/seals.ts'

/** A small PDF of the objects given (number 1 is the catalogue), with a right cross-reference table. */
function pdfOf(objects: readonly string[], trailerExtra = ''): Buffer {
  let body = '%PDF-1.7\n'
  const offsets = objects.map((object, i) => {
    const offset = body.length
    body += `${i + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${lines}`
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailerExtra} >>\n`
  return Buffer.from(`${body}${table}${trailer}startxref\n${body.length}\n%%EOF\n`, 'latin1')
}

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
    expect(() => readPageCount(pdfOf([catalogue, pages, page], `/Prev ${offset}`))).toThrow(refusedWith('PDF_DAMAGED'))
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
