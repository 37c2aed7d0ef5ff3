import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { CatalogueStatus } from '../../preload/contract/catalogue.ts'
import { type CentreProcess, runCentral, startCentre } from '../helpers/centre.ts'
import {
  type DeskUnderTest,
  freshFolder,
  loginTraining,
  removeFolder,
  resourcesFolder,
  startDesk,
} from '../helpers/desk.ts'
import { readyDraft } from '../helpers/intake.ts'
import { programs } from '../helpers/programs.ts'
import { rebuiltTables } from '../helpers/rebuild.ts'

// Each test stands on the one before it: one that fails must not have the others wait for long.
vi.setConfig({ testTimeout: 60_000 })

/** The county's own training window, where the publisher's key lies, and a village's; one centre for both. */
const county = '440282001001'
const village = '440282113201'
const allowanceId = 'SAMPLE-GLJT'

type Desk = { readonly folder: string; readonly division: string; desk: DeskUnderTest; sessionId: string }

const root = freshFolder()
const at = (name: string) => join(root, name)
let centre: CentreProcess
let publisher: Desk
let window: Desk

const flags = (division: string) => [
  ...['--training', '--cheap-pins', '--check-outputs', '--division', division],
  ...['--centre-url', centre.url, '--centre-data', at('centre')],
]

async function open(folder: string, division: string): Promise<Desk> {
  const desk = await startDesk(folder, flags(division))
  return { folder, division, desk, sessionId: (await loginTraining(desk)).sessionId }
}

const status = ({ desk, sessionId }: Desk): Promise<CatalogueStatus> => desk.ask('catalogue.status', {}, sessionId)

/** Reads the catalogue's state at every event of the desk until it is as wanted. */
async function until(one: Desk, isWanted: (found: CatalogueStatus) => boolean): Promise<CatalogueStatus> {
  const events = await one.desk.events()
  try {
    for (;;) {
      const found = await status(one)
      if (isWanted(found)) return found
      await events.next('changed', 'sync')
    }
  } finally {
    events.stop()
  }
}

type Said = { readonly code: number | null; readonly out: string; readonly err: string }

