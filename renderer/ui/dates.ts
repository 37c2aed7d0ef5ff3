/** Dates as people read them. Law dates count in Asia/Shanghai whatever the machine's zone, and so do these. */

const shanghai = 'Asia/Shanghai'

/** Made once: it costs more than a hundred times what using it costs. */
const format = new Intl.DateTimeFormat('zh-CN', {
  timeZone: shanghai,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

const parts = (utc: string) => {
  const found: Record<string, string> = {}
  for (const part of format.formatToParts(new Date(utc))) found[part.type] = part.value
  return found
}

/** `2026年11月23日` of a UTC time, in Shanghai. */
export function dayOf(utc: string): string {
  const { year, month, day } = parts(utc)
  return `${year}年${month}月${day}日`
}

/** `09:05` of a UTC time, in Shanghai, 24 hours. */
export function clockOf(utc: string): string {
  const { hour, minute } = parts(utc)
  return `${hour}:${minute}`
}

/** `2026年11月23日 09:05` of a UTC time, in Shanghai. */
export function momentOf(utc: string): string {
  return `${dayOf(utc)} ${clockOf(utc)}`
}

/** The time alone when it is today in Shanghai (`todayInShanghai` = YYYY-MM-DD), else month and day before it: `11月20日 09:05`. */
export function shortMomentOf(utc: string, todayInShanghai: string): string {
  const { year, month, day } = parts(utc)
  const [thisYear, thisMonth, today] = todayInShanghai.split('-').map(Number)
  if (Number(year) === thisYear && Number(month) === thisMonth && Number(day) === today) return clockOf(utc)
  return Number(year) === thisYear ? `${month}月${day}日 ${clockOf(utc)}` : momentOf(utc)
}

/** For a narrow column: the time alone when it is today in Shanghai (YYYY-MM-DD), `11月20日` in the same year, else `2025年3月2日`. */
export function listMomentOf(utc: string, todayInShanghai: string): string {
  const { year, month, day } = parts(utc)
  const [thisYear, thisMonth, today] = todayInShanghai.split('-').map(Number)
  if (Number(year) !== thisYear) return dayOf(utc)
  return Number(month) === thisMonth && Number(day) === today ? clockOf(utc) : `${month}月${day}日`
}

/** `2026年12月1日` of a plain date YYYY-MM-DD. */
export function plainDate(date: string): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${year}年${month}月${day}日`
}

/** A length of time split for words: whole days, hours or minutes, the largest that is at least one; under a minute, seconds. */
export function spanOf(milliseconds: number): {
  readonly unit: 'seconds' | 'minutes' | 'hours' | 'days'
  readonly count: number
} {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return { unit: 'seconds', count: seconds }
  if (seconds < 3600) return { unit: 'minutes', count: Math.floor(seconds / 60) }
  if (seconds < 86_400) return { unit: 'hours', count: Math.floor(seconds / 3600) }
  return { unit: 'days', count: Math.floor(seconds / 86_400) }
}

/** `27.5 GB`, `1.2 MB`, `340 KB`, `12 B`. */
export function sizeInWords(sizeBytes: number): string {
  if (sizeBytes < 1024) return `${sizeBytes} B`
  if (sizeBytes < 1024 * 1024) return `${Math.round(sizeBytes / 1024)} KB`
  if (sizeBytes < 1024 ** 3) return `${(sizeBytes / 1024 ** 2).toFixed(1)} MB`
  return `${(sizeBytes / 1024 ** 3).toFixed(1)} GB`
}
