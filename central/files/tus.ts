import { Readable } from 'node:stream'
import { type Locker, Server } from '@tus/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { openInlet } from '../inlet.ts'
import { Refusal } from '../refusal.ts'
import { type Arrivals, fileLimitBytes, uploadIdOf } from './arrivals.ts'

/** How long a request that must let go of an upload may take to store what it has read. */
const drainMs = 200

/** Headers of a request that the protocol reads. */
const readHeaders = ['content-type', 'content-length', 'tus-resumable', 'upload-length', 'upload-offset'] as const

/** Answers one request of the tus protocol on one upload of a station. */
export type TusHandler = (
  request: FastifyRequest,
  reply: FastifyReply,
  place: { readonly stationId: string; readonly sha256: string },
) => Promise<FastifyReply>

/**
 * The tus 1.0 protocol over arrivals: creation, creation with upload, HEAD, PATCH. The request's body ends where the link
 * cuts it, so that every byte that came counts; a finished upload is answered with the file's receipt.
 */
export function createTus(arrivals: Arrivals, locker: Locker): TusHandler {
  const server = new Server({
    path: '/v1/stations',
    datastore: arrivals.content.uploads,
    locker,
    lockDrainTimeout: drainMs,
    maxSize: fileLimitBytes,
    allowedOrigins: [],
    getFileIdFromRequest: (request) => uploadOf(request.url).uploadId,
    namingFunction: (request) => uploadOf(request.url).uploadId,
    generateUrl: (request) => uploadOf(request.url).path,
    onUploadFinish: async (request, upload) => {
      const { stationId, sha256 } = uploadOf(request.url)
      const receipt = await arrivals.settle(stationId, sha256)
      if (receipt === undefined) throw new Error(`an upload ended at ${upload.offset} bytes and is not whole`)
      // The protocol's own statuses: 201 carries the address of a new upload, 204 could not carry a receipt.
      const status = request.method === 'POST' ? 201 : 200
      return { status_code: status, body: JSON.stringify(receipt), headers: { 'Content-Type': 'application/json' } }
    },
    onResponseError: (request, error) => {
      failures.set(request, error)
      const status = error instanceof Refusal ? error.status : 'status_code' in error ? error.status_code : 500
      return { status_code: status, body: '' }
    },
  })
  const failures = new WeakMap<object, unknown>()
  return async (request, reply, { stationId, sha256 }) => {
    const inlet = openInlet(request.raw)
    const asked = webRequest(request, inlet.bytes, { stationId, sha256 })
    const response = await server.handleWeb(asked).finally(inlet.shut)
    if (request.method !== 'HEAD') await arrivals.touched(uploadIdOf(stationId, sha256))
    if (response.status >= 400) throw refusalOf(failures.get(asked), response.status)
    const body = Buffer.from(await response.arrayBuffer())
    // An empty answer of type text would look like a captive portal's.
    if (body.byteLength === 0) response.headers.delete('content-type')
    for (const [name, value] of response.headers) reply.header(name, value)
    return reply.status(response.status).send(body.byteLength === 0 ? undefined : body)
  }
}

/** The parts of the address that `webRequest` made. */
function uploadOf(url: string): { stationId: string; sha256: string; uploadId: string; path: string } {
  const path = new URL(url).pathname
  const [stationId = '', , sha256 = ''] = path.split('/').slice(3)
  return { stationId, sha256, uploadId: uploadIdOf(stationId, sha256), path }
}

function webRequest(
  { method, headers }: FastifyRequest,
  bytes: Readable,
  { stationId, sha256 }: { readonly stationId: string; readonly sha256: string },
): Request {
  const kept = readHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]]))
  const body = method === 'HEAD' ? null : Readable.toWeb(bytes)
  const url = `http://centre/v1/stations/${stationId}/files/${sha256}`
  return new Request(url, { method, headers: kept as [string, string][], body, duplex: 'half' } as RequestInit)
}

function refusalOf(cause: unknown, status: number): unknown {
  if (cause instanceof Error) return cause
  if (status === 404 || status === 410) return new Refusal('not_found', '没有这个上传，请重新开始')
  if (status === 413) return new Refusal('too_large', '送来的比说好的多')
  if (status >= 500) return new Error(`tus answered ${status}`, { cause })
  if (status === 409) return new Refusal('gap', '文件的位置与中心的不同，请先问位置')
  return new Refusal('malformed', '文件的请求不合规定')
}
