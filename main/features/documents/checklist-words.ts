import { dateInWords, shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import type { Answers } from '../../../preload/contract/entries.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import type { ChecklistInput } from '../../pdf/documents/index.ts'
import { promisedInWords } from './receipt-words.ts'

/** What of a standard, or of a theme's matters merged, stands on a checklist. */
export type ChecklistStandard = Pick<MatterStandard, 'name' | 'form' | 'materials' | 'fee' | 'sample' | 'templates'>

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

/** Puts a draft's check into the words of its 一次性告知单. */
export function wordChecklist(facts: ChecklistFacts): ChecklistInput {
  const { standard, check } = facts
  const name = facts.answers[standard.form.applicant.name]
  return {
    isTraining: facts.isTraining,
    issuer: facts.issuer,
    matterName: standard.name,
    applicantName: typeof name === 'string' && name.trim() !== '' ? name.trim() : '（未填）',
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
    notes: notesOf(standard),
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

function notesOf(standard: ChecklistStandard): string[] {
  const notes = ['以上是这件事还缺的全部内容，请一次备齐。带着本单再来时，已经填写和提交的不用重来。']
  if (standard.fee.text !== '') notes.push(`收费：${standard.fee.text}。`)
  if (standard.sample) notes.push('所用的事项标准是演练样例，材料和时限以广东政务服务网上当地现行的办事指南为准。')
  return notes
}
