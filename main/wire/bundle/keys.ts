// Owns: the age keys of bundles, derived from the Ed25519 keys that both ends have anyway; one segment sealed and opened.
// Does not own: the format around the segments (format.ts) or where private keys are kept (main/store, central/identity.ts).
// Start here: `ageRecipientOf` and `ageIdentityOf`.
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bech32 } from '@scure/base'
import { Decrypter, Encrypter } from 'age-encryption'

/**
 * The age recipient (`age1…`) of an Ed25519 public key (SPKI DER, base64): the same point on Curve25519 in Montgomery form
 * (RFC 7748 §4.1), as age does for ssh-ed25519 keys. Throws where the text is no such key.
 */
export function ageRecipientOf(publicKey: string): string {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return bech32.encodeFromBytes('age', ed25519.utils.toMontgomery(rawPart(key.export({ format: 'jwk' }).x)))
}

/** The age identity (`AGE-SECRET-KEY-1…`) of an Ed25519 private key (PKCS#8 DER, base64): its clamped scalar (RFC 8032 §5.1.5). */
export function ageIdentityOf(privateKey: string): string {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' })
  const scalar = ed25519.utils.toMontgomerySecret(rawPart(key.export({ format: 'jwk' }).d))
  return bech32.encodeFromBytes('AGE-SECRET-KEY-', scalar).toUpperCase()
}

function rawPart(base64url: string | undefined): Uint8Array {
  return new Uint8Array(Buffer.from(base64url ?? '', 'base64url'))
}

/** Encrypts bytes to a recipient: a whole age file (age-encryption.org/v1), which the `age` program opens too. */
export async function sealForAge(recipient: string, bytes: Uint8Array): Promise<Buffer> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return Buffer.from(await encrypter.encrypt(bytes))
}

/** Decrypts a whole age file. Throws where it is for another key or was changed. */
export async function openWithAge(identity: string, sealed: Uint8Array): Promise<Buffer> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return Buffer.from(await decrypter.decrypt(new Uint8Array(sealed)))
}
