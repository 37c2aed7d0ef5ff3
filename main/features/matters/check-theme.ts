import { type Calendar, limitEnds } from '../../../preload/contract/calendar.ts'
import type { Deadline } from '../../../preload/contract/entries.ts'
import type { StandardForm } from '../../../preload/contract/standard.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import { checkForm } from '../../standards/form/check-form.ts'
import { questionsOf } from '../../standards/form/questions.ts'
import { answersOfMember, type MergedTheme, type ThemeMember } from '../../standards/merge-theme.ts'
import { checkDraft, type DraftCheckInput, type DraftJudgement } from './check-draft.ts'

/** What a theme's draft is judged by. */
export type ThemeCheckInput = Omit<DraftCheckInput, 'standard' | 'duplicates'> & {
  readonly form: StandardForm
  readonly requirements: MergedTheme['materials']
  /** The chosen matters, each with what it has of the theme's materials under its own names. */
  readonly members: readonly (ThemeMember & {
    readonly materials: DraftCheckInput['materials']
    readonly later: readonly string[]
    readonly duplicates: readonly string[]
  })[]
}

type Judged = { readonly member: ThemeCheckInput['members'][number]; readonly judged: DraftJudgement }

/**
 * 还缺什么 over all chosen matters of a theme, told at once: the merged form and the merged materials once, conditions, promises
 * and duplicates by matter. Each matter is judged by its own standard over its own answers. Never throws on any answers.
 */
export function checkTheme(input: ThemeCheckInput): DraftJudgement {
  const { answers, calendars, today } = input
  const all = input.members.map((member): Judged => {
    const own = answersOfMember(member, answers)
    const { standard, materials, later, duplicates } = member
    return { member, judged: checkDraft({ standard, answers: own, materials, later, calendars, today, duplicates }) }
  })
  const form = faultsOf(input, all)
  const conditions = all.flatMap(conditionsOf)
  const materials = input.requirements.map((requirement) => checkMaterial(requirement, all, input))
  const promises = all.map(({ member: { standard }, judged: { promised } }) => ({
    ...{ itemId: standard.itemId, matterName: standard.name },
    promised,
  }))
  return {
    ready:
      form.length === 0 &&
      materials.every(({ state }) => state !== 'missing') &&
      all.every(({ judged }) => judged.conditions.every(({ state }) => state !== 'unmet' && state !== 'unknown')),
    ...{ form, conditions, materials, promises },
    promised: lastOf(
      promises.map(({ promised }) => promised),
      today,
      calendars,
    ),
    warnings: warningsOf(all),
  }
}

/**
 * What is missing or wrong in the merged form, and what a matter's own form says beyond it (of whom an identity number is), in the
 * order of the form. A title that several questions have is told with its group.
 */
function faultsOf({ form, answers, today }: ThemeCheckInput, all: readonly Judged[]): DraftCheck['form'] {
  const own = all.flatMap(({ member: { names }, judged }) =>
    judged.form.map((fault) => {
      const [, name = '', ...rest] = fault.path.split('/')
      return { ...fault, path: ['', names[name] ?? name, ...rest].join('/') }
    }),
  )
  const questions = questionsOf(form)
  // Of whom a number is, each matter says of its own person.
  const ofNobody = { ...form, applicant: { ...form.applicant, idNumber: '' } }
  const faults = new Map([...own, ...checkForm(ofNobody, answers, today)].map((fault) => [fault.path, fault]))
  const place = (path: string) => questions.findIndex((one) => path === one.path || path.startsWith(`${one.path}/`))
  const isShared = (title: string) => questions.filter((one) => one.title === title).length > 1
  return [...faults.values()]
    .toSorted((a, b) => place(a.path) - place(b.path))
    .map((fault) => {
      const group = isShared(fault.title) ? (questions[place(fault.path)]?.group ?? '') : ''
      return group === '' ? fault : { ...fault, title: `${group}·${fault.title}` }
    })
}

function conditionsOf({ member: { standard }, judged }: Judged): DraftCheck['conditions'] {
  return judged.conditions.map((condition) => ({
    ...condition,
    id: `${standard.itemId}:${condition.id}`,
    matterName: standard.name,
  }))
}

/** A material of the theme: by when it must follow is the earliest date of the matters that let it. */
function checkMaterial(
  { id, name, necessity, itemIds }: MergedTheme['materials'][number],
  all: readonly Judged[],
  input: ThemeCheckInput,
): DraftCheck['materials'][number] {
  const told = { requirementId: id, name, necessity, dueDate: null }
  if (input.materials.some(({ requirementId }) => requirementId === id)) return { ...told, state: 'present' }
  if (necessity === 2) return { ...told, state: 'optional' }
  if (necessity !== 3 || !input.later.includes(id)) return { ...told, state: 'missing' }
  const dates = all
    .filter(({ member }) => itemIds.includes(member.standard.itemId))
    .flatMap(({ member, judged }) =>
      judged.materials.filter(({ state, requirementId }) => state === 'later' && member.later.includes(requirementId)),
    )
    .map(({ dueDate }) => dueDate)
  return { ...told, state: 'later', dueDate: dates.includes(null) ? null : (dates.toSorted()[0] ?? null) }
}

/** Of several promises the one that ends last; one without a date is later than all. */
function lastOf(promises: readonly Deadline[], today: string, calendars: readonly Calendar[]): Deadline {
  const [first, ...others] = promises
  if (first === undefined)
    return { date: limitEnds(today, { days: 0, unit: 'workday' }, calendars), days: 0, unit: 'workday' }
  return others.reduce((last, one) => {
    if (last.date === null || one.date === null) return last.date === null ? last : one
    return one.date > last.date ? one : last
  }, first)
}

/** Duplicates by matter, everything else once. */
function warningsOf(all: readonly Judged[]): DraftCheck['warnings'] {
  const told = new Map<string, DraftCheck['warnings'][number]>()
  for (const { member, judged } of all) {
    for (const { code, text } of judged.warnings) {
      const words = code === 'duplicate' ? `${member.standard.name}：${text}` : text
      told.set(`${code} ${words}`, { code, text: words })
    }
  }
  return [...told.values()]
}
