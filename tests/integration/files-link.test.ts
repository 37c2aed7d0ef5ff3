import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundleGroundOf } from '../../central/bundles/ground.ts'
import { type Database, openEmbedded } from '../../central/database.ts'
import { openContent } from '../../central/files/content.ts'
import { loadIdentity } from '../../central/identity.ts'
import { migrate } from '../../central/migrations/index.ts'
import { startGateway, type TestGateway } from '../helpers/centre.ts'
import { type FileDesk, openFileDesk } from '../helpers/file-desk.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'
import { noSmallDisk, smallDisk } from '../helpers/small-disk.ts'

let folder: string
let database: Database
let gateway: TestGateway
let link: LinkEmulator
let desk: FileDesk

beforeAll(async () => {
  database = await openEmbedded()
  await migrate(database)
})
afterAll(() => database.close())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cunchuang-files-'))
  gateway = await startGateway(database, undefined, await openContent({ folder: join(folder, 'centre') }, database))
  link = await startLinkEmulator(gateway.url)
  desk = openFileDesk(folder)
  await desk.enrol(database, gateway.url)
})
afterEach(async () => {
  desk.close()
  await link.stop()
  await gateway.stop()
  await database.script('truncate stations, enrolment_codes, files, seen_nonces cascade')
  rmSync(folder, { recursive: true, force: true })
  expect(gateway.bugs).toEqual([])
})

const reasonOf = async (work: Promise<unknown>) => {
  const error = (await work.catch((thrown: unknown) => thrown)) as { details?: { reason?: unknown } } | undefined
  return error?.details?.reason
}
const namesOf = (files: FileDesk['files']) => files.next({ offset: 0, limit: 50 }).map(({ name }) => name)

