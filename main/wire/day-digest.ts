// Owns: how a day's cases and files are held against each other in a few bytes: short names, buckets, digests.
// Does not own: which cases and files those are (main/features/reconciliation, central/days).
// Start here: `bucketDigests`.
import { createHash } from 'node:crypto'

/**
 * Something both ends may hold: its short name, and what is to be the same of it ('' where holding it is all). Short names
 * have 48 bits: among 5,000 two are the same once in twenty million days, and then a difference is overlooked.
 */
export type DayItem = { readonly short: string; readonly mark: string }

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Items fall into this many buckets, so that one difference among thousands costs one bucket and not the whole list. */
export const bucketCount = alphabet.length

/** The short name of a case: the last 48 bits of its UUIDv7, which are random. */
export function caseShort(caseId: string): string {
  return Buffer.from(caseId.slice(-12), 'hex').toString('base64url')
}

/** The short name of a file: the first 48 bits of its SHA-256. */
export function fileShort(sha256: string): string {
  return Buffer.from(sha256.slice(0, 12), 'hex').toString('base64url')
}

/** The bucket of a short name: 0 … 63. */
export function bucketOf(short: string): number {
  return alphabet.indexOf(short.charAt(0))
}

/** A digest of 48 bits a bucket, whatever the order of the items; '' for an empty bucket. */
export function bucketDigests(items: readonly DayItem[]): string[] {
  const lines = Array.from({ length: bucketCount }, (): string[] => [])
  for (const { short, mark } of items) lines[bucketOf(short)]?.push(`${short} ${mark}`)
  return lines.map((bucket) =>
    bucket.length === 0
      ? ''
      : createHash('sha256').update(bucket.toSorted().join('\n')).digest().subarray(0, 6).toString('base64url'),
  )
}

/** One digest of 128 bits over all buckets. */
export function digestOfBuckets(buckets: readonly string[]): string {
  return createHash('sha256').update(buckets.join(',')).digest().subarray(0, 16).toString('base64url')
}

/** The buckets in which two ends differ. */
export function differingBuckets(ours: readonly string[], theirs: readonly string[]): number[] {
  return ours.flatMap((digest, bucket) => (digest === theirs[bucket] ? [] : [bucket]))
}
