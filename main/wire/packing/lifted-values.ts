/**
 * Values of a ledger that look random: deflate can do nothing for them, so they leave the text and travel as bytes. Each form
 * has one spelling, so that text and bytes are the same thing said twice.
 */
export type LiftedForm = {
  /** The character that stands in the text in their place. */
  readonly token: string
  readonly sizeBytes: number
  readonly matches: (text: string) => boolean
  readonly toBytes: (text: string) => Buffer
  readonly toText: (bytes: Buffer) => string
}

/** SHA-256 in hexadecimal. */
export const hashForm: LiftedForm = {
  token: '\u000f',
  sizeBytes: 32,
  matches: (text) => text.length === 64 && /^[0-9a-f]{64}$/.test(text),
  toBytes: (text) => Buffer.from(text, 'hex'),
  toText: (bytes) => bytes.toString('hex'),
}

/** A subject's secret: 16 bytes in hexadecimal. */
export const secretForm: LiftedForm = {
  token: '\u0010',
  sizeBytes: 16,
  matches: (text) => text.length === 32 && /^[0-9a-f]{32}$/.test(text),
  toBytes: (text) => Buffer.from(text, 'hex'),
  toText: (bytes) => bytes.toString('hex'),
}

const uuidForm: LiftedForm = {
  token: '\u0011',
  sizeBytes: 16,
  matches: (text) => text.length === 36 && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
  toBytes: (text) => Buffer.from(text.replaceAll('-', ''), 'hex'),
  toText: (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
}

/** An Ed25519 signature in base64. The last character before `==` has four spare bits: only zeros there come back the same. */
export const signatureForm: LiftedForm = {
  token: '\u0012',
  sizeBytes: 64,
  matches: (text) => text.length === 88 && /^[A-Za-z0-9+/]{85}[AQgw]==$/.test(text),
  toBytes: (text) => Buffer.from(text, 'base64'),
  toText: (bytes) => bytes.toString('base64'),
}

const forms = [hashForm, secretForm, uuidForm, signatureForm]
const formsByToken = new Map(forms.map((form) => [form.token, form]))

/** The form that a text has; undefined for an ordinary text. */
export function liftedFormOf(text: string): LiftedForm | undefined {
  return forms.find(({ matches }) => matches(text))
}

/** The form whose token this is. */
export function liftedFormBy(token: string): LiftedForm | undefined {
  return formsByToken.get(token)
}

/** How many values both ends remember. */
const recentLimit = 256

/** The lifted values of a request, the last used in front: a repeated one is named by its place. Both ends keep the same list. */
export class RecentValues {
  readonly #values: string[] = []

  /** A value seen for the first time. */
  add(value: string): void {
    this.#values.unshift(value)
    if (this.#values.length > recentLimit) this.#values.pop()
  }

  /** The place of a value, which then comes to the front; -1 where it is not remembered. */
  use(value: string): number {
    const place = this.#values.indexOf(value)
    if (place > 0) this.at(place)
    return place
  }

  /** The value at a place, which then comes to the front. */
  at(place: number): string | undefined {
    const [value] = this.#values.splice(place, 1)
    if (value !== undefined) this.#values.unshift(value)
    return value
  }
}
