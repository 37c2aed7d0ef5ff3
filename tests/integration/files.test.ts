import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Database, openEmbedded, openPostgres } from '../../central/database.ts'
import { uploadIdOf } from '../../central/files/arrivals.ts'
import { type ContentStore, openContent } from '../../central/files/content.ts'
import { migrate } from '../../central/migrations/index.ts'
import { signerOf, signRequest, verifyValue } from '../../main/wire/signatures.ts'
import { enrolledStation, startGateway, type TestGateway, type TestStation } from '../helpers/centre.ts'
import { describeOnPostgres } from '../helpers/centre-databases.ts'
import {
  beginUpload,
  patchUpload,
  receiveWithFiles,
  sampleFile,
  sendEntries,
  tusRequest,
} from '../helpers/file-stations.ts'
import { startS3, type TestS3 } from '../helpers/s3-server.ts'

/** Two gateways over one database, each with its own connections where it has any, and one place for files. */
type TwoGateways = {
  readonly databases: readonly Database[]
  readonly database: Database
  readonly content: ContentStore
  readonly one: TestGateway
  readonly two: TestGateway
}

/** What a wait for a lock may cost, some times over: whatever stands still longer stands still for good. */
const lockTime = { timeout: 10_000 } as const

type OpenPlace = (database: Database) => Promise<ContentStore>

