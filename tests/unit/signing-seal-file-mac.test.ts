import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import forge from 'node-forge'
import { expect, test } from 'vitest'
import { type MacDigest, sealFileMac } from '../../main/signing/seal-file-mac.ts'

const digests = ['sha1', 'sha256', 'sha384', 'sha512'] as const

/** The same by forge: slow, and written by others. */
function macOfForge(
  contents: Uint8Array,
  { pin, salt, iterations, digest }: { pin: string; salt: Uint8Array; iterations: number; digest: MacDigest },
): Buffer {
  const hash = forge.md[digest].create()
  const saltBuffer = forge.util.createBuffer(Buffer.from(salt).toString('latin1'))
  const key = forge.pkcs12.generateKey(pin, saltBuffer, 3, iterations, hash.digestLength, hash)
  return createHmac(digest, Buffer.from(key.getBytes(), 'latin1')).update(contents).digest()
}

test('the MAC of a seal file is the one that another implementation of RFC 7292 makes', () => {
  const order = fc.record({
    pin: fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constant('口令１２３😀'),
    ),
    salt: fc.uint8Array({ maxLength: 200 }),
    iterations: fc.integer({ min: 1, max: 20 }),
    digest: fc.constantFrom(...digests),
  })
  fc.assert(
    fc.property(order, fc.uint8Array({ maxLength: 50 }), (one, contents) => {
      expect(sealFileMac(contents, one)).toEqual(macOfForge(contents, one))
    }),
    { numRuns: 300 },
  )
})
