import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../main/store/index.ts'
import { migrations } from '../../main/store/migrations/index.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import type { ErrorCode } from '../../preload/contract/errors.ts'
import { failureLine } from '../../preload/contract/sentences.ts'
import {
  type DeskRefused,
  type DeskUnderTest,
  freshFolder,
  loginTraining,
  removeFolder,
  startDesk,
} from '../helpers/desk.ts'
import { readyDraft } from '../helpers/intake.ts'
import { programs } from '../helpers/programs.ts'
import { noSmallDisk, smallDisk } from '../helpers/small-disk.ts'

const folders: string[] = []
const desks: DeskUnderTest[] = []

const folder = () => {
  const made = freshFolder()
  folders.push(made)
  return made
}
const start = async (dataFolder: string, args?: readonly string[]) => {
  const desk = await startDesk(dataFolder, args)
  desks.push(desk)
  return desk
}

afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.kill('SIGKILL')
  for (const made of folders.splice(0)) removeFolder(made)
})

/** What a start that must fail says, and its exit code. */
async function refusal(dataFolder: string, args?: readonly string[]) {
  const refused: DeskRefused = await start(dataFolder, args).then(
    () => Promise.reject(new Error('it started')),
    (error: DeskRefused) => error,
  )
  return { exitCode: refused.exitCode, said: refused.message.trim() }
}

const sentence = (code: ErrorCode, details = {}) => failureLine({ code, details })

