import { describe, expect, it } from 'vitest'
import { PdfFile, timestampPdf } from '../../main/pdf/index.ts'
import { checkPdf, timestampAuthority } from '../../main/signing/index.ts'
import { checkSealed, fixture, sealed, trainingSigner } from '../helpers/seals.ts'
import { numbers, objectText, plainDocument, replaced, withUpdate } from '../helpers/tampering.ts'
import { missingForTimestamps, startTimestampAuthority } from '../helpers/timestamp-authority.ts'

describe('a seal that somebody took out of a file', () => {
  const withoutField = (pdf: Buffer): Buffer =>
    withUpdate(pdf, { [numbers.form]: objectText(pdf, numbers.form).replace(/(12 0 R)[^\]]*\]/, '$1 ]') })

  it('is told as invalid, though no field shows it any more', async () => {
    const { pdf } = await sealed(plainDocument())
    const unlisted = withoutField(Buffer.from(pdf))
    const pages = { [numbers.thirdPage]: replaced(unlisted, numbers.thirdPage, /\/Annots \[[^\]]*\]/, '') }
    expect((await checkSealed(withUpdate(unlisted, pages))).verdict).toMatchObject({
      verdict: 'invalid',
      seals: [{ why: 'removed', verdict: 'invalid' }],
    })
  })

  it('is told as changed where the form alone does not list it any more', async () => {
    const { pdf } = await sealed(plainDocument())
    expect((await checkSealed(withoutField(Buffer.from(pdf)))).verdict).toMatchObject({
      verdict: 'changed',
      seals: [{ field: 'Seal1', changes: [{ kind: 'removed-field' }] }],
    })
  })

  it('is told where a later revision leads readers past the one that had it', async () => {
    const { pdf } = await sealed(plainDocument())
    const { offset } = PdfFile.open(plainDocument()).crossReferences
    const past = withUpdate(Buffer.from(pdf), {}, { previous: offset })
    expect((await checkSealed(past)).verdict).toMatchObject({ verdict: 'invalid', seals: [{ why: 'removed' }] })
  })

  it('is told where the last startxref leads back to an earlier revision', async () => {
    const one = await sealed(plainDocument())
    const two = await sealed(one.pdf, { page: 2, xMm: 10, yMm: 10 })
    const { offset } = PdfFile.open(one.pdf).crossReferences
    const back = Buffer.concat([two.pdf, Buffer.from(`startxref\n${offset}\n%%EOF\n`)])
    const { verdict, seals } = (await checkSealed(back)).verdict
    expect([verdict, seals.map((seal) => [seal.field, seal.verdict])]).toEqual([
      'invalid',
      [
        ['Seal1', 'changed'],
        ['', 'invalid'],
      ],
    ])
  })
})

