import fc from 'fast-check'
import { sm2, sm3 } from 'sm-crypto-v2'
import { describe, expect, it } from 'vitest'
import { children, der, readDer } from '../../main/signing/der.ts'
import { digestOf } from '../../main/signing/digest.ts'
import {
  isSm2Signature,
  newSm2Key,
  readSm2PrivateKey,
  readSm2PublicKey,
  signWithSm2,
  sm2PrivateKeyInfo,
  sm2PublicKeyInfo,
} from '../../main/signing/sm2.ts'
import { newSm3 } from '../../main/signing/sm3.ts'

const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n

describe('SM3', () => {
  it('gives the hashes of the standard (GB/T 32905-2016, appendix A)', () => {
    const hashes = ['abc', 'abcd'.repeat(16)].map((text) => newSm3().update(Buffer.from(text)).digest().toString('hex'))
    expect(hashes).toEqual([
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
      'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
    ])
  })

  it('gives the same however the bytes are cut, and what another program gives', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (parts) => {
        expect(digestOf('sm3', ...parts).toString('hex')).toBe(sm3(Buffer.concat(parts)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('SM2', () => {
  const key = newSm2Key()
  const data = Buffer.from('演练')

  it('signs what another program confirms under the usual identity, and confirms its own only over the same bytes', () => {
    const signature = signWithSm2(key, data)
    const raw = children(readDer(signature)).map(({ content }) => BigInt(`0x${Buffer.from(content).toString('hex')}`))
    const hex = raw.map((value) => value.toString(16).padStart(64, '0')).join('')
    expect(sm2.doVerifySignature(data, hex, key.publicHex, { hash: true })).toBe(true)
    expect(isSm2Signature(key.publicHex, [data.subarray(0, 2), data.subarray(2)], signature)).toBe(true)
    expect(isSm2Signature(key.publicHex, [Buffer.from('演习')], signature)).toBe(false)
    expect(isSm2Signature(newSm2Key().publicHex, [data], signature)).toBe(false)
  })

  it('refuses a signature out of range, negative, or with something behind it', () => {
    const [r, s] = children(readDer(signWithSm2(key, data)))
    if (r === undefined || s === undefined) throw new Error('no r and s')
    const bytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(66, '0'), 'hex')
    const added = BigInt(`0x${Buffer.from(r.content).toString('hex')}`) + order
    const forged = [
      der.sequence(der.integer(bytes(0n)), s.raw),
      der.sequence(r.raw, der.integer(bytes(0n))),
      der.sequence(r.raw, der.integer(bytes(order))),
      der.sequence(der.integer(bytes(added)), s.raw),
      der.sequence(r.raw, s.raw, der.null()),
      der.sequence(Buffer.from([0x02, 0x01, 0x80]), s.raw),
    ]
    expect(forged.map((signature) => isSm2Signature(key.publicHex, [data], signature))).toEqual(forged.map(() => false))
  })

  it('reads back the keys that it writes, and leaves those of other curves alone', () => {
    const publicInfo = sm2PublicKeyInfo(key)
    expect(readSm2PrivateKey(sm2PrivateKeyInfo(key))).toEqual(key)
    expect(readSm2PublicKey(readDer(publicInfo))).toBe(key.publicHex)
    const otherCurve = der.sequence(
      der.sequence(der.oid('1.2.840.10045.2.1'), der.oid('1.2.840.10045.3.1.7')),
      der.bits(Buffer.from(key.publicHex, 'hex')),
    )
    const offCurve = Buffer.from(publicInfo)
    offCurve[offCurve.length - 1] = (offCurve.at(-1) ?? 0) ^ 1
    expect([otherCurve, offCurve].map((info) => readSm2PublicKey(readDer(info)))).toEqual([undefined, undefined])
  })
})
