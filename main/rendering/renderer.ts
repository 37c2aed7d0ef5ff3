import { AppError } from '../../preload/contract/errors.ts'
import type { CheckOptions, PdfCheck } from '../signing/index.ts'
import type { Box } from './boxes.ts'
import type { CallName, Calls, CompareSettings, Difference, Question, ShownSize } from './calls.ts'
import { FileNames, type Keys } from './file-names.ts'
import type { HiddenContent } from './hidden.ts'
import type { CopiedMediaType, ReadableCopy } from './readable-copy.ts'
import { type NamedFile, RenderingThread } from './rendering-thread.ts'
import type { FoundBox } from './text.ts'

/**
 * Pages as viewers show them, drawn in a worker thread. Pages count from 1; rectangles are in millimetres from the upper
 * left corner of the page as shown. Bytes must not change while they are in use; bytes that begin another file's bytes
 * in the same memory (a revision of it: `pdf.subarray(0, end)`) are opened on that file.
 *
 * Every call throws PDF_NOT_A_PDF, PDF_ENCRYPTED for a file that wants a password, and PDF_CANNOT_BE_SHOWN for one that
 * PDFium cannot read or that takes too much time or memory; calls about a page throw PDF_PAGE_NOT_FOUND. Calls wait for
 * each other.
 */
export type Renderer = {
  /** `checkPdf` of main/signing in the worker, so that no file can hold up the desk. `inspectPdf` goes on from there. */
  readonly check: (pdf: Uint8Array, options: CheckOptions) => Promise<PdfCheck>
  readonly pageCount: (pdf: Uint8Array) => Promise<number>
  readonly pageSizes: (pdf: Uint8Array) => Promise<readonly ShownSize[]>
  /** The page as a PNG, `widthPx` wide; less where the page is so long that the picture would pass 12 million dots. */
  readonly picture: (pdf: Uint8Array, page: number, widthPx: number) => Promise<Uint8Array>
  /** What differs between a page of two files, with pictures of both and of the difference, at about 100 dots an inch. */
  readonly compare: (
    before: Uint8Array,
    after: Uint8Array,
    page: number,
    options?: CompareSettings,
  ) => Promise<Difference>
  /** `compare` without pictures, in about half the time. */
  readonly difference: (
    before: Uint8Array,
    after: Uint8Array,
    page: number,
    options?: CompareSettings,
  ) => Promise<{ readonly share: number; readonly boxes: readonly Box[] }>
  /** `compare` of a file as it is and as it was when its first `revisionEnd` bytes were all of it. */
  readonly compareRevisions: (
    pdf: Uint8Array,
    revisionEnd: number,
    page: number,
    options?: CompareSettings,
  ) => Promise<Difference>
  /** What stood under `box` before and can no longer be read. */
  readonly findHidden: (before: Uint8Array, after: Uint8Array, page: number, box: Box) => Promise<HiddenContent>
  /** Every place where a text stands, white space apart. */
  readonly findText: (pdf: Uint8Array, text: string) => Promise<readonly FoundBox[]>
  /** Where the date stands under which the paper is sealed (落款). */
  readonly findSignatureDate: (pdf: Uint8Array) => Promise<FoundBox | undefined>
  /** A small copy of a picture or a PDF that can still be read, at most `limitBytes` long. */
  readonly readableCopy: (file: Uint8Array, mediaType: CopiedMediaType, limitBytes: number) => Promise<ReadableCopy>
  /** Ends the worker; calls under way and in line throw PDF_CANNOT_BE_SHOWN. Later calls start another. */
  readonly close: () => Promise<void>
}

/** `limitMs` a call, 20 s unless said; after `idleMs` without one, 60 s unless said, the worker's memory is given back. */
export type RendererOptions = { readonly limitMs?: number; readonly idleMs?: number }

/** A renderer whose worker starts with the first call, and anew after one that had to be ended. */
export function openRenderer(options: RendererOptions = {}): Renderer {
  const questions = new Questions(options.limitMs ?? 20_000, options.idleMs ?? 60_000)
  const compare = (before: Uint8Array, after: Uint8Array, page: number, settings: CompareSettings = {}) =>
    questions.ask('compare', [before, after], ([old, current]) => ({ before: old, after: current, page, ...settings }))
  return {
    check: (pdf, options) => questions.ask('check', [pdf], ([key]) => ({ pdf: key, options })),
    pageCount: (pdf) => questions.ask('pageCount', [pdf], ([key]) => ({ pdf: key })),
    pageSizes: (pdf) => questions.ask('pageSizes', [pdf], ([key]) => ({ pdf: key })),
    picture: (pdf, page, widthPx) => questions.ask('picture', [pdf], ([key]) => ({ pdf: key, page, widthPx })),
    compare,
    difference: (before, after, page, settings = {}) =>
      questions.ask('difference', [before, after], ([old, current]) => ({
        before: old,
        after: current,
        page,
        ...settings,
      })),
    compareRevisions: (pdf, revisionEnd, page, settings) => compare(pdf.subarray(0, revisionEnd), pdf, page, settings),
    findHidden: (before, after, page, box) =>
      questions.ask('findHidden', [before, after], ([old, current]) => ({ before: old, after: current, page, box })),
    findText: (pdf, text) => questions.ask('findText', [pdf], ([key]) => ({ pdf: key, text })),
    findSignatureDate: (pdf) => questions.ask('findSignatureDate', [pdf], ([key]) => ({ pdf: key })),
    readableCopy: (file, mediaType, limitBytes) =>
      questions.ask('readableCopy', [file], ([key]) => ({ file: key, mediaType, limitBytes })),
    close: () => questions.close(),
  }
}

/** Puts one question after the other to whichever worker lives. */
class Questions {
  readonly #limitMs: number
  readonly #idleMs: number
  readonly #names = new FileNames()
  #thread: RenderingThread | undefined
  #last: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined
  /** How often it was closed: what was asked before is not put any more. */
  #closings = 0

  constructor(limitMs: number, idleMs: number) {
    this.#limitMs = limitMs
    this.#idleMs = idleMs
  }

  async ask<Name extends CallName>(
    name: Name,
    pdfs: readonly [Uint8Array, Uint8Array?],
    input: (keys: Keys) => Calls[Name]['input'],
  ): Promise<Calls[Name]['output']> {
    const { keys, files } = this.#names.of(pdfs, name === 'check')
    const question = { name, input: input(keys) } as Question
    const closings = this.#closings
    const answer = this.#last.then(() => {
      if (closings !== this.#closings) throw new AppError('PDF_CANNOT_BE_SHOWN', { why: 'crash' })
      return this.#put(question, files)
    })
    this.#last = answer.catch(() => undefined)
    return (await answer) as Calls[Name]['output']
  }

  async close(): Promise<void> {
    this.#closings += 1
    clearTimeout(this.#idle)
    const thread = this.#thread
    this.#thread = undefined
    await thread?.end()
  }

  async #put(question: Question, files: readonly NamedFile[]): Promise<unknown> {
    clearTimeout(this.#idle)
    if (this.#thread?.isAlive !== true) this.#thread = new RenderingThread()
    try {
      return await this.#thread.ask(question, files, this.#limitMs)
    } finally {
      this.#idle = setTimeout(() => void this.close(), this.#idleMs).unref()
    }
  }
}
