import { addDays, dayBounds } from '../../../preload/contract/calendar.ts'
import type { StandardUpdates } from '../../../preload/contract/standards/publishing.ts'
import { changedRefs } from '../../wire/catalogue/manifest.ts'
import type { StandardsGround } from './ground.ts'
import { changeOf } from './planning.ts'

/** Deadlines of what is received today reach about so far. */
const lookAheadDays = 60

/** What changed here since the day began (Asia/Shanghai), with the differences in words, and which calendar is missing. A first catalogue changes nothing, what follows it on its day does. */
export function updatesOfToday(ground: StandardsGround): StandardUpdates {
  const { context, ports } = ground
  const today = context.today()
  const now = ports.catalogue.inForce()
  const before = ports.catalogue.inForceAt(dayBounds(today).fromUtc)
  const changed = now !== undefined && before !== undefined && now.sha256 !== before.sha256
  const years = new Set([today, addDays(today, lookAheadDays)].map((day) => Number(day.slice(0, 4))))
  return {
    updates: changed
      ? changedRefs(before.manifest.documents, now.manifest.documents).map((ref) => changeOf(ground, ref))
      : [],
    release: now?.manifest.release ?? null,
    note: changed ? now.manifest.note : '',
    unknownYears: [...years].filter((year) => !ports.knowsYear(year)),
  }
}
