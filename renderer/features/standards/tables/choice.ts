import type { FoundDocument, TakeWish } from '../../../../preload/contract/standards/tables.ts'

/** Whether taking a document over would change anything here, and may be done. */
export function canTake({ state, copy }: FoundDocument): boolean {
  return copy === null ? state !== 'same' : copy.state === 'differs'
}

/** Whether it would take the place of what somebody is writing. */
export const replacesCopy = ({ copy }: FoundDocument): boolean => copy?.state === 'differs'

/**
 * Which documents are chosen: those that replace nothing, unless they were left out, and of those that would replace a
 * working copy only what was chosen.
 */
export function chosenOf(documents: readonly FoundDocument[], turned: ReadonlySet<string>): readonly FoundDocument[] {
  return documents.filter((one) => canTake(one) && replacesCopy(one) === turned.has(one.key))
}

/** What can be taken over comes first, then what cannot be for now, then what is the same. */
export function inOrder(documents: readonly FoundDocument[]): readonly FoundDocument[] {
  const place = (one: FoundDocument) => (canTake(one) ? 0 : one.state === 'same' ? 2 : 1)
  return documents.toSorted((a, b) => place(a) - place(b))
}

/** A set after each of the keys was turned over: put in where it was not, and taken out where it was. */
export function turnedOver(turned: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> {
  const next = new Set(turned)
  for (const key of keys) if (!next.delete(key)) next.add(key)
  return next
}

/** What the desk is asked for: each document with the working copy that was seen in its place. */
export function wishOf({ key, copy }: FoundDocument): TakeWish {
  return { key, replaces: copy === null ? null : { copyId: copy.copyId, revision: copy.revision } }
}
