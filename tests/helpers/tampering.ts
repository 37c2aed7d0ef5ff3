// Owns: a small PDF whose object numbers are known, and incremental updates to it as an attacker writes them.
// Does not own: sealing (seals.ts) and what a check says of it (main/signing).
// Start here: plainDocument and withUpdate.
import { PdfFile } from '../../main/pdf/index.ts'

/** What stands under each number of `plainDocument`. */
export const numbers = {
  catalogue: 1,
  pageTree: 2,
  firstPage: 3,
  secondPage: 4,
  thirdPage: 5,
  firstContent: 6,
  secondContent: 7,
  font: 9,
  resources: 10,
  image: 11,
  textField: 12,
  textLook: 13,
  layer: 14,
  note: 15,
  form: 16,
  unused: 17,
  info: 18,
  lockedAway: 19,
  /** Page 3 refers to it, and nothing stands there. */
  missing: 900,
} as const

const stream = (dict: string, content: string): string =>
  `<< ${dict} /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`

/** A content stream, for attacks that put another one in its place. */
export const contentStream = (content: string): string => stream('', content)

/** A form XObject that draws `content` on 100 by 100 units. */
export const formStream = (content: string, more = ''): string =>
  stream(`/Type /XObject /Subtype /Form /BBox [ 0 0 100 100 ] ${more}`, content)

const line = (text: string): string => `BT /F1 14 Tf 72 700 Td (${text}) Tj ET`

const page = (content: string, more = ''): string => `<< /Type /Page /Parent 2 0 R /Contents ${content} ${more} >>`

const objects: Readonly<Record<number, string>> = {
  [numbers.catalogue]:
    '<< /Type /Catalog /Pages 2 0 R /AcroForm 16 0 R /OCProperties << /OCGs [ 14 0 R ] /D << /OFF [ 14 0 R ] >> >> >>',
  [numbers.pageTree]:
    '<< /Type /Pages /Kids [ 3 0 R 4 0 R 5 0 R ] /Count 3 /MediaBox [ 0 0 595 842 ] /Resources 10 0 R >>',
  [numbers.firstPage]: page('6 0 R', '/Annots [ 12 0 R ]'),
  [numbers.secondPage]: page('7 0 R', '/Annots [ 15 0 R ]'),
  [numbers.thirdPage]: page('[ 8 0 R 900 0 R ]'),
  [numbers.firstContent]: contentStream(
    `${line('Amount: 100')} /OC /Layer BDC ${line('Draft')} EMC q 50 0 0 50 400 400 cm /Im Do Q`,
  ),
  [numbers.secondContent]: contentStream(line('Page two')),
  8: contentStream(line('Page three')),
  [numbers.font]: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  [numbers.resources]: '<< /Font << /F1 9 0 R >> /XObject << /Im 11 0 R >> /Properties << /Layer 14 0 R >> >>',
  [numbers.image]: stream(
    '/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8',
    'A',
  ),
  [numbers.textField]:
    '<< /Type /Annot /Subtype /Widget /FT /Tx /T (amount) /V (100) /DA (/F1 12 Tf 0 g) /Rect [ 72 600 272 620 ] /P 3 0 R /AP << /N 13 0 R >> >>',
  [numbers.textLook]: formStream('BT /F1 12 Tf (100) Tj ET'),
  [numbers.layer]: '<< /Type /OCG /Name (Layer) >>',
  [numbers.note]: '<< /Type /Annot /Subtype /Text /Rect [ 10 10 30 30 ] /Contents (note) /P 4 0 R >>',
  [numbers.form]: '<< /Fields [ 12 0 R ] /DR << /Font << /F1 9 0 R >> >> /DA (/F1 12 Tf 0 g) >>',
  [numbers.unused]: contentStream(line('Amount: 900')),
  [numbers.info]: '<< /Title (Receipt) /ModDate (D:20260101000000Z) >>',
  [numbers.lockedAway]: page('17 0 R'),
}

/** Three pages with text, a font, an image, a filled form field, a layer, a note, and objects that nobody shows. */
export function plainDocument(changes: Readonly<Record<number, string>> = {}): Buffer {
  const all = { ...objects, ...changes }
  const parts = ['%PDF-1.7\n']
  let length = parts.join('').length
  const offsets = new Map<number, number>()
  for (const [number, body] of Object.entries(all)) {
    const text = `${number} 0 obj\n${body}\nendobj\n`
    offsets.set(Number(number), length)
    parts.push(text)
    length += text.length
  }
  const size = largest([...offsets.keys()]) + 1
  const rows = Array.from({ length: size }, (_, number) => tableRow(offsets.get(number)))
  parts.push(`xref\n0 ${size}\n${rows.join('')}`)
  parts.push(`trailer\n<< /Size ${size} /Root 1 0 R /Info 18 0 R >>\nstartxref\n${length}\n%%EOF\n`)
  return Buffer.from(parts.join(''), 'latin1')
}

const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0)

