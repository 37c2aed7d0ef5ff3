import { AppError } from '../../../preload/contract/errors.ts'
import { type About, deepest, type FrameTables, learnShape, learnValue, type Shape, tokens } from './frame-tables.ts'
import { utcAfter } from './frame-writer.ts'
import { type LiftedForm, liftedFormBy } from './lifted-values.ts'

/** A hash that the receiver derives only once it has derived the entry `seq`; `fill` puts it into the payload. */
export type HashToCome = { readonly seq: number; readonly fill: (hash: string) => void }

/** Stands in what is derived where a hash is not known yet. */
export class PendingHash {
  readonly seq: number

  constructor(seq: number) {
    this.seq = seq
  }
}

/** What stands in the place of a hash until it is known. */
const noHash = '0'.repeat(64)

const malformed = (): AppError => new AppError('INPUT_INVALID', { reason: 'shape' })

/** Reads the two halves of a frame. Throws INPUT_INVALID with `reason` shape for what no writer writes, `too-large` where a little text would become a lot. */
export class FrameReader {
  readonly #text: string
  readonly #raw: Buffer
  readonly #tables: FrameTables
  /** Hashes that are still to be filled in. */
  readonly toCome: HashToCome[] = []
  #place = 0
  #rawPlace = 0
  #weightLeft: number

  constructor(halves: { readonly text: string; readonly raw: Buffer }, tables: FrameTables, weightLimit: number) {
    this.#text = halves.text
    this.#raw = halves.raw
    this.#tables = tables
    this.#weightLeft = weightLimit
  }

  /** Throws where something is left over. */
  end(): void {
    if (this.#place !== this.#text.length || this.#rawPlace !== this.#raw.byteLength) throw malformed()
  }

  /** Takes a token where it comes next. */
  takes(token: string): boolean {
    if (this.#text[this.#place] !== token) return false
    this.#place += 1
    return true
  }

  line(): string {
    const end = this.#text.indexOf('\n', this.#place)
    if (end < 0) throw malformed()
    const line = this.#text.slice(this.#place, end)
    this.#place = end + 1
    this.#weigh(line.length)
    return line
  }

  /** A whole number from 0 up, in base 36. */
  count(): number {
    const line = this.line()
    if (!/^[0-9a-z]{1,10}$/.test(line)) throw malformed()
    return Number.parseInt(line, 36)
  }

  bytes({ sizeBytes, toText }: LiftedForm): string {
    const bytes = this.#raw.subarray(this.#rawPlace, this.#rawPlace + sizeBytes)
    if (bytes.byteLength !== sizeBytes) throw malformed()
    this.#rawPlace += sizeBytes
    return toText(bytes)
  }

  /** Any JSON value, as the writer was given it. */
  value(about: About, derived?: unknown, expected?: unknown, depth = 0): unknown {
    const token = this.#text[this.#place] ?? ''
    if (token === '\n' || token >= ' ') return this.line()
    this.#place += 1
    switch (token) {
      case tokens.same:
        return this.#known(expected)
      case tokens.derived:
        return this.#known(derived instanceof PendingHash ? noHash : derived)
      case tokens.subject:
        return about.subject
      case tokens.at:
        return about.at
      case tokens.null:
        return null
      case tokens.true:
        return true
      case tokens.false:
        return false
      case tokens.number:
        return this.#number()
      case tokens.time:
        return this.#time(about)
      case tokens.json:
        return this.#json()
      case tokens.recent:
        return this.#known(this.#tables.recent.at(this.count()))
      case tokens.array:
        return this.#array(about, depth)
      case tokens.object:
      case tokens.newObject:
        return this.#object(this.#shape(token), about, derived, depth)
      default:
        return this.#lifted(token)
    }
  }

  #known(value: unknown): unknown {
    if (value === undefined || typeof value === 'object') throw malformed()
    this.#weigh(typeof value === 'string' ? value.length : 1)
    return value
  }

  #number(): number {
    const text = this.line()
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text)) throw malformed()
    const number = Number(text)
    if (!Number.isFinite(number)) throw malformed()
    return number
  }

  #time(about: About): string {
    const text = this.line()
    if (!/^-?[0-9a-z]{1,10}$/.test(text)) throw malformed()
    const time = utcAfter(Number.parseInt(text, 36), about)
    if (time === undefined) throw malformed()
    return time
  }

  #json(): unknown {
    try {
      const value: unknown = JSON.parse(this.line())
      assertCanonical(value, 0)
      return value
    } catch (cause) {
      throw cause instanceof AppError ? cause : malformed()
    }
  }

  #lifted(token: string): string {
    const form = liftedFormBy(token)
    if (form === undefined) throw malformed()
    const value = this.bytes(form)
    this.#weigh(value.length)
    this.#tables.recent.add(value)
    return value
  }

  #array(about: About, depth: number): unknown[] {
    if (depth >= deepest) throw malformed()
    const length = this.count()
    const items: unknown[] = []
    for (let index = 0; index < length; index++) items.push(this.value(about, undefined, undefined, depth + 1))
    return items
  }

  #shape(token: string): Shape {
    if (token === tokens.newObject) {
      const keys = Array.from({ length: this.#keyCount() }, () => this.line())
      return learnShape(this.#tables, keys)
    }
    const shape = this.#tables.shapes[this.count()]
    if (shape === undefined) throw malformed()
    this.#weigh(shape.weight)
    return shape
  }

  /** A key has a line break at least: more keys than text left is no count to make room for. */
  #keyCount(): number {
    const count = this.count()
    if (count > this.#text.length - this.#place) throw malformed()
    return count
  }

  #object(shape: Shape, about: About, derived: unknown, depth: number): unknown {
    if (depth >= deepest) throw malformed()
    const derivedFields = new Map(Object.entries(derived ?? {}))
    const pending: { key: string; seq: number }[] = []
    const fields = shape.keys.map((key, index): [string, unknown] => {
      const ours: unknown = derivedFields.get(key)
      const isDerived = this.#text[this.#place] === tokens.derived
      if (isDerived && ours instanceof PendingHash) pending.push({ key, seq: ours.seq })
      const field = this.value(about, ours, shape.last[index], depth + 1)
      learnValue(shape, index, isDerived ? undefined : field)
      return [key, field]
    })
    // Object.fromEntries makes own properties of every name, `__proto__` too, where an assignment would not.
    const object = Object.fromEntries(fields)
    for (const { key, seq } of pending) {
      this.toCome.push({ seq, fill: (hash) => Object.defineProperty(object, key, { value: hash }) })
    }
    return object
  }

  #weigh(characters: number): void {
    this.#weightLeft -= characters + 1
    if (this.#weightLeft < 0) throw new AppError('INPUT_INVALID', { reason: 'too-large' })
  }
}

/** What comes as JSON may be deeper than the other forms, but not so deep that nobody could walk it, and of whole characters (RFC 8785, 3.2.2.2). */
function assertCanonical(value: unknown, depth: number): void {
  if (typeof value === 'string' && /\p{Cs}/u.test(value)) throw malformed()
  if (typeof value !== 'object' || value === null) return
  if (depth > 500) throw malformed()
  for (const [key, inner] of Object.entries(value)) {
    assertCanonical(key, depth)
    assertCanonical(inner, depth + 1)
  }
}
