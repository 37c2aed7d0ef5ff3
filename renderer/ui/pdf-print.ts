import { drawPage, millimetresOf, type PDFDocumentProxy } from './pdf-document.ts'

/** 300 dots an inch: finer than a cheap office printer shows. */
const printScale = 300 / 72

/** A sheet of these measures, by a name that pages ask for (CSS Paged Media 3, 3.4). */
const sheetCss = (name: string, size: string) => `@page ${name} { size: ${size}; margin: 0; }`

const printCss = `
  @media print {
    html, body { height: auto !important; overflow: visible !important; background: #fff !important; }
    body > :not(.pdf-print) { display: none !important; }
    .pdf-print img { display: block; break-after: page; break-inside: avoid; }
    .pdf-print img:last-child { break-after: auto; }
  }
  @media screen { .pdf-print { display: none; } }
`

/** How far the drawing is: the page in hand, counted from 1, of the paper in hand, counted from 1. */
type Progress = (page: number, paper: number) => void

async function pageImage(pdf: PDFDocumentProxy, pageNumber: number, signal: AbortSignal) {
  const page = await pdf.getPage(pageNumber)
  const { width, height } = page.getViewport({ scale: 1 })
  const canvas = document.createElement('canvas')
  await drawPage(page, canvas, printScale, signal, 'print')
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  canvas.width = 0
  if (blob === null) throw new Error('the page could not be drawn for printing')
  const image = new Image()
  image.src = URL.createObjectURL(blob)
  image.alt = ''
  image.style.width = `${millimetresOf(width)}mm`
  image.style.height = `${millimetresOf(height)}mm`
  await image.decode()
  return { image, size: `${millimetresOf(width)}mm ${millimetresOf(height)}mm` }
}

/** Prints an open PDF; see `printPdfs`. */
export const printPdf = (pdf: PDFDocumentProxy, progress: Progress, signal: AbortSignal): Promise<void> =>
  printPdfs([async () => pdf], progress, signal)

/**
 * Prints PDFs one after the other at their true size: each page as a picture of 300 dpi on a sheet of its own measures,
 * without margins. Returns when the print dialog has closed. The page's policy forbids frames, so the window itself prints.
 * @param papers each opened when its turn has come.
 * @param progress told before each page is drawn.
 * @param signal ends it: no dialog opens after that. Rejects then.
 */
export async function printPdfs(
  papers: readonly (() => Promise<PDFDocumentProxy>)[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const holder = document.createElement('div')
  holder.className = 'pdf-print'
  const sheet = new CSSStyleSheet()
  const sheets = new Map<string, string>()
  try {
    for (const [index, open] of papers.entries()) {
      const pdf = await open()
      for (let pageNumber = 1; pageNumber <= pdf.numPages; pageNumber++) {
        progress(pageNumber, index + 1)
        const { image, size } = await pageImage(pdf, pageNumber, signal)
        const name = sheets.get(size) ?? `sheet-${sheets.size + 1}`
        sheets.set(size, name)
        image.style.setProperty('page', name)
        holder.append(image)
      }
    }
    sheet.replaceSync(`${[...sheets].map(([size, name]) => sheetCss(name, size)).join('\n')}${printCss}`)
    document.body.append(holder)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    signal.throwIfAborted()
    window.print()
  } finally {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    holder.remove()
    for (const image of holder.querySelectorAll('img')) URL.revokeObjectURL(image.src)
  }
}
