import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A server's certificate and key, as `tls.createServer` takes them. */
export type ServerCertificate = { readonly cert: string; readonly key: string }

/** An authority of one's own for TLS servers of tests. */
export type ServerAuthority = {
  /** Its certificate's file. */
  readonly file: string
  /** A certificate for these names (`DNS:…`, `IP:…`), good for so many days; a negative number has run out. */
  issue(names: string, days?: number): ServerCertificate
}

/** Makes an authority in a folder that is the caller's to remove. Throws where openssl fails. */
export function makeServerAuthority(folder: string): ServerAuthority {
  let count = 0
  const at = (name: string) => join(folder, name)
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  run('req', '-x509', ...newKey, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=County test authority')
  return {
    file: at('ca.pem'),
    issue: (names, days = 30) => {
      const name = `server-${count++}`
      writeFileSync(at(`${name}.ext`), `subjectAltName=${names}\n`)
      run('req', '-new', ...newKey, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', '/CN=server')
      const issuer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', String(days)]
      const files = ['-in', at(`${name}.csr`), '-extfile', at(`${name}.ext`), '-out', at(`${name}.pem`)]
      run('x509', '-req', ...files, ...issuer)
      return { cert: readFileSync(at(`${name}.pem`), 'utf8'), key: readFileSync(at(`${name}.key`), 'utf8') }
    },
  }
}
