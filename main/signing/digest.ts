import { createHash } from 'node:crypto'
import type { DerElement } from './der.ts'
import { children, der, oidOf } from './der.ts'
import { oids } from './oids.ts'
import { type Digest, newSm3 } from './sm3.ts'

/** The hashes that may stand in a seal. SHA-1 and MD5 are not among them: collisions are made at will. */
export type DigestName = 'sha256' | 'sha384' | 'sha512' | 'sm3'

const namesByOid: Readonly<Record<string, DigestName>> = {
  [oids.sha256]: 'sha256',
  [oids.sha384]: 'sha384',
  [oids.sha512]: 'sha512',
  [oids.sm3]: 'sm3',
}

/** An empty hash that is fed piece by piece. */
export function newDigest(name: DigestName): Digest {
  if (name === 'sm3') return newSm3()
  const hash = createHash(name)
  const digest: Digest = {
    update(bytes) {
      hash.update(bytes)
      return digest
    },
    digest: () => hash.digest(),
  }
  return digest
}

/** The hash of the parts read one after another. */
export function digestOf(name: DigestName, ...parts: readonly Uint8Array[]): Buffer {
  const digest = newDigest(name)
  for (const part of parts) digest.update(part)
  return digest.digest()
}

/** The hash that an AlgorithmIdentifier names; `undefined` where it is none of ours. */
export function readDigestName(identifier: DerElement | undefined): DigestName | undefined {
  return identifier?.tag === 0x30 ? namesByOid[oidOf(children(identifier)[0])] : undefined
}

/** The AlgorithmIdentifier of a hash: with NULL for SHA-2, as most programs write it; SM3 has no parameters. */
export function digestIdentifier(name: DigestName): Buffer {
  return name === 'sm3' ? der.sequence(der.oid(oids.sm3)) : der.sequence(der.oid(oids[name]), der.null())
}
