import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cellsOf, tableLines } from '../../main/cli/table.ts'
import { idCheckDigit } from '../../preload/contract/identity.ts'
import { type DeskUnderTest, exited, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { programs } from '../helpers/programs.ts'

const folder = freshFolder()
const pinFile = join(folder, 'pin.txt')
const login = ['--account', 'yanlian', '--pin-file', pinFile]
let desk: DeskUnderTest
let localNumber: string

type Said = { readonly code: number | null; readonly out: string; readonly err: string }

async function cli(argv: readonly string[], data = folder): Promise<Said> {
  const child: ChildProcess = spawn(process.execPath, [programs.cli, ...argv], {
    env: { ...process.env, CUNCHUANG_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out, err }
}

/** Takes in one 城乡居民养老参保登记 by the calls that the window makes. */
async function receiveOne(): Promise<string> {
  const { sessionId } = await loginTraining(desk)
  const draft = await desk.ask('drafts.create', { itemId: 'SAMPLE-CJYL' }, sessionId)
  const first17 = '99999919900101001'
  const answers = {
    name: '张三',
    idNumber: `${first17}${idCheckDigit(first17)}`,
    sex: 'male',
    birthDate: '1990-01-01',
    phone: '13800138000',
    division: '440282113201',
    address: '珠玑村一组',
    householdHere: 'yes',
    student: 'no',
    employeeCovered: 'no',
    agent: 'no',
  }
  const check = await desk.ask('drafts.save', { draftId: draft.draftId, answers }, sessionId)
  const pdf = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'pdf', 'pdf-lib-table.pdf'))
  for (const { requirementId } of check.materials.filter(({ state }) => state === 'missing')) {
    await desk.put({ draft: draft.draftId, requirement: requirementId, name: '材料.pdf' }, pdf, sessionId)
  }
  const received = await desk.ask('drafts.receive', { draftId: draft.draftId }, sessionId)
  return received.localNumber
}

beforeAll(async () => {
  desk = await startDesk(folder)
  const { pin } = JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8')) as { pin: string }
  writeFileSync(pinFile, `${pin}\n`)
  localNumber = await receiveOne()
})

afterAll(async () => {
  if (desk.process.exitCode === null) await desk.kill('SIGTERM')
  removeFolder(folder)
})

describe('wrong usage ends with 2, a sentence on stderr and nothing on stdout', () => {
  test.each([
    [['cases', 'fly'], '没有 cases fly 这个命令'],
    [[], '没有写命令'],
    [['cases', 'list', '--colour'], '--colour'],
    [['cases', 'list', '--view', 'secret', ...login], '没有 secret 这个视图'],
    [['cases', 'list', '--limit', '0', ...login], '--limit'],
    [['cases', 'show', ...login], 'cases show 要写一个编号'],
    [['sync', 'now', '--query', 'x', ...login], '只用于 cases list'],
    [['cases', 'list'], '--account'],
    [['seal', 'melt'], '没有 melt 这个命令'],
  ])('%j', async (argv, words) => {
    const said = await cli(argv)
    expect(said).toMatchObject({ code: 2, out: '' })
    expect(said.err).toContain(words)
    expect(said.err.trim().split('\n')).toHaveLength(1)
  })
})

test('--help tells every command and ends with 0', async () => {
  const { code, out } = await cli(['--help'])
  expect(code).toBe(0)
  for (const command of ['cases list', 'cases show', 'ledger verify', 'sync now', 'station show', 'seal apply']) {
    expect(out).toContain(command)
  }
})

describe('beside a running desk', () => {
  test('tells the station without a login, and never the training PINs', async () => {
    const { code, out } = await cli(['station', 'show', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ stationId: '440282113201-1', mode: 'training', townName: '珠玑镇' })
    expect(out).not.toContain('"pin"')
  })

  test('lists and shows the case, by the end of its number too', async () => {
    const list = await cli(['cases', 'list', ...login])
    expect(list).toMatchObject({ code: 0, err: '' })
    expect(list.out).toContain(localNumber)
    expect(list.out).toContain('张*')
    const shown = await cli(['cases', 'show', localNumber.slice(-13), ...login, '--json'])
    expect(JSON.parse(shown.out)).toMatchObject({ summary: { localNumber, delivery: 'stored-here' } })
    const words = await cli(['cases', 'show', localNumber, ...login])
    expect(words.out).toContain('本机已存')
    expect(words.out).not.toContain('13800138000')
  })

  test('ends with 1 and a sentence for what is not there or not right', async () => {
    const missing = await cli(['cases', 'show', '20990101-0001', ...login])
    expect(missing).toMatchObject({ code: 1, out: '' })
    expect(missing.err).toContain('没有找到编号 20990101-0001 的办件')
    const noPin = await cli(['cases', 'list', '--account', 'yanlian', '--pin-file', join(folder, 'none')])
    expect(noPin).toMatchObject({ code: 1 })
    expect(noPin.err).toContain('没有找到文件 none')
    const wrong = join(folder, 'wrong.txt')
    writeFileSync(wrong, 'not-it')
    const refused = await cli(['cases', 'list', '--account', 'yanlian', '--pin-file', wrong])
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.err).toContain('口令不对')
  })

  test('says in words that a try to send failed', async () => {
    const said = await cli(['sync', 'now', ...login])
    expect(said).toMatchObject({ code: 1, out: '' })
    expect(said.err).toContain('连不上中心')
    const status = await cli(['sync', 'status', ...login, '--json'])
    expect(JSON.parse(status.out)).toMatchObject({ acknowledgedSeq: 0, unsentCases: 1 })
  })
})

describe('with nobody running', () => {
  beforeAll(async () => {
    await desk.kill('SIGKILL')
    await exited(desk.process)
  })

  test('opens the folder itself after a crash, and lets it go again', async () => {
    for (const _ of [1, 2]) {
      const said = await cli(['ledger', 'verify', ...login, '--json'])
      expect(said).toMatchObject({ code: 0, err: '' })
      expect(JSON.parse(said.out)).toMatchObject({ ok: true, brokenAt: null })
    }
    expect(existsSync(join(folder, 'owner.json'))).toBe(false)
    const shown = await cli(['cases', 'show', localNumber, ...login])
    expect(shown.code).toBe(0)
  })

  test('makes nothing where there is no station', async () => {
    const empty = join(folder, 'nothing-here')
    const said = await cli(['station', 'show', '--data', empty])
    expect(said).toMatchObject({ code: 1, out: '' })
    expect(said.err).toContain('没有找到')
    expect(existsSync(empty)).toBe(false)
  })
})

test('a table counts Chinese characters as two cells and shows no control characters', () => {
  expect(cellsOf('张三a，')).toBe(7)
  const lines = tableLines(
    ['姓名', 'id'],
    [
      ['张三丰', '1'],
      ['a\u001b[31m', '22'],
    ],
  )
  expect(lines).toEqual(['姓名    id', '──────  ──', '张三丰  1', 'a·[31m  22'])
})
