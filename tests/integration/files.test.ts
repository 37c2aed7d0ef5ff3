import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openEmbedded } from '../../central/database.ts'
import { type ContentStore, openContent } from '../../central/files/content.ts'
import { migrate } from '../../central/migrations/index.ts'
import { verifyValue } from '../../main/wire/signatures.ts'
import { enrolledStation, startGateway, type TestGateway, type TestStation } from '../helpers/centre.ts'
import {
  beginUpload,
  patchUpload,
  receiveWithFiles,
  sampleFile,
  sendEntries,
  tusRequest,
} from '../helpers/file-stations.ts'
import { startS3, type TestS3 } from '../helpers/s3-server.ts'

/** Two gateways over one database and one place for files. */
type TwoGateways = {
  readonly database: Database
  readonly content: ContentStore
  readonly one: TestGateway
  readonly two: TestGateway
}

function describeFiles(title: string, openPlace: (database: Database) => Promise<ContentStore>): void {
  describe(`files at the centre, ${title}`, () => {
    let centre: TwoGateways
    let stations = 0
    const newStation = (): Promise<TestStation> => {
      stations += 1
      return enrolledStation(centre.database, centre.one.url, `440282104208-${stations}`)
    }
    const offsetAt = async (url: string, station: TestStation, sha256: string) => {
      const reply = await tusRequest(station, url, 'HEAD', `/${sha256}`)
      return reply.status === 200 ? Number(reply.headers.get('upload-offset')) : reply.status
    }
    const refusalOf = async (reply: Response) => [reply.status, ((await reply.json()) as { error: string }).error]

    beforeAll(async () => {
      const database = await openEmbedded()
      await migrate(database)
      const content = await openPlace(database)
      const one = await startGateway(database, undefined, content)
      const two = await startGateway(database, undefined, await openPlace(database))
      centre = { database, content, one, two }
    })
    afterAll(async () => {
      await centre.one.stop()
      await centre.two.stop()
      await centre.database.close()
      expect([...centre.one.bugs, ...centre.two.bugs]).toEqual([])
    })

    it('takes a file in pieces at two gateways, checks the whole and confirms it by the centre’s signature', async () => {
      const { one, two } = centre
      const station = await newStation()
      const { bytes, file } = sampleFile(700_000)
      await receiveWithFiles(station, one.url, 'A-1', [file])

      expect((await beginUpload(station, one.url, file)).status).toBe(201)
      expect((await patchUpload(station, one.url, file.sha256, 0, bytes.subarray(0, 300_000))).status).toBe(204)
      expect(await offsetAt(two.url, station, file.sha256)).toBe(300_000)
      const last = await patchUpload(station, two.url, file.sha256, 300_000, bytes.subarray(300_000))

      const { signature, ...said } = (await last.json()) as { signature: string; sha256: string; sizeBytes: number }
      expect(said).toMatchObject({ station: station.id, sha256: file.sha256, sizeBytes: 700_000 })
      expect(verifyValue(station.centrePublicKey, said, signature)).toBe(true)
      const kept: Buffer[] = []
      for await (const part of await centre.content.open(file.sha256)) kept.push(part)
      expect(Buffer.concat(kept).equals(bytes)).toBe(true)
      const again = await tusRequest(station, one.url, 'GET', `/${file.sha256}/receipt`)
      expect(await again.json()).toEqual({ ...said, signature })
    })

    it('gives the receipt at once to a second station whose entry names the same bytes', async () => {
      const [first, second] = [await newStation(), await newStation()]
      const { bytes, file } = sampleFile(50_000)
      await receiveWithFiles(first, centre.one.url, 'B-1', [file])
      await receiveWithFiles(second, centre.one.url, 'B-2', [file])
      await beginUpload(first, centre.one.url, file)
      await patchUpload(first, centre.one.url, file.sha256, 0, bytes)

      const reply = await beginUpload(second, centre.two.url, file)

      expect(reply.headers.get('upload-offset')).toBe('50000')
      expect(await reply.json()).toMatchObject({ station: second.id, sha256: file.sha256 })
    })

    it('throws wrong bytes away and takes the right ones from the beginning', async () => {
      const { url } = centre.one
      const station = await newStation()
      const { bytes, file } = sampleFile(80_000)
      await receiveWithFiles(station, url, 'C-1', [file])
      await beginUpload(station, url, file)
      const wrong = Buffer.from(bytes)
      wrong[40_000] = (wrong[40_000] ?? 0) ^ 1

      expect(await refusalOf(await patchUpload(station, url, file.sha256, 0, wrong))).toEqual([422, 'file_mismatch'])

      expect(await offsetAt(url, station, file.sha256)).toBe(404)
      expect((await beginUpload(station, url, file)).status).toBe(201)
      expect((await patchUpload(station, url, file.sha256, 0, bytes)).status).toBe(200)
    })

    it('refuses what no entry names, another size than the entry’s, more than was said, and another place than where it stands', async () => {
      const { url } = centre.one
      const station = await newStation()
      const { bytes, file } = sampleFile(10_000)
      expect(await refusalOf(await beginUpload(station, url, file))).toEqual([404, 'not_found'])
      await receiveWithFiles(station, url, 'D-1', [file])

      expect(await refusalOf(await beginUpload(station, url, { ...file, sizeBytes: 9_999 }))).toEqual([
        400,
        'malformed',
      ])
      await beginUpload(station, url, file)
      const tooMuch = Buffer.concat([bytes, bytes])
      expect(await refusalOf(await patchUpload(station, url, file.sha256, 0, tooMuch))).toEqual([413, 'too_large'])
      expect(await refusalOf(await patchUpload(station, url, file.sha256, 5, bytes.subarray(5)))).toEqual([409, 'gap'])
      expect(await offsetAt(url, station, file.sha256)).toBe(0)
    })

    it('refuses a readable copy of what is not expected, and one that is too large for a copy', async () => {
      const { url } = centre.one
      const station = await newStation()
      const [original, copy] = [sampleFile(600_000), sampleFile(90_000)]
      await receiveWithFiles(station, url, 'E-1', [original.file])
      const begin = (copyOf: string, size: number) =>
        tusRequest(station, url, 'POST', `?sha256=${copy.file.sha256}&size=${size}&class=copy&copyOf=${copyOf}`, {
          headers: { 'upload-length': String(size) },
        })

      expect(await refusalOf(await begin(copy.file.sha256, 90_000))).toEqual([404, 'not_found'])
      expect(await refusalOf(await begin(original.file.sha256, 600_000))).toEqual([413, 'too_large'])
      expect((await begin(original.file.sha256, 90_000)).status).toBe(201)
      expect((await patchUpload(station, url, copy.file.sha256, 0, copy.bytes)).status).toBe(200)
    })

    it.each(['/../../identity', '/%2e%2e%2fcentre', `/${'A'.repeat(64)}`, `/${'0'.repeat(63)}%00`, '/uploads'])(
      'finds nothing under the name %s',
      async (path) => {
        const station = await newStation()
        const reply = await tusRequest(station, centre.one.url, 'HEAD', path)
        expect(reply.status).toBeGreaterThanOrEqual(400)
        expect(reply.status).toBeLessThan(500)
      },
    )

    it('expects of a paper only its newest file, and nothing of an erased case', async () => {
      const { url } = centre.one
      const station = await newStation()
      const [made, sealed] = [sampleFile(1000, '收件凭证.pdf'), sampleFile(1200, '收件凭证.pdf')]
      const caseId = await receiveWithFiles(station, url, 'F-1', [])
      const documentId = crypto.randomUUID()
      const pdf = (file: typeof made.file) => ({ ...file, mediaType: 'application/pdf' })
      const paper = { documentId, caseId, kind: 'receipt' }
      station.append({
        ...{ kind: 'document.made', subject: caseId },
        payload: { ...paper, file: pdf(made.file), quotesSeq: 1, quotesHash: 'a'.repeat(64), unprintable: [] },
      })
      await sendEntries(station, url)
      expect((await beginUpload(station, url, made.file)).status).toBe(201)
      const sealing = { sealId: 's', sealName: '章', certificateSha256: 'b'.repeat(64), before: made.file.sha256 }
      station.append({
        ...{ kind: 'document.sealed', subject: caseId, version: 2 },
        payload: {
          ...{ ...paper, ...sealing, title: '收件凭证', file: pdf(sealed.file), form: 'page', places: [] },
          ...{ reason: '', approvedBy: '', leaseId: '' },
        },
      })
      await sendEntries(station, url)

      expect((await beginUpload(station, url, made.file)).status).toBe(404)
      expect((await beginUpload(station, url, sealed.file)).status).toBe(201)
      station.append({ kind: 'payload.erased', subject: 'station', payload: { subject: caseId, reason: '期满' } })
      await sendEntries(station, url)
      expect((await beginUpload(station, url, sealed.file)).status).toBe(404)
    })
  })
}

const folder = mkdtempSync(join(tmpdir(), 'cunchuang-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
describeFiles('in a folder', (database) => openContent({ folder }, database))

let s3: TestS3
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(() => s3.stop())
describeFiles('in an S3-compatible store', (database) => openContent(s3.place, database))
