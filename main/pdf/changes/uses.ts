import { PDFArray, PDFDict, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import type { PdfFile } from '../reading/reader.ts'

/** A place that refers to an object: which object (0: the trailer), and the keys that lead there, as `AP/N`. */
export type Use = { readonly holder: number; readonly path: string }

/** The path of a reference in an object that cannot be read here. */
const unreadable = '?'

/**
 * Who refers to the objects of interest: every object of a state is read once, also those that nobody shows, for a
 * later update might show them.
 */
export class UseIndex {
  readonly #interest: ReadonlySet<number>
  readonly #uses = new Map<number, Use[]>()
  readonly #targets = new Map<number, number[]>()

  /** Reads all of `file` where there is anything of interest. */
  constructor(file: PdfFile, interest: ReadonlySet<number>) {
    this.#interest = interest
    if (interest.size === 0) return
    this.put(0, file.trailer)
    for (const [number, { kind }] of file.crossReferences.entries) if (kind !== 'free') this.take(file, number)
  }

  /**
   * Takes what an object of `file` says in place of what it said before. Viewers may read what cannot be read here, so
   * such an object refers to all that its bytes seem to name, and to everything where its bytes cannot be found.
   */
  take(file: PdfFile, number: number): void {
    try {
      this.put(number, file.object(number))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      this.put(number, undefined)
      for (const target of namedInBytes(file, number) ?? this.#interest) {
        if (this.#interest.has(target)) this.#note(target, { holder: number, path: unreadable })
      }
    }
  }

  /** The places that refer to an object. */
  of(target: number): readonly Use[] {
    return this.#uses.get(target) ?? []
  }

  /** Takes what an object says now in place of what it said before. */
  put(holder: number, object: PDFObject | undefined): void {
    for (const target of this.#targets.get(holder) ?? []) {
      const others = this.#uses.get(target)?.filter((use) => use.holder !== holder) ?? []
      this.#uses.set(target, others)
    }
    this.#targets.delete(holder)
    if (object !== undefined) this.#collect(holder, object, [])
  }

  #collect(holder: number, object: PDFObject, path: string[]): void {
    if (object instanceof PDFRef) {
      if (this.#interest.has(object.objectNumber)) this.#note(object.objectNumber, { holder, path: path.join('/') })
    } else if (object instanceof PDFArray) {
      for (const item of object.asArray()) this.#collect(holder, item, path)
    } else if (object instanceof PDFDict || object instanceof PDFRawStream) {
      const dict = object instanceof PDFDict ? object : object.dict
      for (const [key, value] of dict.entries()) {
        path.push(key.decodeText())
        this.#collect(holder, value, path)
        path.pop()
      }
    }
  }

  #note(target: number, use: Use): void {
    const uses = this.#uses.get(target)
    if (uses === undefined) this.#uses.set(target, [use])
    else uses.push(use)
    const targets = this.#targets.get(use.holder)
    if (targets === undefined) this.#targets.set(use.holder, [target])
    else targets.push(target)
  }
}

const offsetsOf = new WeakMap<PdfFile, readonly number[]>()

/** The numbers that the bytes of an object, up to the next one, seem to refer to; `undefined` for a packed object. */
function namedInBytes(file: PdfFile, number: number): number[] | undefined {
  const entry = file.crossReferences.entries.get(number)
  if (entry?.kind !== 'offset') return undefined
  const sorted = offsetsOf.get(file) ?? sortedOffsets(file)
  offsetsOf.set(file, sorted)
  const end = sorted[firstAbove(sorted, entry.offset)] ?? file.bytes.length
  const text = file.bytes.toString('latin1', entry.offset, end)
  return Array.from(text.matchAll(reference), ([, target]) => Number(target))
}

/** `n g R`, with comments between where somebody put them there. */
const reference = /(\d{1,10})(?:[\s\0]|%[^\r\n]*[\r\n])+\d{1,5}(?:[\s\0]|%[^\r\n]*[\r\n])+R/g

function sortedOffsets({ crossReferences: { entries, sections } }: PdfFile): number[] {
  const offsets = sections.map(({ offset }) => offset)
  for (const entry of entries.values()) if (entry.kind === 'offset') offsets.push(entry.offset)
  return offsets.sort((a, b) => a - b)
}

function firstAbove(sorted: readonly number[], value: number): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] ?? 0) > value) to = middle
    else from = middle + 1
  }
  return from
}
