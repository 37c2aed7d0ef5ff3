import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptySlots, PdfFile, type SealRequest, sealPdf, timestampPdf } from '../../main/pdf/index.ts'
import { type OpenSeal, openSealFile, timestampAuthority } from '../../main/signing/index.ts'
import { judgeSeals, missingForJudges, refusals } from '../helpers/judges/judges.ts'
import { type Authority, makeAuthority } from '../helpers/openssl-authority.ts'
import { appearance, fixture } from '../helpers/seals.ts'
import { startTimestampAuthority, type TestTimestampAuthority } from '../helpers/timestamp-authority.ts'

const why = missingForJudges()

let folder = ''
let authority: Authority
let clock: TestTimestampAuthority
/** One for each seal of a file: pdfsig 22.12 does not trust a certificate that it meets a second time. */
let signers: readonly [OpenSeal, OpenSeal, OpenSeal]
const nickname = 'neighbour'

beforeAll(async () => {
  if (why !== '') return
  folder = mkdtempSync(join(tmpdir(), 'seal-interplay-'))
  authority = makeAuthority(folder, 'rsa')
  clock = await startTimestampAuthority()
  const signerOf = (name: string) => openSealFile(authority.issue(name, 'ec', '135790'), '135790', new Date())
  signers = [await signerOf('演练镇人民政府'), await signerOf('演练镇第三村'), await signerOf('演练市民政局')]
  keyForPdfsig()
})
afterAll(async () => {
  await clock?.stop()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

const at = (name: string): string => join(folder, name)

/** A key in an NSS database, under a name by which pdfsig finds it. */
function keyForPdfsig(): void {
  writeFileSync(at('theirs.p12'), authority.issue('演练镇第二村', 'rsa', '135790'))
  const open = ['-passin', 'pass:135790', '-nodes']
  execFileSync('openssl', ['pkcs12', '-in', at('theirs.p12'), ...open, '-out', at('theirs.pem')], { stdio: 'pipe' })
  const named = ['-name', nickname, '-passout', 'pass:135790', '-out', at('named.p12')]
  execFileSync('openssl', ['pkcs12', '-export', '-in', at('theirs.pem'), ...named], { stdio: 'pipe' })
  execFileSync('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password'])
  execFileSync('pk12util', ['-i', at('named.p12'), '-d', `sql:${folder}`, '-W', '135790', '-K', ''], { stdio: 'pipe' })
}

let count = 0

/** The PDF signed by poppler, after what is in it. */
function byPdfsig(pdf: Uint8Array): Buffer {
  const [input, output] = [at(`in-${++count}.pdf`), at(`out-${count}.pdf`)]
  writeFileSync(input, pdf)
  const add = ['-nssdir', `sql:${folder}`, '-add-signature', '-nick', nickname, input, output]
  execFileSync('pdfsig', add, { stdio: 'pipe' })
  return readFileSync(output)
}

/** The PDF sealed by our first, second or third signer. */
async function byUs(pdf: Uint8Array, who: 0 | 1 | 2, more: Partial<SealRequest> = {}): Promise<Uint8Array> {
  const target = { kind: 'page', page: 1, xMm: 30, yMm: 60 } as const
  return (await sealPdf({ pdf, signer: signers[who], appearance, now: new Date(), target, ...more })).pdf
}

/** What the judges say against the file under this name; nothing, where all is well. */
function against(name: string, pdf: Uint8Array): string[] {
  writeFileSync(at(name), pdf)
  return refusals(judgeSeals([at(name)], { rootsPem: [authority.caPem, clock.caPem] }))
}

describe.skipIf(why !== '')(`seals beside each other${why && `: skipped, ${why}`}`, () => {
  it.for(['pdf-lib-table.pdf', 'pdf-lib-object-streams.pdf', 'pdf-lib-form.pdf'])(
    "hold on %s, ours after another program's and another program's after ours",
    async (name) => {
      const mixed = byPdfsig(await byUs(fixture(name), 0))
      const page = await byUs(mixed, 1)
      expect(against(`mixed-${name}`, await byUs(page, 2, { target: { kind: 'seam' } }))).toEqual([])
    },
  )

  it('hold where the first certifies over all edges, two slots follow, and a timestamp ends it', async () => {
    const slots = [
      { place: { page: 1, xMm: 20, yMm: 100 }, name: '经办' },
      { place: { page: 2, xMm: 20, yMm: 100 }, name: '审核', sizeMm: 45 },
    ]
    const seam = { target: { kind: 'seam' }, certify: { slots } } as const
    const first = await byUs(fixture('pdf-lib-object-streams.pdf'), 0, seam)
    const second = await byUs(first, 1, { target: { kind: 'slot', field: '审核' } })
    const pdf = await byUs(second, 2, { target: { kind: 'slot', field: '经办' } })
    const { post, caPem } = clock
    const trusted = timestampAuthority({ post, trustedRootsPem: [caPem], now: new Date() })
    const timed = await timestampPdf({ pdf, authority: trusted })
    expect(emptySlots(PdfFile.open(timed.pdf))).toEqual([])
    expect(against('certified-seam.pdf', timed.pdf)).toEqual([])
  })

  it('hold where one locks a field of the form, and a later one locks the rest', async () => {
    const form = fixture('pdf-lib-form.pdf')
    const once = await byUs(form, 0, { lock: ['remark'] })
    const twice = await byUs(once, 1, { lock: 'all', target: { kind: 'page', page: 1, xMm: 100, yMm: 60 } })
    expect(against('locked.pdf', twice)).toEqual([])
    await expect(byUs(twice, 2)).rejects.toMatchObject({ code: 'PDF_FIELD_LOCKED' })
  })
})
