import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkCms } from '../../main/signing/cms-check.ts'
import { children, der, oidOf, readDer } from '../../main/signing/der.ts'
import { checkTimestampToken, makeTrainingSeal, openSealFile, timestampAuthority } from '../../main/signing/index.ts'
import { oids } from '../../main/signing/oids.ts'
import {
  missingForTimestamps,
  startTimestampAuthority,
  type TestTimestampAuthority,
} from '../helpers/timestamp-authority.ts'

const why = missingForTimestamps()
/** An hour ahead: the authority's certificate is valid from the second that it is made in. */
const now = new Date(Date.now() + 3_600_000)
const content = [Buffer.from('盖好的'), Buffer.from('文件')]
const refusedWith = (details: object) => expect.objectContaining({ code: 'TIMESTAMP_REFUSED', details })

let server: TestTimestampAuthority
let token: Uint8Array
beforeAll(async () => {
  if (why !== '') return
  server = await startTimestampAuthority()
  token = await ask()
})
afterAll(() => server?.stop())

const ask = (trustedRootsPem = [server.caPem], at = now): Promise<Uint8Array> =>
  timestampAuthority({ post: server.post, trustedRootsPem, now: at }).timestamp(content)
const check = (bytes: Uint8Array, parts: readonly Uint8Array[] = content, roots = [server.caPem]) =>
  checkTimestampToken(bytes, parts, { trustedRootsPem: roots, now })

