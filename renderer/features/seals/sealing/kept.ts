import type { Paper, PaperView } from '../../../../preload/contract/seals.ts'
import { type Choices, noChoices } from './choices.ts'

/** Where the clerk stands on the sealing screen. */
export type Kept = {
  readonly view: PaperView
  readonly query: string
  /** The row that the preview shows while nothing is ticked. */
  readonly index: number
  /** Ticked papers by their id, in the order of ticking. */
  readonly ticked: ReadonlyMap<string, Paper>
  /** Which of the papers in hand the preview shows. */
  readonly shown: number
  readonly choices: Choices
  /** The job that is being watched. */
  readonly jobId: string | null
}

const fresh: Kept = {
  view: 'waiting',
  query: '',
  index: 0,
  ticked: new Map(),
  shown: 0,
  choices: noChoices,
  jobId: null,
}

let kept = { account: '', place: fresh }

/** The screen as this person left it, for the way back from another one; PINs are not kept. Gone with the page. */
export function keptPlace(account: string): Kept {
  return kept.account === account ? kept.place : fresh
}

/** Keeps the screen as it is now, for that person alone. */
export function keepPlace(account: string, place: Kept): void {
  kept = { account, place: { ...place, choices: { ...place.choices, approverPin: '', following: false } } }
}
