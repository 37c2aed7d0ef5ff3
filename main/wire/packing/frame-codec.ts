// Owns: format 2 of the push: frames, one after the other in a request, each a small batch under its own signed head.
// Does not own: what a batch is and how its hashes are derived (push-codec.ts), or the transport (../centre-client.ts).
// Start here: `FrameEncoder` and `decodeFrames`; docs/wire.md tells the format byte by byte.
import { AppError } from '../../../preload/contract/errors.ts'
import { type WireEntry, wireEntrySchema } from '../../../preload/contract/wire.ts'
import type { Head } from '../entry.ts'
import { deflateWith, dictionaryOf, inflateWith } from './dictionaries.ts'
import { Derivations } from './frame-derivations.ts'
import { FrameReader } from './frame-reader.ts'
import { type About, createFrameTables, tokens } from './frame-tables.ts'
import { FrameWriter, timeAfter, utcAfter } from './frame-writer.ts'
import { hashForm, secretForm, signatureForm } from './lifted-values.ts'
import type { BuiltPush, PushBatch } from './push-codec.ts'

/** Media type of a request of frames. Its first byte is the dictionary's version, then come frames to its end. */
export const framesMediaType = 'application/vnd.cunchuang.frames'

/** The dictionary that new frames are written with. */
const newestDictionary = 2

/** A frame holds at most 1,000 entries and so many bytes; inflated and unfolded at most 8 MiB: a bomb stops there. */
export const frameLimits = { entries: 1000, encodedBytes: 1 << 20, inflatedBytes: 8 << 20 } as const

/** A request holds at most so many bytes of frames. */
export const framesLimitBytes = 64 << 20

/** What deflate looks back on. */
const windowBytes = 32 << 10

/** A frame as it travels: deflated text, and bytes as they are. */
export type Frame = { readonly deflated: Buffer; readonly raw: Buffer }

/** What may stand before an entry's name. */
const marks = { erased: tokens.null, secret: tokens.object } as const

/** Subject and actor refer to no entry. */
const nobody: About = { subject: '', at: '', atMs: 0 }

const malformed = (reason = 'shape'): AppError => new AppError('INPUT_INVALID', { reason })

/** What both ends carry from frame to frame. */
class FrameState {
  readonly tables = createFrameTables()
  readonly derivations = new Derivations()
  /** The last text, for deflate to look back on. At first the dictionary. */
  window: Buffer
  actor = ''
  atMs = 0
  head: Head | undefined

  constructor(dictionary: Buffer) {
    this.window = dictionary.subarray(-windowBytes)
  }

  remember(text: Buffer): void {
    this.window = Buffer.concat([this.window, text]).subarray(-windowBytes)
  }

  /** After an entry. */
  goOn(entry: { seq: number; name: string; subject: string; actor: string; atMs: number; payload: unknown }): void {
    this.actor = entry.actor
    this.atMs = entry.atMs
    this.derivations.note(entry)
  }
}

/** Writes the frames of one request, in the order in which they are sent. */
export class FrameEncoder {
  readonly #state = new FrameState(dictionaryOf(newestDictionary))

  /** What a request begins with. */
  start(): Buffer {
    return Buffer.from([newestDictionary])
  }

  /** The next frame: a batch that begins where the one before ended. Whoever gives a batch twice or leaves one out has a bug. */
  async encode({ request, head, hashes }: BuiltPush): Promise<Buffer> {
    const state = this.#state
    if (state.head !== undefined && state.head.hash !== request.previous) throw new Error('frames follow one another')
    const writer = new FrameWriter(state.tables)
    writer.line(request.from.toString(36))
    writer.line(request.entries.length.toString(36))
    if (state.head === undefined) writer.bytes(hashForm, request.previous)
    const told = new Set<string>()
    for (const [index, entry] of request.entries.entries()) {
      const subject = entry[2]
      const secret = told.has(subject) ? undefined : request.secrets[subject]
      told.add(subject)
      this.#entry(writer, request.from + index, entry, secret)
      state.derivations.hashed(request.from + index, hashes[index] ?? '')
    }
    writer.bytes(signatureForm, request.signature)
    state.head = head
    const text = writer.text()
    const raw = writer.raw()
    const deflated = await deflateWith(state.window, text)
    state.remember(text)
    return Buffer.concat([varint(deflated.byteLength), varint(raw.byteLength), deflated, raw])
  }

  #entry(writer: FrameWriter, seq: number, wire: WireEntry, secret: string | undefined): void {
    const state = this.#state
    const [kind, version, subject, actor, at, payload, digest] = wire
    const name = `${kind}@${version}`
    const about = { subject, at, atMs: Date.parse(at) }
    if (digest !== undefined) writer.token(marks.erased)
    if (secret !== undefined) writer.token(marks.secret)
    writer.line(name)
    writer.value(subject, nobody)
    if (secret !== undefined) writer.bytes(secretForm, secret)
    writer.value(actor, nobody, undefined, state.actor)
    writer.line(timeAfter(at, state)?.toString(36) ?? `!${at}`)
    if (digest === undefined) writer.value(payload, about, state.derivations.of(name, subject))
    else writer.bytes(hashForm, digest)
    state.goOn({ seq, name, subject, actor, atMs: about.atMs, payload })
  }
}