describe('a file over a link that is cut', () => {
  it('goes on where the centre has it: each of ten cuts costs at most 32 KB', async () => {
    const sizeBytes = 2_000_000
    const file = await desk.keep(sizeBytes)
    const caseId = desk.receive([file])
    await desk.exchange(gateway.url)
    link.shape({ upBytesPerSecond: 400_000, delayMs: 20, cutAfterUpBytes: 180_000 })
    let cuts = 0
    while (desk.files.waitingOf(caseId) > 0) {
      const reason = await reasonOf(desk.send(link.url))
      if (reason === undefined) continue
      expect(reason).toBe('cut')
      cuts += 1
    }

    expect(cuts).toBeGreaterThanOrEqual(10)
    const excess = link.upBytes() - sizeBytes
    expect(excess / (cuts + 1)).toBeLessThanOrEqual(32 << 10)
    expect(desk.files.states(caseId)).toMatchObject([{ state: 'at-centre', sentBytes: sizeBytes, lastError: '' }])
  })

  it('is never shown to be less far than before, however often it is cut, unless the centre has lost it', async () => {
    const file = await desk.keep(1_000_000)
    const caseId = desk.receive([file])
    const other = await desk.keep(700_000)
    const otherCase = desk.receive([other])
    await desk.exchange(gateway.url)
    const shown: number[] = []
    const look = () => shown.push(desk.files.states(caseId)[0]?.sentBytes ?? -1)
    link.shape({ upBytesPerSecond: 400_000, delayMs: 20, cutAfterUpBytes: 130_000 })
    const sendUntil = async (isOver: () => boolean) => {
      while (!isOver()) {
        await reasonOf(desk.send(link.url, { onBytes: look, shouldYield: isOver }))
        look()
      }
    }
    await sendUntil(() => (desk.files.states(caseId)[0]?.sentBytes ?? 0) > 300_000)
    const interrupted = Math.max(...shown)
    // The other one is next in turn now.
    desk.store.db.run('UPDATE file_deliveries SET next_try = ? WHERE sha256 = ?', [
      new Date(desk.clock.now().getTime() + 60_000).toISOString(),
      file.sha256,
    ])
    await sendUntil(() => desk.files.waitingOf(otherCase) === 0)
    desk.files.tryNow()
    await sendUntil(() => (desk.files.states(caseId)[0]?.sentBytes ?? 0) > 600_000)
    const falls = shown.filter((bytes, index) => bytes < (shown[index - 1] ?? 0))
    await database.query('delete from file_uploads')
    rmSync(join(folder, 'centre', 'uploads'), { recursive: true })
    mkdirSync(join(folder, 'centre', 'uploads'))
    shown.length = 0
    await reasonOf(desk.send(link.url, { onBytes: look }))
    link.shape({ cutAfterUpBytes: undefined })
    await desk.send(gateway.url)

    expect(interrupted).toBeGreaterThan(300_000)
    expect(falls).toEqual([])
    expect(Math.min(...shown)).toBeLessThan(130_000)
    expect(desk.files.waitingOf(caseId)).toBe(0)
  }, 30_000)

  it('is not shown as on its way any more once it has let text pass', async () => {
    const caseId = desk.receive([await desk.keep(3_000_000)])
    await desk.exchange(gateway.url)
    link.shape({ upBytesPerSecond: 200_000 })
    for (let turn = 0; turn < 8; turn++) {
      let textWaits = false
      const running = desk.send(link.url, { shouldYield: () => textWaits })
      await link.passed(30_000)
      textWaits = true
      await running
      await new Promise((resolve) => setTimeout(resolve, 60))
      expect(desk.files.states(caseId)).toMatchObject([{ state: 'waiting' }])
    }
  })

  it('is not sent again when only the answer to its last byte is lost', async () => {
    const file = await desk.keep(100_000)
    const caseId = desk.receive([file])
    await desk.exchange(gateway.url)
    link.shape({ cutAfterDownBytes: 1 })
    expect(await reasonOf(desk.send(link.url))).toBe('cut')
    link.shape({ cutAfterDownBytes: undefined })
    const before = link.upBytes()

    await desk.send(link.url)

    expect(link.upBytes() - before).toBeLessThan(4_000)
    expect(desk.files.waitingOf(caseId)).toBe(0)
  })

  it('is not sent to its end where a stick brought it meanwhile', async () => {
    const file = await desk.keep(400_000)
    const caseId = desk.receive([file])
    await desk.exchange(gateway.url)
    link.shape({ upBytesPerSecond: 400_000, cutAfterUpBytes: 100_000 })
    await reasonOf(desk.send(link.url))
    link.shape({ cutAfterUpBytes: undefined })
    const content = await openContent({ folder: join(folder, 'centre') }, database)
    const identity = await loadIdentity(database, '测试中心', new Date())
    const { files } = bundleGroundOf({ database, identity, content, now: () => new Date() })
    const announced = { ...file, copyOf: undefined }
    await files?.take('440282104208-1', announced, desk.context.blobs.read(file.sha256))
    const before = link.upBytes()
    await desk.send(link.url)

    expect(desk.files.waitingOf(caseId)).toBe(0)
    expect(link.upBytes() - before).toBeLessThan(4_000)
  })

  it('is taken over from a half-open connection that the centre still believes in', async () => {
    const file = await desk.keep(3_000_000)
    const caseId = desk.receive([file])
    await desk.exchange(gateway.url)
    link.shape({ upBytesPerSecond: 200_000 })
    const stop = new AbortController()
    const first = desk.send(link.url, { signal: stop.signal })
    await link.passed(100_000)
    link.shape({ mode: 'half-open' })
    stop.abort()
    expect(await reasonOf(first)).toBe('stopped')

    await desk.send(gateway.url)

    expect(desk.files.waitingOf(caseId)).toBe(0)
  })

  it('lets text pass within a second and goes on afterwards without having lost anything', async () => {
    const file = await desk.keep(400_000)
    desk.receive([file])
    await desk.exchange(gateway.url)
    link.shape({ upBytesPerSecond: 100_000 })
    let textWaits = false
    const running = desk.send(link.url, { shouldYield: () => textWaits })
    await link.passed(150_000)
    textWaits = true
    const began = performance.now()
    await running
    expect(performance.now() - began).toBeLessThan(1000)
    expect(desk.files.totals()).toMatchObject({ count: 1 })
    link.shape({ upBytesPerSecond: undefined })

    await desk.send(link.url)

    expect(desk.files.totals().count).toBe(0)
    expect(link.upBytes() - file.sizeBytes).toBeLessThan(32 << 10)
  })
})