async function standards(...words: string[]): Promise<Said> {
  const child: ChildProcess = spawn(process.execPath, [programs.cli, 'standards', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    said.out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    said.err += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...said }
}

const central = async (...words: string[]) => {
  const said = await runCentral([...words, '--data', at('centre'), '--json'])
  if (said.code !== 0) throw new Error(said.stderr)
  return JSON.parse(said.stdout)
}

/** The sample catalogue with one matter changed, as a folder. */
function folderWith(name: string, version: number, change: Record<string, unknown>): string {
  const folder = at(name)
  cpSync(join(resourcesFolder, 'catalogue'), folder, { recursive: true })
  cpSync(join(resourcesFolder, 'holidays.json'), join(folder, 'holidays.json'))
  const file = join(folder, 'elderly-allowance.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version, ...change }))
  return folder
}

const training = (one: Desk) => JSON.parse(readFileSync(join(one.folder, 'training.json'), 'utf8'))
const key = () => ['--key', join(publisher.folder, 'publisher-key.json'), '--pin-file', at('publisher.pin')]

beforeAll(async () => {
  mkdirSync(at('centre'), { recursive: true })
  centre = await startCentre(at('centre'))
  publisher = await open(at('county'), county)
  await until(publisher, () => true)
  writeFileSync(at('publisher.pin'), training(publisher).publisherPin)
})
afterAll(async () => {
  for (const one of [publisher, window]) await one?.desk.kill('SIGTERM')
  await centre.kill('SIGTERM')
  removeFolder(root)
})

describe('the samples of training', () => {
  test('are release 1 of a publisher who is made with the station and registered at its centre; the next station takes his', async () => {
    const own = await status(publisher)
    const events = await publisher.desk.events()
    for (;;) {
      const { acknowledgedSeq, unsentEntries, online } = await publisher.desk.ask(
        'sync.status',
        {},
        publisher.sessionId,
      )
      if (online && acknowledgedSeq > 0 && unsentEntries === 0) break
      await events.next('sync')
    }
    events.stop()
    window = await open(at('village'), village)
    const there = await until(window, ({ publisher: key }) => key === own.publisher)
    const followed = await until(window, ({ inForce }) => inForce?.sha256 === own.inForce?.sha256)
    const publishers = await central('publisher', 'list')
    expect([own.inForce?.release, followed.inForce?.release, there.refused, publishers.length]).toEqual([1, 1, [], 1])
    expect(readFileSync(join(publisher.folder, 'publisher-key.json'), 'utf8')).not.toContain(
      training(publisher).publisherPin,
    )
  })
})

describe('a release from the command line', () => {
  let caseId: string

  test('reaches the village that it is for and no other; its case in hand keeps the old standard', async () => {
    caseId = await readyDraft(window.desk, window.sessionId, 1)
    await window.desk.ask('drafts.receive', { draftId: caseId }, window.sessionId)
    await central('releases', 'export', '1', '--out', at('first.cunrelease'))
    const folder = folderWith('second', 2, { department: '南雄市民政局（试点）' })
    const built = await standards(
      'build',
      folder,
      '--out',
      at('second.cunrelease'),
      '--previous',
      at('first.cunrelease'),
      '--targets',
      village,
      '--note',
      '高龄津贴改由试点单位办',
    )
    expect([
      built.code,
      built.out
        .split('\n')
        .slice(0, 2)
        .map((line) => line.slice(0, 12)),
    ]).toEqual([0, ['第 2 次发布已做好：2', expect.stringMatching(/^改动 {2}事项 /)]])
    const unsigned = await standards('publish', at('second.cunrelease'), '--data', at('centre'))
    expect([unsigned.code, unsigned.err.split('。')[0]]).toEqual([1, '这次发布还没有签名'])
    expect((await standards('sign', at('second.cunrelease'), ...key())).code).toBe(0)
    const impact = await central('releases', 'impact', at('second.cunrelease'))
    const told = await runCentral(['releases', 'impact', at('second.cunrelease'), '--data', at('centre')])
    const named = await central('station', 'desk', `${village}-1`)
    const none = await central('station', 'desk', `${village}-1`, '--remove')
    expect([impact.meant, impact.enrolled, impact.silent, told.stdout.split('\n')[0]]).toEqual([
      ...[1, 2, 0],
      '发给 1 个窗口（登记了 2 个），其中 0 个已有 7 天没有音信。',
    ])
    expect([named.map((desk: { stationId: string }) => desk.stationId), none]).toEqual([[`${village}-1`], []])
    const published = await standards('publish', at('second.cunrelease'), '--data', at('centre'))
    expect(published.out).toMatch(/^中心已收下第 2 次发布，已通知 1 个窗口，/)
    const there = await until(window, ({ inForce }) => inForce?.release === 2)
    expect(there.inForce?.changes).toMatchObject([{ kind: 'matter', id: allowanceId, fromVersion: 1, toVersion: 2 }])
    const inForce = await window.desk.ask('matters.get', { itemId: allowanceId }, window.sessionId)
    const pinned = await window.desk.ask('cases.get', { caseId }, window.sessionId)
    const old = await window.desk.ask('matters.get', { itemId: allowanceId, version: 1 }, window.sessionId)
    expect([
      inForce.department,
      pinned.standardVersion,
      old.department === inForce.department,
      (await status(publisher)).inForce?.release,
    ]).toEqual(['南雄市民政局（试点）', 1, false, 1])
  })

  test('comes by a file to a window that is cut off, is checked the same way, and the link has nothing to add', async () => {
    await window.desk.ask('sync.setLink', { on: false }, window.sessionId)
    const login = ['--data', window.folder, '--account', 'yanlian', '--pin-file', at('pin')]
    writeFileSync(at('pin'), training(window).pin)
    const folder = folderWith('third', 3, { department: '南雄市民政局' })
    const third = at('third.cunrelease')
    await standards('build', folder, '--out', third, '--previous', at('second.cunrelease'))
    const unsigned = await standards('apply', third, ...login)
    await standards('sign', third, ...key())
    const broken = readFileSync(third)
    broken[500] = (broken[500] ?? 0) ^ 1
    writeFileSync(at('broken.cunrelease'), broken)
    const refusals = [
      unsigned,
      await standards('apply', at('broken.cunrelease'), ...login),
      await standards('apply', at('first.cunrelease'), ...login),
    ]
    expect(refusals.map(({ code, err }) => [code, err.split('。')[0]])).toEqual([
      [1, '这次发布还没有签名'],
      [1, '这个事项标准发布文件读不了：不完整，或被改动过'],
      // The first release is here already: there is nothing to take, and nothing to refuse.
      [0, ''],
    ])
    expect((await status(window)).inForce?.release).toBe(2)
    const applied = await standards('apply', third, ...login)
    expect([applied.code, applied.out]).toEqual([0, '第 3 次发布已读入，已经生效。\n'])
    await standards('publish', third, '--data', at('centre'))
    await until(publisher, ({ inForce }) => inForce?.release === 3)
    await window.desk.ask('sync.setLink', { on: true }, window.sessionId)
    await window.desk.ask('sync.now', {}, window.sessionId)
    const adoption = await central('releases', 'adoption', '3')
    const { waiting, refused } = await status(window)
    expect([waiting, refused, adoption.targeted, adoption.applied]).toEqual([[], [], 2, expect.any(Number)])
  })

  test('of a key that handed over is taken with the new key; what is wrong with a key or a time is said', async () => {
    writeFileSync(at('new.pin'), '864209\n')
    const rotated = await standards(
      'keys',
      'rotate',
      at('new-key.json'),
      '--new-pin-file',
      at('new.pin'),
      ...key(),
      '--previous',
      at('third.cunrelease'),
      '--out',
      at('fourth.cunrelease'),
    )
    await standards('publish', at('fourth.cunrelease'), '--data', at('centre'))
    const folder = folderWith('fifth', 4, { department: '南雄市民政局社会事务股' })
    const build = (name: string, ...more: string[]) =>
      standards('build', folder, '--out', at(name), '--previous', at('fourth.cunrelease'), ...more)
    await build('fifth.cunrelease')
    const sign = (pinFile: string, keyFile: string) =>
      standards('sign', at('fifth.cunrelease'), '--key', at(keyFile), '--pin-file', at(pinFile))
    const wrongPin = await sign('publisher.pin', 'new-key.json')
    await sign('new.pin', 'new-key.json')
    await standards('publish', at('fifth.cunrelease'), '--data', at('centre'))
    const there = await until(window, ({ inForce }) => inForce?.release === 5)
    const shown = await standards('show', at('fifth.cunrelease'))
    const odd = [
      await build('x', '--effective', '2026-02-30'),
      await build('x', '--effective', '2020-01-01'),
      await build('x', '--targets', '4402'),
    ]
    expect([
      rotated.code,
      wrongPin.err.split('。')[0],
      there.publisher === (await status(publisher)).publisher,
      shown.code,
    ]).toEqual([0, '发布密钥的口令不对', true, 0])
    expect(shown.out).toContain('状态  完整')
    expect(odd.map(({ code, err }) => [code, err.split('。')[0]])).toEqual([
      [2, expect.stringContaining('--effective')],
      [1, '这次发布的生效时间不合理：它写的生效时间比制作时间还早'],
      [2, expect.stringContaining('4402')],
    ])
  })

  test('is whole or not there at a desk that is killed while it comes', async () => {
    const folder = folderWith('sixth', 5, { department: '南雄市民政局（新）' })
    const sixth = at('sixth.cunrelease')
    await standards('build', folder, '--out', sixth, '--previous', at('fifth.cunrelease'))
    await standards('sign', sixth, '--key', at('new-key.json'), '--pin-file', at('new.pin'))
    const events = await window.desk.events()
    await standards('publish', sixth, '--data', at('centre'))
    await events.next('changed')
    events.stop()
    await window.desk.kill('SIGKILL')
    window = await open(window.folder, village)
    await until(window, ({ inForce }) => inForce?.release === 6)
    const storeKey = await window.desk.key()
    await window.desk.kill('SIGTERM')
    const { before, after } = await rebuiltTables(window.folder, storeKey)
    expect(after).toEqual(before)
    window = await open(window.folder, village)
  })
})