/** Reads the frames of one request. Each is given out before the next is looked at; between the two its hashes must have been derived. */
class FrameDecoder {
  readonly #state: FrameState

  constructor(dictionary: Buffer) {
    this.#state = new FrameState(dictionary)
  }

  async decode({ deflated, raw }: Frame): Promise<PushBatch> {
    const state = this.#state
    const text = await inflateWith(state.window, deflated, frameLimits.inflatedBytes)
    state.remember(text)
    const reader = new FrameReader({ text: textOf(text), raw }, state.tables, frameLimits.inflatedBytes)
    const from = reader.count()
    const count = reader.count()
    if (from < 1 || count < 1 || count > frameLimits.entries) throw malformed()
    const previous = state.head ?? { seq: from - 1, hash: reader.bytes(hashForm) }
    if (previous.seq !== from - 1) throw malformed('order')
    const secrets: Record<string, string> = {}
    const entries = Array.from({ length: count }, (_, index) => this.#entry(reader, from + index, secrets))
    const signature = reader.bytes(signatureForm)
    reader.end()
    const whenHashed = (seq: number, hash: string) => {
      for (const { seq: quoted, fill } of reader.toCome) if (quoted === seq) fill(hash)
      state.derivations.hashed(seq, hash)
      state.head = { seq, hash }
    }
    return { format: 1, from, previous: previous.hash, entries, secrets, signature, whenHashed }
  }

  #entry(reader: FrameReader, seq: number, secrets: Record<string, string>): WireEntry {
    const state = this.#state
    const isErased = reader.takes(marks.erased)
    const tellsSecret = reader.takes(marks.secret)
    const name = reader.line()
    const [kind = '', version = ''] = name.split('@')
    const subject = reader.value(nobody)
    const secret = tellsSecret ? reader.bytes(secretForm) : undefined
    const actor = reader.value(nobody, undefined, state.actor)
    const at = this.#at(reader.line())
    // The shape that a batch's entries have: the payload is JSON by the way in which it is read.
    const known = wireEntrySchema.safeParse([kind, Number(version), subject, actor, at, null])
    if (!known.success || `${kind}@${Number(version)}` !== name) throw malformed()
    const wire = known.data
    const atMs = Date.parse(wire[4])
    if (secret !== undefined)
      Object.defineProperty(secrets, wire[2], { value: secret, enumerable: true, configurable: true })
    if (isErased) wire.push(reader.bytes(hashForm))
    else
      wire[5] = reader.value(
        { subject: wire[2], at: wire[4], atMs },
        state.derivations.of(name, wire[2]),
      ) as WireEntry[5]
    state.goOn({ seq, name, subject: wire[2], actor: wire[3], atMs, payload: wire[5] })
    return wire
  }

  #at(line: string): string {
    if (line.startsWith('!')) return line.slice(1)
    if (!/^-?[0-9a-z]{1,10}$/.test(line)) throw malformed()
    return utcAfter(Number.parseInt(line, 36), this.#state) ?? ''
  }
}

/**
 * The batches of a request, each as soon as its bytes are there. What came before stays given out whatever follows. Throws
 * INPUT_INVALID with `reason` dictionary | too-large | truncated | order | shape.
 */
export async function* decodeFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<PushBatch> {
  const bytes = new ByteQueue(source)
  const decoder = new FrameDecoder(dictionaryOf((await bytes.take(1))[0]))
  let left = framesLimitBytes
  while (await bytes.hasMore()) {
    const [textBytes, rawBytes] = [await readVarint(bytes), await readVarint(bytes)]
    left -= textBytes + rawBytes
    if (textBytes + rawBytes > frameLimits.encodedBytes || left < 0) throw malformed('too-large')
    yield await decoder.decode({ deflated: await bytes.take(textBytes), raw: await bytes.take(rawBytes) })
  }
}

/** Bytes as they come, taken in the pieces that are wanted. */
class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array>
  #parts: Buffer[] = []
  #size = 0

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async hasMore(): Promise<boolean> {
    while (this.#size === 0) if (!(await this.#pull())) return false
    return true
  }

  /** Exactly so many bytes. Throws INPUT_INVALID with `reason` truncated where they end before. */
  async take(count: number): Promise<Buffer> {
    while (this.#size < count) if (!(await this.#pull())) throw malformed('truncated')
    const all = this.#parts.length === 1 && this.#parts[0] ? this.#parts[0] : Buffer.concat(this.#parts)
    this.#parts = [all.subarray(count)]
    this.#size -= count
    return all.subarray(0, count)
  }

  async #pull(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done === true) return false
    this.#parts.push(Buffer.from(next.value))
    this.#size += next.value.byteLength
    return true
  }
}

/** A whole number from 0 up: seven bits a byte, the lowest first, the eighth bit says that another follows. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}

async function readVarint(bytes: ByteQueue): Promise<number> {
  let value = 0
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = (await bytes.take(1))[0] ?? 0
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw malformed('too-large')
}

/** UTF-8 without a byte that is not: what is read is what was written. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { reason: 'shape' }, { cause })
  }
}
