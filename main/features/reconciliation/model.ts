import { type CaseState, caseStateWords } from '../../../preload/contract/case-steps.ts'
import type { DayReply } from '../../../preload/contract/days.ts'
import type { DayDifference } from '../../../preload/contract/sync.ts'
import { bucketOf, caseShort, fileShort } from '../../wire/day-digest.ts'
import type { OurCase, OurFile } from './store.ts'

/** As many differences of a day are kept; more are counted. */
export const mostDifferences = 200

/** Station and centre have different entries in one place, or the centre has more than the station: two lives of one station. */
export function headDifference(here: number, there: number, isOurs: boolean): DayDifference | undefined {
  if (there <= here && isOurs) return undefined
  const text =
    there > here
      ? '中心的记录比本机多：本机可能是从旧备份恢复的，或有另一台机器在用同一身份。请停止收件，马上联系中心。'
      : '同一条记录两边不一样：可能有另一台机器在用同一身份。请停止收件，马上联系中心。'
  return { kind: 'head', what: '', here: `第 ${here} 条`, there: `第 ${there} 条`, text }
}

/** Entries of ours that the centre lacks; they go by themselves. `wasThere`: the centre once said that it had them. */
export function entriesLacking(here: number, there: number, wasThere: boolean): DayDifference | undefined {
  if (there >= here) return undefined
  const why = wasThere ? '中心可能是从旧备份恢复的；' : ''
  const text = `中心少 ${here - there} 条记录，${why}会自动补送，不用做什么。`
  return { kind: 'entries', what: '', here: `到第 ${here} 条`, there: `到第 ${there} 条`, text }
}

/** The heads agree and yet the centre counts other entries on that day: its database lost or gained some. */
export function entriesMiscounted(here: number, there: number): DayDifference | undefined {
  if (here === there) return undefined
  const text = '两边的末条一致，中心这一天的条数却不对：中心的数据库可能有损坏，请联系中心核查。'
  return { kind: 'entries', what: '', here: `${here} 条`, there: `${there} 条`, text }
}

/**
 * Cases that only one end has, or that stand differently. Entries after `upTo` are still on their way, so what they changed is
 * no difference; nor is a case that was erased here and whose erasure the centre has not heard of.
 */
export function caseDifferences(
  ours: readonly OurCase[],
  theirs: NonNullable<DayReply['cases']>,
  { upTo, erased }: { readonly upTo: number; readonly erased: readonly string[] },
): DayDifference[] {
  const buckets = new Set(theirs.buckets)
  const held = new Map(theirs.items.map(([short, state, localNumber]) => [short, { state, localNumber }]))
  const known = new Set(erased.filter((subject) => subject.length === 36).map(caseShort))
  const differences: DayDifference[] = []
  for (const { caseId, state, localNumber, lastSeq } of ours) {
    const short = caseShort(caseId)
    known.add(short)
    if (!buckets.has(bucketOf(short)) || lastSeq > upTo) continue
    const there = held.get(short)
    if (there === undefined) differences.push(missingThere(localNumber, state))
    else if (there.state !== state) differences.push(otherState(localNumber, state, there.state))
  }
  for (const [short, { state, localNumber }] of held) {
    if (!known.has(short)) differences.push(unknownHere(localNumber, state))
  }
  return differences
}

function missingThere(localNumber: string, state: CaseState): DayDifference {
  const text = '记录已经送到，中心却没有这一件：请联系中心核查。办件在本机是安全的。'
  return { kind: 'case-missing', what: localNumber, here: caseStateWords[state], there: '没有', text }
}

function otherState(localNumber: string, state: CaseState, there: string): DayDifference {
  const text = '两边的状态不同：以中心的为准。下次传送后仍不同的，请联系中心。'
  return { kind: 'case-state', what: localNumber, here: caseStateWords[state], there: inWords(there), text }
}

function unknownHere(localNumber: string, there: string): DayDifference {
  const text = '中心有这一件，本机没有：请联系中心，不要重新录入。'
  return { kind: 'case-unknown', what: localNumber, here: '没有', there: inWords(there), text }
}

/** A newer centre may know states that this program does not. */
function inWords(state: string): string {
  return Object.hasOwn(caseStateWords, state) ? caseStateWords[state as CaseState] : state
}

/** Files that the centre once confirmed and has no more. */
export function filesMissing(ours: readonly OurFile[], theirs: NonNullable<DayReply['files']>): OurFile[] {
  const buckets = new Set(theirs.buckets)
  const held = new Set(theirs.items)
  return ours.filter(({ sha256 }) => {
    const short = fileShort(sha256)
    return buckets.has(bucketOf(short)) && !held.has(short)
  })
}

/** A file that goes again. Named by case and hash: a file's own name may be a person's. */
export function fileDifference({ sha256, class: kind, localNumber }: OurFile): DayDifference {
  const what = `${localNumber} ${kind === 'receipt' ? '文书' : '材料'} ${sha256.slice(0, 8)}`.trim()
  const text = '中心没有这个文件了：会自动重新传，不用做什么。'
  return { kind: 'file-missing', what, here: '有', there: '没有', text }
}
