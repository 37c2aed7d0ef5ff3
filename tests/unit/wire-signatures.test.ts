import { createPublicKey, verify } from 'node:crypto'
import { httpbis } from 'http-message-signatures'
import { describe, expect, test } from 'vitest'
import {
  makeKeyPair,
  readSignature,
  signerOf,
  signHead,
  signRequest,
  signValue,
  verifyHead,
  verifyRequest,
  verifyValue,
} from '../../main/wire/signatures.ts'

const keys = makeKeyPair()
const signer = { keyId: '440282104208-1', sign: signerOf(keys.privateKey), createdSeconds: 1_790_000_000 }
const post = { method: 'POST', path: '/v1/stations/440282104208-1/entries', body: Buffer.from('batch') }
const get = { method: 'GET', path: '/v1/stations/440282104208-1/feed?after=12' }

describe('a signed request', () => {
  test.each([
    ['with a body', post],
    ['without a body', get],
  ])('%s is good for itself alone', (_, request) => {
    const headers = signRequest(request, signer)
    const answers = {
      itself: verifyRequest(request, headers, keys.publicKey),
      otherKey: verifyRequest(request, headers, makeKeyPair().publicKey),
      otherMethod: verifyRequest({ ...request, method: 'PUT' }, headers, keys.publicKey),
      otherPath: verifyRequest({ ...request, path: `${request.path}1` }, headers, keys.publicKey),
      otherBody: verifyRequest({ ...request, body: Buffer.from('other') }, headers, keys.publicKey),
    }
    expect(answers).toEqual({ itself: true, otherKey: false, otherMethod: false, otherPath: false, otherBody: false })
  })

  test('says who signed, when, and never the same nonce twice', () => {
    const [first, second] = [signRequest(get, signer), signRequest(get, signer)].map(readSignature)
    expect(first).toMatchObject({ keyId: '440282104208-1', createdSeconds: 1_790_000_000 })
    expect(first?.nonce).not.toBe(second?.nonce)
  })

  test.each([
    ['nothing', {}],
    ['no signature', { ...signRequest(get, signer), signature: '' }],
    [
      'a second signature',
      { ...signRequest(get, signer), signature: `${signRequest(get, signer).signature}, b=:AAAA:` },
    ],
    [
      'fewer components',
      {
        ...signRequest(get, signer),
        'signature-input': signRequest(get, signer)['signature-input']?.replace(' "@query"', ''),
      },
    ],
    [
      'another time',
      {
        ...signRequest(get, signer),
        'signature-input': signRequest(get, signer)['signature-input']?.replace('1790000000', '1790000001'),
      },
    ],
  ])('is refused with %s', (_, headers) => {
    expect(verifyRequest(get, headers, keys.publicKey)).toBe(false)
  })

  test('is refused when its body was taken away or given', () => {
    const { body: _, ...bare } = post
    const answers = [
      verifyRequest(bare, signRequest(post, signer), keys.publicKey),
      verifyRequest({ ...get, body: Buffer.alloc(0) }, signRequest(get, signer), keys.publicKey),
    ]
    expect(answers).toEqual([false, false])
  })

  test.each([
    ['with a body', post],
    ['without a body', get],
  ])('%s is read by an independent implementation of RFC 9421', async (_, request) => {
    const headers = signRequest(request, signer)
    const key = createPublicKey({ key: Buffer.from(keys.publicKey, 'base64'), format: 'der', type: 'spki' })
    const verdict = await httpbis.verifyMessage(
      {
        keyLookup: async () => ({
          id: signer.keyId,
          algs: ['ed25519'],
          verify: async (data, signature) => verify(null, data, key, signature),
        }),
        notAfter: signer.createdSeconds,
        requiredFields: ['@method', '@path', '@query'],
        requiredParams: ['created', 'nonce', 'keyid', 'alg'],
      },
      { method: request.method, url: `https://centre.invalid${request.path}`, headers },
    )
    expect(verdict).toBe(true)
  })
})

describe('a signed head', () => {
  const head = { seq: 7, hash: 'c'.repeat(64) }
  const signature = signHead(signer.sign, '440282104208-1', head)

  test('is good for its station, number and hash alone', () => {
    const answers = [
      verifyHead(keys.publicKey, '440282104208-1', head, signature),
      verifyHead(keys.publicKey, '440282104208-2', head, signature),
      verifyHead(keys.publicKey, '440282104208-1', { ...head, seq: 8 }, signature),
      verifyHead(keys.publicKey, '440282104208-1', { ...head, hash: 'd'.repeat(64) }, signature),
      verifyHead('nonsense', '440282104208-1', head, signature),
    ]
    expect(answers).toEqual([true, false, false, false, false])
  })

  test('covers a value whatever the order of its keys', () => {
    const signed = signValue(signer.sign, { b: 1, a: '村' })
    expect(verifyValue(keys.publicKey, { a: '村', b: 1 }, signed)).toBe(true)
  })
})
