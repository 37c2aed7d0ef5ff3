import { randomBytes } from 'node:crypto'
import type { Settings } from '../../store/index.ts'

const settingName = 'drafts.journal-key'

/**
 * The key under which a window keeps keystrokes that are not saved yet: 32 random bytes as base64, made at the first
 * call and kept in the encrypted store, so that it is gone when the store's key is.
 */
export function journalKey(settings: Settings): string {
  const kept = settings.get(settingName)
  if (typeof kept === 'string') return kept
  const made = randomBytes(32).toString('base64')
  settings.set(settingName, made)
  return made
}
