import { sm2 } from 'sm-crypto-v2'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCertificate } from '../../main/signing/certificate.ts'
import { checkCms } from '../../main/signing/cms-check.ts'
import { children, type DerElement, der, readDer } from '../../main/signing/der.ts'
import { openSealFile } from '../../main/signing/index.ts'
import { isSm2Signature, newSm2Key, readSm2PublicKey, signWithSm2 } from '../../main/signing/sm2.ts'
import { now } from '../helpers/seals.ts'
import { makeTrainingAuthority } from '../helpers/training-authority.ts'

const organisation = '演练镇演练村村民委员会'
const pin = '135790'
const parts = [Buffer.from('%PDF-1.7 what was signed')]

let cms: Buffer
let impostor: Buffer

beforeAll(async () => {
  const authority = await makeTrainingAuthority({ now })
  const { p12, certificateDer } = await authority.issue({ organisation, pin })
  const seal = await openSealFile(p12, pin, now)
  cms = Buffer.from(await seal.signDetached(parts, now))
  const other = await (await makeTrainingAuthority({ now })).issue({ organisation, pin })
  // The same issuer and serial number over another key: what a signer's identifier cannot tell apart.
  const [body, algorithm, signature] = children(readDer(certificateDer))
  const own = readCertificate(certificateDer)
  const key = readCertificate(other.certificateDer)
  const fields = children(body as DerElement).map((field) =>
    Buffer.from(field.raw).equals(own.publicKeyInfo.raw) ? key.publicKeyInfo.raw : field.raw,
  )
  impostor = der.sequence(der.sequence(...fields), algorithm?.raw ?? body?.raw ?? own.der, signature?.raw ?? own.der)
})

type Parts = { fields: Uint8Array[]; signer: Uint8Array[] }

/** The CMS with its SignedData's and its signer's elements changed. */
function bent(change: (parts: Parts) => void): Buffer {
  const [type, wrapped] = children(readDer(cms))
  const fields = children(readDer(wrapped?.content ?? new Uint8Array()))
  const signers = fields.at(-1)
  const given = {
    fields: fields.map(({ raw }) => raw),
    signer: children(readDer(signers?.content ?? new Uint8Array())).map(({ raw }) => raw),
  }
  const before = given.fields.at(-1)
  change(given)
  if (given.fields.at(-1) === before) given.fields[given.fields.length - 1] = der.set(der.sequence(...given.signer))
  return der.sequence(type?.raw ?? cms, der.context(0, der.sequence(...given.fields)))
}

const attributesOf = (signer: readonly Uint8Array[]) =>
  children(readDer(signer[3] ?? new Uint8Array())).map(({ raw }) => raw)
const stateOf = (bytes: Uint8Array): string => checkCms(bytes, parts, true).state

