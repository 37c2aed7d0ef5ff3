// Owns: the words of `central days`.
// Does not own: reaching the office (../office/line.ts), the rows (list.ts).
// Start here: `readDayWanted`, `daysInWords`.
import { z } from 'zod'
import { dateInWords, shanghaiTimeInWords, todayInShanghai } from '../../preload/contract/calendar.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { StationDay } from './list.ts'

/** What the command line needs of the office. */
export type DayOffice = { days(day: string): Promise<StationDay[]> }

/** The day of `days [--day YYYY-MM-DD]`: today in Asia/Shanghai where none is named. Throws USAGE. */
export function readDayWanted(words: readonly string[], day: string | undefined, now: Date): string {
  const wanted = z.iso.date().safeParse(day ?? todayInShanghai(now))
  if (!wanted.success || words.length > 1) throw new AppError('USAGE')
  return wanted.data
}

/** A line a station, and what differs below it. */
export function daysInWords(day: string, stations: readonly StationDay[]): string {
  const count = (state: StationDay['state']) => stations.filter((station) => station.state === state).length
  const head = `${dateInWords(day)}日清：${count('agreed')} 个窗口一致，${count('differs')} 个有不同，${count('none')} 个还没有核对`
  return [head, ...stations.map(stationInWords)].join('\n')
}

function stationInWords({ stationId, windowName, state, result, lastSeenAtUtc }: StationDay): string {
  const name = `${stationId}\t${windowName}`
  if (state === 'none' || result === null) {
    return `${name}\t没有核对\t${lastSeenAtUtc === null ? '从未联系' : `上次联系 ${shanghaiTimeInWords(lastSeenAtUtc)}`}`
  }
  const counts = `记录 ${result.entries} 条，收件 ${result.cases} 件，文件 ${result.files} 个`
  const found = result.differences.length + result.moreDifferences
  const line = `${name}\t${state === 'agreed' ? '一致' : `${found} 处不同`}\t${counts}\t${shanghaiTimeInWords(result.checkedAtUtc)}`
  const differences = result.differences.map(
    ({ what, here, there, text }) =>
      `  ${[what, `窗口 ${here}`, `中心 ${there}`].filter((part) => part !== '').join('，')}：${text}`,
  )
  const more = result.moreDifferences === 0 ? [] : [`  另有 ${result.moreDifferences} 处`]
  return [line, ...differences, ...more].join('\n')
}