const tableRow = (offset: number | undefined, generation = 0): string =>
  offset === undefined
    ? '0000000000 65535 f \n'
    : `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n \n`

/** How an update is to be written, where it is not as a well-behaved program would. */
export type UpdateOptions = {
  /** The reference that the trailer names as the catalogue. */
  readonly root?: string
  /** More keys of the trailer. */
  readonly trailer?: string
  /** Objects that the table says are free. */
  readonly freed?: readonly number[]
  /** Objects that the table leads to offsets of its own. */
  readonly offsets?: Readonly<Record<number, number>>
  /** Bytes between the objects and the table. */
  readonly between?: string
  readonly previous?: number
}

/** An incremental update with a table: the objects written anew, and what `options` bend. */
export function withUpdate(
  pdf: Uint8Array,
  changed: Readonly<Record<number, string>>,
  options: UpdateOptions = {},
): Buffer {
  const file = PdfFile.open(pdf)
  const base = Buffer.from(pdf).toString('latin1')
  const offsets = new Map<number, number | undefined>(
    Object.entries(options.offsets ?? {}).map(([n, at]) => [Number(n), at]),
  )
  for (const number of options.freed ?? []) offsets.set(number, undefined)
  let body = ''
  for (const [number, text] of Object.entries(changed)) {
    offsets.set(Number(number), base.length + body.length)
    body += `${number} 0 obj\n${text}\nendobj\n`
  }
  body += options.between ?? ''
  const rows = [...offsets].map(([number, offset]) => `${number} 1\n${tableRow(offset)}`)
  const size = Math.max(file.size, largest([...offsets.keys()]) + 1)
  const previous = options.previous ?? file.crossReferences.offset
  const trailer = `/Size ${size} /Root ${options.root ?? '1 0 R'} /Prev ${previous} ${options.trailer ?? ''}`
  const tail = `trailer\n<< ${trailer} >>\nstartxref\n${base.length + body.length}\n%%EOF\n`
  return Buffer.from(`${base}${body}xref\n${rows.join('')}${tail}`, 'latin1')
}

/** The text of an object as the newest state has it, streams without their content. */
export function objectText(pdf: Uint8Array, number: number): string {
  return String(PdfFile.open(pdf).object(number))
}

/** The text of an object with one part replaced; a plain Error where the part is not there. */
export function replaced(pdf: Uint8Array, number: number, part: string | RegExp, by: string): string {
  const text = objectText(pdf, number).replace(/\s+/g, ' ')
  const changed = text.replace(part, by)
  if (changed === text) throw new Error(`object ${number} has no ${part}: ${text}`)
  return changed
}

/** The numbers of the newest state's objects whose text matches. */
export function numbersOf(pdf: Uint8Array, pattern: RegExp): number[] {
  const file = PdfFile.open(pdf)
  return [...file.crossReferences.entries.keys()].filter((number) => pattern.test(String(file.object(number) ?? '')))
}

/** How a seal is written by hand, where it is not as a well-behaved program would. */
export type SealByHand = UpdateOptions & {
  /** More keys of the signature dictionary, in front of /Contents. */
  readonly before?: string
  /** More keys behind /Contents. */
  readonly after?: string
  /** The range to sign and to write, from the honest one. */
  readonly range?: (honest: readonly [number, number, number, number]) => readonly number[]
  readonly subFilter?: string
}

const contentsDigits = 16_000

/**
 * An incremental update with a signature dictionary under `number`, signed by `sign` over the range that it names: a
 * real signature, whatever the update does besides.
 */
export async function withSealByHand(
  pdf: Uint8Array,
  number: number,
  changed: Readonly<Record<number, string>>,
  options: SealByHand & { readonly sign: (parts: readonly Uint8Array[]) => Promise<Uint8Array> },
): Promise<Buffer> {
  const space = '[ 0000000000 0000000000 0000000000 0000000000 0000000000 0000000000 ]'
  const { before = '', after = '', subFilter = 'ETSI.CAdES.detached' } = options
  const dictionary = `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /${subFilter} /ByteRange ${space} ${before} /Contents <${'0'.repeat(contentsDigits)}> ${after} >>`
  const out = withUpdate(pdf, { ...changed, [number]: dictionary }, options)
  const start = out.lastIndexOf(`<${'0'.repeat(contentsDigits)}>`)
  const end = start + contentsDigits + 2
  const honest = [0, start, end, out.length - end] as const
  const range = options.range?.(honest) ?? honest
  const at = out.lastIndexOf(space)
  out.write(`[ ${range.join(' ')} ]`.padEnd(space.length), at, 'latin1')
  const parts: Uint8Array[] = []
  for (let i = 0; i + 1 < range.length; i += 2) {
    parts.push(out.subarray(range[i], (range[i] ?? 0) + (range[i + 1] ?? 0)))
  }
  const cms = Buffer.from(await options.sign(parts)).toString('hex')
  out.write(cms, start + 1, 'latin1')
  return out
}
