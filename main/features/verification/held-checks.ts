import { AppError } from '../../../preload/contract/errors.ts'
import type { PageComparison, Verification } from '../../../preload/contract/seals.ts'

/** One page then and now, as pictures (PNG); a page that was not there then, or is not now, has none. */
export type ComparedPage = {
  readonly comparison: PageComparison
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array | undefined
  readonly difference: Uint8Array | undefined
}

/** A checked file of one session. */
export type HeldCheck = {
  readonly verification: Verification
  readonly sessionId: string
  readonly bytes: Uint8Array
  /** The pages that were compared last, by `seal/page`. */
  readonly compared: Map<string, Promise<ComparedPage>>
}

/** How much is held at once. */
export type HeldLimits = { readonly files: number; readonly bytes: number }

/** Checked files, in memory alone: nothing of a file that somebody brought to be looked at touches the disk. */
export type HeldChecks = {
  /** Takes a check in; those used longest ago go where the limits ask for it. */
  readonly hold: (check: HeldCheck) => void
  /** A check of that session, which counts as used now. Throws NOT_FOUND, also for another session's. */
  readonly find: (verificationId: string, sessionId: string) => HeldCheck
  /** Lets go of one; one that is not there is no failure. */
  readonly forget: (verificationId: string, sessionId: string) => void
  /** Lets go of everything of a session. */
  readonly endSession: (sessionId: string) => void
  readonly clear: () => void
}

/** An empty holder. */
export function createHeldChecks(limits: HeldLimits): HeldChecks {
  /** The one used longest ago first. */
  const held = new Map<string, HeldCheck>()
  const sizeBytes = () => [...held.values()].reduce((sum, { bytes }) => sum + bytes.length, 0)
  return {
    hold(check) {
      held.set(check.verification.verificationId, check)
      for (const [id, { verification }] of held) {
        if (held.size <= limits.files && sizeBytes() <= limits.bytes) break
        if (verification !== check.verification) held.delete(id)
      }
    },
    find(verificationId, sessionId) {
      const check = held.get(verificationId)
      if (check?.sessionId !== sessionId) throw new AppError('NOT_FOUND', { what: '这次验章的文件' })
      held.delete(verificationId)
      held.set(verificationId, check)
      return check
    },
    forget(verificationId, sessionId) {
      if (held.get(verificationId)?.sessionId === sessionId) held.delete(verificationId)
    },
    endSession(sessionId) {
      for (const [id, check] of held) if (check.sessionId === sessionId) held.delete(id)
    },
    clear: () => held.clear(),
  }
}
