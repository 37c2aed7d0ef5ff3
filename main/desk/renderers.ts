// Owns: when PDFium is loaded: with the first page that has to be looked at, not when the desk starts.
// Does not own: how pages are drawn (main/rendering).
// Start here: `lazyRenderer`.
import type { PageReader } from '../features/sealing/index.ts'
import type { Renderer } from '../rendering/index.ts'

/** A renderer that is opened when it is first asked for. */
export type LazyRenderer = {
  readonly open: () => Promise<Renderer>
  /** Ends its worker, where it has one. */
  readonly close: () => Promise<void>
}

/** Nothing yet. */
export function lazyRenderer(): LazyRenderer {
  let opened: Promise<Renderer> | undefined
  const open = (): Promise<Renderer> => {
    opened ??= import('../rendering/index.ts').then(({ openRenderer }) => openRenderer())
    return opened
  }
  return { open, close: async () => (await opened)?.close() }
}

/** What sealing asks of pages, of a renderer that is opened with the first question. */
export function pageReader(renderer: LazyRenderer): PageReader {
  return {
    findText: async (pdf, text) => (await renderer.open()).findText(pdf, text),
    findSignatureDate: async (pdf) => (await renderer.open()).findSignatureDate(pdf),
    pageSizes: async (pdf) => (await renderer.open()).pageSizes(pdf),
  }
}
