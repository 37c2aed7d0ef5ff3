import { inflateSync } from 'node:zlib'
import { PDFArray, PDFDict, PDFName, PDFNumber, type PDFObject, PDFRawStream } from 'pdf-lib'
import type { PdfFile } from '../reading/reader.ts'

/** Larger drawings are looked at, not read. */
const maxDrawingBytes = 1024 * 1024
const maxNesting = 4

const formKeys = new Set(['Type', 'Subtype', 'FormType', 'BBox', 'Matrix', 'Resources', 'Filter', 'Length'])
const stateKeys = new Set(['Type', 'BM', 'CA', 'ca'])
const painting = new Set(['s', 'S', 'f', 'F', 'f*', 'B', 'B*', 'b', 'b*'])
/** Colours; with a name they are patterns, whose cells are painted as they like. */
const colouring = new Set(['sc', 'SC', 'scn', 'SCN'])
const harmless = new Set('cm w J j M d ri i m l c v y h re n W W* CS cs SC SCN sc scn G g RG rg K k BMC EMC'.split(' '))

/**
 * Proofs that drawings hide nothing, each drawing read once: a seam seal shows one on each of many pages.
 * Beyond 32 MB of drawings in a file nothing is proven any more.
 */
export class SeeThroughProofs {
  readonly #known = new Map<PDFRawStream, { plain?: boolean; inked?: boolean }>()
  #bytesLeft = 32 * 1024 * 1024

  /**
   * True where a form XObject provably hides nothing: every painting operator runs under the blend mode Multiply
   * (ISO 32000-1, 11.3.5.2: the result is never lighter than what was there), vectors only, no images, text, shadings,
   * soft masks or transparency groups, whose inside would be laid over the page as one opaque piece.
   */
  isProven(file: PdfFile, form: PDFObject | undefined): boolean {
    return this.#readForm(file, form, false, 0)
  }

  #readForm(file: PdfFile, form: PDFObject | undefined, isInked: boolean, depth: number): boolean {
    if (!(form instanceof PDFRawStream) || depth > maxNesting) return false
    const known = this.#known.get(form) ?? {}
    const which = isInked ? 'inked' : 'plain'
    if (known[which] === undefined) {
      // Until it is read it proves nothing: a form that draws itself has no end.
      known[which] = false
      this.#known.set(form, known)
      known[which] = this.#readFresh(file, form, isInked, depth)
    }
    return known[which]
  }

  #readFresh(file: PdfFile, form: PDFRawStream, isInked: boolean, depth: number): boolean {
    const { dict } = form
    if (dict.keys().some((key) => !formKeys.has(key.decodeText()))) return false
    if (file.name(dict, 'Subtype') !== 'Form' || this.#bytesLeft < 0) return false
    const bytes = drawingBytes(file, form)
    this.#bytesLeft -= bytes?.length ?? maxDrawingBytes
    if (bytes === undefined) return false
    const drawing = { form: dict, bytes, isInked }
    return readDrawing(file, drawing, (drawn, inked) => this.#readForm(file, drawn, inked, depth + 1))
  }
}

function drawingBytes(file: PdfFile, { dict, contents }: PDFRawStream): Uint8Array | undefined {
  const filter = file.resolve(dict.get(PDFName.of('Filter')))
  const only = filter instanceof PDFArray && filter.size() === 1 ? file.resolve(filter.get(0)) : filter
  try {
    if (only === undefined) return contents.length > maxDrawingBytes ? undefined : contents
    if (only !== PDFName.of('FlateDecode')) return undefined
    return inflateSync(contents, { maxOutputLength: maxDrawingBytes })
  } catch {
    return undefined
  }
}

type Drawing = { readonly form: PDFDict; readonly bytes: Uint8Array; readonly isInked: boolean }

/** Reads operators one by one; whatever is not on the lists above proves nothing. */
function readDrawing(
  file: PdfFile,
  { form, bytes, isInked }: Drawing,
  readForm: (form: PDFObject | undefined, isInked: boolean) => boolean,
): boolean {
  let inked = isInked
  let operands: string[] = []
  const saved: boolean[] = []
  for (const token of operatorsAndNames(bytes)) {
    if (operandsOnly.test(token)) {
      if (operands.push(token) > maxOperands) return false
      continue
    }
    // Readers disagree about a name that stands among other operands, and about one left over from an operator before.
    const [first = '', ...more] = operands
    const name = first.startsWith('/') && more.length === 0 ? first.slice(1) : ''
    operands = []
    if (token === 'q') saved.push(inked)
    else if (token === 'Q') {
      const before = saved.pop()
      if (before === undefined) return false
      inked = before
    } else if (token === 'gs') {
      if (!isInk(file, resource(file, form, 'ExtGState', name))) return false
      inked = true
    } else if (token === 'Do') {
      if (!readForm(resource(file, form, 'XObject', name), inked)) return false
    } else if (painting.has(token) ? !inked : !harmless.has(token)) return false
    else if (colouring.has(token) && [first, ...more].some((operand) => operand.startsWith('/'))) return false
  }
  return true
}

/** A drawing is mostly numbers, which say nothing here: they are one and the same string. */
function* operatorsAndNames(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at < bytes.length; ) {
    const start = at
    let isNumber = true
    for (let byte = bytes[at]; byte !== undefined && !isSpace(byte); byte = bytes[++at]) {
      isNumber &&= (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b
    }
    const isLong = at - start > maxTokenBytes
    if (isLong && !isNumber) yield tooLong
    else if (isNumber && at > start) yield aNumber
    else if (!isNumber) yield Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString('latin1')
    if (at === start) at++
  }
}

const isSpace = (byte: number): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12 || byte === 0

/** Names and operators are short; strings, comments and inline images are not on the lists anyway. */
const maxTokenBytes = 128
const tooLong = '('
const aNumber = '0'
const operandsOnly = /^(?:0|\[|\]|\[\]|\/[A-Za-z0-9_.+-]+)$/
/** No operator that counts here takes more. */
const maxOperands = 64

function resource(file: PdfFile, form: PDFDict, kind: string, name: string): PDFObject | undefined {
  const resources = file.dict(form, 'Resources')
  const all = resources === undefined ? undefined : file.dict(resources, kind)
  return file.resolve(all?.get(PDFName.of(name)))
}

function isInk(file: PdfFile, state: PDFObject | undefined): boolean {
  if (!(state instanceof PDFDict) || state.keys().some((key) => !stateKeys.has(key.decodeText()))) return false
  const isOpacity = (key: string): boolean => {
    const value = file.resolve(state.get(PDFName.of(key)))
    return value === undefined || (value instanceof PDFNumber && value.asNumber() >= 0 && value.asNumber() <= 1)
  }
  return file.resolve(state.get(PDFName.of('BM'))) === PDFName.of('Multiply') && isOpacity('CA') && isOpacity('ca')
}
