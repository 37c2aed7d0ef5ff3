import { createCipheriv, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { der } from './der.ts'
import { digestIdentifier } from './digest.ts'
import { oids } from './oids.ts'
import { sealFileMac } from './seal-file-mac.ts'

const iterations = 10_000
const derive = promisify(pbkdf2)

/**
 * A PKCS#12 file (RFC 7292) with a key and its certificates, its own first: the key under AES-256 (PBES2, RFC 8018), the
 * whole under an HMAC with SHA-256, both by `pin`. forge writes RSA keys only.
 */
export async function writeSealFile(input: {
  readonly privateKeyInfo: Uint8Array
  readonly certificatesDer: readonly Uint8Array[]
  readonly pin: string
}): Promise<Buffer> {
  const localKeyId = der.set(der.sequence(der.oid(oids.localKeyId), der.set(der.octets(Buffer.from([1])))))
  const certificates = input.certificatesDer.map((certificate, index) => {
    const value = der.sequence(der.oid(oids.x509Certificate), der.context(0, der.octets(certificate)))
    return bag(oids.certificateBag, value, ...(index === 0 ? [localKeyId] : []))
  })
  const key = bag(oids.shroudedKeyBag, await encrypted(input.privateKeyInfo, input.pin), localKeyId)
  const contents = der.sequence(data(der.sequence(...certificates)), data(der.sequence(key)))
  return der.sequence(der.smallInteger(3), data(contents), seal(contents, input.pin))
}

const bag = (oid: string, value: Uint8Array, ...attributes: readonly Uint8Array[]): Buffer =>
  der.sequence(der.oid(oid), der.context(0, value), ...attributes)

const data = (content: Uint8Array): Buffer => der.sequence(der.oid(oids.data), der.context(0, der.octets(content)))

async function encrypted(plain: Uint8Array, pin: string): Promise<Buffer> {
  const [salt, start] = [randomBytes(16), randomBytes(16)]
  const cipher = createCipheriv(
    'aes-256-cbc',
    await derive(Buffer.from(pin, 'utf8'), salt, iterations, 32, 'sha256'),
    start,
  )
  const derivation = der.sequence(
    der.octets(salt),
    der.smallInteger(iterations),
    der.sequence(der.oid(oids.hmacWithSha256), der.null()),
  )
  const scheme = der.sequence(
    der.sequence(der.oid(oids.pbkdf2), derivation),
    der.sequence(der.oid(oids.aes256Cbc), der.octets(start)),
  )
  const bytes = Buffer.concat([cipher.update(plain), cipher.final()])
  return der.sequence(der.sequence(der.oid(oids.pbes2), scheme), der.octets(bytes))
}

function seal(contents: Uint8Array, pin: string): Buffer {
  const salt = randomBytes(16)
  const mac = sealFileMac(contents, { pin, salt, iterations, digest: 'sha256' })
  return der.sequence(
    der.sequence(digestIdentifier('sha256'), der.octets(mac)),
    der.octets(salt),
    der.smallInteger(iterations),
  )
}
