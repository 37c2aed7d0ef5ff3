import { generateKeyPairSync, sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { timestampPdf } from '../../main/pdf/index.ts'
import { readCertificate, summarise, toPem } from '../../main/signing/certificate.ts'
import { encodeName, issueCertificate, type KeyKind, newIssuingKey } from '../../main/signing/certificate-issuing.ts'
import { type ChainOptions, checkChain } from '../../main/signing/chain.ts'
import { children, der, readDer } from '../../main/signing/der.ts'
import { digestIdentifier, digestOf } from '../../main/signing/digest.ts'
import { verifyPdf } from '../../main/signing/index.ts'
import { now, sealed } from '../helpers/seals.ts'
import { plainDocument } from '../helpers/tampering.ts'
import { type Authority, type IssuedSeal, makeTrainingAuthority } from '../helpers/training-authority.ts'

const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000)
const organisation = '演练镇演练村村民委员会'
const pin = '135790'

let root: Authority
let seal: IssuedSeal

beforeAll(async () => {
  root = await makeTrainingAuthority({ now })
  seal = await root.issue({ organisation, pin })
})

const stateOf = (certificateDer: Uint8Array, options: Partial<ChainOptions> = {}, others: Uint8Array[] = []) =>
  checkChain(certificateDer, others, { trustedRootsPem: [root.caPem], now, ...options }).state

/** The order of P-256 (SEC 2, 2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The same certificate with the other one of the two signatures that an ECDSA signature always is. */
function twin(certificateDer: Uint8Array): Buffer {
  const [body, algorithm, signature] = children(readDer(certificateDer))
  const [r, s] = children(readDer(signature?.content.subarray(1) ?? new Uint8Array()))
  if (body === undefined || algorithm === undefined || r === undefined || s === undefined) throw new Error('no ECDSA')
  const other = (order - BigInt(`0x${Buffer.from(s.content).toString('hex')}`)).toString(16).padStart(64, '0')
  return der.sequence(body.raw, algorithm.raw, der.bits(der.sequence(r.raw, der.integer(Buffer.from(other, 'hex')))))
}

/** The same certificate, its outermost length written in more bytes than it takes. */
function longer(certificateDer: Uint8Array): Buffer {
  const { content } = readDer(certificateDer)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  return Buffer.concat([Buffer.from([0x30, 0x84]), length, content])
}

describe('a certificate that the centre has revoked', () => {
  const revoked = (certificateDer: Uint8Array) => [
    { sha256: summarise(certificateDer).sha256, atUtc: days(-1).toISOString() },
  ]

  it('stays revoked with its signature written the other way', () => {
    expect(stateOf(twin(seal.certificateDer))).toBe('trusted')
    expect(stateOf(twin(seal.certificateDer), { revoked: revoked(seal.certificateDer) })).toBe('revoked')
    expect(stateOf(seal.certificateDer, { revoked: revoked(twin(seal.certificateDer)) })).toBe('revoked')
  })

  it.for<KeyKind>(['rsa', 'ec', 'sm2'])('is none any more with a length written otherwise (%s)', async (kind) => {
    const top = await makeTrainingAuthority({ now, kind })
    const { certificateDer } = await top.issue({ organisation, pin })
    expect(() => readCertificate(longer(certificateDer))).toThrow()
  })

  it('is none any more with an SM2 signature whose numbers are padded', async () => {
    const top = await makeTrainingAuthority({ now, kind: 'sm2' })
    for (let tries = 0; tries < 200; tries++) {
      const { certificateDer } = await top.issue({ organisation, pin })
      const [body, algorithm, signature] = children(readDer(certificateDer))
      const [r, s] = children(readDer(signature?.content.subarray(1) ?? new Uint8Array()))
      if (body === undefined || algorithm === undefined || r === undefined || s === undefined) throw new Error('no SM2')
      if (r.content.length > 32) continue
      const padded = Buffer.concat([Buffer.from([0x02, r.content.length + 1, 0]), r.content])
      const rewritten = der.sequence(body.raw, algorithm.raw, der.bits(der.sequence(padded, s.raw)))
      expect(checkChain(rewritten, [], { trustedRootsPem: [top.caPem], now }).state).toBe('untrusted')
      return
    }
    throw new Error('no signature with a short r')
  })
})

const keys = await newIssuingKey('ec')

type Extra = {
  readonly extensions?: readonly Uint8Array[]
  readonly publicKeyInfo?: Uint8Array
}

/** A root by openssl-free means whose end certificates carry whatever extensions a test wants. */
async function issued({ extensions = [], publicKeyInfo = keys.publicKeyInfo }: Extra) {
  const key = await newIssuingKey('ec')
  const name = { commonName: '演练根', organisation: '演练' }
  const caDer = await issueCertificate({
    subject: name,
    publicKeyInfo: key.publicKeyInfo,
    issuer: { name, key },
    notBefore: days(-10),
    notAfter: days(100),
    role: 'authority',
    authoritiesBelow: 1,
  })
  const body = der.sequence(
    der.context(0, der.smallInteger(2)),
    der.smallInteger(77),
    key.signatureIdentifier,
    encodeName(name),
    der.sequence(der.time(days(-5)), der.time(days(50))),
    encodeName({ commonName: organisation, organisation }),
    publicKeyInfo,
    der.context(3, der.sequence(extension('2.5.29.15', der.flags(0xc0), true), ...extensions)),
  )
  const certificateDer = der.sequence(body, key.signatureIdentifier, der.bits(await key.sign(body)))
  return { key, name, caPem: toPem(caDer), caDer, certificateDer }
}

