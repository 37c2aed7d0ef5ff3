import type { Verification } from '../../../../preload/contract/seals.ts'

let given: File | null = null
const watchers = new Set<() => void>()
let kept: { readonly sessionId: string; readonly verification: Verification } | null = null

/** Hands a file that was dropped on another screen to 验章, which takes it when it is there. */
export function giveToVerify(file: File): void {
  given = file
  for (const watcher of watchers) watcher()
}

/** The file that was handed over, once. */
export function takeGiven(): File | null {
  const file = given
  given = null
  return file
}

/** Tells when a file is handed over; gives what ends that. */
export function watchGiven(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** The last result of this session, for the way back from another screen. Gone with the page. */
export function keptVerification(sessionId: string): Verification | null {
  return kept?.sessionId === sessionId ? kept.verification : null
}

/** Keeps a result for the rest of the session. */
export function keepVerification(sessionId: string, verification: Verification): void {
  kept = { sessionId, verification }
}
