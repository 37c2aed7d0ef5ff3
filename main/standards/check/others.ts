import type { Calendar } from '../../../preload/contract/calendar.ts'
import { isRealDate } from '../../../preload/contract/identity.ts'
import { isAnswerName } from '../../../preload/contract/standards/form-limits.ts'
import { namesIn, type Template, templateNames } from '../../../preload/contract/standards/template.ts'
import type { Theme } from '../../../preload/contract/standards/theme.ts'
import { short, type Tell } from './telling.ts'

/** Tells names by which a theme asks questions and which no question can have. */
export function checkThemeNames({ members }: Theme, tell: Tell): void {
  members.forEach(({ answers }, at) => {
    for (const [name, other] of Object.entries(answers).filter(([, asked]) => !isAnswerName(asked)))
      tell(
        'must',
        ['members', at, 'answers', name],
        `题目名“${short(other)}”不能用`,
        '题目名以字母开头，只含字母、数字、下划线，不超过 60 个字',
      )
  })
}

/** Tells what is wrong with a paper's template: names that nothing fills in. */
export function checkTemplate(template: Template, tell: Tell): void {
  const known = Object.keys(templateNames)
  const texts = [['title', template.title] as const, ...template.paragraphs.map((text, at) => [at, text] as const)]
  for (const [at, text] of texts) {
    const path = at === 'title' ? ['title'] : ['paragraphs', at]
    for (const name of namesIn(text).filter((one) => !known.includes(one))) {
      const list = Object.entries(templateNames).map(([one, words]) => `${one}（${words}）`)
      tell('must', path, `没有“${name}”可填`, `只能用：${list.join('、')}`)
    }
    if (text.replaceAll(/\{\{[^{}]*\}\}/gu, '').match(/\{\{|\}\}/u) !== null)
      tell('must', path, '{{ 和 }} 不成对', '每个名字前后各写一对大括号')
  }
}

/** Tells what is wrong with a calendar: days that are none, of another year, both off and worked, or worked by weekday anyway. */
export function checkCalendar(calendar: Calendar, tell: Tell): void {
  for (const [year, { off, work }] of Object.entries(calendar.years)) {
    for (const [list, ranges] of [['off', off] as const, ['work', work] as const]) {
      ranges.forEach((range, at) => {
        const path = ['years', year, list, at]
        const [first = '', last = first] = range.split('..')
        if (!isRealDate(first) || !isRealDate(last)) tell('must', path, `“${range}”里有不存在的日期`, '核对日期')
        else if (first > last) tell('must', path, `“${range}”的起止颠倒了`, '先写开始的一天')
        else if (first.slice(0, 4) !== year || last.slice(0, 4) !== year)
          tell('must', path, `“${range}”不在 ${year} 年`, '跨年的假期分两年写')
        else if (list === 'work' && isInRanges(first, off))
          tell('must', path, `“${range}”既放假又上班`, '从其中一个名单里删去')
        else if (list === 'work' && ![0, 6].includes(new Date(`${first}T00:00:00Z`).getUTCDay()))
          tell('should', path, `“${range}”本来就是工作日`, '上班的名单只写调休的周六、周日')
      })
    }
  }
}

function isInRanges(day: string, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    const [first = '', last = first] = range.split('..')
    return first <= day && day <= last
  })
}
