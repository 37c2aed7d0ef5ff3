import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openPostgres } from '../../central/database.ts'
import { openContent } from '../../central/files/content.ts'
import { type CentreProcess, runCentral, startCentre, startCountyGateway } from '../helpers/centre.ts'
import { describeOnPostgres } from '../helpers/centre-databases.ts'
import { type FileDesk, openFileDesk } from '../helpers/file-desk.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'
import { root } from '../helpers/programs.ts'
import { startS3 } from '../helpers/s3-server.ts'
import { temporaryFolder } from '../helpers/store.ts'

let folder: string
let centre: CentreProcess
let link: LinkEmulator
let desk: FileDesk

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cunchuang-files-'))
  centre = await startCentre(folder)
  link = await startLinkEmulator(centre.url)
  desk = openFileDesk(folder)
  const { stdout } = await runCentral(['enrolment-code', desk.store.station.read().id, '--data', folder])
  await desk.enrolWith(stdout.trim(), centre.url)
})
afterEach(async () => {
  desk.close()
  await link.stop()
  await centre.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe('in the middle of a file', () => {
  it('a killed centre goes on from what it had written, and the office gets the file by its name', async () => {
    const file = await desk.keep(900_000, '../户口本.jpg')
    const caseId = desk.receive([file])
    await desk.exchange(centre.url)
    link.shape({ upBytesPerSecond: 300_000 })
    const running = desk.send(link.url).catch((error: { code?: string }) => error.code)
    await link.passed(500_000)
    await centre.kill('SIGKILL')
    expect(await running).toBe('CENTRE_UNREACHABLE')
    centre = await startCentre(folder)
    link.target(centre.url)

    await desk.send(link.url)

    expect(desk.files.waitingOf(caseId)).toBe(0)
    expect(link.upBytes() - file.sizeBytes).toBeLessThan(64 << 10)
    const out = join(folder, 'out')
    const said = await runCentral(['files', caseId, '--out', out, '--data', folder])
    expect([said.code, said.stderr]).toEqual([0, ''])
    const bytes: Buffer[] = []
    for await (const part of desk.context.blobs.read(file.sha256)) bytes.push(part)
    expect(readFileSync(join(out, '_户口本.jpg')).equals(Buffer.concat(bytes))).toBe(true)
    const listed = await runCentral(['cases', '--data', folder])
    expect(listed.stdout).toContain('文件 1/1')
  })

  it('a killed desk goes on from what the centre has', async () => {
    const file = await desk.keep(900_000)
    const caseId = desk.receive([file])
    await desk.exchange(centre.url)
    desk.close()
    link.shape({ upBytesPerSecond: 300_000 })
    const sender = spawn(process.execPath, ['tests/helpers/file-sender.ts', folder, link.url], {
      ...{ cwd: root, stdio: 'ignore', env: { ...process.env, NODE_NO_WARNINGS: '1' } },
    })
    const ended = once(sender, 'exit')
    await link.passed(500_000)
    sender.kill('SIGKILL')
    await ended
    desk = openFileDesk(folder, false)

    await desk.send(link.url)

    expect(desk.files.waitingOf(caseId)).toBe(0)
    expect(link.upBytes() - file.sizeBytes).toBeLessThan(64 << 10)
  })
})

describeOnPostgres('two gateways over S3', (makeDatabase) => {
  it('one goes on with what the other had stored when it was killed in the middle of a file', async () => {
    const databaseUrl = await makeDatabase()
    const s3 = await startS3()
    const gateways = [await startCountyGateway(databaseUrl, s3.place), await startCountyGateway(databaseUrl, s3.place)]
    onTestFinished(async () => {
      for (const gateway of gateways) await gateway.kill('SIGKILL')
      await s3.stop()
    })
    const [first, second] = gateways as [CentreProcess, CentreProcess]
    using place = temporaryFolder()
    const database = openPostgres(databaseUrl)
    const sender = openFileDesk(place.path)
    await sender.enrol(database, first.url)
    link.target(first.url)
    const file = await sender.keep(1_500_000)
    const caseId = sender.receive([file])
    await sender.exchange(first.url)
    link.shape({ upBytesPerSecond: 500_000 })
    const running = sender.send(link.url).catch((error: { code?: string }) => error.code)
    await link.passed(900_000)
    await first.kill('SIGKILL')
    expect(await running).toBe('CENTRE_UNREACHABLE')
    link.shape({ upBytesPerSecond: undefined })
    link.target(second.url)
    const before = link.upBytes()

    // Its lock is still held: the station is told to come again.
    while (sender.files.waitingOf(caseId) > 0) {
      await sender.send(link.url).catch(({ details }) => expect(details.reason).toBe('busy'))
      sender.files.tryNow()
    }

    // Lost is at most the piece that the killed gateway held in memory, and what was on the way to it.
    expect(link.upBytes() - before).toBeLessThan(file.sizeBytes - 900_000 + (256 << 10) + (128 << 10))
    const content = await openContent(s3.place, database)
    const parts: Buffer[] = []
    for await (const part of await content.open(file.sha256)) parts.push(part)
    expect(createHash('sha256').update(Buffer.concat(parts)).digest('hex')).toBe(file.sha256)
    sender.close()
    await database.close()
  })
})
