// Owns: an authority that is not ours: openssl issues certificates with Chinese names for RSA, EC and SM2 keys.
// Does not own: judging seals (judges/judges.ts), an authority made with our own code (training-authority.ts), timestamps (timestamp-authority.ts).
// Start here: makeAuthority.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The keys that seals come with. */
export type KeyKind = 'rsa' | 'ec' | 'sm2'

const keyOptions: Readonly<Record<KeyKind, readonly string[]>> = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ec: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  sm2: ['-algorithm', 'SM2'],
}
const signOptions: Readonly<Record<KeyKind, readonly string[]>> = {
  rsa: ['-sha256'],
  ec: ['-sha256'],
  // GM/T 0009: SM2 signatures are made with this identity where nobody agreed on another.
  sm2: ['-sm3', '-sigopt', 'distid:1234567812345678'],
}

const sealExtensions = 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n'

/** A root that issues seal certificates. */
export type Authority = {
  readonly caPem: string
  /** A seal's PKCS#12 file (key, certificate, root) for an organisation, opened by `pin`. */
  issue(organisation: string, kind: KeyKind, pin: string): Buffer
}

/** Makes a root of this kind in the folder, which must be there and is the caller's to remove. Throws where openssl fails. */
export function makeAuthority(folder: string, kind: KeyKind): Authority {
  let count = 0
  const at = (name: string): string => join(folder, `authority-${kind}`, name)
  mkdirSync(at(''), { recursive: true })
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const subject = (name: string) => ['-utf8', '-subj', `/C=CN/O=${name}/CN=${name}`]
  const root = ['-key', at('ca.key'), '-out', at('ca.pem'), '-days', '30', ...subject('演练市数字证书中心')]
  const rootUse = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign']
  run('genpkey', ...keyOptions[kind], '-out', at('ca.key'))
  run('req', '-x509', ...signOptions[kind], ...root, ...rootUse)
  const issued = (name: string, own: KeyKind): string => {
    const id = `${count++}`
    run('genpkey', ...keyOptions[own], '-out', at(`${id}.key`))
    const request = ['-key', at(`${id}.key`), '-out', at(`${id}.csr`), ...subject(name)]
    run('req', '-new', ...signOptions[own], ...request)
    writeFileSync(at(`${id}.ext`), sealExtensions)
    const checked = own === 'sm2' ? ['-vfyopt', 'distid:1234567812345678'] : []
    const issuer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '20']
    const files = ['-in', at(`${id}.csr`), '-out', at(`${id}.pem`), '-extfile', at(`${id}.ext`)]
    run('x509', '-req', ...files, ...issuer, ...signOptions[kind], ...checked)
    return id
  }
  return {
    caPem: readFileSync(at('ca.pem'), 'utf8'),
    issue(organisation, own, pin) {
      const id = issued(organisation, own)
      const parts = ['-inkey', at(`${id}.key`), '-in', at(`${id}.pem`), '-certfile', at('ca.pem')]
      run('pkcs12', '-export', '-out', at(`${id}.p12`), ...parts, '-passout', `pass:${pin}`)
      return readFileSync(at(`${id}.p12`))
    },
  }
}
