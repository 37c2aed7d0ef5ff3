import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealPdf } from '../../main/pdf/index.ts'
import type { KeyKind } from '../../main/signing/certificate-issuing.ts'
import {
  listTokens,
  makeTrainingSeal,
  type OpenSeal,
  openSealFile,
  openToken,
  verifyPdf,
} from '../../main/signing/index.ts'
import { judgeSeals, missingForJudges, refusals } from '../helpers/judges/judges.ts'
import { appearance, fixture, organisation, pin } from '../helpers/seals.ts'
import { makeSoftToken, missingForTokens, softTokenLibrary } from '../helpers/soft-token.ts'
import { makeTrainingAuthority } from '../helpers/training-authority.ts'

const why = missingForJudges()
const now = new Date()

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seal-algorithms-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const written = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** The file with a seal of each of the signers, one beside the other. */
async function sealedByAll(signers: readonly OpenSeal[]): Promise<Uint8Array> {
  let pdf: Uint8Array = fixture('chromium-print.pdf')
  for (const [index, signer] of signers.entries()) {
    const target = { kind: 'page', page: 1, xMm: 10 + index * 50, yMm: 200 } as const
    pdf = (await sealPdf({ pdf, signer, appearance, target, now: new Date() })).pdf
  }
  return pdf
}

const ourVerdict = (pdf: Uint8Array, caPem: string): string =>
  verifyPdf(pdf, { trustedRootsPem: [caPem], now: new Date() }).verdict

describe('judges that are not ours accept', () => {
  it.for<KeyKind>(['rsa', 'ec', 'sm2'])('the training seal with a key of the kind %s', async (algorithm, context) => {
    if (why !== '') context.skip(why)
    const { p12, caPem } = await makeTrainingSeal({ organisation, pin, now, algorithm })
    const pdf = await sealedByAll([await openSealFile(p12, pin, now)])
    expect(ourVerdict(pdf, caPem)).toBe('valid')
    expect(
      refusals(
        judgeSeals([written(`training-${algorithm}.pdf`, pdf)], { rootsPem: [caPem], sm2: algorithm === 'sm2' }),
      ),
    ).toEqual([])
  })

  it.for(['P-384', 'P-521'])('a seal on the curve %s', async (curve, context) => {
    if (why !== '') context.skip(why)
    const at = (name: string) => join(folder, `${curve}.${name}`)
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
    const key = ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-nodes', '-keyout', at('key')]
    const subject = ['-utf8', '-subj', `/C=CN/O=${organisation}/CN=${organisation}`, '-days', '20']
    openssl('req', '-x509', ...key, '-out', at('pem'), ...subject)
    openssl('pkcs12', '-export', '-inkey', at('key'), '-in', at('pem'), '-passout', `pass:${pin}`, '-out', at('p12'))
    const pdf = await sealedByAll([await openSealFile(readFileSync(at('p12')), pin, new Date())])
    const caPem = readFileSync(at('pem'), 'utf8')
    expect(ourVerdict(pdf, caPem)).toBe('valid')
    expect(refusals(judgeSeals([written(`${curve}.pdf`, pdf)], { rootsPem: [caPem] }))).toEqual([])
  })

  it('three seals of three signers under one root, with RSA and EC keys and from a token', async (context) => {
    if (why !== '') context.skip(why)
    const noToken = missingForTokens()
    if (noToken !== '') context.skip(noToken)
    const authority = await makeTrainingAuthority({ now, kind: 'rsa' })
    const orders = [
      { organisation: '演练镇人民政府', kind: 'rsa' },
      { organisation: '演练村村民委员会', kind: 'ec' },
      { organisation: '演练县民政局', kind: 'ec' },
    ] as const
    const issued = await Promise.all(orders.map((order) => authority.issue({ ...order, pin })))
    const token = makeSoftToken('演练密码钥匙', '135790')
    try {
      for (const [index, seal] of issued.entries()) token.add(`0${index + 1}`, seal.certificateDer, seal.privateKeyInfo)
      const serial = (await listTokens(softTokenLibrary))[0]?.serial ?? ''
      const inToken = (keyId: string) => openToken({ library: softTokenLibrary, serial, keyId, pin: '135790', now })
      const inFile = await openSealFile(issued[2]?.p12 ?? Buffer.alloc(0), pin, now)
      const signers = [await inToken('01'), await inToken('02'), inFile]
      const pdf = await sealedByAll(signers)
      await Promise.all(signers.map((signer) => signer.close()))
      expect(ourVerdict(pdf, authority.caPem)).toBe('valid')
      expect(refusals(judgeSeals([written('three.pdf', pdf)], { rootsPem: [authority.caPem] }))).toEqual([])
    } finally {
      token.remove()
    }
  })

  it('seals of SM2, RSA and EC on one file, as far as they know SM2', async (context) => {
    if (why !== '') context.skip(why)
    const authority = await makeTrainingAuthority({ now, kind: 'sm2' })
    const open = async (kind: KeyKind) =>
      openSealFile((await authority.issue({ organisation, pin, kind })).p12, pin, now)
    const pdf = await sealedByAll([await open('sm2'), await open('rsa'), await open('ec')])
    expect(ourVerdict(pdf, authority.caPem)).toBe('valid')
    expect(refusals(judgeSeals([written('mixed.pdf', pdf)], { rootsPem: [authority.caPem], sm2: true }))).toEqual([])
  })
})
