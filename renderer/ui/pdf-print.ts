import { drawPage, millimetresOf, type PDFDocumentProxy } from './pdf-document.ts'

/** 300 dots an inch: finer than a cheap office printer shows. */
const printScale = 300 / 72

const pageCss = (widthMm: number, heightMm: number) => `
  @page { size: ${widthMm}mm ${heightMm}mm; margin: 0; }
  @media print {
    html, body { height: auto !important; overflow: visible !important; background: #fff !important; }
    body > :not(.pdf-print) { display: none !important; }
    .pdf-print img { display: block; break-after: page; break-inside: avoid; }
    .pdf-print img:last-child { break-after: auto; }
  }
  @media screen { .pdf-print { display: none; } }
`

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
  return { image, widthMm: millimetresOf(width), heightMm: millimetresOf(height) }
}

/**
 * Prints a PDF at its true size: each page as a picture of 300 dpi on a sheet of the first page's measures, without
 * margins. Returns when the print dialog has closed. The page's policy forbids frames, so the window itself prints.
 * @param progress told before each page is drawn, counted from 1.
 */
export async function printPdf(
  pdf: PDFDocumentProxy,
  progress: (page: number) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const holder = document.createElement('div')
  holder.className = 'pdf-print'
  const sheet = new CSSStyleSheet()
  try {
    for (let pageNumber = 1; pageNumber <= pdf.numPages; pageNumber++) {
      progress(pageNumber)
      const { image, widthMm, heightMm } = await pageImage(pdf, pageNumber, signal)
      if (pageNumber === 1) sheet.replaceSync(pageCss(widthMm, heightMm))
      holder.append(image)
    }
    document.body.append(holder)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    window.print()
  } finally {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    holder.remove()
    for (const image of holder.querySelectorAll('img')) URL.revokeObjectURL(image.src)
  }
}
