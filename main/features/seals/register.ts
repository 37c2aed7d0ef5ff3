import type { CallInput, CallOutput } from '../../../preload/contract/api.ts'
import { addDays, dateInWords, shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import type { Impression } from '../../../preload/contract/seals.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { RegisterInput } from '../../pdf/documents/index.ts'
import { type PersonName, type RegisterFilter, selectRegister } from './register-rows.ts'
import { selectSeal } from './store.ts'

/** What the 用印登记 is asked for: words, a seal, days in Asia/Shanghai. */
export type RegisterQuery = Omit<CallInput<'seals.register'>, 'offset' | 'limit'>

/** More than these are not printed at once: some 360 pages. */
export const mostPrinted = 5_000

/** One page of the 用印登记, the newest first. */
export function readRegister(
  context: DeskContext,
  query: RegisterQuery,
  people: readonly PersonName[],
  page: { readonly offset: number; readonly limit: number },
): CallOutput<'seals.register'> {
  const { db, ledger } = context.store
  return selectRegister(db, filterOf(query), people, page, ledger.acknowledged().seq)
}

function filterOf({ query, sealId, fromDay, untilDay }: RegisterQuery): RegisterFilter {
  return {
    words: query
      .toLowerCase()
      .split(/\s+/u)
      .filter((word) => word !== ''),
    sealId,
    fromUtc: fromDay && startOfDay(fromDay),
    beforeUtc: untilDay && startOfDay(addDays(untilDay, 1)),
  }
}

/** The instant at which a day begins in Asia/Shanghai, as UTC ISO text. */
function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00.000+08:00`).toISOString()
}

/** The 用印登记 as a PDF, the oldest first as in a book; at most `mostPrinted` impressions, and it says so where there are more. */
export async function printRegister(
  context: DeskContext,
  query: RegisterQuery,
  people: readonly PersonName[],
  account: string,
): Promise<Uint8Array> {
  const { impressions, total } = readRegister(context, query, people, { offset: 0, limit: mostPrinted })
  const { drawRegister } = await import('../../pdf/documents/index.ts')
  const { townName, villageName, windowName, mode } = context.station
  const now = context.clock.now()
  const input: RegisterInput = {
    isTraining: mode === 'training',
    station: `${townName}${villageName} ${windowName}`,
    scope: scopeInWords(context, query),
    count: total > impressions.length ? `共 ${total} 次，印出最近 ${impressions.length} 次` : `共 ${total} 次`,
    printedAt: shanghaiTimeInWords(now.toISOString()),
    printedBy: people.find((person) => person.account === account)?.displayName ?? account,
    rows: impressions.toReversed().map(rowOf),
    now,
  }
  return (await drawRegister(input)).pdf
}

function scopeInWords(context: DeskContext, { query, sealId, fromDay, untilDay }: RegisterQuery): string {
  const days =
    fromDay === null && untilDay === null
      ? '全部日期'
      : `${fromDay === null ? '开始' : dateInWords(fromDay)}至${untilDay === null ? '今天' : dateInWords(untilDay)}`
  const seal = sealId === null ? '全部印章' : (selectSeal(context.store.db, sealId)?.name ?? sealId)
  return [days, seal, ...(query.trim() === '' ? [] : [`含“${query.trim()}”`])].join('，')
}

const formWords = { page: '', slot: '（签名栏）', seam: '（骑缝）', certification: '（首章）' } as const

function rowOf(impression: Impression): RegisterInput['rows'][number] {
  const { title, localNumber, applicantMasked, form, reason, documentSha256 } = impression
  return {
    number: String(impression.seq),
    sealedAt: shanghaiTimeInWords(impression.sealedAtUtc),
    seal: `${impression.sealName}${formWords[form]}`,
    paper: [title, [localNumber, applicantMasked].filter((part) => part !== '').join(' ')]
      .filter((part) => part !== '')
      .join('\n'),
    digest: `${documentSha256.slice(0, 8)} ${documentSha256.slice(8, 16)}`,
    reason,
    askedBy: impression.askedBy,
    approvedBy: impression.approvedBy === '' ? '·' : impression.approvedBy,
    state: [
      impression.delivery === 'stored-here' ? '未送达' : '中心已收',
      ...(impression.timestampedAtUtc === null ? [] : ['有时间戳']),
    ].join('\n'),
  }
}
