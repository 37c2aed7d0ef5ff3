import type { ReleaseTargets } from '../../../../preload/contract/standards/publishing.ts'

/** What the three steps were answered with. */
export type PublishForm = {
  readonly who: 'ring' | 'all'
  /** Villages (12 digits), towns (9 digits), tags. */
  readonly places: readonly string[]
  readonly when: 'now' | 'later'
  /** YYYY-MM-DD and HH:MM in Asia/Shanghai. */
  readonly date: string
  readonly time: string
  readonly note: string
  readonly pin: string
  readonly second: { readonly account: string; readonly pin: string }
}

/** Nothing chosen yet: a village or two first. */
export const emptyForm: PublishForm = {
  ...{ who: 'ring', places: [], when: 'now', date: '', time: '00:00', note: '', pin: '' },
  second: { account: '', pin: '' },
}

/** Whom it is for; undefined while nobody is chosen. */
export function targetsOf({ who, places }: PublishForm): ReleaseTargets | undefined {
  if (who === 'all') return 'all'
  return places.length === 0 ? undefined : [...new Set(places)].toSorted()
}

/** When it takes effect (UTC), null for at once; undefined for a time that is none, or is past. */
export function effectiveOf({ when, date, time }: PublishForm, now: Date): string | null | undefined {
  if (when === 'now') return null
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}$/.test(time)) return undefined
  const at = new Date(`${date}T${time}:00+08:00`)
  if (Number.isNaN(at.getTime()) || at <= now) return undefined
  return at.toISOString()
}

/** The form with a time (UTC) from which on it takes effect: the minute, or the next one where it is none. */
export function laterAt(utc: string): Pick<PublishForm, 'when' | 'date' | 'time'> {
  const at = new Date(Math.ceil(Date.parse(utc) / 60_000) * 60_000)
  const there = new Date(at.getTime() + 8 * 3_600_000).toISOString()
  return { when: 'later', date: there.slice(0, 10), time: there.slice(11, 16) }
}

/** What was chosen and typed of a release that is not published yet. */
export type PublishWish = {
  readonly form: PublishForm
  /** Working copies that are not to go out, by their ids. */
  readonly left: readonly string[]
  /** What is tried or waits, by the keys of the plan: left out of this release, or taken with it though only a ring has it. */
  readonly outLeft: readonly string[]
  readonly outTaken: readonly string[]
  /** The release that is gone back to, in the place of the working copies. */
  readonly backTo: number | null
}

/** What of the plan's `out` goes otherwise than by itself. */
export type OutChoice = Pick<PublishWish, 'outLeft' | 'outTaken'>

/** Nothing chosen, nothing left out. */
export const emptyWish: PublishWish = { form: emptyForm, left: [], outLeft: [], outTaken: [], backTo: null }

/** The same without what nobody may read later: the PINs. */
export function withoutPins(wish: PublishWish): PublishWish {
  const { second } = wish.form
  return { ...wish, form: { ...wish.form, pin: '', second: { ...second, pin: '' } } }
}

/** Whether two wishes say the same, whatever their PINs. */
export function isSameWish(one: PublishWish, other: PublishWish): boolean {
  const [left, right] = [one, other].map((wish) => JSON.stringify(withoutPins(wish)))
  return left === right
}

/** The wish without working copies that are no more. */
export const withCopies = (wish: PublishWish, copyIds: readonly string[]): PublishWish => ({
  ...wish,
  left: wish.left.filter((copyId) => copyIds.includes(copyId)),
})

/** What still stands between the three steps and publishing, in the order in which it is asked. */
export type Lack = 'plan' | 'mend' | 'who' | 'when' | 'note' | 'pin' | 'second'

/** What the desk's check of what would go out came to. */
export type Check = 'runs' | 'failed' | 'faulty' | 'sound'

/**
 * What is still lacking; empty once it can be published.
 * @param check one that failed is told where it stands, with another try.
 */
export function lacksOf(
  form: PublishForm,
  now: Date,
  { check, secondPerson }: { readonly check: Check; readonly secondPerson: boolean },
): Lack[] {
  const lacks: readonly (readonly [Lack, boolean])[] = [
    ['plan', check === 'runs'],
    ['mend', check === 'faulty'],
    ['who', targetsOf(form) === undefined],
    ['when', effectiveOf(form, now) === undefined],
    ['note', form.note.trim() === ''],
    ['pin', form.pin === ''],
    ['second', secondPerson && (form.second.account === '' || form.second.pin === '')],
  ]
  return lacks.filter(([, isLacking]) => isLacking).map(([lack]) => lack)
}

/** The first step that is not answered yet; 3 once only the signature is left. */
export function stepOf(form: PublishForm, now: Date): 1 | 2 | 3 {
  if (targetsOf(form) === undefined) return 1
  return effectiveOf(form, now) === undefined ? 2 : 3
}
