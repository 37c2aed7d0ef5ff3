import { randomBytes } from 'node:crypto'
import { AppError } from '../../preload/contract/errors.ts'
import type { ChainState } from '../../preload/contract/verification.ts'
import { type ChainOptions, checkChain } from './chain.ts'
import { children, type DerElement, der, oidOf, readDer, smallIntegerOf, timeOf } from './der.ts'
import { type DigestName, digestIdentifier, digestOf, readDigestName } from './digest.ts'
import { oids } from './oids.ts'
import { isReadableKey, schemeName } from './signature.ts'
import { findSignerFault, isNamedBy, readSignedData } from './signed-data.ts'

/** What was found of a timestamp. */
export type TimestampCheck = {
  /** As of a seal: `intact`, `broken` (it is not over these bytes, or was tampered with), `unsupported`. */
  readonly state: 'intact' | 'broken' | 'unsupported'
  /** Which part decided: 'imprint', 'signature', 'signing certificate', 'structure' …; '' where all fits. */
  readonly why: string
  /** The time that the authority has written. It proves something only where `state` is intact and `chain` trusted. */
  readonly at: Date | undefined
  readonly chain: ChainState
  /** 'rsa-sha256' …; '' where it is not known. */
  readonly algorithm: string
  readonly signerDer: Uint8Array | undefined
  readonly certificatesDer: readonly Uint8Array[]
}

/** TSTInfo (RFC 3161, 2.4.2), as far as it is checked. */
type TimestampInfo = {
  readonly digest: DigestName | undefined
  readonly imprint: Uint8Array
  readonly at: Date
  readonly nonce: DerElement | undefined
}

/**
 * Checks a TimeStampToken (RFC 3161) over the parts of what it stamps: imprint, signature, the attribute that names the
 * authority's certificate (RFC 5816), and that certificate's chain and purpose. The chain is judged by `options.at`, else
 * by `options.now`. Bytes behind the token are ignored, as PDFs have padding. Never throws for what the token holds.
 */
export function checkTimestampToken(
  token: Uint8Array,
  parts: readonly Uint8Array[],
  options: Omit<ChainOptions, 'purpose'>,
): TimestampCheck {
  return checkToken(token, (digest) => digestOf(digest, ...parts), options).check
}

type TokenFindings = { readonly check: TimestampCheck; readonly info: TimestampInfo | undefined }

function checkToken(
  token: Uint8Array,
  imprintBy: (digest: DigestName) => Buffer,
  options: Omit<ChainOptions, 'purpose'>,
): TokenFindings {
  const nothing = {
    at: undefined,
    chain: 'untrusted',
    algorithm: '',
    signerDer: undefined,
    certificatesDer: [],
  } as const
  try {
    const { contentType, content, certificates, signer } = readSignedData(token)
    if (contentType !== oids.timestampInfo || content === undefined) throw new Error('not a timestamp')
    const info = readInfo(content)
    const own = certificates.find((certificate) => isNamedBy(certificate, signer))
    const certificatesDer = certificates.map((certificate) => certificate.der)
    const known = { at: info.at, algorithm: schemeName(signer.scheme), signerDer: own?.der, certificatesDer }
    const unsupported = (why: string): TokenFindings => ({
      check: { state: 'unsupported', why, chain: 'untrusted', ...known },
      info,
    })
    const { digest, scheme } = signer
    if (own === undefined) return unsupported('certificate missing')
    if (digest === undefined || scheme === undefined || info.digest === undefined) return unsupported('algorithm')
    if (!isReadableKey(scheme, own.publicKeyInfo)) return unsupported('key')
    const demands = { contentType: oids.timestampInfo, needsCertificateAttribute: true }
    const isOver = imprintBy(info.digest).equals(info.imprint)
    const why = isOver ? findSignerFault({ ...signer, digest, scheme }, own, [content], demands) : 'imprint'
    const chain = checkChain(own.der, certificatesDer, { ...options, purpose: 'timestamp' }).state
    return { check: { state: why === '' ? 'intact' : 'broken', why, chain, ...known }, info }
  } catch (error) {
    if (error instanceof AppError) throw error
    return { check: { state: 'broken', why: 'structure', ...nothing }, info: undefined }
  }
}

