import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeTrainingSeal, verifyPdf } from '../../main/signing/index.ts'
import type { PdfVerdict } from '../../preload/contract/verification.ts'
import { fixture, now, organisation, pin, sealed, trainingSigner } from '../helpers/seals.ts'

const dayMs = 86_400_000

async function check(pdf: Uint8Array, at = now): Promise<PdfVerdict> {
  const { seal } = await trainingSigner()
  return verifyPdf(pdf, { trustedRootsPem: [seal.caPem], now: at })
}

const latin1 = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1')

/** An incremental update as an attacker writes it: one object anew, and a cross-reference table that names it. */
function withObject(pdf: Uint8Array, number: number, object: string): Buffer {
  const text = latin1(pdf)
  const previous = /startxref\n(\d+)\n%%EOF\s*$/.exec(text)?.[1] ?? '0'
  const trailer = text.slice(text.lastIndexOf('trailer'))
  const [size, root] = [/\/Size (\d+)/.exec(trailer)?.[1], /\/Root (\d+ \d+ R)/.exec(trailer)?.[1]]
  const body = `${number} 0 obj\n${object}\nendobj\n`
  const start = text.length + body.length
  const table = `xref\n${number} 1\n${String(text.length).padStart(10, '0')} 00000 n \n`
  const tail = `trailer\n<< /Size ${size} /Root ${root} /Prev ${previous} >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(`${text}${body}${table}${tail}`, 'latin1')
}

const pageNumber = (pdf: Uint8Array): number => Number(/(\d+) 0 obj\n<<\n\/Type \/Page\n/.exec(latin1(pdf))?.[1])

describe('the verdict on a sealed PDF', () => {
  it('says valid, who sealed, and how, when nothing was touched', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const verdict = await check(pdf)
    expect(verdict.verdict).toBe('valid')
    expect(verdict.sentence).toBe(`“${organisation}”的印章有效：盖章后文件没有改动。`)
    expect(verdict.seals).toMatchObject([
      {
        field: 'Seal1',
        organisation,
        signer: organisation,
        chain: 'trusted',
        intact: true,
        coversWholeFile: true,
        kind: 'seal',
        revision: 2,
        changes: [],
        algorithm: 'rsa-sha256',
        subFilter: 'ETSI.CAdES.detached',
      },
    ])
  })

  it('keeps three seals on one file valid', async () => {
    const one = await sealed(fixture('pdf-lib-object-streams.pdf'))
    const two = await sealed(one.pdf, { page: 1 })
    const three = await sealed(two.pdf, { page: 1, xMm: 10, yMm: 10 })
    const verdict = await check(three.pdf)
    expect([verdict.verdict, ...verdict.seals.map((seal) => seal.verdict)]).toEqual([
      'valid',
      'valid',
      'valid',
      'valid',
    ])
  })

  it('never says valid after any byte outside the signature was changed', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const contents = { from: latin1(pdf).indexOf('<', latin1(pdf).indexOf('/Contents <')), length: 32 * 1024 + 2 }
    const outside = fc.integer({ min: 0, max: pdf.length - contents.length - 1 })
    await fc.assert(
      fc.asyncProperty(outside, fc.integer({ min: 1, max: 255 }), async (offset, flip) => {
        const at = offset < contents.from ? offset : offset + contents.length
        const tampered = Buffer.from(pdf)
        tampered[at] = (tampered[at] ?? 0) ^ flip
        const verdict = await check(tampered).then(
          (found) => found.verdict,
          (error) => error.code,
        )
        expect(verdict).toMatch(/^(invalid|unknown|changed|PDF_\w+)$/)
      }),
      { numRuns: 300 },
    )
  })

  it('says invalid after a bit of the signature value was changed', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const end = latin1(pdf).search(/(00){40,}>/)
    const tampered = Buffer.from(pdf)
    tampered[end - 40] = tampered[end - 40] === 0x30 ? 0x31 : 0x30
    expect(await check(tampered)).toMatchObject({ verdict: 'invalid', seals: [{ why: 'signature' }] })
  })

  it('says invalid after a byte of the text was changed', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const verdict = await check(
      Buffer.from(latin1(pdf).replace('/MediaBox [ 0 0 595.28', '/MediaBox [ 0 0 495.28'), 'latin1'),
    )
    expect(verdict.verdict).toBe('invalid')
    expect(verdict.seals[0]?.why).toBe('digest')
    expect(verdict.sentence).toContain('无效')
  })

  it('says changed for a single byte behind the seal', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const verdict = await check(Buffer.concat([pdf, Buffer.from('\n')]))
    expect(verdict).toMatchObject({
      verdict: 'changed',
      seals: [{ coversWholeFile: false, changes: [{ kind: 'other', allowed: false }] }],
    })
  })

  it('says changed when a page was replaced after the seal', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 100 100 ] >>'
    expect((await check(withObject(pdf, pageNumber(pdf), page))).verdict).toBe('changed')
  })

  it('does not call the first seal valid when a page was replaced between two seals', async () => {
    const first = await sealed(fixture('pdf-lib-table.pdf'))
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 600 800 ] >>'
    const second = await sealed(withObject(first.pdf, pageNumber(first.pdf), page))
    const verdict = await check(second.pdf)
    expect(verdict.verdict).toBe('changed')
    expect(verdict.seals.map((seal) => seal.verdict)).toEqual(['changed', 'valid'])
  })

  it('says invalid when the byte range leaves out more than the signature', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const range = /\/ByteRange \[ 0 (\d+) (\d+) (\d+)/.exec(latin1(pdf))
    const [whole = '', , second = '', length = ''] = range ?? []
    const narrowed = whole.replace(`${second} ${length}`, `${Number(second) + 9} ${Number(length) - 9}`)
    const verdict = await check(Buffer.from(latin1(pdf).replace(whole, narrowed), 'latin1'))
    expect(verdict).toMatchObject({ verdict: 'invalid', seals: [{ why: 'byte range' }] })
  })

  it('says invalid when the byte range ends past the file', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const longer = latin1(pdf).replace(/(\/ByteRange \[ 0 \d+ \d+ )\d+/, '$199999')
    expect(await check(Buffer.from(longer, 'latin1'))).toMatchObject({
      verdict: 'invalid',
      seals: [{ why: 'byte range' }],
    })
  })

  it('says invalid for a sealed file that was cut off', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    expect(await check(pdf.subarray(0, pdf.length - 300))).toMatchObject({ verdict: 'invalid', seals: [] })
  })

  it('says unknown without a trusted root, and with another root of the same name', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const other = await makeTrainingSeal({ organisation, pin, now })
    const verdicts = [[], [other.caPem]].map((trustedRootsPem) => verifyPdf(pdf, { trustedRootsPem, now }))
    expect(verdicts.map(({ verdict, seals }) => [verdict, seals[0]?.chain, seals[0]?.intact])).toEqual([
      ['unknown', 'untrusted', true],
      ['unknown', 'untrusted', true],
    ])
  })

  it('says unknown outside the time of the certificates', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const late = await check(pdf, new Date(now.getTime() + 732 * dayMs))
    const early = await check(pdf, new Date(now.getTime() - 2 * dayMs))
    expect([late.verdict, late.seals[0]?.chain]).toEqual(['unknown', 'expired'])
    expect([early.verdict, early.seals[0]?.chain]).toEqual(['unknown', 'notYetValid'])
  })

  it('says unknown for a file without a seal', async () => {
    expect(await check(fixture('pdf-lib-table.pdf'))).toEqual({
      verdict: 'unknown',
      sentence: '这份文件没有电子印章，无法确认。',
      pages: 2,
      revisions: 1,
      seals: [],
    })
  })

  it('says invalid for a stand-in that only looks like a signature', async () => {
    expect((await check(fixture('bad-certified.pdf'))).verdict).toBe('invalid')
  })

  it('gives one of four verdicts, never a crash, whatever the signature was turned into', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const open = latin1(pdf).indexOf('<', latin1(pdf).indexOf('/Contents <')) + 1
    const used = latin1(pdf).search(/(00){40,}>/) - open
    const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: used - 1 }), fc.constantFrom(...'0123456789abcdef')), {
      minLength: 1,
      maxLength: 6,
    })
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(changes, async (digits) => {
        const tampered = Buffer.from(pdf)
        for (const [at, digit] of digits) tampered.write(digit, open + at, 'latin1')
        seen.add((await check(tampered)).verdict)
      }),
      { numRuns: 300 },
    )
    expect([...seen]).toEqual(expect.arrayContaining(['invalid']))
  })
})
