import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromPem, summarise } from '../../main/signing/certificate.ts'
import type { KeyKind } from '../../main/signing/certificate-issuing.ts'
import { type ChainOptions, checkChain } from '../../main/signing/chain.ts'
import { children, der, readDer } from '../../main/signing/der.ts'
import { readCrls } from '../../main/signing/index.ts'
import { type Authority, type IssuedSeal, makeTrainingAuthority } from '../helpers/training-authority.ts'

const now = new Date('2026-11-23T08:00:00Z')
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000)
const pin = '135790'
const organisation = '演练镇演练村村民委员会'

let root: Authority
let middle: Authority
let seal: IssuedSeal

beforeAll(async () => {
  root = await makeTrainingAuthority({ now })
  middle = await root.issueAuthority('演练市数字证书中心')
  seal = await middle.issue({ organisation, pin })
})

const check = (signer: IssuedSeal, options: Partial<ChainOptions> = {}, others: Uint8Array[] = [middle.caDer]) =>
  checkChain(signer.certificateDer, others, { trustedRootsPem: [root.caPem], now, ...options })

describe('the chain of a seal', () => {
  it.for<[KeyKind, KeyKind, KeyKind]>([
    ['rsa', 'rsa', 'rsa'],
    ['ec', 'ec', 'ec'],
    ['sm2', 'sm2', 'sm2'],
    ['sm2', 'rsa', 'ec'],
    ['rsa', 'sm2', 'sm2'],
  ])('leads to its root over keys of the kinds %s, %s and %s', async ([first, second, third]) => {
    const top = await makeTrainingAuthority({ now, kind: first })
    const below = await top.issueAuthority('演练市数字证书中心', second)
    const signer = await below.issue({ organisation, pin, kind: third })
    const options = { trustedRootsPem: [top.caPem], now }
    expect(checkChain(signer.certificateDer, [below.caDer], options).state).toBe('trusted')
    expect(checkChain(signer.certificateDer, [], options).state).toBe('untrusted')
    expect(summarise(signer.certificateDer)).toMatchObject({ organisation, issuer: '演练市数字证书中心' })
  })

  it('is not trusted for another root of the same name, a changed certificate, or an end certificate as issuer', async () => {
    const impostor = await makeTrainingAuthority({ now })
    expect(check(seal, { trustedRootsPem: [impostor.caPem] }).state).toBe('untrusted')
    const changed = Buffer.from(seal.certificateDer)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    expect(check({ ...seal, certificateDer: changed }).state).toBe('untrusted')
    expect(check(seal, { trustedRootsPem: [] }).state).toBe('untrusted')
  })

  it('is not trusted below an authority that may have none below it', async () => {
    const lowest = await middle.issueAuthority('演练县数字证书中心')
    const signer = await lowest.issue({ organisation, pin })
    expect(check(signer, {}, [lowest.caDer, middle.caDer]).state).toBe('untrusted')
  })

  it('is judged by the proven time where there is one, else by now', async () => {
    const expired = await middle.issue({ organisation, pin, notBefore: days(-90), notAfter: days(-30) })
    const early = await middle.issue({ organisation, pin, notBefore: days(1) })
    expect([expired, early].map((signer) => check(signer).state)).toEqual(['expired', 'notYetValid'])
    expect(check(expired, { at: days(-60) }).state).toBe('trusted')
    expect(check(seal, { at: days(-60) }).state).toBe('notYetValid')
  })

  it('is not even read where the certificate names two signature algorithms', () => {
    const [body, , signature] = children(readDer(seal.certificateDer))
    const other = der.sequence(der.oid('1.2.840.10045.4.3.3'))
    const certificateDer = der.sequence(body?.raw ?? other, other, signature?.raw ?? other)
    expect(() => check({ ...seal, certificateDer })).toThrow('two signature algorithms')
    expect(check(seal, {}, [certificateDer]).state).toBe('untrusted')
  })

  it('is no good for a timestamp where it was issued for seals', () => {
    expect(check(seal, { purpose: 'timestamp' }).state).toBe('unfit')
  })

  it('is found among many certificates of the same name, each tried once', async () => {
    const others = await Promise.all(Array.from({ length: 12 }, () => root.issueAuthority('演练市数字证书中心')))
    const many = others.map(({ caDer }) => caDer)
    expect(check(seal, {}, [...many, middle.caDer]).state).toBe('trusted')
    expect(check(seal, {}, many).state).toBe('untrusted')
  })
})

