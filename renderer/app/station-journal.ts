import type { Bridge } from '../../preload/contract/bridge.ts'
import { type DraftJournal, openJournal } from '../drafts/index.ts'

const journals = new Map<string, Promise<DraftJournal | null>>()

/** This station's journal; null where the desk gives no key or the browser no storage (then the desk alone keeps what is typed). */
export async function journalOf(bridge: Bridge): Promise<DraftJournal | null> {
  const result = await bridge.call('drafts.journalKey', {})
  if (!result.ok) return null
  const { key } = result.value
  const opened =
    journals.get(key) ?? openJournal(Uint8Array.from(atob(key), (one) => one.charCodeAt(0))).catch(() => null)
  journals.set(key, opened)
  return opened
}