describe('the queue of files', () => {
  it('sends receipts, then what is small, then originals; within these by promised date, then size', async () => {
    const late = desk.receive(
      [await desk.keep(300_000, '大.jpg'), await desk.keep(9_000, '小.jpg'), await desk.keep(200_000, '中.jpg')],
      '2026-05-01',
    )
    desk.receive([await desk.keep(900_000, '急.jpg'), await desk.keep(8_000, '急小.jpg')], '2026-04-01')
    desk.receive([await desk.keep(160_000, '无期.jpg')], null)
    const paper = { ...(await desk.keep(70_000, '收件凭证.pdf')), mediaType: 'application/pdf' as const }
    desk.append('document.made', 1, late, {
      ...{ documentId: crypto.randomUUID(), caseId: late, kind: 'receipt', file: paper },
      ...{ quotesSeq: 1, quotesHash: 'a'.repeat(64), unprintable: [] },
    })

    const order = ['收件凭证.pdf', '急小.jpg', '小.jpg', '急.jpg', '中.jpg', '大.jpg', '无期.jpg']
    expect(namesOf(desk.files)).toEqual(order)
    const before = desk.store.ledger.snapshotTables()
    desk.store.ledger.rebuild()
    expect(desk.store.ledger.snapshotTables()).toEqual(before)
    expect(namesOf(desk.files)).toEqual(order)
  })

  it('keeps large originals for the night and says so; small files and receipts go', async () => {
    const caseId = desk.receive([await desk.keep(300_000, '大.jpg'), await desk.keep(9_000, '小.jpg')])
    await desk.exchange(gateway.url)
    await desk.send(gateway.url, { originalsAllowed: false })
    expect(desk.files.states(caseId).map(({ name, state }) => [name, state])).toEqual([
      ['小.jpg', 'at-centre'],
      ['大.jpg', 'night'],
    ])
    await desk.send(gateway.url)
    expect(desk.files.waitingOf(caseId)).toBe(0)
  })

  it('sends a paper that was sealed at once only with its seal', async () => {
    const caseId = desk.receive([])
    const pdf = async (name: string) => ({ ...(await desk.keep(70_000, name)), mediaType: 'application/pdf' as const })
    const [made, sealed] = [await pdf('未盖.pdf'), await pdf('已盖.pdf')]
    const documentId = crypto.randomUUID()
    const paper = { documentId, caseId, kind: 'receipt' }
    desk.append('document.made', 1, caseId, {
      ...{ ...paper, file: made, quotesSeq: 1, quotesHash: 'a'.repeat(64), unprintable: [] },
    })
    await desk.exchange(gateway.url)
    await desk.send(gateway.url)
    expect(namesOf(desk.files)).toEqual(['未盖.pdf'])
    expect(desk.files.states(caseId)).toMatchObject([{ state: 'sealing', nextTryUtc: expect.any(String) }])
    desk.append('document.sealed', 2, caseId, {
      ...{ ...paper, title: '收件凭证', sealId: 's', sealName: '章', certificateSha256: 'b'.repeat(64) },
      ...{ before: made.sha256, file: sealed, form: 'page', places: [], reason: '', approvedBy: '', leaseId: '' },
    })
    await desk.exchange(gateway.url)
    await desk.send(gateway.url)
    expect(desk.files.states(caseId).map(({ name, state }) => [name, state])).toEqual([['已盖.pdf', 'at-centre']])
  })

  it('sends the same bytes once for two cases', async () => {
    const file = await desk.keep(120_000)
    const [one, two] = [desk.receive([file]), desk.receive([file])]
    await desk.exchange(gateway.url)
    await desk.send(link.url)
    expect([desk.files.waitingOf(one), desk.files.waitingOf(two)]).toEqual([0, 0])
    expect(link.upBytes()).toBeLessThan(130_000)
  })

  it('sends a readable copy before its original, whenever it is made', async () => {
    const [original, copy] = [await desk.keep(500_000, '户口本.jpg'), await desk.keep(90_000, '')]
    const caseId = desk.receive([original])
    const { db } = desk.store
    db.run(`INSERT INTO readable_copies (original_sha256, original_type, state) VALUES (?, 'image/jpeg', 'due')`, [
      original.sha256,
    ])
    db.run(
      `UPDATE readable_copies SET state = 'made', sha256 = ?, media_type = 'image/jpeg', size_bytes = ? WHERE original_sha256 = ?`,
      [copy.sha256, copy.sizeBytes, original.sha256],
    )
    await desk.exchange(gateway.url)
    await desk.send(gateway.url, { originalsAllowed: false })
    expect(desk.files.states(caseId).map((file) => [file.class, file.name, file.state])).toEqual([
      ['copy', '户口本.jpg', 'at-centre'],
      ['original', '户口本.jpg', 'night'],
    ])
    expect(desk.files.waitingOf(caseId)).toBe(1)
  })

  it.each([
    ['gone', (file: string) => unlinkSync(file)],
    ['cut short', (file: string) => truncateSync(file, 5000)],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['changed in the middle', (file: string) => writeFileSync(file, Buffer.alloc(64), { flag: 'r+' })],
  ])('says of a file that is %s here that it failed, and sends the others', async (_, damage) => {
    const [bad, good] = [await desk.keep(10_000, '坏.jpg'), await desk.keep(20_000, '好.jpg')]
    const caseId = desk.receive([bad, good])
    damage(join(folder, 'blobs', bad.sha256.slice(0, 2), bad.sha256))
    await desk.exchange(gateway.url)

    await desk.send(gateway.url)

    const states = desk.files.states(caseId).map(({ name, state }) => [name, state])
    expect(states).toEqual([
      ['坏.jpg', 'failed'],
      ['好.jpg', 'at-centre'],
    ])
    expect(desk.files.states(caseId)[0]).toMatchObject({
      lastError: expect.stringMatching(/\S/),
      nextTryUtc: expect.any(String),
    })
  })

  it('waits after a refusal, also across a restart, and goes when its time has come', async () => {
    const file = await desk.keep(10_000)
    const caseId = desk.receive([file])
    // The entries have not gone yet: the centre does not know the file.
    await desk.send(gateway.url)
    expect(desk.files.states(caseId)).toMatchObject([{ state: 'failed' }])
    await desk.exchange(gateway.url)
    desk.close()
    const now = desk.clock.now().toISOString()
    desk = openFileDesk(folder, false)
    desk.clock.set(now)
    await desk.send(gateway.url)
    expect(desk.files.waitingOf(caseId)).toBe(1)
    desk.clock.passSeconds(15)

    await desk.send(gateway.url)

    expect(desk.files.waitingOf(caseId)).toBe(0)
  })

  it('lets no file wait for a time that a wrong clock wrote', async () => {
    const right = desk.clock.now()
    desk.clock.set(new Date(right.getTime() + 3 * 365 * 86_400_000).toISOString())
    const file = await desk.keep(10_000)
    const caseId = desk.receive([file])
    expect(await reasonOf(desk.send(gateway.url))).toBeUndefined()
    const refused = desk.files.states(caseId)
    desk.clock.set(right.toISOString())
    await desk.exchange(gateway.url)
    const shown = desk.files.states(caseId)
    await desk.send(gateway.url)

    expect(refused).toMatchObject([{ state: 'failed', nextTryUtc: expect.any(String) }])
    expect(shown).toMatchObject([{ state: 'failed', nextTryUtc: null }])
    expect(desk.files.waitingOf(caseId)).toBe(0)
  })

  it('sends again what a restored centre has lost, its readable copy too', async () => {
    const file = await desk.keep(10_000)
    const copy = await desk.keep(5_000)
    desk.store.db.run(
      `INSERT INTO readable_copies (original_sha256, original_type, state, sha256, media_type, size_bytes)
       VALUES (?, 'image/jpeg', 'made', ?, 'image/jpeg', ?)`,
      [file.sha256, copy.sha256, copy.sizeBytes],
    )
    const caseId = desk.receive([file])
    await desk.exchange(gateway.url)
    await desk.send(gateway.url)
    await database.query('delete from station_files')
    await database.query('delete from files')
    rmSync(join(folder, 'centre', 'content'), { recursive: true })

    expect(desk.files.sendAgain([file.sha256, 'f'.repeat(64)])).toBe(1)
    expect(desk.files.totals().count).toBe(2)
    await desk.send(gateway.url)

    expect(desk.files.waitingOf(caseId)).toBe(0)
    expect(await database.query('select sha256 from station_files order by sha256')).toEqual(
      [file.sha256, copy.sha256].toSorted().map((sha256) => ({ sha256 })),
    )
  })

  it('forgets the files of an erased case', async () => {
    const caseId = desk.receive([await desk.keep(10_000)])
    desk.append('payload.erased', 1, 'station', { subject: caseId, reason: '期满' })
    expect(desk.files.totals().count).toBe(0)
  })
})

