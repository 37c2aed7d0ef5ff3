import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { AppError } from '../../../preload/contract/errors.ts'
import { type Certificate, type CertificateSummary, isAuthority, keyUsage, summarise } from '../certificate.ts'
import type { RevokedCertificate } from '../chain.ts'
import type { SealAlgorithm, Signer } from '../cms.ts'
import { type OpenSeal, openSeal } from '../open-seal.ts'
import { isSignatureOf } from '../signature.ts'
import { ck, cryptokiError, rv } from './cryptoki.ts'
import { acquireTokenLibrary, type TokenLibrary, type TokenLogin } from './library.ts'
import {
  type FoundCertificate,
  type FoundKey,
  findCertificates,
  findKeys,
  findTokens,
  openSession,
  signWithToken,
} from './session.ts'

/** A token that is plugged in, and the seals that can be seen in it without its PIN. */
export type TokenInfo = {
  readonly serial: string
  readonly label: string
  readonly manufacturer: string
  readonly model: string
  readonly isPinLocked: boolean
  readonly seals: readonly { readonly keyId: string; readonly certificate: CertificateSummary }[]
}

/** Which seal of which token. */
export type TokenRequest = {
  /** The path of the PKCS#11 library. */
  readonly library: string
  readonly serial: string
  /** The key's CKA_ID in hexadecimal; where not told, the newest certificate that may sign and has its key in the token. */
  readonly keyId?: string
  readonly pin: string
  /** The station's clock. */
  readonly now: Date
  readonly revoked?: readonly RevokedCertificate[]
}

/** The tokens that this library sees now. Throws SEAL_TOKEN_UNSUPPORTED where the library cannot be used. */
export async function listTokens(libraryPath: string): Promise<TokenInfo[]> {
  const library = await acquireTokenLibrary(libraryPath)
  try {
    return await library.together(async () => {
      const tokens: TokenInfo[] = []
      for (const { slot, ...info } of await findTokens(library)) {
        const certificates = await publicCertificates(library, slot)
        const seals = certificates.filter(isForSealing).map(({ id, certificate }) => ({
          keyId: id,
          certificate: summarise(certificate.der),
        }))
        if (info.serial !== '') tokens.push({ ...info, seals })
      }
      return tokens
    })
  } finally {
    await library.release()
  }
}

async function publicCertificates(library: TokenLibrary, slot: number): Promise<FoundCertificate[]> {
  let session: number
  try {
    session = await openSession(library, slot)
  } catch (error) {
    // A token that was never set up, or pulled out just now, has nothing to show.
    if (error instanceof AppError) return []
    throw error
  }
  try {
    return await findCertificates(library, session)
  } finally {
    await library.call('C_CloseSession', session)
  }
}

const isForSealing = ({ certificate }: FoundCertificate): boolean =>
  keyUsage(certificate).sign && !isAuthority(certificate, 0)

/**
 * Logs in to a token and opens a seal in it. Closing it logs out, once no other seal of the token is open. Throws
 * SEAL_PIN_WRONG, SEAL_TOKEN_LOCKED, SEAL_TOKEN_GONE (not plugged in, or pulled out; later for every signature too),
 * SEAL_TOKEN_UNSUPPORTED (`why` in Chinese), SEAL_KEY_MISMATCH at the first signature, or as `openSealFile`.
 */
export async function openToken(request: TokenRequest): Promise<OpenSeal> {
  const library = await acquireTokenLibrary(request.library)
  try {
    const signer = await library.together(() => tokenSigner(library, request))
    try {
      return openSeal(signer, request.now, request.revoked)
    } catch (error) {
      await signer.close()
      throw error
    }
  } catch (error) {
    await library.release()
    throw error
  }
}

