import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SealRequest, sealPdf, timestampPdf } from '../../main/pdf/index.ts'
import { type OpenSeal, openSealFile, timestampAuthority, verifyPdf } from '../../main/signing/index.ts'
import { type Hearing, judgeSeals, missingForJudges, refusals } from '../helpers/judges/judges.ts'
import { type Authority, type KeyKind, makeAuthority } from '../helpers/openssl-authority.ts'
import { allFixtures, appearance, fixture, sealed, soundFixtures, trainingSigner } from '../helpers/seals.ts'
import { startTimestampAuthority, type TestTimestampAuthority } from '../helpers/timestamp-authority.ts'

const why = missingForJudges()

let folder = ''
let authorities: Readonly<Record<KeyKind, Authority>>
let clock: TestTimestampAuthority
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seals-'))
  const make = (kind: KeyKind) => makeAuthority(folder, kind)
  authorities = { rsa: make('rsa'), ec: make('ec'), sm2: make('sm2') }
  clock = await startTimestampAuthority()
})
afterAll(async () => {
  await clock.stop()
  rmSync(folder, { recursive: true, force: true })
})

const written = (name: string, pdf: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, pdf)
  return path
}

/** The files that qpdf warned of before anybody sealed them. */
const mayWarn = (files: readonly string[]): ReadonlySet<string> => {
  const warned = allFixtures.filter(({ qpdf }) => qpdf === 'warns').map(({ file }) => file)
  return new Set(files.filter((path) => warned.some((name) => path.endsWith(name))))
}

/** What the judges refuse of these files; nothing, where all is well. */
const refused = (files: readonly string[], root: { readonly caPem: string }, more: Partial<Hearing> = {}): string[] =>
  refusals(judgeSeals(files, { rootsPem: [root.caPem], mayWarn: mayWarn(files), ...more }))

const signerOf = (authority: Authority, kind: KeyKind, organisation = '演练镇人民政府'): Promise<OpenSeal> =>
  openSealFile(authority.issue(organisation, kind, '135790'), '135790', new Date())

const sealedBy = async (signer: OpenSeal, pdf: Uint8Array, more: Partial<SealRequest> = {}): Promise<Uint8Array> =>
  (
    await sealPdf({
      pdf,
      signer,
      appearance,
      now: new Date(),
      target: { kind: 'page', page: 1, xMm: 60, yMm: 60 },
      ...more,
    })
  ).pdf

/** A fixture of each way to keep references, and of each kind of maker. */
const subset = soundFixtures.filter((name) =>
  /^(hybrid|hand-(revisions|predictors|generations|field-tree)|libreoffice-pdfa|chromium-chinese|ghostscript-1\.4|scan-fax|qpdf-linearised-streams|mutool-incremental|poppler-united|pdf-js-filled)\.pdf$/.test(
    name,
  ),
)

