import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOwner, readText, requestOverSocket } from '../../main/wire/local/private-socket.ts'
import type { PutMaterialReply } from '../../preload/contract/api.ts'
import type { Result } from '../../preload/contract/errors.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { allowance, smallPng } from '../helpers/intake.ts'

let desk: DeskUnderTest
let sessionId: string
let draftId: string
const folder = freshFolder()

beforeAll(async () => {
  desk = await startDesk(folder)
  sessionId = (await loginTraining(desk)).sessionId
  draftId = (await desk.ask('drafts.create', { itemId: allowance.itemId }, sessionId)).draftId
})

afterAll(async () => {
  await desk.kill('SIGTERM')
  removeFolder(folder)
})

const put = async (bytes: Uint8Array, name = 'a.png') =>
  (await desk.put({ draft: draftId, requirement: 'form', name }, bytes, sessionId)) as Result<PutMaterialReply>

const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code)

/** A JPEG of two segments and a short scan. */
const smallJpeg = Buffer.from([
  ...[0xff, 0xd8, 0xff, 0xe0, 0x00, 0x04, 0x4a, 0x46],
  ...[0xff, 0xda, 0x00, 0x02, 0x11, 0xff, 0x00, 0x22, 0xff, 0xd0, 0x33, 0xff, 0xd9],
])

const smallPdf = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n')

/** Sends `sizeBytes` of a JPEG that never ends; with or without saying so before. */
async function putEndless(sizeBytes: number, announce: boolean): Promise<Result<unknown>> {
  const owner = readOwner(folder)
  if (!owner) throw new Error('no owner')
  const chunk = Buffer.alloc(1 << 20, 0x11)
  const source = function* () {
    yield smallJpeg.subarray(0, 12)
    for (let sent = 0; sent < sizeBytes; sent += chunk.length) yield chunk
  }
  const path = `/bytes/materials?${new URLSearchParams({ draft: draftId, requirement: 'form', name: 'big.jpg' })}`
  const headers = { authorization: `Bearer ${owner.token}`, 'x-session': sessionId }
  const reply = await requestOverSocket({
    socketPath: owner.socketPath,
    method: 'PUT',
    path,
    headers: { ...headers, ...(announce ? { 'content-length': String(sizeBytes + 12) } : {}) },
    body: Readable.from(source()),
  })
  return JSON.parse(await readText(reply.body))
}

describe('materials', () => {
  it('keeps photos, scans and PDFs, told by their bytes and not by their names', async () => {
    const replies = [await put(smallPng, '假.pdf'), await put(smallJpeg, 'x'), await put(smallPdf, 'y.png')]
    expect(replies.map((reply) => (reply.ok ? reply.value.material.file.mediaType : reply.error))).toEqual([
      'image/png',
      'image/jpeg',
      'application/pdf',
    ])
  })

  it('gives the same bytes back', async () => {
    const reply = await put(smallPng, '户口簿.png')
    const sha256 = createHash('sha256').update(smallPng).digest('hex')
    const owner = readOwner(folder)
    const answer = await requestOverSocket({
      socketPath: owner?.socketPath ?? '',
      method: 'GET',
      path: `/bytes/files/${sha256}`,
      headers: { authorization: `Bearer ${owner?.token}`, 'x-session': sessionId },
    })
    const parts: Uint8Array[] = []
    for await (const part of answer.body) parts.push(part)
    expect([codeOf(reply), answer.headers['content-type'], Buffer.concat(parts).equals(smallPng)]).toEqual([
      'ok',
      'image/png',
      true,
    ])
  })

  it('refuses what is no photo and no PDF, is empty, or breaks off', async () => {
    const bad: [string, Uint8Array][] = [
      ['FILE_EMPTY', Buffer.alloc(0)],
      ['FILE_KIND_REFUSED', Buffer.from('MZ this is a program')],
      ['FILE_KIND_REFUSED', Buffer.from('<html></html>')],
      ['FILE_KIND_REFUSED', Buffer.from('GI')],
      ['FILE_DAMAGED', smallPng.subarray(0, smallPng.length - 5)],
      ['FILE_DAMAGED', smallJpeg.subarray(0, smallJpeg.length - 2)],
      ['FILE_DAMAGED', smallPdf.subarray(0, smallPdf.length - 12)],
      ['FILE_DAMAGED', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x01, 0x00, 0x00, 0x00])],
    ]
    const codes = []
    for (const [, bytes] of bad) codes.push(codeOf(await put(bytes)))
    expect(codes).toEqual(bad.map(([code]) => code))
  })

  it('refuses a photo of 200 MB, said before or found out on the way, and goes on working', async () => {
    const announced = await putEndless(200 << 20, true)
    const found = await putEndless(200 << 20, false)
    const after = await put(smallPng)
    expect([announced, found, codeOf(after)]).toEqual([
      { ok: false, error: { code: 'FILE_TOO_LARGE', details: { limitMb: 50 } } },
      { ok: false, error: { code: 'FILE_TOO_LARGE', details: { limitMb: 50 } } },
      'ok',
    ])
  })

  it('keeps only the base name of a path, and refuses names that nobody can read', async () => {
    const names = ['../../etc/passwd.png', 'C:\\用户\\照片.png', `${'长'.repeat(300)}.png`]
    const kept = []
    for (const name of names) {
      const reply = await put(smallPng, name)
      kept.push(reply.ok ? reply.value.material.file.name : reply.error.code)
    }
    const refused = []
    for (const name of ['a\u0000.png', '..', '', 'dir/', 'gpj.\u202excod.png'])
      refused.push(codeOf(await put(smallPng, name)))
    expect(kept).toEqual(['passwd.png', '照片.png', `${'长'.repeat(150)}.png`])
    expect(refused).toEqual(Array(5).fill('FILE_NAME_REFUSED'))
  })

  it('refuses a requirement that the matter does not have, and a draft that is not there', async () => {
    const none = await desk.put({ draft: draftId, requirement: 'none', name: 'a.png' }, smallPng, sessionId)
    const lost = { draft: '019a0000-0000-7000-8000-000000000000', requirement: 'form', name: 'a.png' }
    expect([none, await desk.put(lost, smallPng, sessionId)]).toEqual([
      { ok: false, error: { code: 'INPUT_INVALID', details: { field: 'requirement' } } },
      { ok: false, error: { code: 'NOT_FOUND', details: { what: '草稿' } } },
    ])
  })

  it('gives and takes no bytes without a login', async () => {
    const answer = await desk.raw('GET', `/bytes/files/${'0'.repeat(64)}`)
    const refused = await desk.put({ draft: draftId, requirement: 'form', name: 'a.png' }, smallPng, 'invented')
    expect([answer.status, codeOf(refused as Result<unknown>)]).toEqual([401, 'LOGIN_NEEDED'])
  })
})
