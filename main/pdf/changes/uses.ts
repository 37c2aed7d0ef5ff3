import { PDFArray, PDFDict, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib'
import type { PdfFile } from '../reader.ts'
import { readable } from './touched.ts'

/** A place that refers to an object: which object (0: the trailer), and the keys that lead there, as `AP/N`. */
export type Use = { readonly holder: number; readonly path: string }

/**
 * Who refers to the objects of interest: every object of a state is read once, also those that nobody shows, for a
 * later update might show them.
 */
export class UseIndex {
  readonly #interest: ReadonlySet<number>
  readonly #uses = new Map<number, Use[]>()
  readonly #targets = new Map<number, number[]>()

  /** Reads all of `file` where there is anything of interest. An object that cannot be read refers to nothing. */
  constructor(file: PdfFile, interest: ReadonlySet<number>) {
    this.#interest = interest
    if (interest.size === 0) return
    this.put(0, file.trailer)
    for (const [number, { kind }] of file.crossReferences.entries) {
      if (kind !== 'free') this.put(number, readable(file, number))
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
