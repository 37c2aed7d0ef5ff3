import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkCms } from '../../main/signing/cms-check.ts'
import { knownTokenLibraries, listTokens, openToken } from '../../main/signing/index.ts'
import { root } from '../helpers/programs.ts'
import { makeSoftToken, missingForTokens, type SoftToken, softTokenLibrary } from '../helpers/soft-token.ts'
import { type IssuedSeal, makeTrainingAuthority } from '../helpers/training-authority.ts'

const why = missingForTokens()
const now = new Date()
const pin = '演练135790'
const organisation = '演练镇人民政府'
const content = [Buffer.from('关于演练的'), Buffer.from('批复')]
const refusedWith = (code: string) => expect.objectContaining({ code })

let token: SoftToken
let serial = ''
const library = softTokenLibrary
const seals: IssuedSeal[] = []

beforeAll(async () => {
  if (why !== '') return
  token = makeSoftToken('演练密码钥匙', pin)
  const authority = await makeTrainingAuthority({ now, kind: 'rsa' })
  for (const [id, kind] of [
    ['01', 'rsa'],
    ['02', 'ec'],
    ['04', 'rsa'],
    ['05', 'rsa'],
  ] as const) {
    const notAfter = new Date(now.getTime() + (id === '04' ? -1000 : 86_400_000))
    const seal = await authority.issue({ organisation, pin, kind, notAfter })
    const other = await authority.issue({ organisation, pin, kind })
    // The seal 05 has another's key.
    token.add(id, seal.certificateDer, id === '05' ? other.privateKeyInfo : seal.privateKeyInfo)
    seals.push(seal)
  }
  serial = (await listTokens(library))[0]?.serial ?? ''
}, 60_000)

afterAll(() => token?.remove())

