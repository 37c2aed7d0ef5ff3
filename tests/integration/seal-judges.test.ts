import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealPdf } from '../../main/pdf/index.ts'
import { openSealFile, verifyPdf } from '../../main/signing/index.ts'
import { judgeSeals, missingPackages, refusals } from '../helpers/judges/judges.ts'
import { appearance, fixture, sealed, soundFixtures, trainingSigner } from '../helpers/seals.ts'

const missing = missingPackages()
const why = `judges are missing; install ${missing.join(' ')}`

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seals-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const written = (name: string, pdf: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, pdf)
  return path
}

/** An authority and a seal certificate made by openssl, with Chinese names, as a PKCS#12 file. */
function sealByOpenssl(key: readonly string[], pin: string): { p12: Buffer; caPem: string } {
  const at = (name: string) => join(folder, name)
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const subject = ['-utf8', '-subj', '/C=CN/O=演练市数字证书中心/CN=演练二级根']
  run('req', '-x509', ...key, '-nodes', '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', '30', ...subject)
  const own = ['-utf8', '-subj', '/C=CN/O=演练镇人民政府/CN=演练镇人民政府']
  run('req', ...key, '-nodes', '-keyout', at('own.key'), '-out', at('own.csr'), ...own)
  writeFileSync(at('own.ext'), 'keyUsage=critical,digitalSignature,nonRepudiation\nbasicConstraints=CA:FALSE\n')
  const issue = [
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '20',
    '-extfile',
    at('own.ext'),
  ]
  run('x509', '-req', '-in', at('own.csr'), '-out', at('own.pem'), ...issue)
  const parts = ['-inkey', at('own.key'), '-in', at('own.pem'), '-certfile', at('ca.pem'), '-passout', `pass:${pin}`]
  run('pkcs12', '-export', '-out', at('own.p12'), ...parts)
  return { p12: readFileSync(at('own.p12')), caPem: readFileSync(at('ca.pem'), 'utf8') }
}

describe('judges that are not ours', () => {
  it('all accept the seal on the PDFs of every maker, and on one that had to be written anew', async (context) => {
    if (missing.length > 0) context.skip(why)
    const { seal } = await trainingSigner()
    const files: string[] = []
    for (const name of [...soundFixtures, 'bad-cross-reference.pdf']) {
      files.push(written(name, (await sealed(fixture(name), { page: 1, xMm: 60, yMm: 60 })).pdf))
    }
    expect(refusals(judgeSeals(files, { rootsPem: [seal.caPem] }))).toEqual([])
  })

  it('all accept three seals on one file, in either kind of cross-references', async (context) => {
    if (missing.length > 0) context.skip(why)
    const { seal } = await trainingSigner()
    const files: string[] = []
    for (const name of ['pdf-lib-form.pdf', 'pdf-lib-object-streams.pdf']) {
      let pdf: Uint8Array = fixture(name)
      for (const xMm of [10, 60, 110]) pdf = (await sealed(pdf, { page: 2, xMm, yMm: 200 })).pdf
      files.push(written(`three-${name}`, pdf))
    }
    expect(refusals(judgeSeals(files, { rootsPem: [seal.caPem] }))).toEqual([])
  })

  it.for([
    { name: 'RSA', key: ['-newkey', 'rsa:2048'] },
    { name: 'elliptic-curve', key: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] },
  ])('all accept the seal of an $name key from an authority that is not ours', async ({ name, key }, context) => {
    if (missing.length > 0) context.skip(why)
    const { p12, caPem } = sealByOpenssl(key, '135790')
    const signer = await openSealFile(p12, '135790', new Date())
    const request = { pdf: fixture('chromium-print.pdf'), signer, appearance, now: new Date() }
    const { pdf } = await sealPdf(request)
    expect(verifyPdf(pdf, { trustedRootsPem: [caPem], now: new Date() }).verdict).toBe('valid')
    expect(refusals(judgeSeals([written(`${name}.pdf`, pdf)], { rootsPem: [caPem] }))).toEqual([])
  })

  it('do not accept a file that was tampered with: the judges themselves can say no', async (context) => {
    if (missing.length > 0) context.skip(why)
    const { seal } = await trainingSigner()
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const text = Buffer.from(pdf).toString('latin1')
    const tampered = Buffer.from(text.replace('/MediaBox [ 0 0 595.28', '/MediaBox [ 0 0 495.28'), 'latin1')
    const judgements = judgeSeals([written('tampered.pdf', tampered)], { rootsPem: [seal.caPem] })
    const refused = [...judgements.values()].flat().filter(({ accepts }) => !accepts)
    const names = refused.map(({ judge }) => judge).filter((name) => name !== 'judge-seals.sh')
    expect(names).toEqual(['pdfsig', 'mutool', 'openssl cms -cades', 'bouncycastle'])
  })
})
