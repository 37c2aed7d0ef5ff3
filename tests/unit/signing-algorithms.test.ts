import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromPem, summarise } from '../../main/signing/certificate.ts'
import type { KeyKind } from '../../main/signing/certificate-issuing.ts'
import { checkCms } from '../../main/signing/cms-check.ts'
import { children, der, oidOf, readDer } from '../../main/signing/der.ts'
import { digestOf } from '../../main/signing/digest.ts'
import { makeTrainingSeal, openSealFile } from '../../main/signing/index.ts'
import { writeSealFile } from '../../main/signing/seal-file-writing.ts'
import { makeTrainingAuthority } from '../helpers/training-authority.ts'

/** An hour ahead: what openssl makes during the test is valid from the second that it is made in. */
const now = new Date(Date.now() + 3_600_000)
const pin = '演练-2468'
const organisation = '演练镇演练村村民委员会'
const content = [Buffer.from('第一部分，'), Buffer.from('第二部分')]
const refusedWith = (code: string) => expect.objectContaining({ code })

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'algorithms-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: 'pipe', cwd: folder })
const file = (name: string): Buffer => readFileSync(join(folder, name))

const kinds = {
  'RSA-2048': ['RSA', 'rsa_keygen_bits:2048'],
  'RSA-3072': ['RSA', 'rsa_keygen_bits:3072'],
  'P-256': ['EC', 'ec_paramgen_curve:P-256'],
  'P-384': ['EC', 'ec_paramgen_curve:P-384'],
  'P-521': ['EC', 'ec_paramgen_curve:P-521'],
  SM2: ['SM2', ''],
} as const

/** A self-signed seal by openssl: `name`.key, `name`.pem. */
function makeSeal(name: string, kind: keyof typeof kinds): void {
  const [algorithm, option] = kinds[kind]
  openssl('genpkey', '-algorithm', algorithm, ...(option === '' ? [] : ['-pkeyopt', option]), '-out', `${name}.key`)
  const sm2 = kind === 'SM2' ? ['-sm3', '-sigopt', 'distid:1234567812345678'] : []
  const subject = ['-utf8', '-subj', `/C=CN/O=${organisation}/CN=${organisation}`, '-days', '20']
  openssl('req', '-x509', '-new', '-key', `${name}.key`, ...sm2, ...subject, '-out', `${name}.pem`)
}