describe('a centre whose disk is full', () => {
  const disk = smallDisk(400)
  it.skipIf(disk === undefined)(
    `keeps what has come and asks to come back later${disk ? '' : `: skipped, ${noSmallDisk}`}`,
    async () => {
      using small = disk
      const content = await openContent({ folder: small?.path ?? '' }, database)
      const full = await startGateway(database, undefined, content)
      const file = await desk.keep(600_000)
      const caseId = desk.receive([file])
      await desk.exchange(full.url)

      expect(await reasonOf(desk.send(full.url))).toBe('busy')

      expect(desk.files.waitingOf(caseId)).toBe(1)
      const [upload] = readdirSync(join(small?.path ?? '', 'uploads'))
      expect(statSync(join(small?.path ?? '', 'uploads', upload ?? '')).size).toBeGreaterThan(300_000)
      await full.stop()
    },
  )
})

describe('a large file', () => {
  it('of 60 MB passes both ends in flat memory', async () => {
    const file = await desk.keep(60 << 20)
    const caseId = desk.receive([file])
    await desk.exchange(gateway.url)
    const before = process.memoryUsage().rss
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss)
    }, 20)
    await desk.send(gateway.url)
    clearInterval(watch)
    expect(desk.files.waitingOf(caseId)).toBe(0)
    expect(most - before).toBeLessThan(60 << 20)
  })
})
