/** One DER element: its tag byte, and views (no copies) of its content and of all its bytes. */
export type DerElement = { readonly tag: number; readonly content: Uint8Array; readonly raw: Uint8Array }

const maxDepth = 64

/**
 * Reads the element at the start of `bytes` (X.690; BER's indefinite length too, as some signers write it). Bytes after
 * it are left alone. Throws a plain Error where the bytes are no element; callers say what that means.
 */
export function readDer(bytes: Uint8Array, depth = 0): DerElement {
  const [tag, first] = [bytes[0], bytes[1]]
  if (tag === undefined || first === undefined || depth > maxDepth || (tag & 0x1f) === 0x1f) throw new Error('not DER')
  if (first === 0x80) return indefinite(bytes, tag, depth)
  let [length, header] = [first, 2]
  if (first > 0x80) {
    const lengthBytes = first & 0x7f
    if (lengthBytes > 4) throw new Error('DER length too long')
    length = 0
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[2 + i] ?? 0)
    header = 2 + lengthBytes
  }
  if (header + length > bytes.length) throw new Error('DER cut off')
  return { tag, content: bytes.subarray(header, header + length), raw: bytes.subarray(0, header + length) }
}

function indefinite(bytes: Uint8Array, tag: number, depth: number): DerElement {
  let at = 2
  while (!(bytes[at] === 0 && bytes[at + 1] === 0)) {
    if (at >= bytes.length) throw new Error('BER cut off')
    at += readDer(bytes.subarray(at), depth + 1).raw.length
  }
  return { tag, content: bytes.subarray(2, at), raw: bytes.subarray(0, at + 2) }
}

/** The elements inside a constructed one. Throws a plain Error where they are none. */
export function children(element: DerElement): DerElement[] {
  const found: DerElement[] = []
  for (let at = 0; at < element.content.length; ) {
    const child = readDer(element.content.subarray(at))
    found.push(child)
    at += child.raw.length
  }
  return found
}

/** The dotted form of an OBJECT IDENTIFIER's content, '' where the element is something else. */
export function oidOf(element: DerElement | undefined): string {
  if (element?.tag !== 0x06) return ''
  const arcs: number[] = []
  let value = 0
  for (const byte of element.content) {
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      arcs.push(value)
      value = 0
    }
  }
  const [first = 0, ...rest] = arcs
  const top = Math.min(2, Math.floor(first / 40))
  return [top, first - top * 40, ...rest].join('.')
}

/** The bytes of a BIT STRING, which here are always whole. Throws a plain Error where the element is none. */
export function bitStringOf(element: DerElement | undefined): Uint8Array {
  if (element?.tag !== 0x03 || element.content[0] !== 0) throw new Error('not a BIT STRING of whole bytes')
  return element.content.subarray(1)
}

/** The unsigned value of an INTEGER or ENUMERATED of at most six bytes. Throws a plain Error where it is none. */
export function smallIntegerOf(element: DerElement | undefined): number {
  const isNumber = element?.tag === 0x02 || element?.tag === 0x0a
  if (!isNumber || element.content.length === 0 || element.content.length > 6) throw new Error('not a small INTEGER')
  return Buffer.from(element.content).readUIntBE(0, element.content.length)
}

/**
 * The moment that a UTCTime or GeneralizedTime names (RFC 5280, 4.1.2.5: two-digit years below 50 are 20xx); only the
 * forms in UTC that DER allows, with or without fractions of a second. Throws a plain Error where the element is none.
 */
export function timeOf(element: DerElement | undefined): Date {
  const text = Buffer.from(element?.content ?? []).toString('latin1')
  const short = element?.tag === 0x17 ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/ : undefined
  const long = element?.tag === 0x18 ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/ : undefined
  const found = (short ?? long)?.exec(text)
  if (!found) throw new Error('not a time')
  const [, yearText = '', month = '', day = '', hour = '', minute = '', second = '00', fraction = ''] = found
  const year = yearText.length === 4 ? yearText : `${Number(yearText) < 50 ? 20 : 19}${yearText}`
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`)
  if (Number.isNaN(time.getTime())) throw new Error('not a time')
  return time
}

const encodeElement = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const length = contents.reduce((sum, { length }) => sum + length, 0)
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(length)]), ...contents])
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest & 0xff)
  return [0x80 | bytes.length, ...bytes]
}

function oidBytes(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number)
  const groups = [first * 40 + second, ...rest].map((arc) => {
    const bytes = [arc & 0x7f]
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) bytes.unshift(0x80 | (high & 0x7f))
    return bytes
  })
  return Buffer.from(groups.flat())
}

/** The shortest form of an unsigned number, with a zero byte before a set top bit (X.690, 8.3). */
function integerBytes(value: Uint8Array): Buffer {
  const from = value.findIndex((byte) => byte !== 0)
  const bytes = Buffer.from(from === -1 ? [0] : value.subarray(from))
  return ((bytes[0] ?? 0) & 0x80) === 0 ? bytes : Buffer.concat([Buffer.alloc(1), bytes])
}

/** The order of a SET OF (X.690, 11.6): ascending by encoded bytes. */
export const inDerOrder = (items: readonly Uint8Array[]): Uint8Array[] => [...items].sort(Buffer.compare)

/** RFC 5280, 4.1.2.5: UTCTime until 2049, GeneralizedTime from then on. */
function encodeTime(time: Date): Buffer {
  const digits = time.toISOString().replace(/\D/g, '').slice(0, 14)
  return time.getUTCFullYear() < 2050
    ? encodeElement(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : encodeElement(0x18, Buffer.from(`${digits}Z`))
}

/** Builders of DER (X.690). Each gives the bytes of one whole element; contents are such bytes. */
export const der = {
  sequence: (...items: readonly Uint8Array[]) => encodeElement(0x30, ...items),
  /** A SET OF, in the order that DER asks for. */
  set: (...items: readonly Uint8Array[]) => encodeElement(0x31, ...inDerOrder(items)),
  oid: (oid: string) => encodeElement(0x06, oidBytes(oid)),
  null: () => encodeElement(0x05),
  boolean: (value: boolean) => encodeElement(0x01, Buffer.from([value ? 0xff : 0])),
  octets: (...bytes: readonly Uint8Array[]) => encodeElement(0x04, ...bytes),
  bits: (...bytes: readonly Uint8Array[]) => encodeElement(0x03, Buffer.alloc(1), ...bytes),
  /** The flags of a NamedBitList: the unused bits at the end are counted (X.690, 11.2.2). */
  flags: (byte: number) => encodeElement(0x03, Buffer.from([Math.clz32(byte & -byte) ^ 31, byte])),
  smallInteger: (value: number) =>
    encodeElement(0x02, integerBytes(Buffer.from(value.toString(16).padStart(12, '0'), 'hex'))),
  integer: (unsigned: Uint8Array) => encodeElement(0x02, integerBytes(unsigned)),
  utf8: (text: string) => encodeElement(0x0c, Buffer.from(text, 'utf8')),
  printable: (text: string) => encodeElement(0x13, Buffer.from(text, 'latin1')),
  time: encodeTime,
  /** A constructed context-specific element around others. */
  context: (tag: number, ...items: readonly Uint8Array[]) => encodeElement(0xa0 | tag, ...items),
  /** A primitive context-specific element: an implicitly tagged string or number. */
  contextPrimitive: (tag: number, ...bytes: readonly Uint8Array[]) => encodeElement(0x80 | tag, ...bytes),
} as const
