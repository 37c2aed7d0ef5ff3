import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { bundleGroundOf } from '../../central/bundles/ground.ts'
import { type BundleGround, takeBundle } from '../../central/bundles/import.ts'
import { listBundles } from '../../central/bundles/log.ts'
import { openPostgres } from '../../central/database.ts'
import { type ContentStore, openContent } from '../../central/files/content.ts'
import { loadIdentity } from '../../central/identity.ts'
import { migrate } from '../../central/migrations/index.ts'
import { type BundleCourier, createBundleCourier } from '../../main/wire/bundle/client.ts'
import { bundleRecords } from '../../main/wire/bundle/format.ts'
import { ageIdentityOf } from '../../main/wire/bundle/keys.ts'
import { type BundleRecord, checkBundle, readRecords } from '../../main/wire/bundle/reader.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { bundleOf, memorySource } from '../helpers/bundles.ts'
import { enrolledStation, receivedCase, runCentral, startGateway, TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase, describeOnPostgres } from '../helpers/centre-databases.ts'
import { type SampleFile, sampleFile } from '../helpers/file-stations.ts'

describeOnEachDatabase('bundles at the centre', migrate, (centre) => {
  let content: ContentStore
  let ground: BundleGround
  let folder: string
  let count = 0
  const now = () => new Date()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-centre-'))
    content = await openContent({ folder }, centre.database)
    const identity = await loadIdentity(centre.database, '测试中心', now())
    ground = bundleGroundOf({ database: centre.database, identity, content, now })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const newStation = () => {
    count += 1
    return enrolledStation(centre.database, centre.url, `440282104208-${count}`)
  }
  const take = async (bytes: Buffer) => {
    const answer: Buffer[] = []
    const imported = await takeBundle(ground, memorySource(bytes), '', async (part) => void answer.push(part))
    return { imported, answer: Buffer.concat(answer) }
  }
  const seqsAt = async (station: TestStation) =>
    (
      await centre.database.query<{ seq: number; hash: string }>(
        'select seq, hash from entries where station_id = $1 order by seq',
        [station.id],
      )
    ).map(({ seq, hash }) => ({ seq, hash }))
  const ours = (station: TestStation) => station.entries.map(({ seq, hash }) => ({ seq, hash }))
  const withCases = async (cases: number, files: readonly SampleFile[] = []) => {
    const station = await newStation()
    for (let index = 0; index < cases; index++) {
      const caseId = randomUUID()
      const materials = files.map(({ file }) => ({
        ...{ materialId: randomUUID(), requirementId: 'photo', file, addedAtUtc: '2026-03-02T01:02:03.004Z' },
      }))
      const payload = { ...receivedCase(caseId, `${station.id}-${index}`), materials: index === 0 ? materials : [] }
      station.append({ kind: 'case.received', subject: caseId, payload })
    }
    return station
  }
  const readAnswer = async (station: TestStation, answer: Buffer): Promise<BundleRecord[]> => {
    const source = memorySource(answer)
    const bundle = await checkBundle(source, { signer: () => station.centrePublicKey })
    const records: BundleRecord[] = []
    for await (const record of readRecords(source, bundle, ageIdentityOf(station.keys.privateKey))) records.push(record)
    return records
  }
  const courierOf = (station: TestStation, url: string, bytes: Buffer): BundleCourier => {
    const client = station.client(url)
    onTestFinished(() => client.close())
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return createBundleCourier(client.send, { path: `/v1/stations/${station.id}/bundles/${sha256}` })
  }

  test('takes entries and files once, however often a bundle comes, and answers with acknowledgement and receipts', async () => {
    const files = [sampleFile(700_000), sampleFile(10)]
    const station = await withCases(12, files)
    const bundle = await bundleOf(station, ground.identity, { files })
    const first = await take(bundle)
    const second = await take(bundle)
    const records = await readAnswer(station, second.answer)
    expect([first.imported, second.imported]).toMatchObject([
      { newEntries: 12, files: 2, brokenFiles: 0, gap: false, acknowledged: 12 },
      { newEntries: 0, files: 2, brokenFiles: 0, gap: false, acknowledged: 12 },
    ])
    expect(await seqsAt(station)).toEqual(ours(station))
    expect(await content.has(files[0]?.file.sha256 ?? '')).toBe(true)
    expect(records.map(({ kind }) => kind)).toEqual([
      ...[bundleRecords.acknowledgement, bundleRecords.receipt, bundleRecords.receipt],
    ])
    expect(JSON.parse(records[0]?.bytes.toString() ?? '')).toMatchObject({
      acknowledged: 12,
      hash: station.head.hash,
    })
  })

  test('cut off at any byte of the reading, at the same time as the network, it ends with each entry once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 30 }), fc.nat(20), async (cutAfterReads, pushed) => {
        const station = await withCases(20)
        const bytes = await bundleOf(station, ground.identity, { batch: 3 })
        const whole = memorySource(bytes)
        let reads = 0
        const dying = {
          ...whole,
          read: (offset: number, length: number) => {
            reads += 1
            if (reads > cutAfterReads) throw new Error('the machine went off')
            return whole.read(offset, length)
          },
        }
        const client = station.client(centre.url)
        const byNetwork = pushed === 0 ? Promise.resolve() : client.push(station.batch(1, pushed))
        await Promise.all([
          takeBundle(ground, dying, '', async () => undefined).catch((error: Error) => {
            if (error.message !== 'the machine went off') throw error
          }),
          byNetwork,
        ])
        client.close()
        const { imported } = await take(bytes)
        expect(imported).toMatchObject({ acknowledged: 20, gap: false })
        expect(await seqsAt(station)).toEqual(ours(station))
      }),
      { numRuns: 8 },
    )
  })

  test('with one byte changed anywhere nothing is taken, and the log says so', async () => {
    const station = await withCases(3)
    const bytes = await bundleOf(station, ground.identity)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(bytes)
        changed.writeUInt8((changed[at] ?? 0) ^ flip, at)
        await expect(take(changed)).rejects.toMatchObject({
          error: expect.stringMatching(/^(bundle_unreadable|station_unknown)$/),
        })
      }),
      { numRuns: 60 },
    )
    expect(await seqsAt(station)).toEqual([])
    expect((await listBundles(centre.database)).some(({ outcome }) => outcome === 'bundle_unreadable')).toBe(true)
  })

  test('refuses an unknown station, another centre, a foreign signature and its own answers', async () => {
    const station = await withCases(2)
    const stranger = new TestStation('440282104999-9')
    stranger.receive('1')
    const forger = new TestStation(station.id)
    forger.receive('1')
    const elsewhere = { centreId: 'another-centre', publicKey: makeKeyPair().publicKey }
    const { answer } = await take(await bundleOf(station, ground.identity))
    const outcomes = [
      await bundleOf(stranger, ground.identity),
      await bundleOf(station, elsewhere),
      await bundleOf(forger, ground.identity),
      answer,
    ].map((bytes) => take(bytes).catch((error) => [error.error, error.message]))
    expect(await Promise.all(outcomes)).toEqual([
      ['station_unknown', '中心没有登记过这个窗口'],
      ['bundle_unreadable', '这个文件是给另一个中心的'],
      ['bundle_unreadable', 'U盘上的文件不完整，或被改动过，什么也没有收'],
      ['bundle_unreadable', '这是中心的回执，不是窗口带来的文件'],
    ])
  })

  test('a clone is refused whole and kept as evidence; what was there stays', async () => {
    const station = await withCases(3)
    const clone = station.clone()
    station.receive('其一')
    clone.receive('其二')
    await take(await bundleOf(station, ground.identity))
    await expect(take(await bundleOf(clone, ground.identity, { from: 4 }))).rejects.toMatchObject({ error: 'fork' })
    expect(await seqsAt(station)).toEqual(ours(station))
    const forks = await centre.database.query('select seq from forks where station_id = $1', [station.id])
    expect(forks).toEqual([{ seq: 4 }])
  })

  test('where earlier entries are missing, the answer says where the centre stands and nothing is taken', async () => {
    const station = await withCases(6)
    const { imported, answer } = await take(await bundleOf(station, ground.identity, { from: 4 }))
    const [acknowledgement] = await readAnswer(station, answer)
    expect(imported).toMatchObject({ gap: true, newEntries: 0, acknowledged: 0 })
    expect(JSON.parse(acknowledgement?.bytes.toString() ?? '')).toMatchObject({ acknowledged: 0 })
    expect(await seqsAt(station)).toEqual([])
  })

  test('a file that is not what it says, or that no entry names, stays out and the others come in', async () => {
    const good = sampleFile(300_000)
    const bad = sampleFile(300_000)
    const unnamed = sampleFile(1000)
    const station = await withCases(1, [good, bad])
    const broken = { file: bad.file, bytes: Buffer.concat([bad.bytes.subarray(1), Buffer.from([0])]) }
    const { imported } = await take(await bundleOf(station, ground.identity, { files: [broken, unnamed, good] }))
    expect(imported).toMatchObject({ newEntries: 1, files: 1, brokenFiles: 2 })
    expect(await Promise.all([good, bad, unnamed].map(({ file }) => content.has(file.sha256)))).toEqual([
      true,
      false,
      false,
    ])
  })

  test('where the centre has no place for files, those of a bundle are counted as not taken', async () => {
    const files = [sampleFile(2000), sampleFile(10)]
    const station = await withCases(1, files)
    const bundle = memorySource(await bundleOf(station, ground.identity, { files }))
    const imported = await takeBundle({ ...ground, files: undefined }, bundle, '', async () => undefined)
    expect(imported).toMatchObject({ newEntries: 1, files: 0, brokenFiles: 2 })
  })

  test('couriers hand it over in pieces at several gateways, go on after a cut, and fetch the answer', async () => {
    const station = await withCases(40)
    const courier = await newStation()
    const bytes = await bundleOf(station, ground.identity, { batch: 2 })
    const second = await startGateway(centre.database, now, content)
    onTestFinished(() => second.stop())
    let reads = 0
    const cut = {
      sizeBytes: bytes.length,
      read: async (offset: number, length: number) => {
        reads += 1
        if (reads > 1) throw new Error('the link was cut')
        return bytes.subarray(offset, offset + Math.min(length, 5_000))
      },
    }
    await expect(courierOf(courier, centre.url, bytes).upload(cut, () => undefined)).rejects.toThrow('the link was cut')
    const goingOn = courierOf(courier, second.url, bytes)
    const kept: number[] = []
    await goingOn.upload(memorySource(bytes), (size) => kept.push(size))
    const { imported, answerBytes } = await goingOn.takeIn()
    const answer: Buffer[] = []
    await courierOf(courier, centre.url, bytes).answer(answerBytes, async (part) => void answer.push(part))
    const records = await readAnswer(station, Buffer.concat(answer))
    expect(kept[0]).toBe(5_000)
    expect(imported).toMatchObject({ stationId: station.id, newEntries: 40 })
    expect(records.map(({ kind }) => kind)).toEqual([bundleRecords.acknowledgement])
    expect(await seqsAt(station)).toEqual(ours(station))
    expect((await listBundles(centre.database))[0]).toMatchObject({ courier: courier.id, outcome: 'taken' })
    expect(second.bugs).toEqual([])
  })

  test('a courier with a bundle for another centre hears so with the first piece', async () => {
    const courier = await newStation()
    const station = await withCases(1)
    const bytes = await bundleOf(station, { centreId: 'another-centre', publicKey: makeKeyPair().publicKey })
    await expect(
      courierOf(courier, centre.url, bytes).upload(memorySource(bytes), () => undefined),
    ).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED' })
    const uploads = await centre.database.query('select sha256 from bundle_uploads where courier = $1', [courier.id])
    expect(uploads).toEqual([])
  })
})

