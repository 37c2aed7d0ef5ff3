// Owns: one incremental update behind a PDF's own bytes, with a signature in it; damaged files written anew; files written whole or not at all.
// Does not own: what goes into an update (../sealing), the signature itself (a DetachedSigner of main/signing).
// Start here: PdfUpdate; signed-update.ts fills in what a signature covers, resave.ts opens what is to be sealed.
import { PDFArray, PDFDict, PDFName, PDFNumber, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import type { PdfFile } from '../reading/reader.ts'

/** What an update adds to the end of a file, and where in it each object begins. */
export type WrittenUpdate = {
  /** The bytes to append to the base; the base's own bytes stay as they are. */
  readonly bytes: Buffer
  /** Offset of each object in `bytes`, by object number. */
  readonly offsets: ReadonlyMap<number, number>
}

/** /Root, /Info and /ID go along unchanged; /XRefStm must not (it would name the base's objects as the newest). */
const keptTrailerKeys = ['Root', 'Info', 'ID']

/**
 * Collects new and replaced objects and writes them as one incremental update (ISO 32000-1, 7.5.6), with a
 * cross-reference section of the same kind as the newest of the base: readers refuse a mixture.
 */
export class PdfUpdate {
  readonly #file: PdfFile
  readonly #objects = new Map<number, { readonly ref: PDFRef; readonly object: PDFObject }>()
  #nextNumber: number

  constructor(file: PdfFile) {
    this.#file = file
    this.#nextNumber = file.size
  }

  /** Adds an object under a fresh number. */
  add(object: PDFObject): PDFRef {
    const ref = PDFRef.of(this.#nextNumber++, 0)
    this.#objects.set(ref.objectNumber, { ref, object })
    return ref
  }

  /** A dictionary that this update adds, to be filled in further before it is written. */
  added(ref: PDFRef): PDFDict {
    const object = this.#objects.get(ref.objectNumber)?.object
    if (!(object instanceof PDFDict)) throw new Error(`no dictionary ${ref.objectNumber} in the update`)
    return object
  }

  /** Writes an object anew under the number that it has. */
  replace(ref: PDFRef, object: PDFObject): void {
    const entry = this.#file.crossReferences.entries.get(ref.objectNumber)
    const generation = entry?.kind === 'offset' ? entry.generation : 0
    this.#objects.set(ref.objectNumber, { ref: PDFRef.of(ref.objectNumber, generation), object })
  }

  /** The object as this update has it, or a shallow copy of the base's that may be changed and then given to `replace`. */
  editable(ref: PDFRef): PDFDict | PDFArray | undefined {
    const current = this.#objects.get(ref.objectNumber)?.object ?? this.#file.resolve(ref)
    if (current instanceof PDFDict || current instanceof PDFArray) return current.clone(this.#file.context)
    return undefined
  }

  /** The bytes to append. Throws PDF_TOO_LARGE where an offset would no longer fit its ten digits. */
  write(): WrittenUpdate {
    const { bytes: base } = this.#file
    const last = base[base.length - 1]
    const chunks: Buffer[] = last === 10 || last === 13 ? [] : [Buffer.from('\n')]
    let length = chunks.length
    const offsets = new Map<number, number>()
    for (const number of [...this.#objects.keys()].sort((a, b) => a - b)) {
      const chunk = this.#serialize(number)
      offsets.set(number, length)
      chunks.push(chunk)
      length += chunk.length
    }
    if (base.length + length > 9_999_999_999) throw new AppError('PDF_TOO_LARGE', { limitMb: 9536 })
    chunks.push(this.#crossReferences(offsets, base.length, length))
    return { bytes: Buffer.concat(chunks), offsets }
  }

  #serialize(number: number): Buffer {
    const found = this.#objects.get(number)
    if (found === undefined) throw new Error(`no object ${number} in the update`)
    return indirect(found.ref, found.object)
  }

  #crossReferences(offsets: ReadonlyMap<number, number>, baseLength: number, updateLength: number): Buffer {
    const start = baseLength + updateLength
    const tail = Buffer.from(`startxref\n${start}\n%%EOF\n`)
    if (this.#file.crossReferences.kind === 'table') {
      const trailer = this.#trailer(this.#nextNumber)
      const table = this.#table(offsets, baseLength)
      return Buffer.concat([table, Buffer.from('trailer\n'), serialized(trailer), Buffer.from('\n'), tail])
    }
    const own = PDFRef.of(this.#nextNumber, 0)
    const rows = new Map([...offsets].map(([number, offset]) => [number, baseLength + offset]))
    rows.set(own.objectNumber, start)
    return Buffer.concat([indirect(own, this.#stream(rows)), tail])
  }

  #trailer(size: number): PDFDict {
    const { trailer, crossReferences, context } = this.#file
    const dict = PDFDict.withContext(context)
    dict.set(PDFName.of('Size'), PDFNumber.of(size))
    for (const key of keptTrailerKeys) {
      const value = trailer.get(PDFName.of(key))
      if (value !== undefined) dict.set(PDFName.of(key), value)
    }
    dict.set(PDFName.of('Prev'), PDFNumber.of(crossReferences.offset))
    return dict
  }

  #table(offsets: ReadonlyMap<number, number>, baseLength: number): Buffer {
    const lines = ['xref\n']
    for (const run of runs([...offsets.keys()])) {
      lines.push(`${run.first} ${run.count}\n`)
      for (let number = run.first; number < run.first + run.count; number++) {
        const offset = String(baseLength + (offsets.get(number) ?? 0)).padStart(10, '0')
        const generation = String(this.#objects.get(number)?.ref.generationNumber ?? 0).padStart(5, '0')
        lines.push(`${offset} ${generation} n \n`)
      }
    }
    return Buffer.from(lines.join(''))
  }

  #stream(rows: ReadonlyMap<number, number>): PDFRawStream {
    const numbers = [...rows.keys()]
    const data = Buffer.alloc(numbers.length * 8)
    numbers.forEach((number, i) => {
      data.writeUInt8(1, i * 8)
      data.writeUIntBE(rows.get(number) ?? 0, i * 8 + 1, 5)
      data.writeUInt16BE(this.#objects.get(number)?.ref.generationNumber ?? 0, i * 8 + 6)
    })
    const dict = this.#trailer(this.#nextNumber + 1)
    const index = runs(numbers).flatMap((run) => [run.first, run.count])
    dict.set(PDFName.of('Type'), PDFName.of('XRef'))
    dict.set(PDFName.of('W'), this.#file.context.obj([1, 5, 2]))
    dict.set(PDFName.of('Index'), this.#file.context.obj(index))
    return PDFRawStream.of(dict, data)
  }
}

function indirect(ref: PDFRef, object: PDFObject): Buffer {
  const head = Buffer.from(`${ref.objectNumber} ${ref.generationNumber} obj\n`)
  return Buffer.concat([head, serialized(object), Buffer.from('\nendobj\n')])
}

function serialized(object: PDFObject): Buffer {
  const bytes = Buffer.alloc(object.sizeInBytes())
  object.copyBytesInto(bytes, 0)
  return bytes
}

/** Consecutive numbers of an ascending list, as first number and count. */
function runs(numbers: readonly number[]): { first: number; count: number }[] {
  const found: { first: number; count: number }[] = []
  for (const number of numbers) {
    const run = found.at(-1)
    if (run !== undefined && run.first + run.count === number) run.count++
    else found.push({ first: number, count: 1 })
  }
  return found
}
