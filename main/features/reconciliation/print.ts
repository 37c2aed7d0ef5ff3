import { dateInWords, shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { DayDifference } from '../../../preload/contract/sync.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { selectResult } from './store.ts'

const kindWords: Readonly<Record<DayDifference['kind'], string>> = {
  head: '最后一条',
  entries: '记录',
  'case-missing': '办件',
  'case-unknown': '办件',
  'case-state': '办件状态',
  'file-missing': '',
}

/** A day's newest result as a page to sign. Throws NOT_FOUND where that day was never held against the centre. */
export async function printDay(context: DeskContext, day: string, printedBy: string): Promise<Uint8Array> {
  const result = selectResult(context.store.db, day)
  if (result === undefined) throw new AppError('NOT_FOUND', { what: `${dateInWords(day)} 的日清结果` })
  const { drawDay } = await import('../../pdf/documents/index.ts')
  const { townName, villageName, windowName, mode } = context.station
  const now = context.clock.now()
  const { differences, moreDifferences } = result
  const { pdf } = await drawDay({
    isTraining: mode === 'training',
    station: `${townName}${villageName} ${windowName}`,
    day: dateInWords(day),
    checkedAt: shanghaiTimeInWords(result.checkedAtUtc),
    conclusion: result.agreed ? '两边一致' : `有 ${differences.length + moreDifferences} 处不同`,
    entries: `${result.entries} 条`,
    cases: `${result.cases} 件`,
    files: `${result.files} 个`,
    headSeq: `第 ${result.headSeq} 条`,
    headHash: result.headHash.match(/.{1,16}/g)?.join(' ') ?? '',
    differences: differences.map((difference) => {
      const { here, there, text } = difference
      return { what: subjectOf(difference), here, there, text }
    }),
    more: moreDifferences === 0 ? '' : `另有 ${moreDifferences} 处没有列出。`,
    printedAt: shanghaiTimeInWords(now.toISOString()),
    printedBy,
    now,
  })
  return pdf
}

/** At most two lines: what it is, and which one. */
function subjectOf({ kind, what }: DayDifference): string {
  if (kind === 'file-missing') return what.replace(' ', '\n')
  return what === '' ? kindWords[kind] : `${kindWords[kind]}\n${what}`
}