describe.skipIf(why !== '')(`judges that are not ours${why && `: skipped, ${why}`}`, () => {
  it('all accept the seal on the PDFs of every maker, and on those that had to be written anew', async () => {
    const { seal } = await trainingSigner()
    const files: string[] = []
    for (const { file } of allFixtures.filter(({ sealing }) => !sealing.startsWith('PDF_'))) {
      files.push(written(file, (await sealed(fixture(file), { page: 1, xMm: 60, yMm: 60 })).pdf))
    }
    expect(files.length).toBeGreaterThan(40)
    expect(refused(files, seal)).toEqual([])
  })

  it.for(['pdf-lib-form.pdf', 'hand-table-then-stream.pdf', 'hand-hybrid-updated.pdf'])(
    'accept three seals by three signers on %s after each of them',
    async (name) => {
      let pdf: Uint8Array = fixture(name)
      const files: string[] = []
      for (const [i, organisation] of ['演练镇第一村', '演练镇第二村', '演练镇人民政府'].entries()) {
        const signer = await signerOf(authorities.rsa, i === 1 ? 'ec' : 'rsa', organisation)
        pdf = await sealedBy(signer, pdf, { target: { kind: 'page', page: 1, xMm: 10 + i * 50, yMm: 200 } })
        files.push(written(`${i + 1}-${name}`, pdf))
      }
      expect(refused(files, authorities.rsa)).toEqual([])
      const check = verifyPdf(pdf, { trustedRootsPem: [authorities.rsa.caPem], now: new Date() })
      expect(check.seals.map(({ verdict }) => verdict)).toEqual(['valid', 'valid', 'valid'])
    },
  )

  it.for([{ kind: 'rsa' }, { kind: 'ec' }] as const)(
    'accept seals of $kind keys from an authority that is not ours, and so do we',
    async ({ kind }) => {
      const signer = await signerOf(authorities[kind], kind)
      const files: string[] = []
      for (const name of subset) {
        const pdf = await sealedBy(signer, fixture(name))
        expect(verifyPdf(pdf, { trustedRootsPem: [authorities[kind].caPem], now: new Date() }).verdict).toBe('valid')
        files.push(written(`${kind}-${name}`, pdf))
      }
      expect(refused(files, authorities[kind])).toEqual([])
    },
  )

  it('accept SM2 seals, alone and after each other, as far as they know SM2', async () => {
    const signer = await signerOf(authorities.sm2, 'sm2')
    const files: string[] = []
    for (const name of subset) {
      const once = await sealedBy(signer, fixture(name))
      const target = { kind: 'page', page: 1, xMm: 110, yMm: 60 } as const
      const twice = await sealedBy(await signerOf(authorities.sm2, 'sm2', '演练镇第二村'), once, { target })
      files.push(written(`sm2-${name}`, once), written(`sm2-twice-${name}`, twice))
    }
    expect(refused(files, authorities.sm2, { sm2: true })).toEqual([])
  })

  it('accept a certified file after each of its slots is sealed, and a seal over the edges of all pages', async () => {
    const files: string[] = []
    for (const name of ['pdf-lib-table.pdf', 'pdf-lib-object-streams.pdf', 'qpdf-merged.pdf']) {
      const slots = [10, 80].map((xMm, i) => ({ place: { page: 1, xMm, yMm: 200 }, name: `slot${i}` }))
      let pdf = await sealedBy(await signerOf(authorities.rsa, 'rsa'), fixture(name), { certify: { slots } })
      files.push(written(`certified-${name}`, pdf))
      for (const { name: field } of slots) {
        pdf = await sealedBy(await signerOf(authorities.rsa, 'rsa', '演练镇第二村'), pdf, {
          target: { kind: 'slot', field },
        })
        files.push(written(`${field}-${name}`, pdf))
      }
      const seam = await sealedBy(await signerOf(authorities.rsa, 'rsa'), fixture(name), { target: { kind: 'seam' } })
      files.push(written(`seam-${name}`, seam))
    }
    expect(refused(files, authorities.rsa)).toEqual([])
  })

  it('accept a document timestamp from openssl after a seal, and a seal after the timestamp', async () => {
    const { post, caPem } = clock
    const files: string[] = []
    for (const name of ['pdf-lib-table.pdf', 'pdf-lib-object-streams.pdf', 'hybrid.pdf']) {
      const once = await sealedBy(await signerOf(authorities.rsa, 'rsa'), fixture(name))
      const authority = timestampAuthority({ post, trustedRootsPem: [caPem], now: new Date() })
      const timed = await timestampPdf({ pdf: once, authority })
      const target = { kind: 'page', page: 1, xMm: 110, yMm: 60 } as const
      const twice = await sealedBy(await signerOf(authorities.rsa, 'ec', '演练镇第二村'), timed.pdf, { target })
      files.push(written(`timed-${name}`, timed.pdf), written(`timed-twice-${name}`, twice))
    }
    expect(refused(files, authorities.rsa, { rootsPem: [authorities.rsa.caPem, caPem] })).toEqual([])
  })

  it('do not accept a file that was tampered with: the judges themselves can say no', async () => {
    const { seal } = await trainingSigner()
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    const text = Buffer.from(pdf).toString('latin1')
    const tampered = Buffer.from(text.replace('/MediaBox [ 0 0 595.28', '/MediaBox [ 0 0 495.28'), 'latin1')
    const judgements = judgeSeals([written('tampered.pdf', tampered)], { rootsPem: [seal.caPem] })
    const saidNo = [...judgements.values()].flat().filter(({ accepts }) => !accepts)
    const names = saidNo.map(({ judge }) => judge).filter((name) => name !== 'judge-seals.sh')
    expect(names.sort()).toEqual(['bouncycastle', 'mutool', 'openssl cms -cades', 'pdfsig'])
  })
})
