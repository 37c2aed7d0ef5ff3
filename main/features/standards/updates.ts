import { addDays, dayBounds } from '../../../preload/contract/calendar.ts'
import type { StandardUpdates } from '../../../preload/contract/standards/publishing.ts'
import { changedRefs } from '../../wire/catalogue/manifest.ts'
import type { StandardsGround } from './ground.ts'
import { changeOf } from './planning.ts'

/** What changed here since the day began (Asia/Shanghai), with the differences in words, and which calendar is missing. A first catalogue changes nothing, what follows it on its day does. */
export function updatesOfToday(ground: StandardsGround): StandardUpdates {
  const { context, ports } = ground
  const today = context.today()
  const now = ports.catalogue.inForce()
  const before = ports.catalogue.inForceAt(dayBounds(today).fromUtc)
  const changed = now !== undefined && before !== undefined && now.sha256 !== before.sha256
  return {
    updates: changed
      ? changedRefs(before.manifest.documents, now.manifest.documents).map((ref) => changeOf(ground, ref))
      : [],
    release: now?.manifest.release ?? null,
    note: changed ? now.manifest.note : '',
    unknownYears: unknownYears(ground, today),
  }
}

/** Natural days that a count of workdays takes at most: weekends, and the holidays of half a year around it. */
const longestWorkdays = (workdays: number) => Math.ceil((workdays * 7) / 5) + 20

/** The years, from this one to where the longest limit of the matters in force reaches, whose calendar is not here. */
function unknownYears({ ports }: StandardsGround, today: string): number[] {
  const last = addDays(today, longestWorkdays(ports.catalogue.longestLimitWorkdays()))
  const [from, to] = [today, last].map((day) => Number(day.slice(0, 4))) as [number, number]
  const years = Array.from({ length: to - from + 1 }, (_, at) => from + at)
  return years.filter((year) => !ports.knowsYear(year))
}
