import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DetachedSigner, sealPdf, sealPdfFile, writeBeside } from '../../main/pdf/index.ts'
import { verifyPdf } from '../../main/signing/index.ts'
import { appearance, fixture, now, trainingSigner } from '../helpers/seals.ts'
import { pagesOf, pdfOf } from '../helpers/small-pdf.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pdf-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function sealFile(bytes: Uint8Array) {
  const { seal, signer } = await trainingSigner()
  writeFileSync(at('in.pdf'), bytes)
  const sealed = await sealPdfFile({ input: at('in.pdf'), output: at('out.pdf'), signer, appearance, now })
  return { sealed, out: readFileSync(at('out.pdf')), caPem: seal.caPem }
}

describe('sealing from file to file', () => {
  it('writes the sealed file, tells its SHA-256 and size, and leaves the original and nothing else', async () => {
    const before = fixture('pdf-lib-table.pdf')
    const { sealed, out, caPem } = await sealFile(before)
    expect(verifyPdf(out, { trustedRootsPem: [caPem], now }).verdict).toBe('valid')
    expect([sealed.sha256, sealed.sizeBytes]).toEqual([sha256(out), out.length])
    expect(readFileSync(at('in.pdf')).equals(before)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['in.pdf', 'out.pdf'])
  })

  it('hashes a file of several reads as it is', async () => {
    const [catalogue = '', tree = '', page = ''] = pagesOf(1)
    const large = `<< /Length 20000000 >>\nstream\n${'0123456789'.repeat(2_000_000)}\nendstream`
    const { sealed, out, caPem } = await sealFile(pdfOf([catalogue, tree, page, large]))
    expect(sealed.sha256).toBe(sha256(out))
    expect(verifyPdf(out, { trustedRootsPem: [caPem], now }).verdict).toBe('valid')
  })

  it('tells the SHA-256 of a file that had to be written anew', async () => {
    const { sealed, out } = await sealFile(fixture('bad-cross-reference.pdf'))
    expect([sealed.resaved, sealed.sha256]).toEqual([true, sha256(out)])
  })

  it.each([
    ['an encrypted file', 'bad-encrypted.pdf', 'PDF_ENCRYPTED'],
    ['a certified file', 'bad-certified.pdf', 'PDF_CERTIFIED_NO_CHANGES'],
    ['a truncated file', 'bad-truncated.pdf', 'PDF_DAMAGED'],
  ])('leaves nothing behind where %s is refused, and what stood there stays', async (_, name, code) => {
    writeFileSync(at('out.pdf'), 'kept')
    await expect(sealFile(fixture(name))).rejects.toMatchObject({ code })
    expect(readFileSync(at('out.pdf'), 'utf8')).toBe('kept')
    expect(readdirSync(folder).sort()).toEqual(['in.pdf', 'out.pdf'])
  })

  it('leaves nothing behind where the signer fails', async () => {
    const signer: DetachedSigner = { signDetached: () => Promise.reject(new Error('pulled out')) }
    writeFileSync(at('in.pdf'), fixture('pdf-lib-table.pdf'))
    const files = { input: at('in.pdf'), output: at('out.pdf') }
    await expect(sealPdfFile({ ...files, signer, appearance, now })).rejects.toThrow('pulled out')
    expect(readdirSync(folder)).toEqual(['in.pdf'])
  })

  it('refuses to write over the original, by whatever name', async () => {
    const { signer } = await trainingSigner()
    writeFileSync(at('in.pdf'), fixture('pdf-lib-table.pdf'))
    const files = { input: at('in.pdf'), output: join(folder, '.', 'in.pdf') }
    await expect(sealPdfFile({ ...files, signer, appearance, now })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('names the file that is not there, and the folder that is none', async () => {
    const { signer } = await trainingSigner()
    const request = { signer, appearance, now, input: at('none.pdf'), output: at('out.pdf') }
    await expect(sealPdfFile(request)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      details: { name: 'none.pdf' },
    })
    writeFileSync(at('in.pdf'), fixture('pdf-lib-table.pdf'))
    const nowhere = { ...request, input: at('in.pdf'), output: join(folder, 'no-folder', 'out.pdf') }
    await expect(sealPdfFile(nowhere)).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      details: { name: 'out.pdf' },
    })
  })
})

describe('the signer', () => {
  it('that takes digests is given the one of all but /Contents, and is asked once', async () => {
    const { signer } = await trainingSigner()
    const given: string[] = []
    const watched: DetachedSigner = {
      digestAlgorithm: 'sha256',
      signDigest: (digest, time) => {
        given.push(Buffer.from(digest).toString('hex'))
        return signer.signDigest(digest, time)
      },
      signDetached: () => Promise.reject(new Error('asked for the bytes')),
    }
    const { pdf } = await sealPdf({ pdf: fixture('pdf-lib-table.pdf'), signer: watched, appearance, now })
    const [, first = 0, second = 0] =
      /\/ByteRange \[ 0 (\d+) (\d+)/.exec(Buffer.from(pdf).toString('latin1'))?.map(Number) ?? []
    expect(given).toEqual([sha256(Buffer.concat([pdf.subarray(0, first), pdf.subarray(second)]))])
  })

  it('that hashes with SM3 is given the bytes', async () => {
    const { signer } = await trainingSigner()
    const asked: number[] = []
    const watched: DetachedSigner = {
      digestAlgorithm: 'sm3',
      signDigest: () => Promise.reject(new Error('asked for a SHA-256')),
      signDetached: (parts, time) => {
        asked.push(parts.length)
        return signer.signDetached(parts, time)
      },
    }
    await sealPdf({ pdf: fixture('pdf-lib-table.pdf'), signer: watched, appearance, now })
    expect(asked).toEqual([3])
  })
})

describe('writing beside', () => {
  it('replaces a file whole, with its parts in order', async () => {
    writeFileSync(at('a'), 'old and longer')
    utimesSync(at('a'), 1, 1)
    await writeBeside(at('a'), [Buffer.from('one '), Buffer.from('two')])
    expect([readFileSync(at('a'), 'utf8'), statSync(at('a')).size, readdirSync(folder)]).toEqual(['one two', 7, ['a']])
  })

  it('leaves nothing of its own where the name cannot be taken', async () => {
    mkdirSync(at('a'))
    await expect(writeBeside(at('a'), [Buffer.from('one')])).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      details: { name: 'a' },
    })
    expect(readdirSync(folder)).toEqual(['a'])
  })
})
