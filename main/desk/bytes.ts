import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type {
  Caller,
  PutMaterialReply,
  PutPaperReply,
  PutTablesReply,
  PutVerificationReply,
} from '../../preload/contract/api.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { cleanFileName, type IncomingFile } from '../features/materials/index.ts'
import type { PictureKind } from '../features/verification/index.ts'
import type { OpenFeatures } from './compose.ts'

/** One streamed request. */
export type BytesExchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly caller: Caller
}

/** The value of a PUT's `Result`. */
export type PutReply = PutMaterialReply | PutPaperReply | PutTablesReply | PutVerificationReply

const pdf = 'application/pdf'
const uuid = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}'
const nowhere = () => new AppError('NOT_FOUND', { what: '这个地址' })

/**
 * Answers a bytes route: a PUT gives the value of its `Result`; a GET is streamed to its end here and gives undefined.
 * Throws NOT_FOUND for a route that is none, and as the features behind it.
 */
export async function answerBytes(features: OpenFeatures, exchange: BytesExchange): Promise<PutReply | undefined> {
  const { request, url } = exchange
  const path = url.pathname.slice('/bytes/'.length)
  if (request.method === 'PUT') return await put(features, exchange, path)
  if (request.method !== 'GET') throw nowhere()
  for (const [pattern, answer] of reads) {
    const found = pattern.exec(path)
    if (found !== null) return await stream(exchange.response, await answer(features, exchange, found.slice(1)))
  }
  throw nowhere()
}

async function put(features: OpenFeatures, exchange: BytesExchange, path: string): Promise<PutReply> {
  const { caller } = exchange
  if (path === 'materials') return await putMaterial(features, exchange)
  if (path === 'papers') {
    const { account } = caller
    return { paper: await features.documents.receivePaper({ ...incoming(exchange), account }) }
  }
  if (path === 'verifications') {
    const file = incoming(exchange)
    const named = { ...file, name: cleanFileName(file.name) }
    return { verification: await features.verification.receive(named, caller) }
  }
  if (path === 'standards') {
    const file = incoming(exchange)
    const named = { ...file, name: cleanFileName(file.name) }
    return { file: await features.standards.tables.receive(named, caller.account) }
  }
  throw nowhere()
}

/** The file in a request. Throws INPUT_INVALID without a name. */
function incoming({ request, url }: BytesExchange): IncomingFile {
  const name = url.searchParams.get('name')
  if (name === null) throw new AppError('INPUT_INVALID', { field: 'name' })
  const announced = request.headers['content-length']
  // A refusal in the middle must not cut the connection: the sender would hear of a broken line instead of the reason.
  const source: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false })
  return { name, announcedBytes: announced === undefined ? undefined : Number(announced), source }
}

type Sent = { readonly bytes: Readable; readonly mediaType: string; readonly sizeBytes: number; readonly name: string }
type Read = (features: OpenFeatures, exchange: BytesExchange, found: readonly string[]) => Sent | Promise<Sent>

/** What can be read, by its path; the pattern's groups are what `Read` gets. */
const reads: readonly (readonly [RegExp, Read])[] = [
  [/^files\/([0-9a-f]{64})$/, readMaterial],
  [new RegExp(`^documents/(${uuid})\\.pdf$`), readDocument],
  [new RegExp(`^drafts/(${uuid})/checklist\\.pdf$`), readChecklist],
  [new RegExp(`^standards/copies/(${uuid})/paper\\.pdf$`), readCopyPaper],
  [/^register\.pdf$/, readRegister],
  [new RegExp(`^standards/(${uuid})$`), readTables],
  [/^days\/(\d{4}-\d{2}-\d{2})\.pdf$/, readDay],
  [new RegExp(`^verifications/(${uuid})/file\\.pdf$`), readChecked],
  [new RegExp(`^verifications/(${uuid})/(\\d{1,4})/(\\d{1,7})/(before|after|difference)\\.png$`), readPicture],
]

function readMaterial(features: OpenFeatures, _: BytesExchange, [sha256 = '']: readonly string[]): Sent {
  const { file, bytes } = features.materials.open(sha256)
  return { bytes, mediaType: file.mediaType, sizeBytes: file.sizeBytes, name: file.name }
}

function readDocument(features: OpenFeatures, _: BytesExchange, [documentId = '']: readonly string[]): Sent {
  const { sha256, name, sizeBytes } = features.documents.file(documentId)
  if (features.files.isInCentre(sha256)) throw new AppError('FILE_IN_CENTRE')
  return { bytes: features.context.blobs.read(sha256), mediaType: pdf, sizeBytes, name }
}

