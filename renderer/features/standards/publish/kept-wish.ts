import { useEffect, useRef, useState } from 'react'
import type { Bridge } from '../../../../preload/contract/bridge.ts'
import { useBridge } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { journalOf } from '../../../app/station-journal.ts'
import { emptyWish, type PublishWish, withoutPins } from './wish.ts'

/** Where it lies in the journal, among the working copies: one administrator's intention is nobody else's. */
const journalId = (account: string) => `publishing ${account}`

/** One write after the other, and reading after them: what is found is what was typed last. */
let written: Promise<void> = Promise.resolve()

/** Writes down what was chosen and typed, without the PINs; nothing of it any more once all is empty. */
function keepWish(bridge: Bridge, account: string, wish: PublishWish): Promise<void> {
  const text = JSON.stringify(withoutPins(wish))
  const write = async () => {
    const journal = await journalOf(bridge)
    if (text === JSON.stringify(emptyWish)) await journal?.forget(journalId(account))
    else await journal?.recordText(journalId(account), { text, seen: [] })
  }
  // A browser without room for the journal keeps it as long as the screen stands.
  written = written.then(write).catch(() => undefined)
  return written
}

/** What was kept of a release that was not published; `emptyWish` itself for none. */
async function readWish(bridge: Bridge, account: string): Promise<PublishWish> {
  await written
  const found = await journalOf(bridge).then((journal) => journal?.pendingText(journalId(account)))
  if (found === undefined || found === null) return emptyWish
  const kept = JSON.parse(found.text) as Partial<PublishWish>
  return { ...emptyWish, ...kept, form: { ...emptyWish.form, ...kept.form } }
}

/** What this person chose when the screen was left or the window ended; undefined while it is being read. */
export function useKeptWish(): PublishWish | undefined {
  const bridge = useBridge()
  const { account } = useHere().session
  const [kept, setKept] = useState<PublishWish>()
  useEffect(() => {
    readWish(bridge, account).then(setKept, () => setKept(emptyWish))
  }, [bridge, account])
  return kept
}

/** Screens that stand, by whose they are: one may have been opened while what it found was on its way. */
const standing = new Set<{ readonly account: string; readonly onForgotten: () => void }>()

/**
 * Keeps every state of what is being chosen and typed. Returns what forgets it, also once the screen was left: it was published.
 * @param onForgotten is called then, whichever screen published it, so that none writes it down again.
 */
export function useKeeping(wish: PublishWish, onForgotten: () => void): () => void {
  const bridge = useBridge()
  const { account } = useHere().session
  useEffect(() => void keepWish(bridge, account, wish), [bridge, account, wish])
  const latest = useRef(onForgotten)
  latest.current = onForgotten
  useEffect(() => {
    const mine = { account, onForgotten: () => latest.current() }
    standing.add(mine)
    return () => void standing.delete(mine)
  }, [account])
  return () => {
    void keepWish(bridge, account, emptyWish)
    for (const one of standing) if (one.account === account) one.onForgotten()
  }
}
