// Owns: the thread in which PDFium runs: takes one question after the other, answers with values or refusals.
// Does not own: time limits and restarts (renderer.ts); PDFium's own limits (pdfium.ts).
// Start here: `answer`.
import { parentPort } from 'node:worker_threads'
import { AppError } from '../../preload/contract/errors.ts'
import type { CallName, Calls, Reply, Request } from './calls.ts'
import { comparePages, type PageDifference } from './compare.ts'
import { findHidden } from './hidden.ts'
import { type DocumentKey, OpenDocuments, type OpenPage, shownSizes } from './open-documents.ts'
import { startPdfium } from './pdfium.ts'
import { dotsThatFit, draw } from './pictures.ts'
import { pngOf } from './png.ts'
import { copyOfPdf, copyOfPicture } from './readable-copy.ts'
import { findSignatureDate, findText } from './text.ts'

const port = parentPort
if (port === null) throw new Error('this file is a worker thread of the renderer')
const documents = new OpenDocuments(await startPdfium())
const { pdfium } = documents

type Answered<T> = T | Promise<T>
type Handlers = { readonly [Name in CallName]: (input: Calls[Name]['input']) => Answered<Calls[Name]['output']> }

const handlers: Handlers = {
  check: async ({ pdf, options }) => {
    // Pictures alone need nothing of keys and certificates.
    const { checkPdf } = await import('../signing/index.ts')
    return checkPdf(documents.bytesOf(pdf), options)
  },
  pageCount: ({ pdf }) => documents.open(pdf).pages,
  pageSizes: ({ pdf }) => shownSizes(pdfium, documents.open(pdf)),
  picture: ({ pdf, page, widthPx }) =>
    documents.withPage(documents.open(pdf), page, (open) =>
      pngOf(draw(pdfium, open, dotsThatFit(open, widthPx / open.widthMm))),
    ),
  compare: (input) =>
    withBoth(input, (pages) => {
      const { share, boxes, before, after, difference } = comparePages(pdfium, pages, input)
      return { share, boxes, beforePng: pngOf(before), afterPng: pngOf(after), differencePng: pngOf(difference) }
    }),
  difference: (input) =>
    withBoth(input, (pages) => {
      const { share, boxes }: PageDifference = comparePages(pdfium, pages, input)
      return { share, boxes }
    }),
  findHidden: ({ before, after, page, box }) =>
    documents.withPage(documents.open(before), page, (old) =>
      documents.withPage(documents.open(after), page, (current) => findHidden(pdfium, old, current, box)),
    ),
  readableCopy: ({ file, mediaType, limitBytes }) => {
    if (file.length <= limitBytes) return { kind: 'small' }
    if (mediaType === 'application/pdf') return copyOfPdf(documents, documents.open(file), limitBytes)
    return copyOfPicture(documents.bytesOf(file), mediaType, limitBytes)
  },
  findText: ({ pdf, text }) => findText(documents, documents.open(pdf), text),
  findSignatureDate: ({ pdf }) => findSignatureDate(documents, documents.open(pdf)),
}

type Both = { before: OpenPage | undefined; after: OpenPage | undefined }

/** Loads a page of both documents; one may lack it. Throws PDF_PAGE_NOT_FOUND where both do. */
function withBoth<T>(
  { before, after, page }: { before: DocumentKey; after: DocumentKey; page: number },
  use: (pages: Both) => T,
): T {
  const [old, current] = [documents.open(before), documents.open(after)]
  if (page > old.pages) return documents.withPage(current, page, (open) => use({ before: undefined, after: open }))
  return documents.withPage(old, page, (first) =>
    page > current.pages
      ? use({ before: first, after: undefined })
      : documents.withPage(current, page, (second) => use({ before: first, after: second })),
  )
}

async function answer(request: Request): Promise<Reply> {
  try {
    for (const file of request.forget) documents.drop(file)
    for (const { file, bytes } of request.files) documents.hold(file, bytes)
    const handler = handlers[request.name] as (input: Request['input']) => unknown
    return { kind: 'value', value: await handler(request.input) }
  } catch (error) {
    if (error instanceof AppError) return { kind: 'refused', failure: { code: error.code, details: error.details } }
    // A trap in WebAssembly leaves PDFium's memory in the middle of something: nothing it says afterwards counts.
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { kind: 'broken', why, isOutOfMemory: error instanceof RangeError || pdfium.wasOutOfMemory() }
  }
}

port.on('message', async (request: Request) => {
  const reply = await answer(request)
  port.postMessage(reply)
  if (reply.kind === 'broken') port.close()
})