describeOnPostgres("the office's command line", (makeDatabase) => {
  test('takes a stick with its files into the folder that it is told, and nothing where it is told none', async () => {
    const DATABASE_URL = await makeDatabase()
    const folder = mkdtempSync(join(tmpdir(), 'bundle-office-'))
    const database = openPostgres(DATABASE_URL)
    await migrate(database)
    const gateway = await startGateway(database)
    onTestFinished(async () => {
      await gateway.stop()
      await database.close()
      rmSync(folder, { recursive: true })
    })
    const station = await enrolledStation(database, gateway.url, '440282104208-1')
    const photo = sampleFile(300_000)
    const caseId = randomUUID()
    const materials = [
      { materialId: randomUUID(), requirementId: 'photo', file: photo.file, addedAtUtc: '2026-03-02T01:02:03.004Z' },
    ]
    const payload = { ...receivedCase(caseId, `${station.id}-1`), materials }
    station.append({ kind: 'case.received', subject: caseId, payload })
    const identity = await loadIdentity(database, '', new Date())
    writeFileSync(join(folder, 'stick'), await bundleOf(station, identity, { files: [photo] }))
    const take = (answer: string, ...words: string[]) =>
      runCentral(['bundle', 'import', join(folder, 'stick'), '--out', join(folder, answer), ...words], { DATABASE_URL })
    const files = ['--files', join(folder, 'files')]

    const untold = await take('none')
    const told = await take('answer', ...files)
    const fetched = await runCentral(['files', caseId, '--out', join(folder, 'out')], {
      DATABASE_URL,
      CENTRAL_FILES: join(folder, 'files'),
    })

    expect([untold.code, untold.stdout, untold.stderr]).toEqual([
      1,
      '',
      expect.stringContaining('请像 central serve 那样写上 --files'),
    ])
    expect([told.stderr, told.stdout]).toEqual(['', expect.stringContaining('1 条新记录、1 个文件')])
    expect([fetched.stderr, fetched.code]).toEqual(['', 0])
    expect(readFileSync(join(folder, 'out', photo.file.name)).equals(photo.bytes)).toBe(true)
  })
})
