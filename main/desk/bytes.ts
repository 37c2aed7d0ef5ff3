import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Caller, PutMaterialReply } from '../../preload/contract/api.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { IncomingFile } from '../features/materials/index.ts'
import type { OpenFeatures } from './compose.ts'

/** One streamed request. */
export type BytesExchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly caller: Caller
}

const pdf = 'application/pdf'
const uuid = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}'

/**
 * Answers a bytes route: a PUT gives the value of its `Result`; a GET is streamed to its end here and gives undefined.
 * Throws NOT_FOUND for a route that is none, and as the features behind it.
 */
export async function answerBytes(
  features: OpenFeatures,
  exchange: BytesExchange,
): Promise<PutMaterialReply | undefined> {
  const { request, url } = exchange
  const path = url.pathname.slice('/bytes/'.length)
  if (request.method === 'PUT' && path === 'materials') return await putMaterial(features, exchange)
  if (request.method !== 'GET') throw new AppError('NOT_FOUND', { what: '这个地址' })
  const file = /^files\/([0-9a-f]{64})$/.exec(path)?.[1]
  if (file !== undefined) {
    const { file: facts, bytes } = features.materials.open(file)
    return await stream(exchange.response, {
      bytes,
      mediaType: facts.mediaType,
      sizeBytes: facts.sizeBytes,
      name: facts.name,
    })
  }
  const documentId = new RegExp(`^documents/(${uuid})\\.pdf$`).exec(path)?.[1]
  if (documentId !== undefined) {
    const { sha256, name, sizeBytes } = features.documents.file(documentId)
    return await stream(exchange.response, {
      bytes: features.context.blobs.read(sha256),
      mediaType: pdf,
      sizeBytes,
      name,
    })
  }
  const draftId = new RegExp(`^drafts/(${uuid})/checklist\\.pdf$`).exec(path)?.[1]
  if (draftId !== undefined) return await streamChecklist(features, exchange, draftId)
  throw new AppError('NOT_FOUND', { what: '这个地址' })
}

/** 一次性告知单: drawn from the draft as it is now. */
async function streamChecklist(features: OpenFeatures, exchange: BytesExchange, draftId: string): Promise<undefined> {
  const { draft, check } = features.drafts.read(draftId)
  const standard = features.matters.standard(draft.itemId, draft.standardVersion)
  if (!standard) throw new AppError('STANDARD_UNKNOWN', { itemId: draft.itemId })
  const { account } = exchange.caller
  const bytes = await features.documents.checklist({ standard, answers: draft.answers, check, account })
  const sent = { bytes: Readable.from([bytes]), mediaType: pdf, sizeBytes: bytes.length, name: '一次性告知单.pdf' }
  return await stream(exchange.response, sent)
}

async function putMaterial(features: OpenFeatures, { request, url }: BytesExchange): Promise<PutMaterialReply> {
  const query = (name: string) => url.searchParams.get(name) ?? undefined
  const requirementId = query('requirement')
  const [draftId, caseId, name] = [query('draft'), query('case'), query('name')]
  if (requirementId === undefined || name === undefined) throw new AppError('INPUT_INVALID', { field: 'requirement' })
  const announced = request.headers['content-length']
  const file = { name, announcedBytes: announced === undefined ? undefined : Number(announced), source: request }
  if (draftId !== undefined && caseId === undefined)
    return await features.drafts.putMaterial(draftId, requirementId, file)
  if (caseId !== undefined && draftId === undefined) return await putForCase(features, caseId, requirementId, file)
  throw new AppError('INPUT_INVALID', { field: 'draft' })
}

/** What is brought after 补正 waits with the case until the clerk sends it. */
async function putForCase(
  features: OpenFeatures,
  caseId: string,
  requirementId: string,
  incoming: IncomingFile,
): Promise<PutMaterialReply> {
  const { itemId, standardVersion } = features.cases.assertSupplementable(caseId)
  const standard = features.matters.standard(itemId, standardVersion)
  if (!standard?.materials.some(({ id }) => id === requirementId)) {
    throw new AppError('INPUT_INVALID', { field: 'requirement' })
  }
  const file = await features.materials.receiveFile(incoming)
  const material = features.materials.add({ caseId }, requirementId, file)
  features.context.emit({ event: 'changed', payload: { topics: ['cases'] } })
  return { material, check: null }
}

type Sent = { readonly bytes: Readable; readonly mediaType: string; readonly sizeBytes: number; readonly name: string }

/** Sends bytes. Throws what their first part throws (NOT_FOUND, FILE_DAMAGED) while it can still be answered. */
async function stream(response: ServerResponse, sent: Sent): Promise<undefined> {
  const parts = sent.bytes[Symbol.asyncIterator]()
  const first = await parts.next()
  response.writeHead(200, {
    'content-type': sent.mediaType,
    'content-length': sent.sizeBytes,
    'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(sent.name)}`,
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  })
  const rest = async function* () {
    for (let part = first; !part.done; part = await parts.next()) yield part.value
  }
  await pipeline(rest, response)
  return undefined
}
