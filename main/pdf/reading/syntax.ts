import {
  PDFArray,
  PDFBool,
  type PDFContext,
  PDFDict,
  PDFHexString,
  PDFName,
  PDFNull,
  PDFNumber,
  type PDFObject,
  PDFRef,
  PDFString,
} from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'

/** Arrays and dictionaries nested deeper than this are an attack, not a document. */
const maxDepth = 200

const isWhitespace = (byte: number | undefined): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12 || byte === 0

const isDelimiter = (byte: number): boolean =>
  byte === 0x28 || // (
  byte === 0x29 || // )
  byte === 0x3c || // <
  byte === 0x3e || // >
  byte === 0x5b || // [
  byte === 0x5d || // ]
  byte === 0x7b || // {
  byte === 0x7d || // }
  byte === 0x2f || // /
  byte === 0x25 // %

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

/** As many as a number keeps exactly. */
const mostDigits = 15

/** Names come again and again, and pdf-lib unescapes each one anew. */
const names = new Map<string, PDFName>()
const mostNames = 10_000

function nameOf(written: string): PDFName {
  const known = names.get(written)
  if (known !== undefined) return known
  const name = PDFName.of(written)
  if (names.size >= mostNames) names.clear()
  names.set(written, name)
  return name
}

/** The failure of every reader here: the bytes are not what ISO 32000 says; `what` names the part, for the log. */
export const damaged = (what: string, cause?: unknown): AppError =>
  new AppError('PDF_DAMAGED', { what }, cause === undefined ? {} : { cause })

/**
 * Reads PDF tokens and objects (ISO 32000-1, 7.2 and 7.3) from any position of a file into pdf-lib's object classes.
 * Strings keep their bytes as written, so that an object that is written again says the same.
 * Throws PDF_DAMAGED where the bytes are no object. Streams are the reader's work: their length may be elsewhere.
 */
export class SyntaxReader {
  readonly bytes: Buffer
  position: number
  /** A dictionary read so far names a key twice; the last one counts here, other readers may take the first. */
  hasRepeatedKeys = false
  readonly #context: PDFContext

  constructor(bytes: Buffer, position: number, context: PDFContext) {
    this.bytes = bytes
    this.position = position
    this.#context = context
  }

  /** Moves past white space and comments. */
  skipSpace(): void {
    const { bytes } = this
    while (this.position < bytes.length) {
      const byte = bytes[this.position]
      if (byte === 0x25) {
        while (this.position < bytes.length && bytes[this.position] !== 10 && bytes[this.position] !== 13)
          this.position++
      } else if (isWhitespace(byte)) this.position++
      else return
    }
  }

  /** The next run of regular characters ('' at a delimiter or the end), after white space. */
  word(): string {
    this.skipSpace()
    const start = this.position
    while (this.position < this.bytes.length) {
      const byte = this.bytes[this.position] ?? 0
      if (isWhitespace(byte) || isDelimiter(byte)) break
      this.position++
    }
    return this.bytes.toString('latin1', start, this.position)
  }

  /** Moves past the keyword and says true, or stays and says false. */
  accept(keyword: string): boolean {
    const start = this.position
    if (this.word() === keyword) return true
    this.position = start
    return false
  }

  /** The next non-negative integer. */
  integer(): number {
    this.skipSpace()
    const value = this.#digits(mostDigits)
    const after = this.bytes[this.position]
    if (value === undefined || (after !== undefined && !isWhitespace(after) && !isDelimiter(after))) {
      throw damaged('integer')
    }
    return value
  }

