import { dateInWords } from './calendar.ts'

/** Why a matter cannot be taken in, in Chinese: `县里暂停了“高龄津贴”`. `date`: the day that it turns on, YYYY-MM-DD. */
export function closedInWords(name: string, why: string, date: string): string {
  if (why === 'suspended') return `县里暂停了“${name}”`
  if (why === 'cancelled') return `县里取消了“${name}”`
  if (why === 'ended') return `“${name}”从${dateInWords(date)}起不再收`
  if (why === 'not-begun') return `“${name}”到${dateInWords(date)}才开始收`
  return `“${name}”已经不在用的标准里`
}
