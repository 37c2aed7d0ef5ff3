import { toPem } from './certificate.ts'
import { type IssuedName, issueCertificate, type KeyKind, newIssuingKey } from './certificate-issuing.ts'
import { writeSealFile } from './seal-file-writing.ts'

/** A seal for practice, with the root that a checker must trust to find it valid. */
export type TrainingSeal = {
  /** PKCS#12: the signer's key, its certificate and the root's. */
  readonly p12: Uint8Array
  readonly caPem: string
  readonly certificatePem: string
}

const dayMs = 86_400_000

/** RFC 5280, appendix A.1: ub-common-name and ub-organization-name. */
const maxNameLength = 64

const rootName: IssuedName = { commonName: '村窗演练根证书', organisation: '村窗演练' }

/**
 * Makes a training authority (演练根证书) and one seal certificate under it for an organisation, both with Chinese
 * names in UTF-8 and keys of the same kind (RSA-2048 when not told). Two years for the seal, ten for the root, from a day
 * before `now`. The root's key is thrown away: no second seal can ever come from it.
 */
export async function makeTrainingSeal(input: {
  readonly organisation: string
  readonly pin: string
  readonly now: Date
  readonly algorithm?: KeyKind
}): Promise<TrainingSeal> {
  const kind = input.algorithm ?? 'rsa'
  const [rootKey, sealKey] = await Promise.all([newIssuingKey(kind), newIssuingKey(kind)])
  const organisation = Array.from(input.organisation).slice(0, maxNameLength).join('')
  const subject: IssuedName = { commonName: organisation, organisation, unit: '演练用章 不具法律效力' }
  const issuer = { name: rootName, key: rootKey }
  const inDays = (days: number): Date => new Date(input.now.getTime() + days * dayMs)
  const notBefore = inDays(-1)
  const [root, own] = await Promise.all([
    issueCertificate({
      subject: rootName,
      publicKeyInfo: rootKey.publicKeyInfo,
      issuer,
      notBefore,
      notAfter: inDays(3653),
      role: 'authority',
    }),
    issueCertificate({
      subject,
      publicKeyInfo: sealKey.publicKeyInfo,
      issuer,
      notBefore,
      notAfter: inDays(731),
      role: 'seal',
    }),
  ])
  const { privateKeyInfo } = sealKey
  const p12 = await writeSealFile({ privateKeyInfo, certificatesDer: [own, root], pin: input.pin })
  return { p12, caPem: toPem(root), certificatePem: toPem(own) }
}
