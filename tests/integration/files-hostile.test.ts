import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openEmbedded } from '../../central/database.ts'
import { openContent } from '../../central/files/content.ts'
import { migrate } from '../../central/migrations/index.ts'
import type { StoredFile } from '../../preload/contract/entries.ts'
import { enrolledStation, startGateway, type TestGateway, type TestStation } from '../helpers/centre.ts'
import { receiveWithFiles, type SampleFile, sampleFile, tusRequest } from '../helpers/file-stations.ts'

const folder = mkdtempSync(join(tmpdir(), 'files-hostile-'))
let database: Database
let gateway: TestGateway
let owner: TestStation
let other: TestStation
let sent: SampleFile

const announce = (station: TestStation, file: Pick<StoredFile, 'sha256' | 'sizeBytes'>, copyOf?: string) => {
  const copy = copyOf === undefined ? 'class=original' : `class=copy&copyOf=${copyOf}`
  const headers = { 'upload-length': String(file.sizeBytes) }
  return tusRequest(station, gateway.url, 'POST', `?sha256=${file.sha256}&size=${file.sizeBytes}&${copy}`, { headers })
}

describe('a file that another window has sent', () => {
  beforeAll(async () => {
    database = await openEmbedded()
    await migrate(database)
    gateway = await startGateway(database, undefined, await openContent({ folder }, database))
    owner = await enrolledStation(database, gateway.url, '440282104208-1')
    other = await enrolledStation(database, gateway.url, '440282104209-1')
    sent = sampleFile(5_000)
    await receiveWithFiles(owner, gateway.url, 'A-1', [sent.file])
    const query = `?sha256=${sent.file.sha256}&size=5000&class=original`
    const options = { headers: { 'upload-length': '5000' }, body: sent.bytes }
    expect((await tusRequest(owner, gateway.url, 'POST', query, options)).status).toBe(201)
  })
  afterAll(async () => {
    await gateway.stop()
    await database.close()
    rmSync(folder, { recursive: true })
    expect(gateway.bugs).toEqual([])
  })

  test('is not confirmed to whoever knows its hash alone and calls it a copy of a file of his own', async () => {
    const own = sampleFile(100)
    await receiveWithFiles(other, gateway.url, 'B-1', [own.file])
    const begun = await announce(other, { sha256: sent.file.sha256, sizeBytes: 77 }, own.file.sha256)
    expect([begun.status, await begun.text()]).toEqual([201, ''])
    const receipt = await tusRequest(other, gateway.url, 'GET', `/${sent.file.sha256}/receipt`)
    expect(receipt.status).toBe(404)
    expect(await database.query(`select 1 as one from station_files where station_id = $1`, [other.id])).toEqual([])
  })

  test('is not confirmed under another size either', async () => {
    const lie = { ...sent.file, sizeBytes: 4_999 }
    await receiveWithFiles(other, gateway.url, 'B-2', [lie])
    const refused = await announce(other, lie)
    expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([422, 'file_mismatch'])
  })

  test('can neither be asked for nor written to by another window', async () => {
    for (const [method, path] of [
      ['HEAD', ''],
      ['GET', '/receipt'],
      ['PATCH', ''],
    ] as const) {
      const options = method === 'PATCH' ? { headers: { 'upload-offset': '0' }, body: Buffer.from('x') } : {}
      const stranger = await enrolledStation(database, gateway.url, `440282104210-${method.length}${path.length}`)
      expect((await tusRequest(stranger, gateway.url, method, `/${sent.file.sha256}${path}`, options)).status).toBe(404)
    }
  })
})
