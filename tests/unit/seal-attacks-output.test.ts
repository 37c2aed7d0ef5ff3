import { spawnSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeBeside } from '../../main/pdf/index.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const parts = [Buffer.from('whole')]
const why = process.platform === 'win32' ? 'Windows keeps no pipes and sockets among its files' : ''
const refusal = { code: 'FILE_NOT_WRITABLE' }

it('takes the place of no pipe', async (context) => {
  if (why !== '') context.skip(why)
  const pipe = join(folder, 'pipe')
  spawnSync('mkfifo', [pipe])
  await expect(writeBeside(pipe, parts)).rejects.toMatchObject(refusal)
  expect([lstatSync(pipe).isFIFO(), readdirSync(folder)]).toEqual([true, ['pipe']])
})

it('takes the place of no socket', async (context) => {
  if (why !== '') context.skip(why)
  const socket = join(folder, 'socket')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  await expect(writeBeside(socket, parts)).rejects.toMatchObject(refusal)
  expect([lstatSync(socket).isSocket(), readdirSync(folder)]).toEqual([true, ['socket']])
  await new Promise((resolve) => server.close(resolve))
})

it('takes the place of a file, and of a link but not of what it leads to', async () => {
  const [file, link] = [join(folder, 'file'), join(folder, 'link')]
  writeFileSync(file, 'before')
  symlinkSync(file, link)
  await writeBeside(link, parts)
  expect([readFileSync(file, 'utf8'), readFileSync(link, 'utf8')]).toEqual(['before', 'whole'])
  await writeBeside(file, parts)
  expect(readFileSync(file, 'utf8')).toBe('whole')
})