describe('a timestamp', () => {
  it('is given over the content and tells the time of its authority', async (context) => {
    if (why !== '') context.skip(why)
    const found = check(token, [Buffer.concat(content)])
    expect(found).toMatchObject({ state: 'intact', why: '', chain: 'trusted', algorithm: 'ecdsa-sha256' })
    expect(Math.abs((found.at?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  it('with padding behind it, as a PDF keeps it, is the same', async (context) => {
    if (why !== '') context.skip(why)
    expect(check(Buffer.concat([token, Buffer.alloc(100)])).state).toBe('intact')
  })

  it('is broken over other content, and with any byte of it changed never intact and trusted with another time', async (context) => {
    if (why !== '') context.skip(why)
    expect(check(token, [Buffer.from('另一份')])).toMatchObject({ state: 'broken', why: 'imprint' })
    const at = check(token).at?.getTime()
    const fooled = Array.from({ length: token.length }, (_, index) => {
      const changed = Buffer.from(token)
      changed[index] = (changed[index] ?? 0) ^ 1
      const found = check(changed)
      return found.state === 'intact' && found.chain === 'trusted' && found.at?.getTime() !== at
    })
    expect(fooled.filter(Boolean)).toEqual([])
  })

  it('of an authority that is not trusted, or whose certificate has run out, proves nothing', async (context) => {
    if (why !== '') context.skip(why)
    expect(check(token, content, [])).toMatchObject({ state: 'intact', chain: 'untrusted' })
    const late = new Date(now.getTime() + 60 * 86_400_000)
    expect(checkTimestampToken(token, content, { trustedRootsPem: [server.caPem], now: late }).chain).toBe('expired')
  })

  it('is no CMS over content, and a CMS over content is no timestamp', async (context) => {
    if (why !== '') context.skip(why)
    const seal = await makeTrainingSeal({ organisation: '演练村', pin: '1', now, algorithm: 'ec' })
    const cms = await (await openSealFile(seal.p12, '1', now)).signDetached(content, now)
    expect(check(cms, content, [seal.caPem])).toMatchObject({ state: 'broken', why: 'structure' })
    expect(checkCms(token, content, true)).toMatchObject({ state: 'broken', why: 'structure' })
  })

  it('that travels beside a signature is shown with what it stamps', async (context) => {
    if (why !== '') context.skip(why)
    const seal = await makeTrainingSeal({ organisation: '演练村', pin: '1', now, algorithm: 'ec' })
    const cms = await (await openSealFile(seal.p12, '1', now)).signDetached(content, now)
    const stamped = await withSignatureTimestamp(cms)
    const found = checkCms(stamped, content, true)
    expect(found.state).toBe('intact')
    const { signatureTimestamp } = found
    if (signatureTimestamp === undefined) throw new Error('no timestamp in the CMS')
    expect(check(signatureTimestamp.token, [signatureTimestamp.signature])).toMatchObject({
      state: 'intact',
      chain: 'trusted',
    })
    expect(checkCms(cms, content, true).signatureTimestamp).toBeUndefined()
  })
})

/** The CMS with a timestamp over its signature (RFC 3161, appendix A) as the last field of its signer. */
async function withSignatureTimestamp(cms: Uint8Array): Promise<Buffer> {
  const [type, wrapped] = children(readDer(cms))
  const fields = wrapped === undefined ? [] : children(readDer(wrapped.content))
  const signer = fields.at(-1) === undefined ? undefined : readDer(fields.at(-1)?.content ?? Buffer.alloc(0))
  const parts = signer === undefined ? [] : children(signer)
  const signature = parts.at(-1)
  if (type === undefined || signature === undefined) throw new Error('not a CMS')
  const authority = timestampAuthority({ post: server.post, trustedRootsPem: [server.caPem], now })
  const stamp = await authority.timestamp([signature.content])
  const attribute = der.context(1, der.sequence(der.oid(oids.signatureTimestamp), der.set(stamp)))
  const newSigner = der.sequence(...parts.map(({ raw }) => raw), attribute)
  const signedData = der.sequence(...fields.slice(0, -1).map(({ raw }) => raw), der.set(newSigner))
  expect(oidOf(type)).toBe(oids.signedData)
  return der.sequence(type.raw, der.context(0, signedData))
}

describe('an authority', () => {
  it.for([
    { behaviour: 'garbage', words: '回答看不懂，可能连到了别的网站' },
    { behaviour: 'refusal', words: expect.stringContaining('它拒绝了') },
    { behaviour: 'same token again', words: '它答的是另一次请求' },
  ] as const)('that answers with $behaviour is refused in words', async ({ behaviour, words }, context) => {
    if (why !== '') context.skip(why)
    await ask()
    server.answerWith(behaviour)
    await expect(ask()).rejects.toEqual(refusedWith({ why: words }))
    server.answerWith('token')
  })

  it.for(['cut', 'error 500'] as const)('that answers with %s cannot be reached', async (behaviour, context) => {
    if (why !== '') context.skip(why)
    server.answerWith(behaviour)
    await expect(ask()).rejects.toEqual(expect.objectContaining({ code: 'TIMESTAMP_UNREACHABLE' }))
    server.answerWith('token')
  })

  it('that is not trusted, or no more, is refused in words', async (context) => {
    if (why !== '') context.skip(why)
    await expect(ask([])).rejects.toEqual(refusedWith({ why: '它的证书不在本机信任的名单里' }))
    const late = new Date(now.getTime() + 60 * 86_400_000)
    await expect(ask([server.caPem], late)).rejects.toEqual(refusedWith({ why: '它的证书已过期' }))
  })

  it('is sent a request that openssl understands: SHA-256, a nonce, the certificate wanted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'request-'))
    try {
      const post = async (request: Uint8Array): Promise<Uint8Array> => {
        writeFileSync(join(folder, 'query'), request)
        return Buffer.alloc(0)
      }
      const asked = timestampAuthority({ post, trustedRootsPem: [], now }).timestamp(content)
      await expect(asked).rejects.toEqual(refusedWith({ why: '回答看不懂，可能连到了别的网站' }))
      const shown = execFileSync('openssl', ['ts', '-query', '-in', join(folder, 'query'), '-text']).toString()
      expect(shown).toMatch(/Hash Algorithm: sha256[\s\S]*Nonce: 0x[0-9A-F]{20,}[\s\S]*Certificate required: yes/)
      expect(readFileSync(join(folder, 'query')).length).toBeLessThan(100)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
