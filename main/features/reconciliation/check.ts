import { addDays, dayBounds } from '../../../preload/contract/calendar.ts'
import type { DayReply, DayRequest } from '../../../preload/contract/days.ts'
import type { DayDifference, DayResult } from '../../../preload/contract/sync.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { bucketDigests, caseShort, digestOfBuckets, fileShort } from '../../wire/day-digest.ts'
import type { Head } from '../../wire/entry.ts'
import { askDay, type DayLine } from './ask.ts'
import {
  caseDifferences,
  entriesLacking,
  entriesMiscounted,
  fileDifference,
  filesMissing,
  headDifference,
  mostDifferences,
} from './model.ts'
import {
  countEntries,
  countNamed,
  type OurFile,
  type Stretch,
  selectArrivedFiles,
  selectCases,
  selectDay,
  selectErased,
  selectFirstFrom,
  selectHash,
  selectHeadBefore,
} from './store.ts'

/** So many days before the day are compared with it: decisions, restored backups and lost files show later than the day they concern. */
const daysBefore = 30

/** A day held against the centre, and the files that have to go again. */
export type DayFindings = { readonly result: DayResult; readonly sendAgain: readonly OurFile[] }

/**
 * Holds a day against the centre: one request where both agree, a second one with lists of what differs. Writes nothing.
 * Throws what kept the centre from answering.
 */
export async function checkDay(context: DeskContext, line: DayLine, day: string): Promise<DayFindings> {
  const { db, ledger } = context.store
  const ours = ourDay(context, day)
  const wasThere = ledger.acknowledged().seq
  let upTo = Math.min(wasThere, ours.head.seq)
  let reply = await askDay(line, day, requestOf(context, ours, upTo))
  const isOurs = selectHash(db, reply.head.seq) === reply.head.hash
  const forked = headDifference(ledger.head().seq, reply.head.seq, isOurs)
  if (forked !== undefined) return findings(context, day, ours, [forked], [])
  if (reply.head.seq < upTo) {
    // What the centre lacks is named by one number; the rest is compared as far as it got.
    upTo = reply.head.seq
    reply = await askDay(line, day, requestOf(context, ours, upTo))
  }
  const lacking = entriesLacking(Math.max(ours.head.seq, wasThere), reply.head.seq, reply.head.seq < wasThere)
  const held = Math.min(ours.head.seq, reply.head.seq)
  const miscounted = entriesMiscounted(countEntries(db, day, held), reply.entries)
  const listed = await listDifferences(context, line, day, ours, upTo, reply)
  const all = [lacking, miscounted, ...listed.differences].filter((found) => found !== undefined)
  return findings(context, day, ours, all, listed.sendAgain)
}

type OurDay = { readonly stretch: Stretch; readonly fromSeq: number; readonly head: Head; readonly entries: number }

function ourDay(context: DeskContext, day: string): OurDay {
  const { db } = context.store
  const { stretch, entries } = selectDay(db, day)
  const before = stretch === undefined ? selectHeadBefore(db, dayBounds(day).beforeUtc) : undefined
  const head = before ?? { seq: stretch?.to ?? 0, hash: selectHash(db, stretch?.to ?? 0) ?? '' }
  const firstSeq = stretch?.from ?? head.seq + 1
  const since = selectFirstFrom(db, dayBounds(addDays(day, -daysBefore)).fromUtc) ?? firstSeq
  return { stretch: { from: firstSeq, to: head.seq }, fromSeq: Math.min(since, firstSeq), head, entries }
}

type Compared = { readonly cases: string[]; readonly files: string[] }

function bucketsOf(context: DeskContext, stretch: Stretch): Compared {
  const { db } = context.store
  const cases = selectCases(db, stretch).map(({ caseId, state }) => ({ short: caseShort(caseId), mark: state }))
  const files = selectArrivedFiles(db, stretch).map(({ sha256 }) => ({ short: fileShort(sha256), mark: '' }))
  return { cases: bucketDigests(cases), files: bucketDigests(files) }
}

function requestOf(
  context: DeskContext,
  ours: OurDay,
  upTo: number,
  lists?: { cases: boolean; files: boolean },
): DayRequest {
  const { cases, files } = bucketsOf(context, { from: ours.fromSeq, to: upTo })
  return {
    format: 1,
    fromSeq: ours.fromSeq,
    upTo,
    firstSeq: ours.stretch.from,
    head: ours.head,
    cases: digestOfBuckets(cases),
    files: digestOfBuckets(files),
    ...(lists?.cases && { caseBuckets: cases }),
    ...(lists?.files && { fileBuckets: files }),
  }
}

/** The second step: the lists of what differs, where anything does. */
async function listDifferences(
  context: DeskContext,
  line: DayLine,
  day: string,
  ours: OurDay,
  upTo: number,
  { casesAgree, filesAgree }: DayReply,
): Promise<{ differences: DayDifference[]; sendAgain: OurFile[] }> {
  if (casesAgree && filesAgree) return { differences: [], sendAgain: [] }
  const { db } = context.store
  const stretch = { from: ours.fromSeq, to: upTo }
  const lists = { cases: !casesAgree, files: !filesAgree }
  const { cases, files } = await askDay(line, day, requestOf(context, ours, upTo, lists))
  const scope = { upTo, erased: cases === undefined ? [] : selectErased(db) }
  const differing = cases === undefined ? [] : caseDifferences(selectCases(db, stretch), cases, scope)
  const sendAgain = files === undefined ? [] : filesMissing(selectArrivedFiles(db, stretch), files)
  return { differences: [...differing, ...sendAgain.map(fileDifference)], sendAgain }
}

function findings(
  context: DeskContext,
  day: string,
  ours: OurDay,
  differences: readonly DayDifference[],
  sendAgain: readonly OurFile[],
): DayFindings {
  const { cases, files } = countNamed(context.store.db, ours.stretch)
  const result: DayResult = {
    day,
    checkedAtUtc: context.nowUtc(),
    agreed: differences.length === 0,
    entries: ours.entries,
    cases,
    files,
    headSeq: ours.head.seq,
    headHash: ours.head.hash,
    differences: differences.slice(0, mostDifferences),
    moreDifferences: Math.max(0, differences.length - mostDifferences),
  }
  return { result, sendAgain }
}