const extension = (oid: string, value: Uint8Array, isCritical = false): Buffer =>
  der.sequence(der.oid(oid), ...(isCritical ? [der.boolean(true)] : []), der.octets(value))

const purposes = (...oids: string[]) => extension('2.5.29.37', der.sequence(...oids.map((oid) => der.oid(oid))))

const [webServer, webClient, timeStamping, email, documents] = [
  '1.3.6.1.5.5.7.3.1',
  '1.3.6.1.5.5.7.3.2',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
] as const

describe('a certificate', () => {
  const check = async (extra: Extra) => {
    const { certificateDer, caPem } = await issued(extra)
    return checkChain(certificateDer, [], { trustedRootsPem: [caPem], now }).state
  }

  it.each([
    ['unfit', 'a web server', [webServer]],
    ['unfit', 'a web server and its clients', [webServer, webClient]],
    ['unfit', 'timestamps', [timeStamping]],
    ['trusted', 'documents', [documents]],
    ['trusted', 'mail and logging in', [webClient, email]],
    ['trusted', 'a person who logs in', [webClient]],
    ['trusted', 'anything', ['2.5.29.37.0']],
  ])('is %s for a seal where it was issued for %s', async (state, _, oids) => {
    expect(await check({ extensions: [purposes(...oids)] })).toBe(state)
  })

  it('is unfit with constraints of names, also where they are not called critical', async () => {
    expect(await check({ extensions: [extension('2.5.29.30', der.sequence())] })).toBe('unfit')
  })

  it('is none with one extension twice', async () => {
    const { certificateDer } = await issued({ extensions: [extension('2.5.29.15', der.flags(0x04), true)] })
    expect(() => readCertificate(certificateDer)).toThrow()
  })
})

describe('a key that can be broken', () => {
  const spki = (key: ReturnType<typeof generateKeyPairSync>['publicKey']) => key.export({ type: 'spki', format: 'der' })

  it.each([512, 1024])('is no authority: RSA of %i bits', async (modulusLength) => {
    const weak = generateKeyPairSync('rsa', { modulusLength })
    const { key, name, caPem } = await issued({})
    const middleName = { commonName: '演练中间', organisation: '演练' }
    const middle = await issueCertificate({
      subject: middleName,
      publicKeyInfo: spki(weak.publicKey),
      issuer: { name, key },
      notBefore: days(-5),
      notAfter: days(50),
      role: 'authority',
    })
    const forged = await issueCertificate({
      subject: { commonName: organisation, organisation },
      publicKeyInfo: keys.publicKeyInfo,
      issuer: {
        name: middleName,
        key: {
          publicKeyInfo: spki(weak.publicKey),
          privateKeyInfo: Buffer.alloc(0),
          signatureIdentifier: der.sequence(der.oid('1.2.840.113549.1.1.11'), der.null()),
          sign: async (data) => sign('sha256', data, weak.privateKey),
        },
      },
      notBefore: days(-5),
      notAfter: days(50),
      role: 'seal',
    })
    expect(checkChain(forged, [middle], { trustedRootsPem: [caPem], now }).state).toBe('untrusted')
  })

  it('is no authority: a curve of 112 bits', async () => {
    const weak = generateKeyPairSync('ec', { namedCurve: 'secp112r1' })
    const name = { commonName: '演练根', organisation: '演练' }
    const key = {
      publicKeyInfo: spki(weak.publicKey),
      privateKeyInfo: Buffer.alloc(0),
      signatureIdentifier: der.sequence(der.oid('1.2.840.10045.4.3.2')),
      sign: async (data: Uint8Array) => sign('sha256', data, weak.privateKey),
    }
    const validity = { notBefore: days(-5), notAfter: days(50) }
    const issuer = { name, key }
    const ca = await issueCertificate({
      subject: name,
      publicKeyInfo: key.publicKeyInfo,
      issuer,
      ...validity,
      role: 'authority',
    })
    const end = await issueCertificate({
      subject: { commonName: organisation, organisation },
      publicKeyInfo: keys.publicKeyInfo,
      issuer,
      ...validity,
      role: 'seal',
    })
    expect(checkChain(end, [], { trustedRootsPem: [toPem(ca)], now }).state).toBe('untrusted')
  })
})