describe('revocation', () => {
  const revokedAt = days(-10)

  it.for<KeyKind>(['rsa', 'ec', 'sm2'])(
    'is read from a list that an authority with an %s key has signed',
    async (kind) => {
      const top = await makeTrainingAuthority({ now, kind })
      const signer = await top.issue({ organisation, pin })
      const crl = await top.revoke([{ certificateDer: signer.certificateDer, at: revokedAt }])
      const options = { trustedRootsPem: [top.caPem], now, crls: [crl] }
      expect(checkChain(signer.certificateDer, [], options)).toEqual({
        state: 'revoked',
        revokedAt,
        revocation: 'checked',
      })
      const other = await top.issue({ organisation, pin })
      expect(checkChain(other.certificateDer, [], options)).toEqual({
        state: 'trusted',
        revokedAt: undefined,
        revocation: 'checked',
      })
    },
  )

  it('leaves what is proven to be older than it', async () => {
    const crl = await middle.revoke([{ certificateDer: seal.certificateDer, at: revokedAt }])
    const at = (date: Date) => check(seal, { crls: [crl], at: date }).state
    const older = await middle.issue({ organisation, pin, notBefore: days(-100) })
    const list = await middle.revoke([{ certificateDer: older.certificateDer, at: revokedAt }])
    expect(check(older, { crls: [list], at: days(-20) })).toMatchObject({ state: 'trusted', revokedAt })
    expect(check(older, { crls: [list], at: revokedAt }).state).toBe('revoked')
    expect(at(now)).toBe('revoked')
  })

  it('of an authority takes its seals with it', async () => {
    const crl = await root.revoke([{ certificateDer: middle.caDer, at: revokedAt }])
    expect(check(seal, { crls: [crl] }).state).toBe('revoked')
  })

  it('counts only from who issued the certificate, and says how new it is', async () => {
    const impostor = await makeTrainingAuthority({ now, commonName: '演练市数字证书中心' })
    const forged = await impostor.revoke([{ certificateDer: seal.certificateDer, at: revokedAt }])
    expect(check(seal, { crls: [forged] })).toMatchObject({ state: 'trusted', revocation: 'unchecked' })
    const mine = await middle.revoke([])
    const above = await root.revoke([])
    const old = await middle.revoke([], { thisUpdate: days(-30), nextUpdate: days(-23) })
    expect(check(seal, { crls: [mine, above] }).revocation).toBe('checked')
    expect(check(seal, { crls: [old, above] }).revocation).toBe('stale')
    expect(check(seal, { crls: [above] }).revocation).toBe('unchecked')
  })

  it('by the centre counts from its date on', () => {
    const { sha256 } = summarise(seal.certificateDer)
    const revoked = [{ sha256, atUtc: revokedAt.toISOString() }]
    expect(check(seal, { revoked })).toMatchObject({ state: 'revoked', revokedAt })
    expect(check(seal, { revoked, at: days(-0.5) }).state).toBe('revoked')
    expect(check(seal, { revoked: [{ sha256, atUtc: days(1).toISOString() }] }).state).toBe('trusted')
  })

  it('is refused where the list cannot be read', () => {
    for (const bytes of [Buffer.from('<html>'), Buffer.from('30030201', 'hex'), Buffer.alloc(0)]) {
      expect(() => readCrls(bytes)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
    }
  })
})

describe('what openssl has made', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'chain-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: 'pipe', cwd: folder })
  }

  it.for([
    { use: 'keyCertSign,cRLSign', state: 'revoked', revokedAt: new Date('2026-01-01T12:00:00Z') },
    { use: 'keyCertSign', state: 'trusted', revokedAt: undefined },
  ])('is read: a revocation list in PEM with the day that the key was lost, of who may sign ($use)', (expected) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-nodes', '-utf8']
    const use = ['-addext', `keyUsage=critical,${expected.use}`]
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=演练根', ...use)
    openssl('req', ...key, '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=演练村')
    const settings = [
      '[ca]',
      'default_ca=own',
      '[own]',
      'database=index.txt',
      'default_md=sha384',
      'crlnumber=crlnumber',
    ]
    writeFileSync(join(folder, 'ca.cnf'), [...settings, 'default_crl_days=7', ''].join('\n'))
    writeFileSync(join(folder, 'index.txt'), '')
    writeFileSync(join(folder, 'crlnumber'), '01\n')
    openssl('x509', '-req', '-in', 'own.csr', '-out', 'own.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial')
    const authority = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key']
    openssl('ca', ...authority, '-revoke', 'own.pem', '-crl_compromise', '20260101120000Z')
    openssl('ca', ...authority, '-gencrl', '-out', 'list.pem')
    const [own = Buffer.alloc(0)] = fromPem(readFileSync(join(folder, 'own.pem'), 'utf8'), 'CERTIFICATE')
    const trustedRootsPem = [readFileSync(join(folder, 'ca.pem'), 'utf8')]
    const crls = [readFileSync(join(folder, 'list.pem'))]
    expect(checkChain(own, [], { trustedRootsPem, now: new Date(), crls })).toMatchObject({
      state: expected.state,
      revokedAt: expected.revokedAt,
    })
  })

  it('is not trusted with a critical extension that nobody here works through', () => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-utf8', '-subj', '/CN=演练']
    openssl('req', '-x509', ...key, '-keyout', 'odd.key', '-out', 'odd.pem', '-addext', '1.2.3.4=critical,DER:0500')
    openssl('req', '-x509', ...key, '-keyout', 'even.key', '-out', 'even.pem')
    const stateOf = (name: string) => {
      const pem = readFileSync(join(folder, name), 'utf8')
      const [own = Buffer.alloc(0)] = fromPem(pem, 'CERTIFICATE')
      return checkChain(own, [], { trustedRootsPem: [pem], now: new Date() }).state
    }
    expect([stateOf('even.pem'), stateOf('odd.pem')]).toEqual(['trusted', 'unfit'])
  })
})
