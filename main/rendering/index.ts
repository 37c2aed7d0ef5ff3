// Owns: PDF pages as viewers show them: pictures, what differs between two, where a text stands. The only user of PDFium and pixelmatch.
// Does not own: what a PDF's objects say (main/pdf), and whether its seals hold (main/signing).
// Start here: openRenderer in renderer.ts; worker.ts is its other side.
export type { Box } from './boxes.ts'
export { inspectPdf } from './inspect.ts'
export { openRenderer, type Renderer, type RendererOptions } from './renderer.ts'