describe('a seal file that openssl has made', () => {
  it.for<{ kind: keyof typeof kinds; algorithm: string }>([
    { kind: 'RSA-2048', algorithm: 'rsa-sha256' },
    { kind: 'RSA-3072', algorithm: 'rsa-sha256' },
    { kind: 'P-256', algorithm: 'ecdsa-sha256' },
    { kind: 'P-384', algorithm: 'ecdsa-sha256' },
    { kind: 'P-521', algorithm: 'ecdsa-sha256' },
    { kind: 'SM2', algorithm: 'sm2-sm3' },
  ])('with a key of $kind signs, under a PIN in Chinese', async ({ kind, algorithm }) => {
    makeSeal(kind, kind)
    openssl(
      'pkcs12',
      '-export',
      '-inkey',
      `${kind}.key`,
      '-in',
      `${kind}.pem`,
      '-passout',
      `pass:${pin}`,
      '-out',
      `${kind}.p12`,
    )
    const seal = await openSealFile(file(`${kind}.p12`), pin, now)
    const cms = await seal.signDetached(content, now)
    expect([seal.algorithm, seal.certificate.organisation]).toEqual([algorithm, organisation])
    expect(checkCms(cms, content, true)).toMatchObject({ state: 'intact', why: '', algorithm })
    expect(checkCms(cms, content.slice(0, 1), true)).toMatchObject({ state: 'broken', why: 'digest' })
    await expect(openSealFile(file(`${kind}.p12`), '135790', now)).rejects.toEqual(refusedWith('SEAL_PIN_WRONG'))
  })

  it.for([
    { name: 'triple DES', options: ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'] },
    { name: 'RC2', options: ['-legacy'] },
    {
      name: 'AES-128 with a SHA-512 MAC',
      options: ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC', '-macalg', 'sha512'],
    },
    { name: 'triple DES by PBES2', options: ['-keypbe', 'DES-EDE3-CBC', '-certpbe', 'NONE'] },
  ])('and encrypted with $name opens', async ({ options }) => {
    makeSeal('older', 'P-256')
    const parts = ['-inkey', 'older.key', '-in', 'older.pem', '-passout', 'pass:135790', '-out', 'older.p12']
    openssl('pkcs12', '-export', ...options, ...parts)
    expect((await openSealFile(file('older.p12'), '135790', now)).certificate.organisation).toBe(organisation)
    await expect(openSealFile(file('older.p12'), '135791', now)).rejects.toEqual(refusedWith('SEAL_PIN_WRONG'))
  })

  it('without a key is called damaged', async () => {
    makeSeal('keyless', 'P-256')
    openssl('pkcs12', '-export', '-nokeys', '-in', 'keyless.pem', '-passout', 'pass:1', '-out', 'keyless.p12')
    await expect(openSealFile(file('keyless.p12'), '1', now)).rejects.toMatchObject({
      code: 'SEAL_FILE_DAMAGED',
      details: { what: 'key' },
    })
  })
})

describe('a seal file', () => {
  it.for<[KeyKind, KeyKind]>([
    ['rsa', 'rsa'],
    ['ec', 'ec'],
    ['sm2', 'sm2'],
    ['sm2', 'ec'],
  ])('whose key (%s) is not that of its certificate (%s) is refused in words of its own', async ([keyKind, kind]) => {
    const authority = await makeTrainingAuthority({ now })
    const own = await authority.issue({ organisation, pin, kind })
    const other = await authority.issue({ organisation, pin, kind: keyKind })
    const { privateKeyInfo } = other
    const p12 = await writeSealFile({ privateKeyInfo, certificatesDer: [own.certificateDer], pin })
    await expect(openSealFile(p12, pin, now)).rejects.toEqual(refusedWith('SEAL_KEY_MISMATCH'))
  })

  it('with a single byte changed anywhere opens as it was, or is refused; it never signs with another key', async () => {
    const { p12, certificatePem } = await makeTrainingSeal({ organisation, pin, now, algorithm: 'ec' })
    const outcomes = new Set<string>()
    for (let at = 0; at < p12.length; at += 41) {
      const changed = Buffer.from(p12)
      changed[at] = (changed[at] ?? 0) ^ 0x11
      const outcome = await openSealFile(changed, pin, now).then(
        (seal) => (seal.certificatePem === certificatePem ? 'as it was' : 'another'),
        (error: { code?: string }) => error.code ?? String(error),
      )
      outcomes.add(outcome)
    }
    expect(
      [...outcomes].filter((outcome) => !['as it was', 'SEAL_FILE_DAMAGED', 'SEAL_PIN_WRONG'].includes(outcome)),
    ).toEqual([])
  })

  it('is refused from the day that the centre has revoked its certificate', async () => {
    const { p12 } = await makeTrainingSeal({ organisation, pin, now, algorithm: 'sm2' })
    const seal = await openSealFile(p12, pin, now)
    const later = new Date(now.getTime() + 60_000)
    const revoked = [{ sha256: seal.certificate.sha256, atUtc: later.toISOString() }]
    await expect(openSealFile(p12, pin, later, revoked)).rejects.toEqual(refusedWith('SEAL_CERTIFICATE_REVOKED'))
    const before = await openSealFile(p12, pin, now, revoked)
    await expect(before.signDetached(content, later)).rejects.toEqual(refusedWith('SEAL_CERTIFICATE_REVOKED'))
    expect(checkCms(await before.signDetached(content, now), content, true).state).toBe('intact')
  })

  it('signs nothing after it is closed', async () => {
    const { p12 } = await makeTrainingSeal({ organisation, pin, now, algorithm: 'ec' })
    const seal = await openSealFile(p12, pin, now)
    await seal.close()
    await seal.close()
    await expect(seal.signDetached(content, now)).rejects.toEqual(refusedWith('SEAL_PIN_NEEDED'))
  })

  it.for<KeyKind>(['rsa', 'ec', 'sm2'])(
    'of a training seal (%s) is read by openssl, names and all',
    async (algorithm) => {
      const { p12, caPem, certificatePem } = await makeTrainingSeal({ organisation, pin, now, algorithm })
      writeFileSync(join(folder, 'training.p12'), p12)
      writeFileSync(join(folder, 'training-ca.pem'), caPem)
      writeFileSync(join(folder, 'training.pem'), certificatePem)
      const shown = openssl('pkcs12', '-in', 'training.p12', '-passin', `pass:${pin}`, '-nokeys', '-clcerts')
      const [own = Buffer.alloc(0)] = fromPem(shown.toString(), 'CERTIFICATE')
      expect(summarise(own)).toMatchObject({ commonName: organisation, issuer: '村窗演练根证书' })
      const identity = algorithm === 'sm2' ? ['-vfyopt', 'distid:1234567812345678'] : []
      expect(openssl('verify', ...identity, '-CAfile', 'training-ca.pem', 'training.pem').toString()).toContain('OK')
    },
  )
})

describe('a signature', () => {
  it('is the same work from a digest as from the bytes, SM3 for SM2 and SHA-256 for others', async () => {
    for (const algorithm of ['rsa', 'sm2'] as const) {
      const { p12 } = await makeTrainingSeal({ organisation, pin, now, algorithm })
      const seal = await openSealFile(p12, pin, now)
      const cms = await seal.signDigest(digestOf(seal.digestAlgorithm, ...content), now)
      expect(seal.digestAlgorithm).toBe(algorithm === 'sm2' ? 'sm3' : 'sha256')
      expect(checkCms(cms, content, true).state).toBe('intact')
    }
  })

  it('by SM2 carries the identifiers of SM2 and SM3 and plain CMS around them', async () => {
    const { p12 } = await makeTrainingSeal({ organisation, pin, now, algorithm: 'sm2' })
    const cms = await (await openSealFile(p12, pin, now)).signDetached(content, now)
    const found = (bytes: Uint8Array, depth = 0): string[] => {
      const element = readDer(bytes)
      if (element.tag === 0x06) return [oidOf(element)]
      return (element.tag & 0x20) === 0 || depth > 20
        ? []
        : children(element).flatMap(({ raw }) => found(raw, depth + 1))
    }
    const identifiers = found(cms)
    expect(identifiers).toEqual(
      expect.arrayContaining([
        '1.2.840.113549.1.7.2',
        '1.2.840.113549.1.7.1',
        '1.2.156.10197.1.401',
        '1.2.156.10197.1.501',
        '1.2.156.10197.1.301',
        '1.2.840.113549.1.9.16.2.47',
      ]),
    )
  })
})

describe('a signature by openssl', () => {
  const cms = (name: string, ...options: string[]): Buffer => {
    writeFileSync(join(folder, 'content'), Buffer.concat(content))
    const own = ['-signer', `${name}.pem`, '-inkey', `${name}.key`, '-outform', 'DER', '-out', 'made.cms']
    openssl('cms', '-sign', '-binary', '-in', 'content', ...own, ...options)
    return file('made.cms')
  }

  it.for([
    {
      name: 'PSS with SHA-256',
      kind: 'RSA-2048',
      options: ['-md', 'sha256', '-keyopt', 'rsa_padding_mode:pss', '-cades'],
      algorithm: 'rsa-pss-sha256',
    },
    {
      name: 'PSS with SHA-512 and a short salt',
      kind: 'RSA-2048',
      options: ['-md', 'sha512', '-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:20', '-cades'],
      algorithm: 'rsa-pss-sha512',
    },
    { name: 'RSA with SHA-384', kind: 'RSA-2048', options: ['-md', 'sha384', '-cades'], algorithm: 'rsa-sha384' },
    { name: 'ECDSA with SHA-512', kind: 'P-521', options: ['-md', 'sha512', '-cades'], algorithm: 'ecdsa-sha512' },
  ] as const)('with $name is confirmed, and not over other bytes', ({ kind, options, algorithm }) => {
    makeSeal('signer', kind)
    const made = cms('signer', ...options)
    expect(checkCms(made, content, true)).toMatchObject({ state: 'intact', why: '', algorithm })
    expect(checkCms(made, [Buffer.from('别的')], true)).toMatchObject({ state: 'broken', why: 'digest' })
    const changed = Buffer.from(made)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    expect(checkCms(changed, content, true)).toMatchObject({ state: 'broken', why: 'signature' })
  })

  it('without signed attributes is confirmed where no rule asks for them', () => {
    makeSeal('signer', 'RSA-2048')
    const made = cms('signer', '-md', 'sha256', '-noattr')
    expect(checkCms(made, content, false)).toMatchObject({ state: 'intact', algorithm: 'rsa-sha256' })
    expect(checkCms(made, [Buffer.from('别的')], false)).toMatchObject({ state: 'broken', why: 'signature' })
    expect(checkCms(made, content, true)).toMatchObject({ state: 'broken', why: 'attributes' })
  })

  it('that names its signer by the key is confirmed', () => {
    makeSeal('signer', 'P-256')
    expect(checkCms(cms('signer', '-md', 'sha256', '-keyid', '-cades'), content, true).state).toBe('intact')
  })

  it('without the attribute that names the certificate is confirmed only where no rule asks for it', () => {
    makeSeal('signer', 'P-256')
    const made = cms('signer', '-md', 'sha256')
    expect(checkCms(made, content, false).state).toBe('intact')
    expect(checkCms(made, content, true)).toMatchObject({ state: 'broken', why: 'signing certificate' })
  })

  it('under another certificate of the same key, issuer and number is not confirmed', () => {
    makeSeal('signer', 'P-256')
    const again = ['-utf8', '-subj', `/C=CN/O=${organisation}/CN=${organisation}`, '-set_serial', '7']
    openssl('req', '-x509', '-new', '-key', 'signer.key', ...again, '-days', '9', '-out', 'signer.pem')
    openssl('req', '-x509', '-new', '-key', 'signer.key', ...again, '-days', '999', '-out', 'other.pem')
    const made = cms('signer', '-md', 'sha256', '-cades')
    const [other = Buffer.alloc(0)] = fromPem(file('other.pem').toString(), 'CERTIFICATE')
    const [type, wrapped] = children(readDer(made))
    const fields = wrapped === undefined ? [] : children(readDer(wrapped.content))
    const exchanged = fields.map(({ tag, raw }) => (tag === 0xa0 ? der.context(0, other) : raw))
    const forged = der.sequence(type?.raw ?? other, der.context(0, der.sequence(...exchanged)))
    for (const needsAttribute of [true, false]) {
      expect(checkCms(made, content, needsAttribute).state).toBe('intact')
      expect(checkCms(forged, content, needsAttribute)).toMatchObject({ state: 'broken', why: 'signing certificate' })
    }
  })

  it('by PSS with two different hashes is not confirmed and not called broken', () => {
    makeSeal('signer', 'RSA-2048')
    const made = cms('signer', '-md', 'sha256', '-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_mgf1_md:sha512')
    expect(checkCms(made, content, false)).toMatchObject({ state: 'unsupported', why: 'algorithm' })
  })

  it('with SHA-1 is not confirmed and not called broken', () => {
    makeSeal('signer', 'RSA-2048')
    expect(checkCms(cms('signer', '-md', 'sha1'), content, false)).toMatchObject({
      state: 'unsupported',
      why: 'algorithm',
    })
  })
})
