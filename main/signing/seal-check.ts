import type { CertificateSummary, ChainState } from '../../preload/contract/verification.ts'
import { gapContents, type RawRange, type SealRecord } from '../pdf/index.ts'
import { summarise, tryCertificate } from './certificate.ts'
import { checkChain } from './chain.ts'
import { type CmsCheck, checkCms } from './cms-check.ts'
import { readDer } from './der.ts'
import { checkTimestampToken } from './timestamp.ts'
import type { SealFindings, SealState } from './verdict.ts'
import type { CheckOptions } from './verify.ts'

/** What the bytes of a seal say, whoever signed them. */
export type SealBytes = Omit<CmsCheck, 'state'> & {
  readonly state: SealState
  readonly certificate: CertificateSummary | undefined
  /** What a document timestamp says; it proves something only where its chain is trusted too. */
  readonly stampedAt: Date | undefined
}

const nothing: CmsCheck = {
  state: 'broken',
  why: 'byte range',
  digestAlgorithm: '',
  algorithm: '',
  signerDer: undefined,
  certificatesDer: [],
}

/** Signed bytes read over all seals of a file: a thousand seals over 100 MB each would take minutes. */
const maxHashedBytes = 4 * 1024 ** 3

/** How much may still be read to check the seals of one file. */
export class HashBudget {
  #leftBytes = maxHashedBytes

  /** False once the seals before have used it up. */
  take(bytes: number): boolean {
    this.#leftBytes -= bytes
    return this.#leftBytes >= 0
  }
}

/** Formats whose CMS lies detached over the byte range. */
const detachedFormats = new Set(['ETSI.CAdES.detached', 'adbe.pkcs7.detached'])

/**
 * Checks the cryptography of a seal in its own revision: the range begins at the first byte, ends with the revision, and
 * leaves out this seal's /Contents and nothing else; the CMS or timestamp token is over that range, with nothing but
 * zeros behind it. `unsupported` beyond the budget.
 */
export function checkSealBytes(
  bytes: Buffer,
  record: SealRecord,
  revision: number | 'not read' | undefined,
  budget: HashBudget,
): SealBytes {
  const { byteRange, contentsAt } = record
  const gap = byteRange === undefined ? undefined : gapContents(bytes, byteRange)
  if (byteRange === undefined || gap === undefined || !gap.equals(record.contents)) return asBytes(nothing)
  if (contentsAt?.start !== byteRange[1] || contentsAt.end !== byteRange[2]) return asBytes(nothing)
  const parts = [bytes.subarray(0, byteRange[1]), bytes.subarray(byteRange[2], byteRange[2] + byteRange[3])]
  if (!budget.take(byteRange[1] + byteRange[3])) return asBytes({ ...nothing, state: 'unsupported', why: 'too many' })
  const found = checkFormat(record, parts)
  if (found.state !== 'broken' && revision === undefined) {
    return asBytes({ ...found, state: 'broken', why: 'revision' })
  }
  if (found.state === 'intact' && revision === 'not read') {
    return asBytes({ ...found, state: 'unsupported', why: 'too many' })
  }
  if (found.state === 'intact' && !endsInZeros(record.contents)) {
    return asBytes({ ...found, state: 'broken', why: 'padding' })
  }
  return asBytes(found)
}

function asBytes(found: CmsCheck & { readonly stampedAt?: Date | undefined }): SealBytes {
  const isReadable = found.signerDer !== undefined && tryCertificate(found.signerDer) !== undefined
  return {
    ...found,
    certificate: isReadable && found.signerDer ? summarise(found.signerDer) : undefined,
    stampedAt: found.stampedAt,
  }
}

function checkFormat(record: SealRecord, parts: readonly Uint8Array[]): CmsCheck & { stampedAt?: Date | undefined } {
  if (record.kind === 'timestamp') {
    const token = checkTimestampToken(record.contents, parts, { trustedRootsPem: [], now: new Date(0) })
    const { at: stampedAt, chain: _, ...check } = token
    return { ...check, digestAlgorithm: '', stampedAt }
  }
  if (!detachedFormats.has(record.subFilter)) return { ...nothing, state: 'unsupported', why: 'format' }
  return checkCms(record.contents, parts, record.subFilter === 'ETSI.CAdES.detached')
}

function endsInZeros(contents: Uint8Array): boolean {
  return contents.subarray(readDer(contents).raw.length).every((byte) => byte === 0)
}

type Checked = { readonly record: SealRecord; readonly bytes: SealBytes }

/**
 * How the certificate of each seal stands, and since when the seal is proven to exist. `checked` is the oldest first;
 * it is gone through from the newest: a trusted document timestamp proves every earlier revision (ETSI EN 319 142-1, 5.5).
 */