describe('object streams and cross-reference streams of a later revision', () => {
  const packed = (pdf: Buffer): { number: number; container: number; index: number } => {
    for (const [number, entry] of PdfFile.open(pdf).crossReferences.entries) {
      if (entry.kind === 'packed') return { number, container: entry.container, index: entry.index }
    }
    throw new Error('nothing is packed')
  }

  /** An update with a cross-reference stream of the given rows: number, kind, and two fields. */
  function withStreamUpdate(
    pdf: Buffer,
    objects: Record<number, string>,
    rows: readonly (readonly number[])[],
  ): Buffer {
    const file = PdfFile.open(pdf)
    let body = ''
    const all = [...rows]
    for (const [number, text] of Object.entries(objects)) {
      all.push([Number(number), 1, pdf.length + body.length, 0])
      body += `${number} 0 obj\n${text}\nendobj\n`
    }
    const own = Math.max(file.size, ...all.map(([number = 0]) => number + 1))
    const start = pdf.length + body.length
    all.push([own, 1, start, 0])
    const data = Buffer.concat(
      all.map(([, kind = 0, second = 0, third = 0]) => {
        const row = Buffer.alloc(7)
        row.writeUInt8(kind, 0)
        row.writeUInt32BE(second, 1)
        row.writeUInt16BE(third, 5)
        return row
      }),
    )
    const index = all.map(([number]) => `${number} 1`).join(' ')
    const dict = `<< /Type /XRef /Size ${own + 1} /Root ${file.catalogRef} /Prev ${file.crossReferences.offset} /W [ 1 4 2 ] /Index [ ${index} ] /Length ${data.length} >>`
    const head = Buffer.from(`${body}${own} 0 obj\n${dict}\nstream\n`, 'latin1')
    return Buffer.concat([pdf, head, data, Buffer.from(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`)])
  }

  const sealedStreams = async (): Promise<Buffer> =>
    Buffer.from((await sealed(fixture('pdf-lib-object-streams.pdf'))).pdf)

  it('are told where an old number is led to another place in a sealed object stream', async () => {
    const pdf = await sealedStreams()
    const { number, container, index } = packed(pdf)
    const found = await checkSealed(withStreamUpdate(pdf, {}, [[number, 2, container, index + 1]]))
    expect(found.verdict.verdict).toBe('changed')
  })

  it('are told where a new object stream shadows an old object', async () => {
    const pdf = await sealedStreams()
    const page = PdfFile.open(pdf).pages().next().value
    const number = page === undefined ? 0 : page.ref.objectNumber
    const own = PdfFile.open(pdf).size
    const content = `${number} 0 << /Type /Page /MediaBox [ 0 0 100 100 ] >>`
    const stream = `<< /Type /ObjStm /N 1 /First ${content.indexOf('<')} /Length ${content.length} >>\nstream\n${content}\nendstream`
    const found = await checkSealed(withStreamUpdate(pdf, { [own]: stream }, [[number, 2, own, 0]]))
    expect(found.verdict.verdict).toBe('changed')
  })

  it('are told where an object stream holds one number twice', async () => {
    const pdf = await sealedStreams()
    const own = PdfFile.open(pdf).size
    const content = `${own + 1} 0 ${own + 1} 3 << >>`
    const stream = `<< /Type /ObjStm /N 2 /First ${content.indexOf('<')} /Length ${content.length} >>\nstream\n${content}\nendstream`
    const found = await checkSealed(withStreamUpdate(pdf, { [own]: stream }, [[own + 1, 2, own, 0]]))
    expect(found.verdict.seals[0]?.changes).toMatchObject([{ kind: 'hidden-content' }])
  })
})

const why = missingForTimestamps()

describe.skipIf(why !== '')(`a document timestamp${why && `: skipped, ${why}`}`, () => {
  it('leaves the seal valid, and proves it to be older than the end of its certificate', async () => {
    const tsa = await startTimestampAuthority()
    try {
      const { seal } = await trainingSigner()
      const clock = new Date()
      const authority = timestampAuthority({ post: tsa.post, trustedRootsPem: [tsa.caPem], now: clock })
      const one = await sealed(plainDocument())
      const { pdf } = await timestampPdf({ pdf: one.pdf, authority })
      const options = {
        trustedRootsPem: [seal.caPem],
        timestampRootsPem: [tsa.caPem],
        now: new Date(clock.getTime() + 60_000),
      }
      const today = checkPdf(pdf, options).verdict
      expect([today.verdict, today.seals.map(({ kind }) => kind)]).toEqual(['valid', ['seal', 'timestamp']])
      expect(today.seals[0]?.changes).toMatchObject([{ kind: 'timestamp', allowed: true }])
      expect(today.seals[1]?.sentence).toContain('时间戳有效，证明文件在')
      const sha256 = today.seals[0]?.certificate?.sha256 ?? ''
      const tomorrow = new Date(clock.getTime() + 86_400_000).toISOString()
      const later = new Date(clock.getTime() + 2 * 86_400_000)
      const revokedLater = checkPdf(pdf, { ...options, now: later, revoked: [{ sha256, atUtc: tomorrow }] }).verdict
      const withoutProof = checkPdf(one.pdf, { ...options, now: later, revoked: [{ sha256, atUtc: tomorrow }] }).verdict
      const untrusted = checkPdf(pdf, { ...options, timestampRootsPem: [] }).verdict
      expect([revokedLater.verdict, withoutProof.verdict, untrusted.verdict]).toEqual(['valid', 'invalid', 'unknown'])
      expect(withoutProof.sentence).toContain('吊销')
    } finally {
      await tsa.stop()
    }
  })
})