  /** The digits that stand here as a number; `undefined`, and no step further, where there is none or too many. */
  #digits(most: number): number | undefined {
    const { bytes } = this
    const start = this.position
    let value = 0
    let at = start
    for (; isDigit(bytes[at]); at++) value = value * 10 + (bytes[at] ?? 0) - 48
    if (at === start || at - start > most) return undefined
    this.position = at
    return value
  }

  /** The next object; a reference `n g R` counts as one. */
  object(depth = 0): PDFObject {
    if (depth > maxDepth) throw damaged('nesting')
    this.skipSpace()
    const byte = this.bytes[this.position]
    const next = this.bytes[this.position + 1]
    if (byte === 0x2f) return this.#name()
    if (byte === 0x28) return this.#literalString()
    if (byte === 0x5b) return this.#array(depth)
    if (byte === 0x3c) return next === 0x3c ? this.#dictionary(depth) : this.#hexString()
    return this.#numberOrKeyword()
  }

  #name(): PDFName {
    this.position++
    const start = this.position
    while (this.position < this.bytes.length) {
      const byte = this.bytes[this.position] ?? 0
      if (isWhitespace(byte) || isDelimiter(byte)) break
      this.position++
    }
    return nameOf(this.bytes.toString('latin1', start, this.position))
  }

  #literalString(): PDFString {
    const start = this.position + 1
    let open = 0
    while (this.position < this.bytes.length) {
      const byte = this.bytes[this.position++]
      if (byte === 0x5c) this.position++
      else if (byte === 0x28) open++
      else if (byte === 0x29 && --open === 0)
        return PDFString.of(this.bytes.toString('latin1', start, this.position - 1))
    }
    throw damaged('string')
  }

  #hexString(): PDFHexString {
    const end = this.bytes.indexOf(0x3e, this.position)
    if (end < 0) throw damaged('string')
    const text = this.bytes.toString('latin1', this.position + 1, end).replace(/[\s\0]+/g, '')
    if (!/^[0-9a-fA-F]*$/.test(text)) throw damaged('string')
    this.position = end + 1
    return PDFHexString.of(text)
  }

  #array(depth: number): PDFArray {
    this.position++
    const array = PDFArray.withContext(this.#context)
    for (;;) {
      this.skipSpace()
      if (this.bytes[this.position] === 0x5d) {
        this.position++
        return array
      }
      array.push(this.object(depth + 1))
    }
  }

  #dictionary(depth: number): PDFDict {
    this.position += 2
    const dictionary = PDFDict.withContext(this.#context)
    for (;;) {
      this.skipSpace()
      const byte = this.bytes[this.position]
      if (byte === 0x3e && this.bytes[this.position + 1] === 0x3e) {
        this.position += 2
        return dictionary
      }
      if (byte !== 0x2f) throw damaged('dictionary')
      const key = this.#name()
      this.hasRepeatedKeys ||= dictionary.has(key)
      dictionary.set(key, this.object(depth + 1))
    }
  }

  #numberOrKeyword(): PDFObject {
    const start = this.position
    const whole = this.#digits(mostDigits)
    const after = this.bytes[this.position]
    if (whole !== undefined && (after === undefined || isWhitespace(after) || isDelimiter(after))) {
      return this.#reference(whole) ?? PDFNumber.of(whole)
    }
    this.position = start
    const text = this.word()
    if (/^[+-]*\d*\.?\d*(-\d*)?$/.test(text) && /\d/.test(text)) {
      return PDFNumber.of(Number.parseFloat(text.replace(/^[+-]*-/, '-').replace(/^\+/, '')))
    }
    if (text === 'true') return PDFBool.True
    if (text === 'false') return PDFBool.False
    if (text === 'null') return PDFNull
    throw damaged('object')
  }

  #reference(objectNumber: number): PDFRef | undefined {
    const start = this.position
    this.skipSpace()
    const generation = this.#digits(5)
    if (generation !== undefined && isWhitespace(this.bytes[this.position])) {
      this.skipSpace()
      const after = this.bytes[this.position + 1]
      const ends = after === undefined || isWhitespace(after) || isDelimiter(after)
      if (this.bytes[this.position] === 0x52 && ends) {
        this.position++
        const context = this.#context
        context.largestObjectNumber = Math.max(context.largestObjectNumber, objectNumber)
        return PDFRef.of(objectNumber, generation)
      }
    }
    this.position = start
    return undefined
  }
}
