import { mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  hasToken,
  listenOnSocket,
  newOwnerToken,
  readOwner,
  readText,
  removeOwner,
  requestOverSocket,
  socketPathFor,
  writeOwner,
} from '../../main/wire/local/private-socket.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cunchuang-socket-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('carries a request and a streamed body both ways, also after a dead owner left its socket behind', async () => {
  const path = socketPathFor(folder)
  const answering = () =>
    createServer(async (request, response) => {
      const text = await readText(request)
      response.writeHead(201, { 'x-path': request.url ?? '' }).end(`${request.method} ${text}`)
    })
  const dead = answering()
  await listenOnSocket(dead, path)
  const server = answering()
  await listenOnSocket(server, path)
  const reply = await requestOverSocket({
    socketPath: path,
    method: 'PUT',
    path: '/bytes',
    body: Readable.from(['村', '窗']),
  })
  const said = { status: reply.status, path: reply.headers['x-path'], text: await readText(reply.body) }
  dead.close()
  server.closeAllConnections()
  server.close()
  expect(said).toEqual({ status: 201, path: '/bytes', text: 'PUT 村窗' })
})

test('gives every request a connection of its own: a kept one might be closed by the time it is used again', async () => {
  const path = socketPathFor(folder)
  let connections = 0
  const server = createServer((_, response) => response.end('ok')).on('connection', () => {
    connections += 1
  })
  await listenOnSocket(server, path)
  for (let count = 0; count < 3; count++) {
    const { body } = await requestOverSocket({ socketPath: path, method: 'GET', path: '/' })
    await readText(body)
  }
  server.close()
  expect(connections).toBe(3)
})

test('the same folder has the same socket however it is named, closed to other users', async () => {
  const link = `${folder}-link`
  symlinkSync(folder, link)
  const paths = [socketPathFor(folder), socketPathFor(link)]
  const server = createServer()
  await listenOnSocket(server, paths[0] ?? '')
  const modes = [statSync(paths[0] ?? ''), statSync(dirname(paths[0] ?? ''))].map(({ mode }) => mode & 0o777)
  server.close()
  rmSync(link)
  expect({ same: paths[0] === paths[1], modes }).toEqual({ same: true, modes: [0o600, 0o700] })
})

test('says that nobody listens', async () => {
  const outcome = requestOverSocket({ socketPath: socketPathFor(folder), method: 'GET', path: '/' })
  await expect(outcome).rejects.toMatchObject({ code: 'DESK_RESTARTING' })
})

test('stops reading an answer without end', async () => {
  await expect(readText(Readable.from([Buffer.alloc(9), Buffer.alloc(9)]), 10)).rejects.toMatchObject({
    code: 'FILE_TOO_LARGE',
  })
})

test('the owner file is for its user alone, and nonsense in it reads as none', () => {
  const owner = { pid: 1, socketPath: socketPathFor(folder), token: newOwnerToken() }
  writeOwner(folder, owner)
  const mode = statSync(join(folder, 'owner.json')).mode & 0o777
  const read = readOwner(folder)
  removeOwner(folder)
  expect({ mode, read, gone: readOwner(folder) }).toEqual({ mode: 0o600, read: owner, gone: undefined })
})

test('a token is needed whole', () => {
  const answers = ['Bearer abc', 'Bearer ab', 'abc', undefined].map((header) => hasToken(header, 'abc'))
  expect(answers).toEqual([true, false, false, false])
})