describe('a CMS', () => {
  it('holds taken apart and put together again', () => {
    expect(stateOf(bent(() => undefined))).toBe('intact')
  })

  const attacks: readonly (readonly [string, (given: Parts) => void])[] = [
    [
      'two signers',
      ({ fields, signer }) => fields.splice(-1, 1, der.set(der.sequence(...signer), der.sequence(...signer))),
    ],
    ['no signer', ({ fields }) => fields.splice(-1, 1, der.set())],
    [
      'two sets of signers',
      ({ fields, signer }) => fields.splice(-1, 1, der.set(der.sequence(...signer)), der.set(der.sequence(...signer))),
    ],
    ['no signed attributes', ({ signer }) => signer.splice(3, 1)],
    [
      'an attribute twice',
      ({ signer }) => signer.splice(3, 1, der.context(0, ...attributesOf(signer), ...attributesOf(signer))),
    ],
    ['an attribute fewer', ({ signer }) => signer.splice(3, 1, der.context(0, ...attributesOf(signer).slice(0, 2)))],
    [
      'content of its own',
      ({ fields }) =>
        fields.splice(
          2,
          1,
          der.sequence(der.oid('1.2.840.113549.1.7.1'), der.context(0, der.octets(Buffer.from('x')))),
        ),
    ],
    [
      'content of another type',
      ({ fields }) => fields.splice(2, 1, der.sequence(der.oid('1.2.840.113549.1.9.16.1.4'))),
    ],
    ['an impostor certificate first', ({ fields }) => fields.splice(3, 1, der.context(0, impostor))],
    ['SHA-1', ({ signer }) => signer.splice(2, 1, der.sequence(der.oid('1.3.14.3.2.26')))],
    ['no certificate', ({ fields }) => fields.splice(3, 1)],
  ]
  it.each(attacks)('with %s is not intact', (_, change) => {
    expect(stateOf(bent(change))).not.toBe('intact')
  })

  it('of attributes that sign themselves as content is not intact', () => {
    const signedAttributes = Buffer.from(attributesRaw())
    signedAttributes[0] = 0x31
    const without = bent(({ signer }) => signer.splice(3, 1))
    // Older PDF signatures may lack attributes; then the attributes of another are a content that this signature fits.
    expect(checkCms(without, [signedAttributes], true).state).toBe('broken')
  })

  it('written with lengths left open is read as what it says', () => {
    const open = Buffer.concat([Buffer.from([0x30, 0x80]), readDer(cms).content, Buffer.from([0, 0])])
    expect(stateOf(open)).toBe('intact')
    expect(checkCms(open, [Buffer.from('other')], true).state).toBe('broken')
  })
})

const attributesRaw = (): Uint8Array => {
  let found: Uint8Array = new Uint8Array()
  bent(({ signer }) => {
    found = signer[3] ?? found
  })
  return found
}

describe('an SM2 signature', () => {
  const key = newSm2Key()
  const data = Buffer.from('盖章的内容')
  const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
  const number = (value: bigint) => der.integer(Buffer.from(value.toString(16).padStart(66, '0'), 'hex'))
  const values = (signature: Uint8Array) =>
    children(readDer(signature)).map(({ content }) => BigInt(`0x${Buffer.from(content).toString('hex')}`))

  it('is good as it was made', () => {
    expect(isSm2Signature(key.publicHex, [data], signWithSm2(key, data))).toBe(true)
  })

  it('is no good with numbers out of range, of nothing, or with a sum of nothing', () => {
    const [r = 0n, s = 0n] = values(signWithSm2(key, data))
    const forged: readonly (readonly [bigint, bigint])[] = [
      [0n, 0n],
      [0n, s],
      [r, 0n],
      [r + order, s],
      [r, s + order],
      [r, order - r],
      [order, s],
      [1n, order - 1n],
    ]
    for (const [one, other] of forged) {
      expect(isSm2Signature(key.publicHex, [data], der.sequence(number(one), number(other)))).toBe(false)
    }
  })

  it('is no good by another identity than the one of GB/T 35276', () => {
    const raw = sm2.doSignature(data, key.privateHex, { hash: true, publicKey: key.publicHex, userId: 'someone else' })
    const [r, s] = [BigInt(`0x${raw.slice(0, 64)}`), BigInt(`0x${raw.slice(64)}`)]
    expect(isSm2Signature(key.publicHex, [data], der.sequence(number(r), number(s)))).toBe(false)
  })

  it.each([
    [
      'off the curve',
      (point: Buffer) => {
        point[40] = (point[40] ?? 0) ^ 1
      },
    ],
    [
      'of zeros',
      (point: Buffer) => {
        point.fill(0, 1)
      },
    ],
    [
      'beyond the field',
      (point: Buffer) => {
        point.fill(0xff, 1, 33)
      },
    ],
    [
      'of another form',
      (point: Buffer) => {
        point[0] = 6
      },
    ],
  ])('is asked of no point %s', (_, bend) => {
    const point = Buffer.from(key.publicHex, 'hex')
    bend(point)
    const info = der.sequence(
      der.sequence(der.oid('1.2.840.10045.2.1'), der.oid('1.2.156.10197.1.301')),
      der.bits(point),
    )
    expect(readSm2PublicKey(readDer(info))).toBe(undefined)
  })
})
