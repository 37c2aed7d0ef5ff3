import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeTrainingSeal, openSealFile } from '../../main/signing/index.ts'
import { now, organisation, pin, trainingSigner } from '../helpers/seals.ts'

const dayMs = 86_400_000
const refusedWith = (code: string) => expect.objectContaining({ code })

describe('a seal file', () => {
  it('opens with its PIN and tells whose it is', async () => {
    const { signer } = await trainingSigner()
    expect(signer.certificate).toMatchObject({ commonName: organisation, organisation, issuer: '村窗演练根证书' })
  })

  it('refuses another PIN, an empty one too', async () => {
    const { seal } = await trainingSigner()
    await expect(openSealFile(seal.p12, `${pin}0`, now)).rejects.toEqual(refusedWith('SEAL_PIN_WRONG'))
    await expect(openSealFile(seal.p12, '', now)).rejects.toEqual(refusedWith('SEAL_PIN_WRONG'))
  })

  it('is called damaged when it is empty, cut off, or something else', async () => {
    const { seal } = await trainingSigner()
    for (const bytes of [Buffer.alloc(0), seal.p12.subarray(0, 900), Buffer.from('not a seal')]) {
      await expect(openSealFile(bytes, pin, now)).rejects.toEqual(refusedWith('SEAL_FILE_DAMAGED'))
    }
  })

  it('is refused before and after the time of its certificate, also when that passes after opening', async () => {
    const { seal, signer } = await trainingSigner()
    const [early, late] = [new Date(now.getTime() - 2 * dayMs), new Date(now.getTime() + 732 * dayMs)]
    await expect(openSealFile(seal.p12, pin, late)).rejects.toEqual(refusedWith('SEAL_CERTIFICATE_EXPIRED'))
    await expect(openSealFile(seal.p12, pin, early)).rejects.toEqual(refusedWith('SEAL_CERTIFICATE_NOT_YET_VALID'))
    await expect(signer.signDetached([], late)).rejects.toEqual(refusedWith('SEAL_CERTIFICATE_EXPIRED'))
  })
})

describe('a training seal', () => {
  it('comes from a root of its own with Chinese names, and is not a root itself', async () => {
    const made = await makeTrainingSeal({ organisation, pin, now })
    const [root, own] = [new X509Certificate(made.caPem), new X509Certificate(made.certificatePem)]
    expect([root.subject.includes('CN=村窗演练根证书'), own.subject.includes(`CN=${organisation}`)]).toEqual([
      true,
      true,
    ])
    expect([own.checkIssued(root), own.verify(root.publicKey), root.ca, own.ca]).toEqual([true, true, true, false])
  })

  it('can be made for a name longer than a certificate holds', async () => {
    const made = await makeTrainingSeal({ organisation: '村'.repeat(80), pin, now })
    expect((await openSealFile(made.p12, pin, now)).certificate.organisation).toBe('村'.repeat(64))
  })
})
