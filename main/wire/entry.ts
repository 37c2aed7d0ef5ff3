// Owns: what an entry of the ledger is, byte for byte, for both ends of the link.
// Does not own: where entries are kept (main/store/ledger.ts, central/) or what their kinds mean (the features).
// Start here: `sealEntry`.
import { canonicalBytes, hmacSha256, sha256Hex } from './canonical.ts'

/** The hash that stands before the first entry. */
export const genesisHash = '0'.repeat(64)

/** The version of the hashing below; a change of any byte of it is a new version. */
export const entryFormat = 1

/** What a writer gives: everything of an entry but its place in the chain. */
export type EntryDraft = {
  /** What happened, e.g. `case.received`. */
  readonly kind: string
  /** Version of the payload's shape for this kind, from 1. */
  readonly version: number
  /** Whom it concerns: a case's UUIDv7, an account's name … */
  readonly subject: string
  /** The account that did it, or `system`. */
  readonly actor: string
  /** UTC by the station's clock, ISO 8601 with milliseconds. */
  readonly at: string
  readonly payload: unknown
}

/** An entry in its place. Station and seq together are its name; `hash` covers all but the payload, which enters by its salted digest. */
export type Entry = EntryDraft & {
  readonly station: string
  /** 1, 2, 3 … without a gap. */
  readonly seq: number
  readonly payloadDigest: string
  readonly prev: string
  readonly hash: string
}

/** Where a chain stands: its length and last hash. */
export type Head = { readonly seq: number; readonly hash: string }

/** The head of an empty ledger. */
export const emptyHead: Head = { seq: 0, hash: genesisHash }

/** Salted digest of a payload. The salt derives from the subject's secret, so that erasing the secret makes the digest say nothing. */
export function payloadDigest(secret: string, station: string, seq: number, payload: unknown): string {
  const salt = hmacSha256(Buffer.from(secret, 'hex'), `${station}:${seq}`)
  return sha256Hex(salt, canonicalBytes(payload))
}

/** The hash of an entry, from everything but the payload itself. */
export function entryHash(entry: Omit<Entry, 'payload' | 'hash'>): string {
  const { station, seq, kind, version, subject, actor, at, payloadDigest: digest, prev } = entry
  return sha256Hex(
    canonicalBytes({ format: entryFormat, station, seq, kind, version, subject, actor, at, digest, prev }),
  )
}

/** Puts a draft at the end of the chain that ends in `head`. Pure: the same input gives the same entry at both ends of the link. */
export function sealEntry(station: string, head: Head, secret: string, draft: EntryDraft): Entry {
  const seq = head.seq + 1
  const digest = payloadDigest(secret, station, seq, draft.payload)
  const body = { ...draft, station, seq, payloadDigest: digest, prev: head.hash }
  return { ...body, hash: entryHash(body) }
}