describe('a data folder', () => {
  it('is opened by one process: the second is told so and the first goes on', async () => {
    const data = folder()
    const first = await start(data)
    const second = await refusal(data)
    const { sessionId } = await loginTraining(first)
    expect(second).toEqual({ exitCode: 1, said: sentence('FOLDER_IN_USE') })
    expect((await first.call('matters.list', {}, sessionId)).ok).toBe(true)
  })

  it('is free again after a crash, and owner.json is gone after a clean end', async () => {
    const data = folder()
    await (await start(data)).kill('SIGKILL')
    const again = await start(data)
    await loginTraining(again)
    const exitCode = await again.kill('SIGTERM')
    expect([exitCode, existsSync(join(data, 'owner.json'))]).toEqual([0, false])
  })

  it('gets a proved copy of the store at a clean end', async () => {
    const data = folder()
    const desk = await start(data)
    await loginTraining(desk)
    const key = Buffer.from(await desk.key(), 'base64')
    await desk.kill('SIGTERM')
    const copies = spawnSync('ls', [join(data, 'backups')], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
    const store = openStore({
      file: join(data, 'backups', copies[0] ?? ''),
      key: new Uint8Array(key),
      clock: systemClock,
      readonly: true,
    })
    const verdict = store.ledger.verify()
    store.close()
    expect([copies.length, verdict.ok]).toEqual([1, true])
  })

  it('without a station is left alone when no training station is wanted', async () => {
    const data = folder()
    expect(await refusal(data, [])).toEqual({ exitCode: 1, said: sentence('NOT_FOUND', { what: '本机的窗口登记' }) })
    expect(existsSync(join(data, 'station.db'))).toBe(false)
  })

  it('stands in the village that was chosen, and in none that does not exist', async () => {
    const desk = await start(folder(), ['--training', '--cheap-pins', '--division', '440282113202'])
    const status = await desk.call('station.status', {})
    expect(status).toMatchObject({ value: { stationId: '440282113202-1', villageName: '洋湖村委会' } })
    const wrong = await refusal(folder(), ['--training', '--division', '110000000000'])
    expect(wrong).toEqual({ exitCode: 1, said: sentence('NOT_FOUND', { what: '这个村居' }) })
  })

  it('with a store from a newer program is refused at login, unchanged', async () => {
    const data = folder()
    const first = await start(data)
    await loginTraining(first)
    const key = new Uint8Array(Buffer.from(await first.key(), 'base64'))
    await first.kill('SIGTERM')
    const file = join(data, 'station.db')
    const next = { version: migrations.length + 1, name: 'of-tomorrow', sql: 'CREATE TABLE tomorrow (x TEXT) STRICT;' }
    openStore({ file, key, clock: systemClock, migrations: [...migrations, next] }).close()
    const before = readFileSync(file)
    const desk = await start(data)
    const status = await desk.call('station.status', {})
    const training = status.ok ? status.value.training : null
    const login = await desk.call('session.login', { account: training?.account ?? '', pin: training?.pin ?? '' })
    expect(login).toEqual({
      ok: false,
      error: { code: 'STORE_FROM_NEWER_VERSION', details: { found: next.version, known: migrations.length } },
    })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('with a damaged store is told from a wrong PIN, and left as it is', async () => {
    const data = folder()
    await (await start(data)).kill('SIGTERM')
    const file = join(data, 'station.db')
    const bytes = readFileSync(file)
    bytes.fill(0x5a, 0, 4096)
    writeFileSync(file, bytes)
    const desk = await start(data)
    const status = await desk.call('station.status', {})
    const training = status.ok ? status.value.training : null
    const login = await desk.call('session.login', { account: training?.account ?? '', pin: training?.pin ?? '' })
    expect(login).toMatchObject({ error: { code: 'STORE_DAMAGED' } })
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  it('that cannot be written is refused in words', async (test) => {
    const disk = smallDisk(20_000)
    if (!disk) return test.skip(noSmallDisk)
    using held = disk
    mkdirSync(join(held.path, 'data'))
    held.makeReadOnly()
    expect(await refusal(join(held.path, 'data'))).toEqual({ exitCode: 1, said: sentence('STORE_READ_ONLY') })
    expect(await refusal(join(held.path, 'new'))).toEqual({ exitCode: 1, said: sentence('STORE_READ_ONLY') })
  })

  it('on a disk that fills up refuses files before cases, and loses nothing', async (test) => {
    const disk = smallDisk(16_000)
    if (!disk) return test.skip(noSmallDisk)
    using held = disk
    const data = join(held.path, 'data')
    const desk = await start(data)
    const { sessionId } = await loginTraining(desk)
    const draftId = await readyDraft(desk, sessionId, 1)
    const ballast = join(held.path, 'ballast')
    spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k'], { stdio: 'ignore' })
    const answers = []
    for (let i = 0; i < 400; i += 1) {
      const answer = await desk.call('drafts.save', { draftId, answers: { filler: `${i}`.repeat(20_000) } }, sessionId)
      answers.push(answer.ok ? 'ok' : answer.error.code)
      if (!answer.ok) break
    }
    const retried = await desk.call('drafts.save', { draftId, answers: { last: 'kept' } }, sessionId)
    const file = await desk.put({ draft: draftId, requirement: 'form', name: 'a.png' }, new Uint8Array(8), sessionId)
    await desk.kill('SIGKILL')
    const again = await start(data)
    const { draft } = await again.ask('drafts.get', { draftId }, (await loginTraining(again)).sessionId)
    await again.kill('SIGKILL')
    expect([answers.at(-1), retried.ok, file]).toEqual([
      'DISK_FULL',
      true,
      { ok: false, error: { code: 'DISK_FULL', details: {} } },
    ])
    expect(draft.answers).toEqual({ last: 'kept' })
  })
})

describe('the desk process', () => {
  it('says how it is used when its arguments are wrong', async () => {
    const run = spawnSync(process.execPath, [programs.desk, '--data', '/x', '--surprise'], { encoding: 'utf8' })
    expect([run.status, run.stdout]).toEqual([2, ''])
    expect(run.stderr.trim()).toBe(sentence('USAGE'))
  })

  it('keeps its PINs, keys and owner file from other users', async () => {
    const data = folder()
    chmodSync(data, 0o755)
    await start(data)
    const modes = ['training.json', 'vault.json', 'machine.key', 'owner.json', 'station.db', 'station.json'].map(
      (name) => spawnSync('stat', ['-c', '%a', join(data, name)], { encoding: 'utf8' }).stdout.trim(),
    )
    expect(modes).toEqual(Array(6).fill('600'))
  })
})