describe('a token', () => {
  it('tells its serial number and the seals in it without a PIN', async (context) => {
    if (why !== '') context.skip(why)
    const [only, ...others] = await listTokens(library)
    expect(others).toEqual([])
    expect(only).toMatchObject({ label: '演练密码钥匙', isPinLocked: false })
    expect(only?.seals.map(({ keyId, certificate }) => [keyId, certificate.organisation]).sort()).toEqual(
      ['01', '02', '04', '05'].map((id) => [id, organisation]),
    )
  })

  it.for([
    { keyId: '01', algorithm: 'rsa-sha256' },
    { keyId: '02', algorithm: 'ecdsa-sha256' },
  ])('signs with $algorithm', async ({ keyId, algorithm }, context) => {
    if (why !== '') context.skip(why)
    const seal = await openToken({ library, serial, keyId, pin, now })
    const cms = await seal.signDetached(content, now)
    expect([seal.algorithm, seal.certificate.organisation]).toEqual([algorithm, organisation])
    expect(checkCms(cms, content, true)).toMatchObject({ state: 'intact', algorithm })
    await seal.close()
  })

  it('refuses a wrong PIN, also while another seal of it is open with the right one', async (context) => {
    if (why !== '') context.skip(why)
    await expect(openToken({ library, serial, pin: '000000', now })).rejects.toEqual(refusedWith('SEAL_PIN_WRONG'))
    const open = await openToken({ library, serial, keyId: '01', pin, now })
    const second = await openToken({ library, serial, keyId: '02', pin, now })
    await expect(openToken({ library, serial, pin: '000000', now })).rejects.toEqual(refusedWith('SEAL_PIN_WRONG'))
    await second.close()
    expect(checkCms(await open.signDetached(content, now), content, true).state).toBe('intact')
    await open.close()
  })

  it('signs nothing once it is closed, and asks for the PIN again', async (context) => {
    if (why !== '') context.skip(why)
    const seal = await openToken({ library, serial, keyId: '01', pin, now })
    await seal.close()
    await expect(seal.signDetached(content, now)).rejects.toEqual(refusedWith('SEAL_PIN_NEEDED'))
    await expect(openToken({ library, serial, pin: '', now })).rejects.toEqual(refusedWith('SEAL_PIN_WRONG'))
  })

  it('signs many at once, each as if it were alone', async (context) => {
    if (why !== '') context.skip(why)
    const seal = await openToken({ library, serial, keyId: '02', pin, now })
    const texts = Array.from({ length: 20 }, (_, index) => [Buffer.from(`第 ${index} 份`)])
    const all = await Promise.all(texts.map((text) => seal.signDetached(text, now)))
    expect(all.map((cms, index) => checkCms(cms, texts[index] ?? [], true).state)).toEqual(texts.map(() => 'intact'))
    await seal.close()
  })

  it('that is pulled out between two signatures says so, and signs again when it is plugged in and opened', async (context) => {
    if (why !== '') context.skip(why)
    const seal = await openToken({ library, serial, keyId: '01', pin, now })
    await seal.signDetached(content, now)
    token.pullOut()
    try {
      await expect(seal.signDetached(content, now)).rejects.toEqual(refusedWith('SEAL_TOKEN_GONE'))
      await seal.close()
      await expect(openToken({ library, serial, pin, now })).rejects.toEqual(refusedWith('SEAL_TOKEN_GONE'))
    } finally {
      token.plugIn()
    }
    const again = await openToken({ library, serial, keyId: '01', pin, now })
    expect(checkCms(await again.signDetached(content, now), content, true).state).toBe('intact')
    await again.close()
  })

  it('is refused for a certificate that has expired, that was revoked, or that is not of the key', async (context) => {
    if (why !== '') context.skip(why)
    const open = (keyId: string, revoked: { sha256: string; atUtc: string }[] = []) =>
      openToken({ library, serial, keyId, pin, now, revoked })
    await expect(open('04')).rejects.toEqual(refusedWith('SEAL_CERTIFICATE_EXPIRED'))
    const rsa = await open('01')
    const { sha256 } = rsa.certificate
    await rsa.close()
    await expect(open('01', [{ sha256, atUtc: now.toISOString() }])).rejects.toEqual(
      refusedWith('SEAL_CERTIFICATE_REVOKED'),
    )
    const foreign = await open('05')
    await expect(foreign.signDetached(content, now)).rejects.toEqual(refusedWith('SEAL_KEY_MISMATCH'))
    await foreign.close()
    await expect(open('99')).rejects.toEqual(refusedWith('SEAL_TOKEN_UNSUPPORTED'))
  })
})

describe('a library of tokens', () => {
  it('that is no PKCS#11 library is refused in words', async () => {
    for (const path of ['libc.so.6', import.meta.filename]) {
      await expect(listTokens(path)).rejects.toEqual(refusedWith('SEAL_TOKEN_UNSUPPORTED'))
    }
  })

  it('is refused in words where the foreign function interface is not installed', () => {
    const hooks = [
      "import { registerHooks } from 'node:module'",
      'registerHooks({ resolve(name, context, next) {',
      "if (name === 'koffi') throw new Error('not installed')",
      'return next(name, context) } })',
    ]
    const index = pathToFileURL(join(root, 'main/signing/index.ts')).href
    const asks = `const { listTokens } = await import('${index}')
      await listTokens('/no/such/library.so').catch(({ code, details }) => console.log(code, details.why))`
    const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(hooks.join('\n'))}`]
    const said = execFileSync(process.execPath, [...nodeOptions, '--input-type=module', '-e', asks], { stdio: 'pipe' })
    expect(said.toString().trim()).toBe('SEAL_TOKEN_UNSUPPORTED 没有装上读取它的组件')
  })

  it('is found by the environment first, by well-known places after that', () => {
    const before = process.env.CUNCHUANG_PKCS11
    process.env.CUNCHUANG_PKCS11 = `${import.meta.filename};/no/such/library.so`
    try {
      expect(knownTokenLibraries()[0]).toEqual({
        id: import.meta.filename,
        path: import.meta.filename,
        name: 'signing-token.test.ts',
      })
    } finally {
      if (before === undefined) delete process.env.CUNCHUANG_PKCS11
      else process.env.CUNCHUANG_PKCS11 = before
    }
  })
})
