import type { PageBox, SealedChange } from '../../../preload/contract/verification.ts'
import { changeSentence } from './sentences.ts'

/** A place that structure alone cannot settle: what shows there has to be looked at in two states of the file. */
export type BoxToSee = PageBox & {
  /** The revision that put something there, counted from 1. */
  readonly revision: number
  /** The file's first so many bytes are the state before it … */
  readonly bytesBefore: number
  /** … and the state with it. */
  readonly bytesAfter: number
}

/** Something that one update did. */
export type FoundChange = Omit<SealedChange, 'allowed' | 'revision'> & {
  /** Nothing of it can hide or alter what was there; false for all that is not understood. */
  readonly isHarmless: boolean
  /** Places to look at before it counts as harmless. */
  readonly boxes: readonly PageBox[]
  /** A seal in a field that was not there before; in an empty slot otherwise. */
  readonly isNewField: boolean
  /** A seal that stands on its page but in no form: it has to be looked for on the pages. */
  readonly isStray: boolean
}

/** What a change is, where it shows, and its own words where the kind's plain sentence says too little. */
export type ChangeFacts = {
  readonly page?: number | null | undefined
  readonly field?: string | undefined
  readonly sentence?: string | undefined
  readonly isHarmless?: boolean
  readonly boxes?: readonly PageBox[]
  readonly isNewField?: boolean
  readonly isStray?: boolean
}

/** A change as it is told; harmful unless it is said otherwise. */
export function change(kind: SealedChange['kind'], facts: ChangeFacts = {}): FoundChange {
  const { page = null, field = '', isHarmless = false, boxes = [], isNewField = false, isStray = false } = facts
  const sentence = facts.sentence ?? changeSentence(kind, page, field)
  return { kind, page, field, sentence, isHarmless, boxes, isNewField, isStray }
}
