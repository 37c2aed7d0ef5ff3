import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkPdf } from '../../main/signing/index.ts'
import { fixture, pin, sealed, trainingSigner } from '../helpers/seals.ts'

const missing = ['pdfsig', 'certutil', 'pk12util'].filter((program) => spawnSync('which', [program]).status !== 0)
const why =
  missing.length === 0 ? '' : `${missing.join(', ')} not on this machine (Debian: poppler-utils, libnss3-tools)`

/** The PDF with one more seal, by poppler. */
async function sealedByPoppler(pdf: Uint8Array): Promise<Buffer> {
  const { seal } = await trainingSigner()
  const folder = mkdtempSync(join(tmpdir(), 'poppler-'))
  const at = (name: string): string => join(folder, name)
  try {
    writeFileSync(at('seal.p12'), seal.p12)
    writeFileSync(at('pin'), pin)
    writeFileSync(at('in.pdf'), pdf)
    execFileSync('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password'])
    execFileSync('pk12util', ['-i', at('seal.p12'), '-d', `sql:${folder}`, '-w', at('pin'), '-K', ''], {
      stdio: 'pipe',
    })
    const listed = execFileSync('certutil', ['-L', '-d', `sql:${folder}`], { encoding: 'utf8' })
    const name = /^(.*?)\s+u,u,u/m.exec(listed)?.[1] ?? ''
    execFileSync('pdfsig', ['-nssdir', folder, '-add-signature', '-nick', name, at('in.pdf'), at('out.pdf')])
    return readFileSync(at('out.pdf'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe.skipIf(why !== '')(`a seal by pdfsig on a file that we sealed${why && `: skipped, ${why}`}`, () => {
  it.each(['pdf-lib-table.pdf', 'pdf-lib-form.pdf', 'qpdf-linearised-table.pdf', 'cairo.pdf'])(
    'leaves %s valid, with both seals',
    async (name) => {
      const { seal } = await trainingSigner()
      const { pdf } = await sealed(fixture(name))
      const both = await sealedByPoppler(pdf)
      const { verdict } = checkPdf(both, { trustedRootsPem: [seal.caPem], now: new Date() })
      expect([verdict.verdict, verdict.seals.map((one) => [one.verdict, one.subFilter])]).toEqual([
        'valid',
        [
          ['valid', 'ETSI.CAdES.detached'],
          ['valid', 'adbe.pkcs7.detached'],
        ],
      ])
      expect(verdict.seals[0]?.changes.map(({ kind }) => kind)).toEqual(['new-seal'])
    },
  )
})
