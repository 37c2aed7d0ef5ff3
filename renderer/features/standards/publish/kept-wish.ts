import { useEffect, useState } from 'react'
import type { Bridge } from '../../../../preload/contract/bridge.ts'
import { useBridge } from '../../../app/client.ts'
import { journalOf } from '../../../app/station-journal.ts'
import { emptyWish, type PublishWish, withoutPins } from './wish.ts'

/** Where it lies in the journal, among the working copies. */
const journalId = 'publishing'

/** One write after the other, and reading after them: what is found is what was typed last. */
let written: Promise<void> = Promise.resolve()

/** Writes down what was chosen and typed, without the PINs; nothing of it any more once all is empty. */
export function keepWish(bridge: Bridge, wish: PublishWish): Promise<void> {
  const text = JSON.stringify(withoutPins(wish))
  const write = async () => {
    const journal = await journalOf(bridge)
    if (text === JSON.stringify(emptyWish)) await journal?.forget(journalId)
    else await journal?.recordText(journalId, { text, seen: [] })
  }
  // A browser without room for the journal keeps it as long as the screen stands.
  written = written.then(write).catch(() => undefined)
  return written
}

/** What was kept of a release that was not published; `emptyWish` itself for none. */
export async function readWish(bridge: Bridge): Promise<PublishWish> {
  await written
  const found = await journalOf(bridge).then((journal) => journal?.pendingText(journalId))
  if (found === undefined || found === null) return emptyWish
  const kept = JSON.parse(found.text) as Partial<PublishWish>
  return { ...emptyWish, ...kept, form: { ...emptyWish.form, ...kept.form } }
}

/** What was kept when the screen was left or the window ended; undefined while it is being read. */
export function useKeptWish(): PublishWish | undefined {
  const bridge = useBridge()
  const [kept, setKept] = useState<PublishWish>()
  useEffect(() => {
    readWish(bridge).then(setKept, () => setKept(emptyWish))
  }, [bridge])
  return kept
}

/** Keeps every state of what is being chosen and typed. */
export function useKeeping(wish: PublishWish): void {
  const bridge = useBridge()
  useEffect(() => void keepWish(bridge, wish), [bridge, wish])
}
