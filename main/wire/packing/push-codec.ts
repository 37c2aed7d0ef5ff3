// Owns: what a batch of the ledger is, format 1 of it on the link, and how the receiver derives the entries again.
// Does not own: format 2, many batches in one request (frame-codec.ts); the transport (../centre-client.ts); where entries are kept.
// Start here: `buildPush` and `derivePush`.
import { AppError } from '../../../preload/contract/errors.ts'
import { type PushRequest, pushRequestSchema, type WireEntry } from '../../../preload/contract/wire.ts'
import { canonicalBytes } from '../canonical.ts'
import { type Entry, type EntryDraft, entryHash, type Head, sealEntry } from '../entry.ts'
import { deflateWith, dictionaryOf, inflateWith } from './dictionaries.ts'

/** Media type of an encoded batch. Its first byte is the dictionary's version, the rest is raw deflate. */
export const batchMediaType = 'application/vnd.cunchuang.batch'

/** An encoded batch has at most 1 MiB, inflated 8 MiB: a bomb stops there. */
export const batchLimits = { encodedBytes: 1 << 20, inflatedBytes: 8 << 20 } as const

/** A batch travels whole by the dictionary that every centre knows; frames have a newer one. */
const batchDictionary = 1

/** Encodes a batch: canonical JSON, deflated with a preset dictionary. */
export async function encodeBatch(request: PushRequest): Promise<Buffer> {
  const body = await deflateWith(dictionaryOf(batchDictionary), canonicalBytes(request))
  return Buffer.concat([Buffer.from([batchDictionary]), body])
}

/** Decodes a batch and checks its shape. Throws INPUT_INVALID with `reason` dictionary | too-large | truncated | shape. */
export async function decodeBatch(bytes: Uint8Array): Promise<PushRequest> {
  const dictionary = dictionaryOf(bytes[0])
  if (bytes.byteLength > batchLimits.encodedBytes) throw new AppError('INPUT_INVALID', { reason: 'too-large' })
  const inflated = await inflateWith(dictionary, Buffer.from(bytes.subarray(1)), batchLimits.inflatedBytes)
  try {
    const text = inflated.toString('utf8')
    return pushRequestSchema.parse(JSON.parse(text, /\\ud[89a-f]/i.test(text) ? refuseHalves : undefined))
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { reason: 'shape' }, { cause })
  }
}

/** No hash is defined over half a character (RFC 8785, 3.2.2.2); JSON can write one by its escape. */
function refuseHalves(key: string, value: unknown): unknown {
  for (const text of [key, value])
    if (typeof text === 'string' && /\p{Cs}/u.test(text)) throw new SyntaxError('half a character')
  return value
}

/** An entry to send. Where its payload was erased, `payload` is null and only its digest goes out. */
export type TailEntry = Entry & { readonly erased?: boolean }

/** What a batch is built from: consecutive entries, the head before them, and secrets by subject. */
export type PushSource = {
  readonly station: string
  /** The station's signature over a head, base64 (`signHead`). */
  readonly signHead: (head: Head) => string
  readonly previous: Head
  readonly entries: readonly TailEntry[]
  /** Secrets of the entries' subjects, erased ones aside. */
  readonly secrets: ReadonlyMap<string, string>
  /** Which of them the centre has not met yet: only these go out. */
  readonly sendSecretsOf: ReadonlySet<string>
}

/** A batch ready to send, the head that it leads to, and the hash of each of its entries. */
export type BuiltPush = { readonly request: PushRequest; readonly head: Head; readonly hashes: readonly string[] }

/** A batch as it came. `whenHashed` is told each entry's hash as soon as it is derived: what follows in the batch may quote it, and was not sent. */
export type PushBatch = PushRequest & { readonly whenHashed?: (seq: number, hash: string) => void }

/**
 * Builds a batch from consecutive entries. Derives them again from what goes out, as the centre will: throws LEDGER_BROKEN
 * with the `seq` of the first entry that would not come out the same, so that a broken ledger is never sent.
 */
export function buildPush(source: PushSource): BuiltPush {
  const { station, previous, entries, secrets, sendSecretsOf } = source
  const sent: Record<string, string> = {}
  for (const { subject } of entries) {
    const secret = secrets.get(subject)
    if (secret !== undefined && sendSecretsOf.has(subject)) sent[subject] = secret
  }
  const unsigned = {
    format: 1 as const,
    from: previous.seq + 1,
    previous: previous.hash,
    entries: entries.map(toWire),
    secrets: sent,
  }
  const derived = derivePush(station, unsigned, (subject) => secrets.get(subject))
  const broken = derived.findIndex((entry, index) => entry.hash !== entries[index]?.hash)
  if (broken >= 0) throw new AppError('LEDGER_BROKEN', { seq: previous.seq + 1 + broken })
  const head = headAfter(previous, derived)
  const hashes = derived.map(({ hash }) => hash)
  return { request: { ...unsigned, signature: source.signHead(head) }, head, hashes }
}

/**
 * Derives the entries of a batch: their places, digests and hashes, chained to `previous`. Throws INPUT_INVALID with
 * `reason` secret-missing and the subject where a secret is neither known nor sent, or `shape` where an erased payload is not null.
 * Fills in what the batch left to be derived, as it goes along.
 */
export function derivePush(
  station: string,
  request: Omit<PushBatch, 'signature'>,
  secretOf: (subject: string) => string | undefined,
): Entry[] {
  const entries: Entry[] = []
  let head: Head = { seq: request.from - 1, hash: request.previous }
  for (const wire of request.entries) {
    const entry = fromWire(station, head, wire, secretOf)
    entries.push(entry)
    head = { seq: entry.seq, hash: entry.hash }
    request.whenHashed?.(entry.seq, entry.hash)
  }
  return entries
}

/** The head after entries, or `previous` where there are none. */
export function headAfter(previous: Head, entries: readonly Entry[]): Head {
  const last = entries.at(-1)
  return last === undefined ? previous : { seq: last.seq, hash: last.hash }
}

function toWire(entry: TailEntry): WireEntry {
  const { kind, version, subject, actor, at } = entry
  if (entry.erased === true) return [kind, version, subject, actor, at, null, entry.payloadDigest]
  return [kind, version, subject, actor, at, entry.payload as WireEntry[5]]
}

function fromWire(
  station: string,
  head: Head,
  [kind, version, subject, actor, at, payload, digest]: WireEntry,
  secretOf: (subject: string) => string | undefined,
): Entry {
  const draft: EntryDraft = { kind, version, subject, actor, at, payload }
  if (digest !== undefined) {
    if (payload !== null) throw new AppError('INPUT_INVALID', { reason: 'shape' })
    const body = { ...draft, station, seq: head.seq + 1, payloadDigest: digest, prev: head.hash }
    return { ...body, hash: entryHash(body) }
  }
  const secret = secretOf(subject)
  if (secret === undefined) throw new AppError('INPUT_INVALID', { reason: 'secret-missing', subject })
  return sealEntry(station, head, secret, draft)
}
