import { addDays } from '../../../preload/contract/calendar.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { Tell } from './telling.ts'

type Limit = NonNullable<MatterStandard['legalLimit']>

/** The longest and the shortest that a limit can last, in natural days: five workdays a week, and up to ten days off at the year's longest holiday. */
function spanOf({ days, unit }: Limit): { readonly least: number; readonly most: number } {
  if (unit === 'day') return { least: days, most: days }
  return { least: days, most: days === 0 ? 0 : Math.ceil((days * 7) / 5) + 12 }
}

/** Tells limits that cannot be kept or contradict each other. */
export function checkLimits(standard: MatterStandard, tell: Tell): void {
  const { legalLimit, promisedLimit, handlingKind } = standard
  if (legalLimit !== null && isLonger(promisedLimit, legalLimit)) {
    tell(
      'must',
      ['promisedLimit'],
      `承诺时限 ${inWords(promisedLimit)} 长于法定时限 ${inWords(legalLimit)}`,
      '承诺时限不能超过法定时限，改短承诺时限',
    )
  }
  if (handlingKind === '1' && promisedLimit.days > 0)
    tell('should', ['promisedLimit'], '是即办件，承诺时限却不是 0', '把承诺时限改成 0 个工作日，或把办件类型改成承诺件')
  if (handlingKind === '2' && promisedLimit.days === 0)
    tell('should', ['handlingKind'], '承诺时限是 0，办件类型却是承诺件', '把办件类型改成即办件，或写上承诺时限')
  checkLater(standard, tell)
  checkSteps(standard, tell)
  if (standard.effectiveUntil !== null && standard.effectiveUntil <= standard.effectiveFrom) {
    const next = addDays(standard.effectiveFrom, 1)
    tell('must', ['effectiveUntil'], '取消日期不在生效日期之后，一天也用不上', `取消日期最早写 ${next}`)
  }
}

/** Surely longer, whatever holidays lie between. */
function isLonger(one: Limit, other: Limit): boolean {
  if (one.unit === other.unit) return one.days > other.days
  return spanOf(one).least > spanOf(other).most
}

function inWords({ days, unit }: Limit): string {
  return `${days} 个${unit === 'workday' ? '工作日' : '自然日'}`
}

/** A promised material that may come after the case must be decided is no use. */
function checkLater({ materials, promisedLimit }: MatterStandard, tell: Tell): void {
  materials.forEach(({ laterWithinWorkdays }, at) => {
    if (laterWithinWorkdays === undefined) return
    const later: Limit = { days: laterWithinWorkdays, unit: 'workday' }
    if (!isLonger(later, promisedLimit)) return
    const severity = promisedLimit.days === 0 ? 'should' : 'must'
    tell(
      severity,
      ['materials', at, 'laterWithinWorkdays'],
      `补交期限 ${inWords(later)} 长于承诺办结时限 ${inWords(promisedLimit)}，材料还没到就该办结了`,
      '把补交期限改到承诺时限以内',
    )
  })
}

function checkSteps({ steps, promisedLimit }: MatterStandard, tell: Tell): void {
  const limits = steps.map(({ limit }) => limit).filter((limit) => limit !== null && limit.unit === promisedLimit.unit)
  const days = limits.reduce((sum, limit) => sum + (limit?.days ?? 0), 0)
  if (days > promisedLimit.days)
    tell(
      'should',
      ['steps'],
      `各环节时限合计 ${days}，超过承诺时限 ${promisedLimit.days}`,
      '核对各环节的时限，或改长承诺时限',
    )
}