export function withChain(
  checked: readonly Checked[],
  options: CheckOptions,
): { readonly chain: ChainState; readonly provenAtUtc: string }[] {
  let proven: Date | undefined
  const found: { chain: ChainState; provenAtUtc: string }[] = []
  for (const one of [...checked].reverse()) {
    const own = one.record.kind === 'timestamp' ? undefined : ownTimestamp(one.bytes, options, proven)
    const at = earlier(proven, own)
    if (one.record.kind === 'timestamp') {
      const { chain, time } = timestampChain(one, options, proven)
      if (time !== undefined) proven = earlier(proven, time)
      found.unshift({ chain, provenAtUtc: (time ?? at)?.toISOString() ?? '' })
    } else found.unshift({ chain: chainOf(one.bytes, options, at), provenAtUtc: at?.toISOString() ?? '' })
  }
  return found
}

const earlier = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a

const revocation = ({ crls, revoked }: CheckOptions) => ({ crls, revoked })

function chainOf({ signerDer, certificatesDer }: SealBytes, options: CheckOptions, at: Date | undefined): ChainState {
  if (signerDer === undefined) return 'untrusted'
  const { trustedRootsPem, now } = options
  return checkChain(signerDer, certificatesDer, { trustedRootsPem, now, at, ...revocation(options) }).state
}

/** The timestamp that the CMS itself carries over its signature (RFC 3161, appendix A), where it can be trusted. */
function ownTimestamp({ state, signatureTimestamp }: SealBytes, options: CheckOptions, at: Date | undefined) {
  if (state !== 'intact' || signatureTimestamp === undefined) return undefined
  const { token, signature } = signatureTimestamp
  const found = checkTimestampToken(token, [signature], timestampOptions(options, at))
  const isGood = found.state === 'intact' && found.chain === 'trusted' && !isFromFuture(found.at, options)
  return isGood ? found.at : undefined
}

/** Clocks differ by minutes; a time further ahead of this machine's is no proof of anything. */
const clockSlackMs = 3_600_000

const isFromFuture = (at: Date | undefined, { now }: CheckOptions): boolean =>
  at !== undefined && at.getTime() > now.getTime() + clockSlackMs

const timestampOptions = (options: CheckOptions, at: Date | undefined) => ({
  trustedRootsPem: options.timestampRootsPem ?? options.trustedRootsPem,
  now: options.now,
  at,
  ...revocation(options),
})

/** The token is over its bytes already; only its authority is asked for here, so that nothing is hashed twice. */
function timestampChain({ bytes }: Checked, options: CheckOptions, at: Date | undefined) {
  const { signerDer, certificatesDer, state, stampedAt } = bytes
  if (signerDer === undefined) return { chain: 'untrusted', time: undefined } as const
  const chain = checkChain(signerDer, certificatesDer, { ...timestampOptions(options, at), purpose: 'timestamp' }).state
  if (state !== 'intact' || chain !== 'trusted') return { chain, time: undefined }
  if (isFromFuture(stampedAt, options)) return { chain: 'notYetValid', time: undefined } as const
  return { chain, time: stampedAt }
}

/**
 * Seals whose bytes are still in the file and hold, though no field of its newest state shows them any more: somebody
 * took them out by a later revision, or by leading readers past the revision that had them.
 */
export function removedSeals(
  bytes: Buffer,
  ranges: readonly RawRange[],
  records: readonly SealRecord[],
  options: CheckOptions,
  budget: HashBudget,
): (Omit<SealFindings, 'revision'> & { readonly end: number })[] {
  const shown = new Set(records.map(({ byteRange }) => byteRange?.join()))
  const lost = new Map(ranges.map((range) => [range.byteRange.join(), range]))
  return [...lost].flatMap(([key, { byteRange, contents }]) => {
    if (shown.has(key) || !budget.take(2 * (byteRange[1] + byteRange[3]))) return []
    const parts = [bytes.subarray(0, byteRange[1]), bytes.subarray(byteRange[2], byteRange[2] + byteRange[3])]
    const asSeal = checkCms(contents, parts, false)
    const asTimestamp = checkTimestampToken(contents, parts, timestampOptions(options, undefined))
    const held = asSeal.state === 'intact' ? asSeal : asTimestamp.state === 'intact' ? asTimestamp : undefined
    if (held === undefined) return []
    const { certificate } = asBytes({ ...nothing, ...held })
    return {
      field: '',
      kind: held === asTimestamp ? 'timestamp' : 'seal',
      state: 'removed',
      why: 'removed',
      chain: 'untrusted',
      signer: certificate?.commonName ?? '',
      organisation: certificate?.organisation ?? '',
      certificate: certificate ?? null,
      algorithm: held.algorithm,
      subFilter: '',
      signedRange: [...byteRange],
      coversWholeFile: false,
      claimedAtUtc: '',
      provenAtUtc: '',
      reason: '',
      location: '',
      places: [],
      found: [],
      end: byteRange[2] + byteRange[3],
    }
  })
}
