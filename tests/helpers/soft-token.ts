// Owns: tokens for tests by SoftHSM2, each in a folder of its own, that can be pulled out and plugged in again.
// Does not own: the driver (main/signing/token).
// Start here: makeSoftToken. SoftHSM reads SOFTHSM2_CONF when it is started: one token folder a test process.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** SoftHSM2 as Debian installs it. */
export const softTokenLibrary = '/usr/lib/softhsm/libsofthsm2.so'

/** Why no token can be made here, '' where one can. */
export function missingForTokens(): string {
  const programs = { 'softhsm2-util': 'softhsm2', 'pkcs11-tool': 'opensc', openssl: 'openssl' }
  const missing = Object.entries(programs).flatMap(([program, name]) =>
    spawnSync('which', [program]).status === 0 ? [] : [name],
  )
  if (!existsSync(softTokenLibrary)) missing.push('softhsm2')
  return missing.length === 0 ? '' : `no software token; install ${[...new Set(missing)].join(' ')}`
}

/** A token in a folder. */
export type SoftToken = {
  /** Puts a certificate and its key (PrivateKeyInfo) into the token under this id (hexadecimal). */
  add(id: string, certificateDer: Uint8Array, privateKeyInfo: Uint8Array): void
  /** Takes the token's files away, as if somebody pulled it out. */
  pullOut(): void
  plugIn(): void
  remove(): void
}

/** A new token with this PIN; SoftHSM in this process sees it from its next start on. */
export function makeSoftToken(label: string, pin: string): SoftToken {
  const folder = mkdtempSync(join(tmpdir(), 'soft-token-'))
  const [tokens, pulledOut] = [join(folder, 'tokens'), join(folder, 'pulled-out')]
  mkdirSync(tokens)
  const settings = join(folder, 'softhsm2.conf')
  writeFileSync(settings, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = settings
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'pipe' })
  run('softhsm2-util', '--init-token', '--free', '--label', label, '--so-pin', '12345678', '--pin', pin)
  return {
    add(id, certificateDer, privateKeyInfo) {
      const [certificate, plain, key] = [join(folder, 'own.der'), join(folder, 'key.der'), join(folder, 'key.pem')]
      writeFileSync(certificate, certificateDer)
      writeFileSync(plain, privateKeyInfo)
      run('openssl', 'pkcs8', '-topk8', '-nocrypt', '-inform', 'DER', '-in', plain, '-out', key)
      run('softhsm2-util', '--import', key, '--token', label, '--label', id, '--id', id, '--pin', pin)
      const login = ['--module', softTokenLibrary, '--token-label', label, '--login', '--pin', pin]
      run('pkcs11-tool', ...login, '--write-object', certificate, '--type', 'cert', '--id', id, '--label', id)
    },
    pullOut: () => renameSync(tokens, pulledOut),
    plugIn: () => renameSync(pulledOut, tokens),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
