import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DeskContext } from '../../desk/feature.ts'
import { trainingRootsFile } from './adding.ts'
import { selectRevocations } from './store.ts'

/** What a check of a seal trusts, and what it does not. */
export type SealTrust = {
  readonly trustedRootsPem: string[]
  readonly crls: Uint8Array[]
  /** Certificates stopped here or by the centre. */
  readonly revoked: { readonly sha256: string; readonly atUtc: string }[]
  /** Roots of timestamp authorities. */
  readonly timestampRootsPem: string[]
}

type Kept = { readonly stamp: string; readonly bytes: Uint8Array }

/**
 * Reads what an administrator has laid into `DATA/trust`: roots (`*.pem`), revocation lists (`*.crl`), roots of timestamp
 * authorities (`timestamp/*.pem`), with the training roots and the revocations that the ledger knows. A file is read anew
 * when it has changed, and else given as the same bytes, so that a list need not be taken apart again. Files that cannot
 * be read are told to the log and left out.
 */
export function createTrust(context: DeskContext): () => SealTrust {
  const kept = new Map<string, Kept>()
  const read = (file: string): Uint8Array[] => {
    try {
      const { mtimeMs, size } = statSync(file)
      const stamp = `${mtimeMs} ${size}`
      const before = kept.get(file)
      if (before?.stamp === stamp) return [before.bytes]
      const bytes = new Uint8Array(readFileSync(file))
      kept.set(file, { stamp, bytes })
      return [bytes]
    } catch (error) {
      if (!isMissing(error)) context.log('a file of what is trusted could not be read', error)
      return []
    }
  }
  const texts = (files: readonly string[]) => files.flatMap(read).map((bytes) => Buffer.from(bytes).toString('latin1'))
  return () => {
    const folder = join(context.dataFolder, 'trust')
    const roots = [join(context.dataFolder, trainingRootsFile), ...filesIn(folder, '.pem')]
    return {
      trustedRootsPem: texts(roots),
      crls: filesIn(folder, '.crl').flatMap(read),
      revoked: selectRevocations(context.store.db),
      timestampRootsPem: texts(filesIn(join(folder, 'timestamp'), '.pem')),
    }
  }
}

function filesIn(folder: string, ending: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.toLowerCase().endsWith(ending))
    return names.toSorted().map((name) => join(folder, name))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
