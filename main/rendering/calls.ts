import type { Failure } from '../../preload/contract/errors.ts'
import type { CheckOptions, PdfCheck } from '../signing/index.ts'
import type { Box } from './boxes.ts'
import type { HiddenContent } from './hidden.ts'
import type { DocumentKey } from './open-documents.ts'
import type { CopiedMediaType, ReadableCopy } from './readable-copy.ts'
import type { FoundBox } from './text.ts'

/** A page's size as it is shown. */
export type ShownSize = { readonly widthMm: number; readonly heightMm: number }

/** How `compare` is to look, see `Renderer`. */
export type CompareSettings = { readonly ignore?: readonly Box[]; readonly forgiveSmoothing?: boolean }

/** What `compare` found; pictures are PNG files of one size. */
export type Difference = {
  readonly share: number
  readonly boxes: readonly Box[]
  readonly beforePng: Uint8Array<ArrayBuffer>
  readonly afterPng: Uint8Array<ArrayBuffer>
  readonly differencePng: Uint8Array<ArrayBuffer>
}

type Pair = { readonly before: DocumentKey; readonly after: DocumentKey; readonly page: number }

/** What the worker can be asked, by name: what goes in and what comes back. */
export type Calls = {
  check: { input: { pdf: DocumentKey; options: CheckOptions }; output: PdfCheck }
  pageCount: { input: { pdf: DocumentKey }; output: number }
  pageSizes: { input: { pdf: DocumentKey }; output: readonly ShownSize[] }
  picture: { input: { pdf: DocumentKey; page: number; widthPx: number }; output: Uint8Array<ArrayBuffer> }
  compare: { input: Pair & CompareSettings; output: Difference }
  difference: { input: Pair & CompareSettings; output: { share: number; boxes: readonly Box[] } }
  findHidden: { input: Pair & { box: Box }; output: HiddenContent }
  findText: { input: { pdf: DocumentKey; text: string }; output: readonly FoundBox[] }
  readableCopy: {
    input: { file: DocumentKey; mediaType: CopiedMediaType; limitBytes: number }
    output: ReadableCopy
  }
  findSignatureDate: { input: { pdf: DocumentKey }; output: FoundBox | undefined }
}

/** The name of something that the worker can be asked. */
export type CallName = keyof Calls

/** One question to the worker. */
export type Question = { [Name in CallName]: { readonly name: Name; readonly input: Calls[Name]['input'] } }[CallName]

/** What the worker gets: the question, the files to let go of, and those that it does not hold yet. */
export type Request = Question & {
  readonly forget: readonly string[]
  readonly files: readonly { readonly file: string; readonly bytes: Uint8Array }[]
}

/** The worker's answer. After `broken` the worker has ended itself: its PDFium may be in any state. */
export type Reply =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'broken'; readonly why: string; readonly isOutOfMemory: boolean }
