// Owns: a PDF as its bytes and cross-references say it is: objects, pages, fields, places on paper, seals, earlier states. Reads and never repairs.
// Does not own: what a later state changed (../changes), whether a seal is good (main/signing).
// Start here: PdfFile; cross-reference.ts and syntax.ts below it, fields.ts and seal-records.ts above it.
import { PDFArray, PDFContext, PDFDict, PDFName, PDFNumber, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { type CrossReferences, maxObjectNumber, readCrossReferences } from './cross-reference.ts'
import { Unpacker } from './stream-data.ts'
import { damaged, SyntaxReader } from './syntax.ts'

/** Larger files are refused: seal and check hold the whole file in memory. */
export const maxPdfBytes = 400 * 1024 * 1024

const maxReferenceHops = 32
const maxPages = 200_000
const maxTreeDepth = 100
const maxLostObjects = 100_000

/** A page: its object, and the values that it may inherit from the tree above it (ISO 32000-1, table 30). */
export type PdfPage = {
  readonly ref: PDFRef
  readonly dict: PDFDict
  readonly inherited: ReadonlyMap<string, PDFObject>
}

/**
 * A PDF as its cross-references say it is. Objects are read when they are asked for, and never changed in place: an
 * update takes a copy. Nothing here repairs: what is broken throws PDF_DAMAGED.
 */
export class PdfFile {
  readonly bytes: Buffer
  readonly context: PDFContext = PDFContext.create()
  readonly crossReferences: CrossReferences
  readonly #objects = new Map<number, PDFObject | undefined>()
  readonly #containers = new Map<number, ReadonlyMap<number, PDFObject>>()
  readonly #underWay = new Set<number>()
  readonly #unpacker = new Unpacker()
  /** Nothing while the cross-references are read: they can refer to no object (ISO 32000-1, 7.5.8.2). */
  #entries: CrossReferences['entries'] = new Map()

  private constructor(bytes: Buffer) {
    this.bytes = bytes
    this.crossReferences = readCrossReferences(bytes, this.context, (offset) => {
      const object = this.#readIndirect(offset).object
      if (!(object instanceof PDFRawStream)) throw damaged('cross-reference stream')
      return { dict: object.dict, data: () => this.#unpacker.unpack(object) }
    })
    this.#entries = this.crossReferences.entries
  }

  /**
   * Opens a PDF for reading. Throws PDF_NOT_A_PDF, PDF_TOO_LARGE, PDF_ENCRYPTED, or PDF_DAMAGED (with
   * `what: 'truncated'` where the end of the file is missing).
   */
  static open(bytes: Uint8Array): PdfFile {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (buffer.subarray(0, 1024).indexOf('%PDF-') < 0) throw new AppError('PDF_NOT_A_PDF')
    if (buffer.length > maxPdfBytes) throw new AppError('PDF_TOO_LARGE', { limitMb: maxPdfBytes / 1024 / 1024 })
    const end = endOfText(buffer)
    if (buffer.subarray(Math.max(0, end - 2048), end).indexOf('%%EOF') < 0) throw damaged('truncated')
    // Offsets count from the header: with bytes before it, programs disagree about where every object is.
    if (buffer.indexOf('%PDF-') > 0) throw damaged('header')
    const file = new PdfFile(buffer)
    if (file.trailer.has(PDFName.of('Encrypt'))) throw new AppError('PDF_ENCRYPTED')
    return file
  }

  /** The newest trailer dictionary. */
  get trailer(): PDFDict {
    return this.crossReferences.trailer
  }

  /**
   * The first object number that no section uses, nor anything read so far refers to: a new object must not be taken for
   * one that was lost. A /Size that no file can have is passed over, and so are references far beyond all objects.
   */
  get size(): number {
    const declared = this.number(this.trailer, 'Size') ?? 0
    let size = Number.isInteger(declared) && declared > 0 && declared <= maxObjectNumber ? declared : 1
    for (const number of this.crossReferences.entries.keys()) size = Math.max(size, number + 1)
    const referred = this.context.largestObjectNumber
    return referred >= size && referred < size + maxLostObjects ? referred + 1 : size
  }

  /** The reference to the document catalogue. Throws PDF_DAMAGED without one. */
  get catalogRef(): PDFRef {
    const root = this.trailer.get(PDFName.of('Root'))
    if (!(root instanceof PDFRef)) throw damaged('catalogue')
    return root
  }

  /** The document catalogue. Throws PDF_DAMAGED without one. */
  get catalog(): PDFDict {
    const catalog = this.resolve(this.catalogRef)
    if (!(catalog instanceof PDFDict)) throw damaged('catalogue')
    return catalog
  }

  /** The object of a number, `undefined` where there is none. Throws PDF_DAMAGED where it cannot be read. */
  object(number: number): PDFObject | undefined {
    if (this.#objects.has(number)) return this.#objects.get(number)
    if (this.#underWay.has(number)) throw damaged('object loop')
    this.#underWay.add(number)
    try {
      const object = this.#read(number)
      this.#objects.set(number, object)
      return object
    } finally {
      this.#underWay.delete(number)
    }
  }

  /** Follows references until something else is met; `undefined` where they lead nowhere. */
  resolve(object: PDFObject | undefined): PDFObject | undefined {
    let current = object
    for (let hop = 0; current instanceof PDFRef; hop++) {
      if (hop > maxReferenceHops) throw damaged('reference loop')
      current = this.object(current.objectNumber)
    }
    return current
  }

  /** The dictionary under a key, references followed; `undefined` where there is none. */
  dict(of: PDFDict, key: string): PDFDict | undefined {
    const value = this.resolve(of.get(PDFName.of(key)))
    return value instanceof PDFDict ? value : undefined
  }

  /** The array under a key, references followed; `undefined` where there is none. */
  array(of: PDFDict, key: string): PDFArray | undefined {
    const value = this.resolve(of.get(PDFName.of(key)))
    return value instanceof PDFArray ? value : undefined
  }

  /** The number under a key, references followed; `undefined` where there is none. */
  number(of: PDFDict, key: string): number | undefined {
    const value = this.resolve(of.get(PDFName.of(key)))
    return value instanceof PDFNumber ? value.asNumber() : undefined
  }

  /** The name under a key, without its slash, references followed; `undefined` where there is none. */
  name(of: PDFDict, key: string): string | undefined {
    const value = this.resolve(of.get(PDFName.of(key)))
    return value instanceof PDFName ? value.decodeText() : undefined
  }

  /** Every page in reading order. Throws PDF_DAMAGED for a tree that loops, is too deep, or has no page object. */
  *pages(): Generator<PdfPage> {
    const seen = new Set<number>()
    const root = this.catalog.get(PDFName.of('Pages'))
    if (!(root instanceof PDFRef)) throw damaged('page tree')
    yield* this.#pagesBelow(root, new Map(), seen, 0)
  }

  *#pagesBelow(
    ref: PDFRef,
    above: ReadonlyMap<string, PDFObject>,
    seen: Set<number>,
    depth: number,
  ): Generator<PdfPage> {
    const node = this.resolve(ref)
    if (seen.has(ref.objectNumber) || depth > maxTreeDepth || seen.size > maxPages) throw damaged('page tree loop')
    seen.add(ref.objectNumber)
    if (!(node instanceof PDFDict)) throw damaged('page tree')
    const inherited = new Map(above)
    for (const key of ['MediaBox', 'CropBox', 'Rotate']) {
      const own = this.resolve(node.get(PDFName.of(key)))
      if (own !== undefined) inherited.set(key, own)
    }
    const kids = this.array(node, 'Kids')
    if (kids === undefined) {
      if (node.get(PDFName.of('Type')) === PDFName.of('Pages')) throw damaged('page tree')
      yield { ref, dict: node, inherited }
      return
    }
    for (const kid of kids.asArray()) {
      if (!(kid instanceof PDFRef)) throw damaged('page tree')
      yield* this.#pagesBelow(kid, inherited, seen, depth + 1)
    }
  }

  #read(number: number): PDFObject | undefined {
    const entry = this.#entries.get(number)
    if (entry === undefined || entry.kind === 'free') return undefined
    if (entry.kind === 'packed') return this.#container(entry.container).get(number)
    const found = this.#readIndirect(entry.offset)
    if (found.number !== number) throw damaged(`object ${number}`)
    return found.object
  }

  /** True where an object of that number begins at the offset; the object itself is not read. */
  hasObjectAt(offset: number, number: number): boolean {
    if (offset <= 0 || offset >= this.bytes.length) return false
    const reader = new SyntaxReader(this.bytes, offset, this.context)
    try {
      return reader.integer() === number && reader.integer() >= 0 && reader.accept('obj')
    } catch (error) {
      if (error instanceof AppError) return false
      throw error
    }
  }

  #readIndirect(offset: number): { number: number; object: PDFObject } {
    if (offset <= 0 || offset >= this.bytes.length) throw damaged('object offset')
    const reader = new SyntaxReader(this.bytes, offset, this.context)
    const number = reader.integer()
    reader.integer()
    if (!reader.accept('obj')) throw damaged('object')
    const object = reader.object()
    if (!(object instanceof PDFDict) || !reader.accept('stream')) return { number, object }
    return { number, object: PDFRawStream.of(object, this.#streamBytes(object, reader.position)) }
  }

  #streamBytes(dict: PDFDict, afterKeyword: number): Uint8Array {
    let start = afterKeyword
    if (this.bytes[start] === 13) start++
    if (this.bytes[start] === 10) start++
    const length = this.resolve(dict.get(PDFName.of('Length')))
    if (length instanceof PDFNumber && Number.isInteger(length.asNumber()) && length.asNumber() >= 0) {
      const end = start + length.asNumber()
      if (new SyntaxReader(this.bytes, end, this.context).accept('endstream')) return this.bytes.subarray(start, end)
    }
    throw damaged('stream length')
  }

  #container(number: number): ReadonlyMap<number, PDFObject> {
    const known = this.#containers.get(number)
    if (known !== undefined) return known
    const stream = this.object(number)
    if (!(stream instanceof PDFRawStream)) throw damaged('object stream')
    const count = this.number(stream.dict, 'N') ?? 0
    const first = this.number(stream.dict, 'First') ?? 0
    const data = this.#unpacker.unpack(stream)
    const header = new SyntaxReader(data, 0, this.context)
    const objects = new Map<number, PDFObject>()
    for (let i = 0; i < count; i++) {
      const objectNumber = header.integer()
      const offset = header.integer()
      objects.set(objectNumber, new SyntaxReader(data, first + offset, this.context).object())
    }
    this.#containers.set(number, objects)
    return objects
  }
}

/** Where the file ends but for white space and zeros, with which some disks and scanners fill up the last block. */
function endOfText(bytes: Buffer): number {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] ?? 0) <= 32) end--
  return end
}