/** 一次性告知单: drawn from the draft as it is now. */
async function readChecklist(
  features: OpenFeatures,
  { caller }: BytesExchange,
  [draftId = '']: readonly string[],
): Promise<Sent> {
  const { draft, check, asked } = features.drafts.read(draftId)
  const { account } = caller
  const bytes = await features.documents.checklist({ standard: asked, answers: draft.answers, check, account })
  return whole(bytes, pdf, '一次性告知单.pdf')
}

/** A paper in the words of a template that an administrator is writing. */
async function readCopyPaper(
  features: OpenFeatures,
  { caller }: BytesExchange,
  [copyId = '']: readonly string[],
): Promise<Sent> {
  if (features.accounts.find(caller.account)?.role !== 'administrator') throw new AppError('NOT_ALLOWED')
  const text = features.standards.copyText(copyId)
  return whole(await features.documents.preview(jsonOf(text)), pdf, '示例.pdf')
}

/** A text as JSON; undefined where it is none yet. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const registerQuery = z.object({
  query: z.string().max(100),
  sealId: z.string().max(80).nullable(),
  fromDay: z.iso.date().nullable(),
  untilDay: z.iso.date().nullable(),
})

/** 用印登记 as it is printed. */
async function readRegister(features: OpenFeatures, { url, caller }: BytesExchange): Promise<Sent> {
  const given = (name: string) => url.searchParams.get(name) || null
  const wanted = registerQuery.safeParse({
    query: given('query') ?? '',
    sealId: given('sealId'),
    fromDay: given('fromDay'),
    untilDay: given('untilDay'),
  })
  if (!wanted.success) throw new AppError('INPUT_INVALID', { field: 'query' })
  return whole(await features.seals.registerPdf(wanted.data, caller.account), pdf, '用印登记.pdf')
}

/** 日清单 of a day that was held against the centre. */
async function readDay(
  features: OpenFeatures,
  { caller }: BytesExchange,
  [day = '']: readonly string[],
): Promise<Sent> {
  return whole(await features.reconciliation.printed(day, caller.account), pdf, `日清单 ${day}.pdf`)
}

/** Standards that were written into a file, to be saved by the window. */
function readTables(features: OpenFeatures, { caller }: BytesExchange, [fileId = '']: readonly string[]): Sent {
  const { name, bytes } = features.standards.tables.file(fileId, caller.account)
  return whole(bytes, 'application/octet-stream', name)
}

function readChecked(features: OpenFeatures, { caller }: BytesExchange, [id = '']: readonly string[]): Sent {
  const { bytes, name } = features.verification.file(id, caller)
  return whole(bytes, pdf, name)
}

async function readPicture(
  features: OpenFeatures,
  { caller }: BytesExchange,
  [id = '', seal, page, kind]: readonly string[],
): Promise<Sent> {
  const at = { id, seal: Number(seal), page: Number(page), kind: kind as PictureKind }
  return whole(await features.verification.picture(at, caller), 'image/png', `${kind}.png`)
}

function whole(bytes: Uint8Array, mediaType: string, name: string): Sent {
  return { bytes: Readable.from([bytes]), mediaType, sizeBytes: bytes.length, name }
}

async function putMaterial(features: OpenFeatures, exchange: BytesExchange): Promise<PutMaterialReply> {
  const { url } = exchange
  const query = (name: string) => url.searchParams.get(name) ?? undefined
  const requirementId = query('requirement')
  const [draftId, caseId, name] = [query('draft'), query('case'), query('name')]
  if (requirementId === undefined || name === undefined) throw new AppError('INPUT_INVALID', { field: 'requirement' })
  const file = incoming(exchange)
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
  brought: IncomingFile,
): Promise<PutMaterialReply> {
  const { itemId, standardVersion } = features.cases.assertSupplementable(caseId)
  const standard = features.matters.standard(itemId, standardVersion)
  // Of a case of another machine the standard may not be known here: the centre asked for something all the same.
  if (standard !== undefined && !standard.materials.some(({ id }) => id === requirementId)) {
    throw new AppError('INPUT_INVALID', { field: 'requirement' })
  }
  const file = await features.materials.receiveFile(brought)
  const material = features.materials.add({ caseId }, requirementId, file)
  features.context.emit({ event: 'changed', payload: { topics: ['cases'] } })
  return { material, check: null }
}

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
