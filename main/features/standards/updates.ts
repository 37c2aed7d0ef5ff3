import { addDays, dayBounds } from '../../../preload/contract/calendar.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { StandardUpdates } from '../../../preload/contract/standards/publishing.ts'
import { closureOn } from '../../standards/index.ts'
import { changedRefs } from '../../wire/catalogue/manifest.ts'
import type { StandardsGround } from './ground.ts'
import { changeOf } from './planning.ts'

/** What changed here since the day began (Asia/Shanghai), with the differences in words, what begins and ends by its dates today, and which calendar is missing. A first catalogue changes nothing, what follows it on its day does. */
export function updatesOfToday(ground: StandardsGround): StandardUpdates {
  const { context, ports } = ground
  const today = context.today()
  const now = ports.catalogue.inForce()
  const before = ports.catalogue.inForceAt(dayBounds(today).fromUtc)
  const changed = now !== undefined && before !== undefined && now.sha256 !== before.sha256
  const matters = ports.catalogue.mattersInForce()
  const updates = changed
    ? changedRefs(before.manifest.documents, now.manifest.documents).map((ref) => changeOf(ground, ref))
    : []
  // What a release changed today is told with its differences: it may have been open all the time.
  const asBefore = matters.filter(({ itemId }) => !updates.some(({ kind, id }) => kind === 'matter' && id === itemId))
  return {
    updates,
    release: now?.manifest.release ?? null,
    note: changed ? now.manifest.note : '',
    ...turningOn(asBefore, today),
    unknownYears: unknownYears(ground, matters, today),
  }
}

/** What can be taken in from a day on, and what no more, by the dates that its standard says. */
function turningOn(matters: readonly MatterStandard[], day: string): Pick<StandardUpdates, 'begun' | 'ended'> {
  const eve = addDays(day, -1)
  const turned = matters.map((standard) => ({
    name: standard.name,
    was: closureOn(standard, eve)?.why,
    is: closureOn(standard, day)?.why,
  }))
  return {
    begun: turned.filter(({ was, is }) => was === 'not-begun' && is === undefined).map(({ name }) => name),
    ended: turned.filter(({ was, is }) => was === undefined && is === 'ended').map(({ name }) => name),
  }
}

/** Natural days that a count of workdays takes at most: weekends, and the holidays of half a year around it. */
const daysFor = (workdays: number) => Math.ceil((workdays * 7) / 5) + 20

/** The years, from this one to where the longest limit of the matters in force reaches, whose calendar is not here. */
function unknownYears({ ports }: StandardsGround, matters: readonly MatterStandard[], today: string): number[] {
  const last = addDays(today, daysFor(Math.max(0, ...matters.flatMap(limitsInWorkdays))))
  const [from, to] = [Number(today.slice(0, 4)), Number(last.slice(0, 4))]
  const years = Array.from({ length: to - from + 1 }, (_, at) => from + at)
  return years.filter((year) => !ports.knowsYear(year))
}

function limitsInWorkdays({ promisedLimit: { days, unit }, materials }: MatterStandard): number[] {
  return [unit === 'workday' ? days : 0, ...materials.flatMap(({ laterWithinWorkdays }) => laterWithinWorkdays ?? [])]
}
