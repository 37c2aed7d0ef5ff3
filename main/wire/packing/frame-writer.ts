import {
  type About,
  deepest,
  type FrameTables,
  isPlainText,
  learnShape,
  learnValue,
  type Shape,
  shapeName,
  tokens,
} from './frame-tables.ts'
import { type LiftedForm, liftedFormOf } from './lifted-values.ts'

/** The two halves of a frame while it is written: text for deflate, and bytes that deflate could not shorten. */
export class FrameWriter {
  readonly #text: string[] = []
  readonly #raw: Buffer[] = []
  readonly #tables: FrameTables

  constructor(tables: FrameTables) {
    this.#tables = tables
  }

  /** The frame's text as UTF-8. */
  text(): Buffer {
    return Buffer.from(this.#text.join(''), 'utf8')
  }

  raw(): Buffer {
    return Buffer.concat(this.#raw)
  }

  token(token: string): void {
    this.#text.push(token)
  }

  /** A text that is known to hold no line break. */
  line(text: string): void {
    this.#text.push(text, '\n')
  }

  /** Bytes of a lifted value, without its token: both ends know that it stands here. */
  bytes(form: LiftedForm, value: string): void {
    this.#raw.push(form.toBytes(value))
  }

  /** Any JSON value. `derived` is what the other side would derive for this place, if anything. */
  value(value: unknown, about: About, derived?: unknown, expected?: unknown, depth = 0): void {
    if (typeof value === 'object' && value !== null) this.#structure(value, about, derived, depth)
    else if (derived !== undefined && value === derived) this.token(tokens.derived)
    else if (expected !== undefined && value === expected) this.token(tokens.same)
    else if (typeof value === 'string') this.#string(value, about)
    else if (typeof value === 'number') this.line(tokens.number + JSON.stringify(value))
    else this.token(value === true ? tokens.true : value === false ? tokens.false : tokens.null)
  }

  #structure(value: object, about: About, derived: unknown, depth: number): void {
    const keys = Array.isArray(value) ? [] : keysOf(value)
    if (depth >= deepest || !keys.every(isPlainText)) this.line(tokens.json + JSON.stringify(value))
    else if (Array.isArray(value)) {
      this.line(tokens.array + value.length.toString(36))
      for (const item of value) this.value(item, about, undefined, undefined, depth + 1)
    } else this.#object(value, this.#shape(keys), about, derived, depth)
  }

  #object(value: object, shape: Shape, about: About, derived: unknown, depth: number): void {
    const fields = new Map(Object.entries(value))
    const derivedFields = new Map(Object.entries(derived ?? {}))
    for (const [index, key] of shape.keys.entries()) {
      const field = fields.get(key)
      const ours: unknown = derivedFields.get(key)
      this.value(field, about, ours, shape.last[index], depth + 1)
      learnValue(shape, index, field === ours ? undefined : field)
    }
  }

  #shape(keys: readonly string[]): Shape {
    const place = this.#tables.places.get(shapeName(keys))
    const known = place === undefined ? undefined : this.#tables.shapes[place]
    if (place !== undefined && known !== undefined) {
      this.line(tokens.object + place.toString(36))
      return known
    }
    this.line(tokens.newObject + keys.length.toString(36))
    for (const key of keys) this.line(key)
    return learnShape(this.#tables, keys)
  }

  #string(value: string, about: About): void {
    const form = liftedFormOf(value)
    const afterMs = timeAfter(value, about)
    if (value === about.subject) this.token(tokens.subject)
    else if (value === about.at) this.token(tokens.at)
    else if (form !== undefined) this.#lifted(form, value)
    else if (afterMs !== undefined) this.line(tokens.time + afterMs.toString(36))
    else if (isPlainText(value)) this.line(value)
    else this.line(tokens.json + JSON.stringify(value))
  }

  #lifted(form: LiftedForm, value: string): void {
    const place = this.#tables.recent.use(value)
    if (place >= 0) this.line(tokens.recent + place.toString(36))
    else {
      this.#tables.recent.add(value)
      this.token(form.token)
      this.bytes(form, value)
    }
  }
}

/** Keys in canonical order (RFC 8785: by UTF-16 code units), without those that JSON leaves out. */
function keysOf(value: object): string[] {
  return Object.entries(value)
    .flatMap(([key, field]) => (field === undefined ? [] : [key]))
    .sort()
}

/** Beyond this the plain text is no longer than the difference. */
const farthestMs = 10 * 365 * 86_400_000

/** Milliseconds from the entry's time to a time in UTC that would come back the same; undefined for other texts. */
export function timeAfter(text: string, { atMs }: Pick<About, 'atMs'>): number | undefined {
  if (text.length !== 24 || !text.endsWith('Z')) return undefined
  const afterMs = Date.parse(text) - atMs
  if (!(Math.abs(afterMs) < farthestMs) || utcAfter(afterMs, { atMs }) !== text) return undefined
  return afterMs
}

/** The time so many milliseconds after an entry's; undefined where no date can say it. */
export function utcAfter(afterMs: number, { atMs }: Pick<About, 'atMs'>): string | undefined {
  const date = new Date(atMs + afterMs)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