function describeFiles(title: string, openDatabases: () => Promise<readonly Database[]>, openPlace: OpenPlace): void {
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
      const databases = await openDatabases()
      const [database, other] = [databases[0], databases.at(-1)] as [Database, Database]
      await migrate(database)
      const content = await openPlace(database)
      const one = await startGateway(database, undefined, content)
      const two = await startGateway(other, undefined, await openPlace(other))
      centre = { databases, database, content, one, two }
    })
    afterAll(async () => {
      await centre.one.stop()
      await centre.two.stop()
      for (const database of centre.databases) await database.close()
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

    it(
      'lets go of a connection that stands still when another gateway asks, and keeps every byte of it',
      lockTime,
      async () => {
        const { one, two } = centre
        const station = await newStation()
        const { bytes, file } = sampleFile(700_000)
        await receiveWithFiles(station, one.url, 'L-1', [file])
        await beginUpload(station, one.url, file)
        const stalled = stallingPatch(station, one.url, file.sha256, bytes.subarray(0, 300_000), bytes.length)
        onTestFinished(stalled.end)
        await stalled.sent
        await lockTaken(centre.database, file.sha256)

        const offset = await offsetUntil(300_000, () => offsetAt(two.url, station, file.sha256))
        const last = await patchUpload(station, two.url, file.sha256, offset, bytes.subarray(offset))

        expect([offset, last.status]).toEqual([300_000, 200])
        expect(await last.json()).toMatchObject({ station: station.id, sha256: file.sha256 })
        expect(await lockedUploads(centre.database, file.sha256)).toBe(0)
      },
    )

    it('waits for a gateway that died with an upload no longer than its lease', lockTime, async () => {
      const { database, two } = centre
      const station = await newStation()
      const { bytes, file } = sampleFile(40_000)
      await receiveWithFiles(station, two.url, 'M-1', [file])
      await beginUpload(station, two.url, file)
      await database.query(
        `insert into file_locks (name, holder, wanted, expires_at)
         values ($1, 'of a gateway that is no more', false, clock_timestamp() + interval '1500 milliseconds')`,
        [uploadIdOf(station.id, file.sha256)],
      )
      const began = performance.now()

      expect((await patchUpload(station, two.url, file.sha256, 0, bytes)).status).toBe(200)

      const waitedMs = performance.now() - began
      expect(waitedMs).toBeGreaterThan(1_000)
      expect(waitedMs).toBeLessThan(5_000)
    })

    it(
      'gives one receipt where four connections bring the same file at once, and stores it once',
      lockTime,
      async () => {
        const { database, one, two } = centre
        const station = await newStation()
        const { bytes, file } = sampleFile(300_000)
        await receiveWithFiles(station, one.url, 'N-1', [file])
        await beginUpload(station, one.url, file)

        const replies = await Promise.all(
          [one, two, one, two].map(({ url }) => patchUpload(station, url, file.sha256, 0, bytes)),
        )

        // Whoever comes too late hears that the place is another, or that this upload is over; whoever had to let go, 204.
        for (const { status } of replies) expect([200, 204, 404, 409]).toContain(status)
        const offset = await offsetAt(two.url, station, file.sha256)
        if (offset < bytes.length) await patchUpload(station, two.url, file.sha256, offset, bytes.subarray(offset))
        const receipts = await Promise.all(
          [one, two].map(async ({ url }) => (await tusRequest(station, url, 'GET', `/${file.sha256}/receipt`)).json()),
        )
        expect(receipts[0]).toMatchObject({ station: station.id, sha256: file.sha256, sizeBytes: 300_000 })
        expect(receipts[1]).toEqual(receipts[0])
        const rows = await database.query(
          `select (select count(*) from file_uploads where sha256 = $1) as uploads,
           (select count(*) from station_files where sha256 = $1) as kept`,
          [file.sha256],
        )
        expect(rows).toEqual([{ uploads: 0, kept: 1 }])
      },
    )

    it('answers the next request of a connection whose file it did not want', lockTime, async () => {
      const { url } = centre.one
      const station = await newStation()
      const { bytes, file } = sampleFile(700_000)
      await receiveWithFiles(station, url, 'O-1', [file])
      await beginUpload(station, url, file)
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      onTestFinished(() => agent.destroy())
      const headers = { 'upload-offset': '5', 'content-length': String(bytes.length - 5) }

      const refused = await answered(
        signedRequest(station, url, 'PATCH', file.sha256, headers, agent),
        bytes.subarray(5),
      )
      const next = await answered(signedRequest(station, url, 'HEAD', file.sha256, {}, agent))

      expect([refused.status, next]).toEqual([409, { status: 200, isSameConnection: true }])
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

/** A signed request on one upload, whose body and connection are the test's own. */
function signedRequest(
  station: TestStation,
  url: string,
  method: 'PATCH' | 'HEAD',
  sha256: string,
  headers: Record<string, string>,
  agent?: Agent,
): ClientRequest {
  const path = `/v1/stations/${station.id}/files/${sha256}`
  const createdSeconds = Math.floor(Date.now() / 1000)
  const signer = { keyId: station.id, sign: signerOf(station.keys.privateKey), createdSeconds }
  const type = method === 'PATCH' ? { 'content-type': 'application/offset+octet-stream' } : {}
  const signed = signRequest({ method, path }, signer)
  return request(url + path, {
    ...{ method, headers: { 'tus-resumable': '1.0.0', ...type, ...headers, ...signed } },
    ...(agent && { agent }),
  })
}

/** Ends a request with its body and reads the answer. */
async function answered(outgoing: ClientRequest, body?: Buffer) {
  outgoing.end(body)
  const [reply] = (await once(outgoing, 'response')) as [IncomingMessage]
  reply.resume()
  await once(reply, 'end')
  return { status: reply.statusCode, isSameConnection: outgoing.reusedSocket }
}

/** A PATCH that sends the first bytes of its body and then nothing more, as a cable that was pulled leaves it. */
function stallingPatch(station: TestStation, url: string, sha256: string, first: Buffer, announcedBytes: number) {
  const headers = { 'upload-offset': '0', 'content-length': String(announcedBytes) }
  const outgoing = signedRequest(station, url, 'PATCH', sha256, headers)
  outgoing.on('error', () => undefined)
  const sent = new Promise<void>((resolve) => {
    outgoing.write(first, () => resolve())
  })
  return { sent, end: () => void outgoing.destroy() }
}

/** Asks until the gateway has stored so much: what it was still reading when asked first is there the next time. */
async function offsetUntil(wanted: number, ask: () => Promise<number>): Promise<number> {
  const until = performance.now() + lockTime.timeout
  for (;;) {
    const offset = await ask()
    if (offset >= wanted || performance.now() > until) return offset
  }
}

/** Resolves as soon as an upload is being written to. */
async function lockTaken(database: Database, sha256: string): Promise<void> {
  const until = performance.now() + lockTime.timeout
  while ((await lockedUploads(database, sha256)) === 0) {
    if (performance.now() > until) throw new Error('nobody took the lock')
    await new Promise(setImmediate)
  }
}

async function lockedUploads(database: Database, sha256: string): Promise<number> {
  const rows = await database.query('select name from file_locks where name like $1', [`%${sha256}`])
  return rows.length
}

const folder = mkdtempSync(join(tmpdir(), 'cunchuang-files-'))
let s3: TestS3
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(async () => {
  await s3.stop()
  rmSync(folder, { recursive: true, force: true })
})
const places: readonly (readonly [string, OpenPlace])[] = [
  ['in a folder', (database) => openContent({ folder }, database)],
  ['in an S3-compatible store', (database) => openContent(s3.place, database)],
]

for (const [title, openPlace] of places)
  describeFiles(`${title}, on PGlite`, async () => [await openEmbedded()], openPlace)
describeOnPostgres('two gateways', (makeDatabase) => {
  const openTwo = async () => {
    const url = await makeDatabase()
    return [openPostgres(url), openPostgres(url)]
  }
  for (const [title, openPlace] of places) describeFiles(title, openTwo, openPlace)
})
