// Owns: dates of cases that were received while the calendar of a year was not known: put into the rows once it is.
// Does not own: the dates that a 收件 fixed (its entry: they never move), how days are counted (contract/calendar.ts).
// Start here: `fillDates`.
import { type Calendar, limitEnds } from '../../../preload/contract/calendar.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { SqlDatabase } from '../../store/index.ts'
import { laterDueDate } from '../matters/index.ts'

/** What dates are counted from, as it stands at the entry that is projected: on a rebuild that is long ago. */
export type DateGround = {
  readonly calendars: (db: SqlDatabase) => readonly Calendar[]
  /** A standard by the SHA-256 of its bytes; undefined where it is not known here. */
  readonly standard: (db: SqlDatabase, sha256: string) => MatterStandard | undefined
}

type Undated = {
  readonly caseId: string
  /** YYYYMMDD. */
  readonly day: string
  readonly days: number
  readonly unit: 'workday' | 'day'
}

type UndatedLater = Pick<Undated, 'caseId' | 'day'> & {
  readonly requirementId: string
  readonly standardSha256: string
}

/**
 * Gives dates to what has none, where the calendars reach: of all cases, or of one. A date that is there stays, whatever a later
 * calendar says. Says how many it gave. Inside a transaction.
 */
export function fillDates(db: SqlDatabase, ground: DateGround, caseId?: string): number {
  const [cases, later] = [undatedCases(db, caseId), undatedLater(db, caseId)]
  if (cases.length === 0 && later.length === 0) return 0
  const calendars = ground.calendars(db)
  const ends = new Map<string, string | null>()
  let given = 0
  for (const { caseId: id, day, days, unit } of cases) {
    const key = `${day} ${days} ${unit}`
    const before = ends.get(key)
    const date = before === undefined ? limitEnds(dashed(day), { days, unit }, calendars) : before
    ends.set(key, date)
    if (date !== null) given += db.run('UPDATE cases SET promised_date = ? WHERE case_id = ?', [date, id])
  }
  for (const { caseId: id, day, requirementId, standardSha256 } of later) {
    const standard = ground.standard(db, standardSha256)
    const requirement = standard?.materials.find((one) => one.id === requirementId)
    if (standard === undefined || requirement === undefined) continue
    const date = laterDueDate(standard, requirement, dashed(day), calendars)
    const row = [date, id, requirementId]
    if (date !== null)
      given += db.run('UPDATE case_later SET due_date = ? WHERE case_id = ? AND requirement_id = ?', row)
  }
  return given
}

const dashed = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`

function undatedCases(db: SqlDatabase, caseId: string | undefined): Undated[] {
  return db.all<Undated>(
    `SELECT case_id AS caseId, received_day AS day, promised_days AS days, promised_unit AS unit FROM cases
     WHERE promised_date IS NULL${caseId === undefined ? '' : ' AND case_id = :caseId'}`,
    caseId === undefined ? {} : { caseId },
  )
}

function undatedLater(db: SqlDatabase, caseId: string | undefined): UndatedLater[] {
  return db.all<UndatedLater>(
    `SELECT later.case_id AS caseId, requirement_id AS requirementId, received_day AS day, standard_sha256 AS standardSha256
     FROM case_later AS later JOIN cases USING (case_id)
     WHERE due_date IS NULL${caseId === undefined ? '' : ' AND later.case_id = :caseId'}`,
    caseId === undefined ? {} : { caseId },
  )
}
