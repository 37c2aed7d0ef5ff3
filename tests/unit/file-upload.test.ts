import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { uploadFile } from '../../main/wire/file-upload.ts'
import { createHttpTransport } from '../../main/wire/transport/http-transport.ts'

const bytes = Buffer.alloc(1000, 1)

test('an upload that was ended tells nothing more, though the answer to its last request is still being taken in', async () => {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(201, { 'content-type': 'application/json', 'upload-offset': String(bytes.length) })
      response.end('{"of":"the file"}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = new AbortController()
  // A budget that lets everything out, and in only once somebody has ended the upload.
  const pace = async (_: number, way: 'up' | 'down') => {
    if (way === 'up') return
    cut.abort()
    await pause(50)
  }
  const transport = createHttpTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    ...{ pace, environment: {} },
  })
  onTestFinished(() => {
    transport.close()
    server.closeAllConnections()
    server.close()
  })
  const told: string[] = []
  let hasSettled = false
  const tell = (what: string) => told.push(hasSettled ? `${what} too late` : what)
  const file = {
    ...{ stationId: '4452210010010101', sha256: 'a'.repeat(64), sizeBytes: bytes.length, kind: 'original' as const },
    ...{ copyOf: null, begun: false },
    readFrom: async function* (offset: number) {
      yield bytes.subarray(offset)
    },
  }

  const ended = uploadFile(
    transport,
    file,
    { onSent: () => tell('sent'), onOffset: (offset) => tell(`offset ${offset}`) },
    cut.signal,
  ).finally(() => {
    hasSettled = true
  })

  await expect(ended).rejects.toMatchObject({ code: 'CENTRE_UNREACHABLE', details: { reason: 'stopped' } })
  await pause(200)
  expect(told.filter((word) => word !== 'sent')).toEqual([])
})
