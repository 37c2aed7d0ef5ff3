// Owns: small PDFs written by hand, object by object, for what no maker would make.
// Does not own: the fixtures of real makers (tests/fixtures/pdf).
// Start here: pdfOf.

/** An object of a small PDF; a plain text is one of generation 0. */
export type SmallObject = string | { readonly body: string; readonly generation: number }

export type SmallPdfOptions = {
  /** Put into the trailer beside /Size and /Root. */
  readonly trailer?: string
  /** What ends a line outside the cross-reference table. */
  readonly lineEnd?: '\n' | '\r\n' | '\r'
  /** The /Size to claim. */
  readonly size?: number
}

/** A PDF 1.7 of the objects given (number 1 is the catalogue), with a right cross-reference table. */
export function pdfOf(objects: readonly SmallObject[], options: SmallPdfOptions = {}): Buffer {
  const { trailer: extra = '', lineEnd: end = '\n', size = objects.length + 1 } = options
  let body = `%PDF-1.7${end}`
  const rows = objects.map((object, i) => {
    const { body: text, generation } = typeof object === 'string' ? { body: object, generation: 0 } : object
    const row = `${String(body.length).padStart(10, '0')} ${String(generation).padStart(5, '0')} n`
    body += `${i + 1} ${generation} obj${end}${text}${end}endobj${end}`
    return row
  })
  const twoBytes = end.length === 2 ? end : ` ${end}`
  const table = `xref${end}0 ${objects.length + 1}${end}${['0000000000 65535 f', ...rows].join(twoBytes)}${twoBytes}`
  const trailer = `trailer${end}<< /Size ${size} /Root 1 0 R ${extra} >>${end}`
  return Buffer.from(`${body}${table}${trailer}startxref${end}${body.length}${end}%%EOF${end}`, 'latin1')
}

/** A stream object's text. */
export const streamOf = (content: Uint8Array, entries = ''): string =>
  `<< ${entries} /Length ${content.length} >>\nstream\n${Buffer.from(content).toString('latin1')}\nendstream`

/** The objects of a PDF of so many empty A4 pages: catalogue, page tree, pages from number 3. */
export function pagesOf(count: number, catalogue = ''): string[] {
  const kids = Array.from({ length: count }, (_, i) => `${i + 3} 0 R`).join(' ')
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595.28 841.89 ] >>'
  return [
    `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`,
    `<< /Type /Pages /Kids [ ${kids} ] /Count ${count} >>`,
    ...Array.from({ length: count }, () => page),
  ]
}
