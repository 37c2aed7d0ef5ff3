import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pdflibAddPlaceholder } from '@signpdf/placeholder-pdf-lib'
import { P12Signer } from '@signpdf/signer-p12'
import { SignPdf } from '@signpdf/signpdf'
import { PDFDocument } from 'pdf-lib'

/** Signs from file to file. */
export type Peer = { readonly name: string; sign(input: string, output: string): void | Promise<void> }

/** pdf-lib with @signpdf: the usual way in Node. It writes the whole file anew and does not force it to disk. */
export function signpdf(p12: Uint8Array, pin: string): Peer {
  return {
    name: 'pdf-lib + @signpdf',
    async sign(input, output) {
      const document = await PDFDocument.load(await readFile(input))
      pdflibAddPlaceholder({
        pdfDoc: document,
        reason: 'bench',
        contactInfo: '',
        name: 'bench',
        location: '',
        signatureLength: 16384,
      })
      const prepared = await document.save({ useObjectStreams: false })
      const signer = new P12Signer(Buffer.from(p12), { passphrase: pin })
      await writeFile(output, await new SignPdf().sign(Buffer.from(prepared), signer))
    },
  }
}

/** poppler's pdfsig with the key in an NSS database in `folder`; `undefined` where it is not on this machine. */
export function pdfsig(folder: string, p12: Uint8Array, pin: string): Peer | undefined {
  const programs = ['pdfsig', 'certutil', 'pk12util']
  if (programs.some((program) => spawnSync('which', [program]).status !== 0)) return undefined
  const nss = `sql:${folder}`
  writeFileSync(join(folder, 'seal.p12'), p12)
  execFileSync('certutil', ['-N', '-d', nss, '--empty-password'])
  execFileSync('pk12util', ['-i', join(folder, 'seal.p12'), '-d', nss, '-W', pin, '-K', ''], { stdio: 'ignore' })
  const listed = execFileSync('certutil', ['-L', '-d', nss], { encoding: 'utf8' })
  const nickname = /^(.*?)\s+u,u,u\s*$/m.exec(listed)?.[1]
  if (nickname === undefined) throw new Error(`no key in the NSS database: ${listed}`)
  return {
    name: 'pdfsig -add-signature',
    sign(input, output) {
      // It cannot write to a file that is there.
      rmSync(output, { force: true })
      const add = ['-nssdir', nss, '-add-signature', '-nick', nickname, input, output]
      const { stdout, stderr } = spawnSync('pdfsig', add, { encoding: 'utf8' })
      if (!existsSync(output)) throw new Error(`pdfsig did not sign: ${stdout}${stderr}`)
    },
  }
}
