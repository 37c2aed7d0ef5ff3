import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import forge from 'node-forge'

/** A seal for practice, with the root that a checker must trust to find it valid. */
export type TrainingSeal = {
  /** PKCS#12: the signer's key, its certificate and the root's. */
  readonly p12: Uint8Array
  readonly caPem: string
  readonly certificatePem: string
}

const dayMs = 86_400_000
const generateKeyPairAsync = promisify(generateKeyPair)

/** RFC 5280, appendix A.1: ub-common-name and ub-organization-name. */
const maxNameLength = 64

/**
 * Makes a training authority (演练根证书) and one seal certificate under it for an organisation, both with Chinese
 * names in UTF-8 and RSA-2048 keys. Two years for the seal, ten for the root, from a day before `now`. The root's key
 * is thrown away: no second seal can ever come from it.
 */
export async function makeTrainingSeal(input: {
  readonly organisation: string
  readonly pin: string
  readonly now: Date
}): Promise<TrainingSeal> {
  const [rootKeys, sealKeys] = await Promise.all([newKeys(), newKeys()])
  const organisation = Array.from(input.organisation).slice(0, maxNameLength).join('')
  const rootName = name('村窗演练根证书', '村窗演练')
  const sealName = name(organisation, organisation, '演练用章 不具法律效力')
  const root = certificate({ subject: rootName, issuer: rootName, days: 3653, now: input.now, keys: rootKeys })
  root.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ])
  root.sign(rootKeys.privateKey, forge.md.sha256.create())
  const own = certificate({ subject: sealName, issuer: rootName, days: 731, now: input.now, keys: sealKeys })
  own.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: root.generateSubjectKeyIdentifier().getBytes() },
  ])
  own.sign(rootKeys.privateKey, forge.md.sha256.create())
  const p12 = forge.pkcs12.toPkcs12Asn1(sealKeys.privateKey, [own, root], input.pin, {
    algorithm: 'aes256',
    count: 10_000,
    friendlyName: 'seal',
  })
  return {
    p12: Buffer.from(forge.asn1.toDer(p12).getBytes(), 'latin1'),
    caPem: unixLines(forge.pki.certificateToPem(root)),
    certificatePem: unixLines(forge.pki.certificateToPem(own)),
  }
}

const unixLines = (pem: string): string => pem.replaceAll('\r\n', '\n')

/** Keys by node:crypto, for forge takes seconds over a key. */
async function newKeys(): Promise<forge.pki.rsa.KeyPair> {
  const { privateKey, publicKey } = await generateKeyPairAsync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { privateKey: forge.pki.privateKeyFromPem(privateKey), publicKey: forge.pki.publicKeyFromPem(publicKey) }
}

function name(commonName: string, organisation: string, unit?: string): forge.pki.CertificateField[] {
  // forge's types call this a Class; it is the string's universal tag.
  const utf8 = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class
  return [
    { name: 'countryName', value: 'CN' },
    { name: 'organizationName', value: organisation, valueTagClass: utf8 },
    ...(unit === undefined ? [] : [{ name: 'organizationalUnitName', value: unit, valueTagClass: utf8 }]),
    { name: 'commonName', value: commonName, valueTagClass: utf8 },
  ]
}

function certificate(input: {
  subject: forge.pki.CertificateField[]
  issuer: forge.pki.CertificateField[]
  days: number
  now: Date
  keys: forge.pki.rsa.KeyPair
}): forge.pki.Certificate {
  const made = forge.pki.createCertificate()
  made.publicKey = input.keys.publicKey
  // A positive INTEGER of at most 20 bytes (RFC 5280, 4.1.2.2).
  made.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`
  made.validity.notBefore = new Date(input.now.getTime() - dayMs)
  made.validity.notAfter = new Date(input.now.getTime() + input.days * dayMs)
  made.setSubject(input.subject)
  made.setIssuer(input.issuer)
  return made
}