async function tokenSigner(library: TokenLibrary, request: TokenRequest): Promise<Signer> {
  const token = (await findTokens(library)).find(({ serial }) => serial === request.serial)
  if (token === undefined) throw new AppError('SEAL_TOKEN_GONE')
  const session = await openSession(library, token.slot)
  let login: TokenLogin
  try {
    login = await logIn(library, session, request)
  } catch (error) {
    await library.call('C_CloseSession', session)
    throw error
  }
  const close = async (): Promise<void> => {
    await library.together(() => logOut(library, session, request.serial, login))
    await library.release()
  }
  try {
    const certificates = await findCertificates(library, session)
    const { own, key } = chooseSeal(certificates, await findKeys(library, session), request.keyId)
    const chainDer = certificates.flatMap(({ certificate }) => (isAuthority(certificate, 0) ? [certificate.der] : []))
    const algorithm = algorithmOf(key)
    const sign = async (data: Uint8Array): Promise<Buffer> => {
      const signature = await library.together(() => signWithToken(library, session, key, data))
      refuseForeign(own, algorithm, data, signature)
      return signature
    }
    return { algorithm, certificateDer: own.der, chainDer, sign, close }
  } catch (error) {
    await logOut(library, session, request.serial, login)
    throw error
  }
}

/**
 * PKCS#11 logs the program in, not the session: a second seal of the same token is let in only with the PIN that the
 * first was opened with. No PIN at all is never sent: some drivers would open a window of their own and wait.
 */
async function logIn(library: TokenLibrary, session: number, { serial, pin }: TokenRequest): Promise<TokenLogin> {
  if (pin === '') throw new AppError('SEAL_PIN_WRONG')
  const before = library.logins.get(serial)
  const pinBytes = Buffer.from(pin, 'utf8')
  const value = await library.call('C_Login', session, ck.user, pinBytes, pinBytes.length)
  if (value === rv.userAlreadyLoggedIn && before !== undefined) {
    if (!timingSafeEqual(await hashOf(pin, before.salt), before.pinHash)) throw new AppError('SEAL_PIN_WRONG')
    before.seals += 1
    return before
  }
  if (value !== rv.ok) throw cryptokiError('C_Login', value)
  const salt = randomBytes(16)
  const login = { salt, pinHash: await hashOf(pin, salt), seals: 1 }
  library.logins.set(serial, login)
  return login
}

const scryptAsync = promisify<string, Buffer, number, Buffer>(scrypt)
const hashOf = (pin: string, salt: Buffer): Promise<Buffer> => scryptAsync(pin, salt, 32)

/** Whatever a token that was pulled out answers: there is nothing left to close in it. */
async function logOut(library: TokenLibrary, session: number, serial: string, login: TokenLogin): Promise<void> {
  login.seals -= 1
  // A token that was plugged in again has another login, which is not this seal's to end.
  if (login.seals <= 0 && library.logins.get(serial) === login) {
    library.logins.delete(serial)
    await library.call('C_Logout', session)
  }
  await library.call('C_CloseSession', session)
}

function chooseSeal(
  certificates: readonly FoundCertificate[],
  keys: readonly FoundKey[],
  keyId: string | undefined,
): { own: Certificate; key: FoundKey } {
  const newestFirst = certificates
    .filter(isForSealing)
    .filter(({ id }) => keyId === undefined || id === keyId)
    .sort((a, b) => b.certificate.notBefore.getTime() - a.certificate.notBefore.getTime())
  for (const { id, certificate } of newestFirst) {
    const key = keys.find((one) => one.id === id)
    if (key !== undefined) return { own: certificate, key }
  }
  throw new AppError('SEAL_TOKEN_UNSUPPORTED', { why: '里面没有能盖章的证书和密钥' })
}

function algorithmOf({ type }: FoundKey): SealAlgorithm {
  if (type === ck.keyRsa) return 'rsa-sha256'
  if (type === ck.keyEc) return 'ecdsa-sha256'
  throw new AppError('SEAL_TOKEN_UNSUPPORTED', { why: '密钥的算法不认识' })
}

/** A token may pair a certificate with another's key, and a driver may answer nonsense: no such seal is put anywhere. */
function refuseForeign(own: Certificate, algorithm: SealAlgorithm, data: Uint8Array, signature: Buffer): void {
  const kind = algorithm === 'rsa-sha256' ? 'rsa' : 'ecdsa'
  const isOwn = isSignatureOf({ kind, digest: 'sha256' }, own.publicKeyInfo, [data], signature)
  if (!isOwn) throw new AppError('SEAL_KEY_MISMATCH')
}
