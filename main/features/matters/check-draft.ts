import { addWorkdays, type Calendar, limitEnds } from '../../../preload/contract/calendar.ts'
import type { Answers, LaterMaterial } from '../../../preload/contract/entries.ts'
import { ageOn, checkIdNumber } from '../../../preload/contract/identity.ts'
import type { MaterialRequirement, MatterStandard } from '../../../preload/contract/standard.ts'
import { judgeRule } from '../../../preload/contract/standards/rule-judge.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import { checkForm, withoutBlanks } from '../../standards/form/check-form.ts'

/** What a draft is judged by. Pure data: the same input gives the same check. */
export type DraftCheckInput = {
  readonly standard: MatterStandard
  readonly answers: Answers
  /** What was handed in; only the requirement counts here. */
  readonly materials: readonly { readonly requirementId: string }[]
  /** Requirements promised for later (容缺后补). */
  readonly later: readonly string[]
  readonly calendars: readonly Calendar[]
  /** YYYY-MM-DD in Asia/Shanghai: the day of 收件. */
  readonly today: string
  /** Local numbers of cases of the same person and matter that are here already. */
  readonly duplicates: readonly string[]
}

/** A check of a draft by its standards, but for the revision that was judged, and whether they are open. */
export type DraftJudgement = Omit<DraftCheck, 'revision' | 'closed'>

/**
 * 还缺什么: everything that stands between a draft and 收件, told at once and whole (行政许可法 第32条): answers missing
 * or wrong, conditions, materials, the promised date, warnings. Never throws on any answers.
 */
export function checkDraft(input: DraftCheckInput): DraftJudgement {
  const { standard, answers, calendars, today } = input
  const form = checkForm(standard.form, answers, today)
  const conditions = checkConditions(standard, answers, today)
  const materials = standard.materials.map((requirement) => checkMaterial(requirement, input))
  const date = limitEnds(today, standard.promisedLimit, calendars)
  const isReady =
    form.length === 0 &&
    conditions.every(({ state }) => state !== 'unmet' && state !== 'unknown') &&
    materials.every(({ state }) => state !== 'missing')
  return {
    ready: isReady,
    form,
    conditions,
    materials,
    promised: { date, days: standard.promisedLimit.days, unit: standard.promisedLimit.unit },
    promises: [],
    warnings: warningsOf(input, date, materials),
  }
}

/** Full years of the applicant by the identity number in the answers; null without a right one. */
function applicantAge(standard: MatterStandard, answers: Answers, today: string): number | null {
  const number = answers[standard.form.applicant.idNumber]
  const check = checkIdNumber(typeof number === 'string' ? number : '', today)
  return check.ok ? ageOn(check.birthDate, today) : null
}

/** The materials that a draft's check told of as promised, with the dates that one matter's own standard sets for them. */
export function laterDates(
  standard: MatterStandard,
  requirementIds: readonly string[],
  today: string,
  calendars: readonly Calendar[],
): LaterMaterial[] {
  return standard.materials
    .filter(({ id, necessity }) => necessity === 3 && requirementIds.includes(id))
    .map((requirement) => ({
      requirementId: requirement.id,
      dueDate: laterDueDate(standard, requirement, today, calendars),
    }))
}

/** 受理条件: each by its rule over {answers, age, today}; a condition without a rule is for the clerk's eyes. */
function checkConditions(standard: MatterStandard, answers: Answers, today: string): DraftCheck['conditions'] {
  const data = {
    answers: withoutBlanks(answers) ?? {},
    age: applicantAge(standard, answers, today),
    today,
  }
  return standard.conditions.map(({ id, text, rule }) => {
    if (rule === undefined) return { id, matterName: '', text, state: 'ask' as const }
    return { id, matterName: '', text, state: judgeRule(rule, data) }
  })
}

function checkMaterial(requirement: MaterialRequirement, input: DraftCheckInput): DraftCheck['materials'][number] {
  const { id, name, necessity } = requirement
  const told = (state: DraftCheck['materials'][number]['state'], dueDate: string | null = null) => ({
    requirementId: id,
    name,
    necessity,
    state,
    dueDate,
  })
  if (input.materials.some(({ requirementId }) => requirementId === id)) return told('present')
  if (necessity === 2) return told('optional')
  if (necessity === 3 && input.later.includes(id)) {
    return told('later', laterDueDate(input.standard, requirement, input.today, input.calendars))
  }
  return told('missing')
}

/** By when a promised material must follow: the standard's workdays for it, else its promised limit. Null where the calendar is unknown. */
export function laterDueDate(
  standard: MatterStandard,
  requirement: MaterialRequirement,
  today: string,
  calendars: readonly Calendar[],
): string | null {
  const days = requirement.laterWithinWorkdays
  return days === undefined ? limitEnds(today, standard.promisedLimit, calendars) : addWorkdays(today, days, calendars)
}

function warningsOf(
  input: DraftCheckInput,
  promisedDate: string | null,
  materials: DraftCheck['materials'],
): DraftCheck['warnings'] {
  const warnings: DraftCheck['warnings'] = []
  if (input.duplicates.length > 0) {
    const numbers = input.duplicates.join('、')
    warnings.push({ code: 'duplicate', text: `这个人的同一事项在本机已经收过件：${numbers}。请核对是否重复申请。` })
  }
  if (promisedDate === null || materials.some(({ state, dueDate }) => state === 'later' && dueDate === null)) {
    warnings.push({
      code: 'calendar-unknown',
      text: '还没有下发相应年份的工作日历，期限的日期暂时算不出来，不影响收件；下发以后自动补上。',
    })
  }
  return warnings
}
