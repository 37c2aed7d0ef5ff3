// Owns: 日清: a day of this station held against the centre, by itself once a day and whenever asked; its results and their print.
// Does not own: the centre's side (central/days), sending what is missing (sync, files), when there is a link (sync).
// Start here: `createReconciliation`; what is compared is check.ts, what a difference means is model.ts.
import { addDays, dayBounds } from '../../../preload/contract/calendar.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { DayResult } from '../../../preload/contract/sync.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { stationSubject } from '../../store/index.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import { checkDay } from './check.ts'
import { printDay } from './print.ts'
import { daysProjector } from './projection.ts'
import { selectDay, selectResult, selectResults } from './store.ts'

/** What reconciliation asks of others; given by main/desk/compose.ts. */
export type ReconciliationPorts = {
  /** The line to the centre. Throws LINK_DOWN where it is switched off, CENTRE_UNREACHABLE before enrolment. */
  readonly client: () => Pick<CentreClient, 'send'>
  /** Files that the centre confirmed and lost go again. */
  readonly sendAgain: (sha256s: readonly string[]) => void
  readonly displayName: (account: string) => string
}

/** The reconciliation feature, and what others use of it. */
export type Reconciliation = FeatureModule & {
  /**
   * After a good exchange: holds days against the centre that are due, at most three at a time; costs nothing where none is.
   * Due is today from 18:00 (Asia/Shanghai) on, a day of the last month that has entries and was missed, and today at once
   * after `runSoon`. What keeps the centre from answering is logged and tried again a quarter of an hour later.
   */
  readonly afterExchange: (client: Pick<CentreClient, 'send'>, signal: AbortSignal) => Promise<void>
  /** Today is due at the next good exchange; `done` is called once it was held against the centre. */
  readonly runSoon: (done: () => void) => void
  /** A day's newest result as PDF. Throws NOT_FOUND. */
  readonly printed: (day: string, account: string) => Promise<Uint8Array>
}

const closingHour = 18
const mostAtOnce = 3
const daysBack = 30
const pauseMs = 15 * 60_000

/** Makes the reconciliation feature. */
export function createReconciliation(context: DeskContext, ports: ReconciliationPorts): Reconciliation {
  let wanted: (() => void)[] = []
  let notBeforeMs = 0
  let running: Promise<unknown> = Promise.resolve()

  /** One at a time: two results of one day would tell each other's entries apart. */
  const run = (day: string, actor: string, client: Pick<CentreClient, 'send'>, signal?: AbortSignal) => {
    const next = running.then(() => reconcile(context, ports, { day, actor, client, signal }))
    running = next.catch(() => undefined)
    return next
  }
  const runDue = async (client: Pick<CentreClient, 'send'>, signal: AbortSignal) => {
    const today = context.today()
    const asked = wanted
    const days = dueDays(context, asked.length > 0)
    for (const day of days.slice(0, mostAtOnce)) {
      await run(day, 'system', client, signal)
      if (day !== today) continue
      wanted = wanted.filter((done) => !asked.includes(done))
      for (const done of asked) done()
    }
  }
  return {
    projectors: [daysProjector],
    handlers: {
      'reconciliation.days': ({ limit }) => ({ days: selectResults(context.store.db, limit) }),
      'reconciliation.run': ({ day = context.today() }, caller) => {
        if (day > context.today()) throw new AppError('INPUT_INVALID', { field: '日期还没有到' })
        return run(day, callerOf(caller).account, ports.client())
      },
    },
    runSoon: (done) => {
      wanted = [...wanted, done]
    },
    afterExchange: async (client, signal) => {
      const nowMs = context.clock.now().getTime()
      // A clock that was set back must not keep the days waiting.
      if (nowMs < notBeforeMs && nowMs >= notBeforeMs - pauseMs) return
      try {
        await runDue(client, signal)
        notBeforeMs = 0
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        notBeforeMs = nowMs + pauseMs
        context.log('reconciliation', error)
      }
    },
    printed: (day, account) => printDay(context, day, ports.displayName(account)),
  }
}

/** Days that are due, today first, then those that were missed, the newest first. */
function dueDays(context: DeskContext, isAsked: boolean): string[] {
  const { db } = context.store
  const today = context.today()
  const isLate =
    context.nowUtc() >= new Date(Date.parse(dayBounds(today).fromUtc) + closingHour * 3_600_000).toISOString()
  const isDue = (day: string) => selectResult(db, day) === undefined && selectDay(db, day).entries > 0
  const missed = Array.from({ length: daysBack }, (_, back) => addDays(today, -back - 1)).filter(isDue)
  return [...(isAsked || (isLate && isDue(today)) ? [today] : []), ...missed]
}

async function reconcile(
  context: DeskContext,
  ports: ReconciliationPorts,
  given: { day: string; actor: string; client: Pick<CentreClient, 'send'>; signal: AbortSignal | undefined },
): Promise<DayResult> {
  const { store } = context
  const { id: stationId, centre } = store.station.read()
  const { client, signal, day, actor } = given
  const line = { client, signal, stationId, centrePublicKey: centre?.publicKey ?? '' }
  const { result, sendAgain } = await checkDay(context, line, day)
  const draft = { kind: 'day.reconciled', version: 1, subject: stationSubject, actor, at: context.nowUtc() }
  store.transaction(() => store.ledger.append([{ ...draft, payload: result }]))
  if (sendAgain.length > 0) ports.sendAgain(sendAgain.map(({ sha256 }) => sha256))
  return result
}
