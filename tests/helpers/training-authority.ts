// Owns: authorities for tests that issue any number of seals, and revocation lists signed by them.
// Does not own: the training seal that the product makes (main/signing/training-seal.ts), openssl's authority (openssl-authority.ts).
// Start here: makeTrainingAuthority.
import { readCertificate, toPem } from '../../main/signing/certificate.ts'
import {
  encodeName,
  type IssuedName,
  type IssuingKey,
  issueCertificate,
  type KeyKind,
  newIssuingKey,
} from '../../main/signing/certificate-issuing.ts'
import { der } from '../../main/signing/der.ts'
import { writeSealFile } from '../../main/signing/seal-file-writing.ts'

const dayMs = 86_400_000

/** A seal that an authority has issued. */
export type IssuedSeal = {
  readonly p12: Buffer
  readonly certificateDer: Buffer
  readonly certificatePem: string
  readonly privateKeyInfo: Uint8Array
}

/** Whom a seal is issued to; from a day before `now` for a year when not told. */
export type SealOrder = {
  readonly organisation: string
  readonly pin: string
  /** The authority's own kind when not told. */
  readonly kind?: KeyKind
  readonly notBefore?: Date
  readonly notAfter?: Date
}

/** An authority with a Chinese name that goes on issuing. */
export type Authority = {
  readonly caPem: string
  readonly caDer: Buffer
  issue(order: SealOrder): Promise<IssuedSeal>
  /** An authority below this one; its seals bring its certificate along. */
  issueAuthority(commonName: string, kind?: KeyKind): Promise<Authority>
  /** A revocation list (DER), valid from `thisUpdate` (now) until `nextUpdate` (a week later). */
  revoke(
    entries: readonly { readonly certificateDer: Uint8Array; readonly at: Date }[],
    validity?: { readonly thisUpdate?: Date; readonly nextUpdate?: Date },
  ): Promise<Buffer>
}

/** A new root. */
export async function makeTrainingAuthority(options: {
  readonly now: Date
  readonly kind?: KeyKind
  readonly commonName?: string
}): Promise<Authority> {
  const { now, kind = 'ec', commonName = '演练省数字证书认证中心' } = options
  const key = await newIssuingKey(kind)
  const name = { commonName, organisation: '演练省电子认证服务有限公司' }
  const caDer = await issueCertificate({
    subject: name,
    publicKeyInfo: key.publicKeyInfo,
    issuer: { name, key },
    notBefore: new Date(now.getTime() - 400 * dayMs),
    notAfter: new Date(now.getTime() + 3650 * dayMs),
    role: 'authority',
    authoritiesBelow: 1,
  })
  return authority({ now, kind, key, name, caDer, above: [] })
}

type Holder = {
  readonly now: Date
  readonly kind: KeyKind
  readonly key: IssuingKey
  readonly name: IssuedName
  readonly caDer: Buffer
  readonly above: readonly Buffer[]
}

function authority(holder: Holder): Authority {
  const { now, key, name, caDer, above } = holder
  const issuer = { name, key }
  return {
    caPem: toPem(caDer),
    caDer,
    async issue(order) {
      const own = await newIssuingKey(order.kind ?? holder.kind)
      const certificateDer = await issueCertificate({
        subject: { commonName: order.organisation, organisation: order.organisation, unit: '演练' },
        publicKeyInfo: own.publicKeyInfo,
        issuer,
        notBefore: order.notBefore ?? new Date(now.getTime() - dayMs),
        notAfter: order.notAfter ?? new Date(now.getTime() + 365 * dayMs),
        role: 'seal',
      })
      const { privateKeyInfo } = own
      const certificatesDer = [certificateDer, caDer, ...above]
      const p12 = await writeSealFile({ privateKeyInfo, certificatesDer, pin: order.pin })
      return { p12, certificateDer, certificatePem: toPem(certificateDer), privateKeyInfo }
    },
    async issueAuthority(commonName, kind = holder.kind) {
      const below = await newIssuingKey(kind)
      const belowName = { commonName, organisation: name.organisation }
      const belowDer = await issueCertificate({
        subject: belowName,
        publicKeyInfo: below.publicKeyInfo,
        issuer,
        notBefore: new Date(now.getTime() - 300 * dayMs),
        notAfter: new Date(now.getTime() + 1800 * dayMs),
        role: 'authority',
      })
      return authority({ now, kind, key: below, name: belowName, caDer: belowDer, above: [caDer, ...above] })
    },
    revoke: (entries, validity = {}) => signedList(holder, entries, validity),
  }
}

async function signedList(
  { now, key, name }: Holder,
  entries: readonly { readonly certificateDer: Uint8Array; readonly at: Date }[],
  validity: { readonly thisUpdate?: Date; readonly nextUpdate?: Date },
): Promise<Buffer> {
  const thisUpdate = validity.thisUpdate ?? now
  const nextUpdate = validity.nextUpdate ?? new Date(thisUpdate.getTime() + 7 * dayMs)
  const revoked = entries.map(({ certificateDer, at }) =>
    der.sequence(readCertificate(certificateDer).serial.raw, der.time(at)),
  )
  const body = der.sequence(
    der.smallInteger(1),
    key.signatureIdentifier,
    encodeName(name),
    der.time(thisUpdate),
    der.time(nextUpdate),
    ...(revoked.length === 0 ? [] : [der.sequence(...revoked)]),
  )
  return der.sequence(body, key.signatureIdentifier, der.bits(await key.sign(body)))
}