describe('a revocation list that speaks of several issuers', () => {
  const otherName = encodeName({ commonName: '别的根', organisation: '演练' })
  const issuerOf = (...names: readonly Uint8Array[]) =>
    extension('2.5.29.29', der.sequence(...names.map((name) => der.context(4, name))), true)

  const listed = async (entries: (serial: Uint8Array, own: Uint8Array) => Uint8Array[]) => {
    const { key, name, caPem, certificateDer } = await issued({})
    const own = encodeName(name)
    const body = der.sequence(
      der.smallInteger(1),
      key.signatureIdentifier,
      own,
      der.time(days(-1)),
      der.time(days(6)),
      der.sequence(...entries(readCertificate(certificateDer).serial.raw, own)),
    )
    const crl = der.sequence(body, key.signatureIdentifier, der.bits(await key.sign(body)))
    return checkChain(certificateDer, [], { trustedRootsPem: [caPem], now, crls: [crl] }).state
  }
  const entry = (serial: Uint8Array, ...extensions: Uint8Array[]) =>
    der.sequence(serial, der.time(days(-2)), ...(extensions.length === 0 ? [] : [der.sequence(...extensions)]))
  const other = der.smallInteger(5)

  it('revokes what it names under its own issuer', async () => {
    expect(await listed((serial, own) => [entry(other, issuerOf(otherName)), entry(serial, issuerOf(own))])).toBe(
      'revoked',
    )
    expect(
      await listed((serial, own) => [entry(other, issuerOf(otherName)), entry(other, issuerOf(own)), entry(serial)]),
    ).toBe('revoked')
  })

  it('does not revoke what it names under another one', async () => {
    expect(await listed((serial) => [entry(other, issuerOf(otherName)), entry(serial)])).toBe('trusted')
  })
})

describe('a document timestamp', () => {
  const purpose = (isCritical: boolean) => [extension('2.5.29.37', der.sequence(der.oid(timeStamping)), isCritical)]

  /** A paper with a timestamp by an authority that says what a test wants. */
  const stamped = async (given: {
    at?: Date
    extensions?: Uint8Array[]
    over?: Uint8Array
    token?: (real: Buffer) => Buffer
  }) => {
    const { at = days(-1), extensions = purpose(true), token = (real) => real } = given
    const { certificateDer, caPem, name } = await issued({ extensions })
    const timestamp = async (parts: readonly Uint8Array[]) => {
      const imprint = given.over === undefined ? digestOf('sha256', ...parts) : digestOf('sha256', given.over)
      const info = der.sequence(
        der.smallInteger(1),
        der.oid('1.2.3.4.1'),
        der.sequence(digestIdentifier('sha256'), der.octets(imprint)),
        der.smallInteger(9),
        Buffer.concat([Buffer.from([0x18, 15]), Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`)]),
      )
      const attribute = (oid: string, value: Uint8Array) => der.sequence(der.oid(oid), der.set(value))
      const attributes = [
        attribute('1.2.840.113549.1.9.3', der.oid('1.2.840.113549.1.9.16.1.4')),
        attribute('1.2.840.113549.1.9.4', der.octets(digestOf('sha256', info))),
        attribute(
          '1.2.840.113549.1.9.16.2.47',
          der.sequence(der.sequence(der.sequence(der.octets(digestOf('sha256', certificateDer))))),
        ),
      ]
      const signer = der.sequence(
        der.smallInteger(1),
        der.sequence(encodeName(name), readCertificate(certificateDer).serial.raw),
        digestIdentifier('sha256'),
        der.context(0, ...children(readDer(der.set(...attributes))).map(({ raw }) => raw)),
        der.sequence(der.oid('1.2.840.10045.4.3.2')),
        der.octets(await keys.sign(der.set(...attributes))),
      )
      const signed = der.sequence(
        der.smallInteger(3),
        der.set(digestIdentifier('sha256')),
        der.sequence(der.oid('1.2.840.113549.1.9.16.1.4'), der.context(0, der.octets(info))),
        der.context(0, certificateDer),
        der.set(signer),
      )
      return token(der.sequence(der.oid('1.2.840.113549.1.7.2'), der.context(0, signed)))
    }
    const { pdf } = await timestampPdf({ pdf: (await sealed(plainDocument())).pdf, authority: { timestamp } })
    const stamp = verifyPdf(pdf, { trustedRootsPem: [caPem], now }).seals[1]
    return [stamp?.verdict, stamp?.chain, stamp?.provenAtUtc === '' ? '' : 'proven']
  }

  it('is valid where all of it is as it should be', async () => {
    expect(await stamped({})).toEqual(['valid', 'trusted', 'proven'])
  })

  it('proves nothing from the future', async () => {
    expect(await stamped({ at: days(2) })).toEqual(['unknown', 'notYetValid', ''])
  })

  it('proves nothing where its certificate is not for timestamps alone, and critically so', async () => {
    expect(await stamped({ extensions: [] })).toEqual(['unknown', 'unfit', ''])
    expect(await stamped({ extensions: purpose(false) })).toEqual(['unknown', 'unfit', ''])
  })

  it('is invalid over other content', async () => {
    expect((await stamped({ over: Buffer.from('other') }))[0]).toBe('invalid')
  })
})
