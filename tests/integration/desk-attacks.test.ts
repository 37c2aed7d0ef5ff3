import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanFileName } from '../../main/features/materials/inspect.ts'
import type { Session } from '../../preload/contract/views.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { allowance, allowanceAnswers, readyDraft, smallPng } from '../helpers/intake.ts'

/** What a hostile or broken neighbour does to a desk: odd texts, endless nesting, files spoilt or gone. */

const folder = freshFolder()
let desk: DeskUnderTest
let session: Session

beforeAll(async () => {
  desk = await startDesk(folder)
  session = await loginTraining(desk)
})

afterAll(async () => {
  await desk.kill('SIGTERM')
  removeFolder(folder)
})

const post = async (name: string, body: string) =>
  JSON.parse((await desk.raw('POST', `/call/${name}`, { body, headers: { 'x-session': session.sessionId } })).text)

describe('texts that no form can mean', () => {
  it('lose control characters, marks that turn or hide letters and half characters, and the case is taken', async () => {
    const draftId = await readyDraft(desk, session.sessionId, 1)
    const answers = allowanceAnswers(1, { address: '测\u0000试\ud800路', bankName: '测\u202e试\u0007银\u200b行' })

    await post('drafts.save', JSON.stringify({ draftId, answers }))
    const { caseId } = await desk.ask('drafts.receive', { draftId }, session.sessionId)

    const { answers: kept } = await desk.ask('cases.get', { caseId }, session.sessionId)
    expect(JSON.stringify(kept)).toContain('测试\ufffd路')
    expect(JSON.stringify(kept)).toContain('"测试银行"')
  })

  it.each([
    ['nested 3,000 deep', `{"a":${'['.repeat(3000)}${']'.repeat(3000)}}`],
    ['nested 500,000 deep', `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`],
    ['a key with NUL', '{"a\\u0000":1}'],
    ['a key with half a character', '{"a\\ud800":1}'],
    ['__proto__ as a key', '{"__proto__":{"a":1}}'],
  ])('are refused as an input: %s', async (_, answers) => {
    const { draftId } = await desk.ask('drafts.create', { itemId: allowance.itemId }, session.sessionId)

    const { error } = await post('drafts.save', `{"draftId":"${draftId}","answers":${answers}}`)

    expect(error).toEqual({ code: 'INPUT_INVALID', details: { field: 'JSON' } })
  })

  it('leave nothing invisible in a file name', () => {
    const names = ['\ufeffa.png', 'a\u200b.png', '\u200e照片.jpg', 'a\u2028b.png', '\u061ca.png'].map(cleanFileName)

    expect(names).toEqual(['a.png', 'a.png', '照片.jpg', 'ab.png', 'a.png'])
  })
})

describe('files spoilt under a desk', () => {
  it('are called damaged or missing, and never sent', async () => {
    const { draftId } = await desk.ask('drafts.create', { itemId: allowance.itemId }, session.sessionId)
    const put = { draft: draftId, requirement: allowance.materials[0], name: 'a.png' }
    const result = (await desk.put(put, smallPng, session.sessionId)) as {
      value: { material: { file: { sha256: string } } }
    }
    const { sha256 } = result.value.material.file
    const file = join(folder, 'blobs', sha256.slice(0, 2), sha256)
    const read = async () => {
      const { status, text } = await desk.raw('GET', `/bytes/files/${sha256}`, {
        headers: { 'x-session': session.sessionId },
      })
      return [status, JSON.parse(text).error.code]
    }

    writeFileSync(file, Buffer.alloc(200, 1))
    const swapped = await read()
    writeFileSync(file, '')
    const empty = await read()
    rmSync(file)
    const gone = await read()

    expect([swapped, empty, gone]).toEqual([
      [500, 'FILE_DAMAGED'],
      [500, 'FILE_DAMAGED'],
      [404, 'NOT_FOUND'],
    ])
  })
})

describe('a data folder spoilt between two starts', () => {
  /** A copy of a closed station's folder. */
  const copies: string[] = []
  let closed = ''
  const copy = () => {
    const made = freshFolder()
    copies.push(made)
    cpSync(closed, made, { recursive: true })
    return made
  }

  beforeAll(async () => {
    closed = freshFolder()
    copies.push(closed)
    const made = await startDesk(closed)
    await loginTraining(made)
    await made.kill('SIGTERM')
  })
  afterAll(() => copies.forEach(removeFolder))

  it.each([['gone'], ['empty']])('gets no new database in the place of one that is %s', async (how) => {
    const spoilt = copy()
    if (how === 'gone') rmSync(join(spoilt, 'station.db'))
    else writeFileSync(join(spoilt, 'station.db'), '')
    const other = await startDesk(spoilt)

    const login = loginTraining(other)

    await expect(login).rejects.toThrow(/"code":"STORE_DAMAGED","details":\{"reason":"station.db"\}/)
    await other.kill('SIGTERM')
    expect(readdirSync(spoilt).includes('station.db')).toBe(how === 'empty')
  })

  it('is called damaged when its vault is gone', async () => {
    const spoilt = copy()
    rmSync(join(spoilt, 'vault.json'))

    await expect(startDesk(spoilt)).rejects.toThrow('数据文件打不开')
  })

  it('is taken although its lock file holds garbage, and by one desk alone', async () => {
    const spoilt = copy()
    writeFileSync(join(spoilt, 'owner.lock'), Buffer.alloc(5000, 7))

    const other = await startDesk(spoilt)

    await expect(startDesk(spoilt)).rejects.toThrow(/已经?在|正在/)
    await other.kill('SIGTERM')
  })
})
