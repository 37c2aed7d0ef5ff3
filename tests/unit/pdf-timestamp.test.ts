import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { PdfFile, sealPdf, sealRecords, timestampPdf } from '../../main/pdf/index.ts'
import { appearance, fixture, now, sealed, trainingSigner } from '../helpers/seals.ts'

/** Any bytes will do here: whether a token is one is main/signing's to say. */
const token = Buffer.from('30820003020100', 'hex')
const authority = { timestamp: () => Promise.resolve(token) }

describe('a document timestamp', () => {
  it.each(['pdf-lib-table.pdf', 'pdf-lib-object-streams.pdf'])(
    'is appended to sealed %s in a field of its own, and covers all that stood before it',
    async (name) => {
      const { pdf } = await sealed(fixture(name))
      const asked: string[] = []
      const watched = {
        timestamp: (parts: readonly Uint8Array[]) => {
          asked.push(createHash('sha256').update(Buffer.concat(parts)).digest('hex'))
          return authority.timestamp()
        },
      }
      const timed = await timestampPdf({ pdf, authority: watched })
      expect(Buffer.from(timed.pdf).subarray(0, pdf.length).equals(Buffer.from(pdf))).toBe(true)
      const record = sealRecords(PdfFile.open(timed.pdf)).find(({ field }) => field === timed.field)
      const [, first = 0, second = 0, length = 0] = record?.byteRange ?? []
      const signed = Buffer.concat([timed.pdf.subarray(0, first), timed.pdf.subarray(second)])
      expect(record).toMatchObject({ field: 'Timestamp1', subFilter: 'ETSI.RFC3161' })
      expect(second + length).toBe(timed.pdf.length)
      expect(Buffer.from(record?.contents ?? []).subarray(0, token.length)).toEqual(token)
      expect(asked).toEqual([createHash('sha256').update(signed).digest('hex')])
    },
  )

  it('goes onto a certified file, onto one whose fields are locked, and onto one that has a timestamp', async () => {
    const { signer } = await trainingSigner()
    const request = { pdf: fixture('pdf-lib-table.pdf'), signer, appearance, now }
    const certified = await sealPdf({ ...request, certify: { slots: [] } })
    const locked = await sealPdf({ ...request, lock: 'all' })
    const once = await timestampPdf({ pdf: certified.pdf, authority })
    const fields = await Promise.all(
      [certified, locked, once].map(async ({ pdf }) => (await timestampPdf({ pdf, authority })).field),
    )
    expect(fields).toEqual(['Timestamp1', 'Timestamp1', 'Timestamp2'])
  })

  it('needs a seal to time, and a file whose cross-references are whole', async () => {
    await expect(timestampPdf({ pdf: fixture('pdf-lib-table.pdf'), authority })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const broken = Buffer.from(
      Buffer.from(pdf)
        .toString('latin1')
        .replaceAll(/startxref\n\d+/g, 'startxref\n7'),
      'latin1',
    )
    await expect(timestampPdf({ pdf: broken, authority })).rejects.toMatchObject({ code: 'PDF_DAMAGED' })
  })

  it('passes on what the authority says when it refuses', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const refusing = { timestamp: () => Promise.reject(new Error('no link')) }
    await expect(timestampPdf({ pdf, authority: refusing })).rejects.toThrow('no link')
  })
})
