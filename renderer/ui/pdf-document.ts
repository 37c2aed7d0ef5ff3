import {
  AnnotationMode,
  GlobalWorkerOptions,
  getDocument,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
  type PDFPageProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs'
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = workerUrl

const asset = (folder: string) => new URL(`./pdfjs/${folder}/`, document.baseURI).href

/**
 * Begins to open a PDF. Everything that pdf.js needs comes from the page's own files; no WebAssembly, since the content
 * security policy forbids it. The promise fails for what is no readable PDF.
 */
export function openPdf(bytes: ArrayBuffer): PDFDocumentLoadingTask {
  return getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: asset('cmaps'),
    cMapPacked: true,
    standardFontDataUrl: asset('standard_fonts'),
    wasmUrl: asset('wasm'),
    useWasm: false,
    useWorkerFetch: false,
    enableXfa: false,
  })
}

/** Points of a PDF (1/72 inch) to millimetres. */
export const millimetresOf = (points: number): number => (points * 25.4) / 72

/** Draws a page with its seals into a canvas of `scale` pixels a point. Rejects when `signal` ends it. */
export async function drawPage(
  page: PDFPageProxy,
  canvas: HTMLCanvasElement,
  scale: number,
  signal: AbortSignal,
  intent: 'display' | 'print' = 'display',
): Promise<void> {
  const viewport = page.getViewport({ scale })
  canvas.width = Math.round(viewport.width)
  canvas.height = Math.round(viewport.height)
  const task = page.render({ canvas, viewport, intent, annotationMode: AnnotationMode.ENABLE })
  const stop = () => task.cancel()
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    await task.promise
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

export type { PDFDocumentProxy, PDFPageProxy }