function readInfo(content: Uint8Array): TimestampInfo {
  const [version, policy, imprint, serial, time, ...rest] = children(readDer(content))
  const [algorithm, hash] = imprint === undefined ? [] : children(imprint)
  if (smallIntegerOf(version) !== 1 || oidOf(policy) === '' || serial?.tag !== 0x02 || hash?.tag !== 0x04) {
    throw new Error('not TSTInfo')
  }
  const nonce = rest.find(({ tag }) => tag === 0x02)
  return { digest: readDigestName(algorithm), imprint: hash.content, at: timeOf(time), nonce }
}

/** Who gives timestamps. */
export type TimestampAuthority = {
  /**
   * The TimeStampToken (DER) over the parts read one after another, checked. Throws TIMESTAMP_UNREACHABLE or
   * TIMESTAMP_REFUSED (`why` in Chinese words).
   */
  timestamp(parts: readonly Uint8Array[]): Promise<Uint8Array>
}

/**
 * The authority behind `post`, which carries a TimeStampReq (`application/timestamp-query`) there and brings the answer
 * back (RFC 3161, 3.4); what it throws that is no AppError is told as TIMESTAMP_UNREACHABLE. Every token is checked before
 * it is given on: SHA-256 imprint, nonce, signature, chain to one of the roots at `now`.
 */
export function timestampAuthority(given: {
  post(request: Uint8Array): Promise<Uint8Array>
  readonly trustedRootsPem: readonly string[]
  readonly now: Date
  readonly crls?: readonly Uint8Array[]
}): TimestampAuthority {
  return {
    async timestamp(parts) {
      const imprint = digestOf('sha256', ...parts)
      const nonce = der.integer(randomBytes(16))
      const answer = await asked(given.post, timestampRequest(imprint, nonce))
      const token = tokenOf(answer)
      const { check, info } = checkToken(token, (name) => (name === 'sha256' ? imprint : Buffer.alloc(0)), given)
      if (check.state !== 'intact') throw refused(check.why === 'imprint' ? '它盖的是另一份内容' : '它的签名对不上')
      if (info?.nonce === undefined || !nonce.equals(info.nonce.raw)) throw refused('它答的是另一次请求')
      if (check.chain !== 'trusted') throw refused(`它的证书${chainWords[check.chain]}`)
      return token
    },
  }
}

const chainWords: Readonly<Record<Exclude<ChainState, 'trusted'>, string>> = {
  untrusted: '不在本机信任的名单里',
  expired: '已过期',
  notYetValid: '还没有生效，或本机时间不对',
  unfit: '不是发时间戳用的',
  revoked: '已被吊销',
}

const refused = (why: string, cause?: unknown): AppError => new AppError('TIMESTAMP_REFUSED', { why }, { cause })

/** TimeStampReq (RFC 3161, 2.4.1) that asks for the authority's certificate too. */
function timestampRequest(imprint: Uint8Array, nonce: Uint8Array): Buffer {
  const messageImprint = der.sequence(digestIdentifier('sha256'), der.octets(imprint))
  return der.sequence(der.smallInteger(1), messageImprint, nonce, der.boolean(true))
}

async function asked(post: (request: Uint8Array) => Promise<Uint8Array>, request: Uint8Array): Promise<Uint8Array> {
  try {
    return await post(request)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('TIMESTAMP_UNREACHABLE', {}, { cause })
  }
}

const granted = 0
const grantedWithChanges = 1

/** The token in a TimeStampResp (RFC 3161, 2.4.2). */
function tokenOf(answer: Uint8Array): Uint8Array {
  let status: number
  let words: string
  let token: DerElement | undefined
  try {
    const [statusInfo, second] = children(readDer(answer))
    const [number, ...more] = statusInfo?.tag === 0x30 ? children(statusInfo) : []
    status = smallIntegerOf(number)
    const texts = more.filter(({ tag }) => tag === 0x30).flatMap(children)
    words = texts.map(({ content }) => Buffer.from(content).toString('utf8')).join(' ')
    token = second
  } catch (cause) {
    throw refused('回答看不懂，可能连到了别的网站', cause)
  }
  const isGranted = status === granted || status === grantedWithChanges
  if (isGranted && token !== undefined) return token.raw
  throw refused(words === '' ? `它拒绝了（状态 ${status}）` : `它拒绝了：${Array.from(words).slice(0, 60).join('')}`)
}
