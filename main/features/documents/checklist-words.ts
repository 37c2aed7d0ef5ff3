import { dateInWords, shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import type { Answers } from '../../../preload/contract/entries.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { TemplateValues } from '../../../preload/contract/standards/template.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import type { ChecklistInput } from '../../pdf/documents/index.ts'
import type { PaperWords } from './paper-text.ts'
import { dayInWords, limitInWords, standardValues } from './paper-values.ts'
import { promisedInWords, textsOf } from './receipt-words.ts'

/** A matter's standard, or what of a theme's matters merged stands on a checklist; a theme names no templates. */
export type ChecklistStandard =
  | MatterStandard
  | Pick<MatterStandard, 'name' | 'form' | 'materials' | 'fee' | 'sample' | 'templates'>

/** What a checklist is worded from. */
export type ChecklistFacts = {
  readonly standard: ChecklistStandard
  readonly answers: Answers
  readonly check: DraftCheck
  readonly issuer: string
  readonly windowName: string
  readonly clerk: string
  readonly isTraining: boolean
  readonly now: Date
}

/** Puts a draft's check and its words into what is drawn of its 一次性告知单. */
export function wordChecklist(facts: ChecklistFacts, { title, passages }: PaperWords): ChecklistInput {
  const { standard, check } = facts
  const name = applicantName(facts)
  return {
    title,
    isTraining: facts.isTraining,
    issuer: facts.issuer,
    matterName: standard.name,
    applicantName: name ?? '（未填）',
    toldAt: shanghaiTimeInWords(facts.now.toISOString()),
    windowName: facts.windowName,
    clerk: facts.clerk,
    materials: missingMaterials(standard, check),
    answers: answersInWords(check),
    conditions: conditionsInWords(check),
    later: check.materials
      .filter(({ state }) => state === 'later')
      .map(
        ({ name: material, dueDate }) =>
          `${material}：${dueDate === null ? '日期另行告知' : `${dateInWords(dueDate)}前补交`}。`,
      ),
    promised: promisesInWords(check),
    notes: [...passages.flatMap(textsOf), ...notesOf(standard)],
    now: facts.now,
  }
}

/** Of a theme each matter's promise in a sentence of its own. */
function promisesInWords({ promised, promises }: DraftCheck): string {
  if (promises.length === 0) return promisedInWords(promised)
  return promises.map((one) => `${one.matterName}：${promisedInWords(one.promised)}`).join('；')
}

function missingMaterials(standard: ChecklistStandard, check: DraftCheck): ChecklistInput['materials'] {
  return check.materials
    .filter(({ state }) => state === 'missing')
    .flatMap(({ requirementId }) => standard.materials.filter(({ id }) => id === requirementId))
    .map(({ name, originals, copies, acceptancePoints, necessity }) => ({
      name,
      originals,
      copies,
      points: [...(necessity === 3 ? ['可以容缺后补'] : []), ...acceptancePoints].join('；'),
    }))
}

/** What is empty in one line, what is wrong line by line. */
function answersInWords(check: DraftCheck): string[] {
  const missing = check.form.filter(({ kind }) => kind === 'missing').map(({ title }) => title)
  const wrong = check.form.filter(({ kind }) => kind === 'wrong').map(({ title, text }) => `${title}：${text}。`)
  return missing.length === 0 ? wrong : [`还没有填：${missing.join('、')}。`, ...wrong]
}

function conditionsInWords(check: DraftCheck): string[] {
  return check.conditions.flatMap(({ text: condition, matterName, state }) => {
    if (state === 'met') return []
    const text = matterName === '' ? condition : `${condition}（${matterName}）`
    if (state === 'unmet') return [`不符合：${text}。`]
    return [state === 'ask' ? `请窗口核对：${text}。` : `填写齐全后核对：${text}。`]
  })
}

/** What stands on a checklist whoever words it. */
function notesOf(standard: ChecklistStandard): string[] {
  return standard.sample ? ['所用的事项标准是演练样例，材料和时限以广东政务服务网上当地现行的办事指南为准。'] : []
}

function applicantName({ standard, answers }: ChecklistFacts): string | undefined {
  const name = answers[standard.form.applicant.name]
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined
}

/** What stands for the names: a draft has no number yet, and nobody has decided anything. */
export function checklistValues(facts: ChecklistFacts): TemplateValues {
  const { standard, check, now, issuer, windowName, clerk } = facts
  const named = (state: DraftCheck['materials'][number]['state']) =>
    check.materials.filter((one) => one.state === state).map(({ name }) => name)
  const { date, days, unit } = check.promised
  return {
    ...('basis' in standard ? standardValues(standard) : { fee: standard.fee.text }),
    applicantName: applicantName(facts),
    matterName: standard.name,
    matterCode: 'code' in standard ? standard.code : undefined,
    promisedOn: date === null ? undefined : dateInWords(date),
    promisedLimit: days === 0 ? '即办' : limitInWords({ days, unit }),
    missingMaterials: named('missing'),
    laterMaterials: named('later'),
    ...{ issuer, windowName, clerk, today: dayInWords(now.toISOString()) },
  }
}
