import { dateInWords, todayInShanghai } from '../../../preload/contract/calendar.ts'
import { maskIdNumber, maskPhone } from '../../../preload/contract/masking.ts'
import type { CasePaperKind } from '../../../preload/contract/papers.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { TemplateValues } from '../../../preload/contract/standards/template.ts'
import { type PaperGround, stepOf } from './offers.ts'

/** What a paper is worded from. */
export type PaperFacts = PaperGround & {
  readonly issuer: string
  readonly windowName: string
  readonly clerk: string
  readonly now: Date
}

type Limit = { readonly days: number; readonly unit: 'workday' | 'day' }

/** What stands for the names of a paper's words. What nobody here knows is left out; what the law wants said is never `无`. */
export function valuesOf(kind: CasePaperKind, facts: PaperFacts): TemplateValues {
  const { received, standing, standard, issuer, windowName, clerk, now } = facts
  const { applicant, promised } = received
  const promisedDate = promised.date ?? standing.promisedDate
  return {
    ...standardValues(standard),
    applicantName: orUnknown(applicant.name),
    applicantIdNumber: orUnknown(maskIdNumber(applicant.idNumber)),
    applicantPhone: orUnknown(maskPhone(applicant.phone)),
    matterName: received.matterName,
    matterCode: received.matterCode,
    caseNumber: received.localNumber,
    centreCaseNumber: orUnknown(standing.centreCaseNumber),
    receivedOn: dayInWords(received.receivedAtUtc),
    promisedOn: promisedDate === null ? undefined : dateInWords(promisedDate),
    promisedLimit: promised.days === 0 ? '即办' : `${limitInWords(promised)}（从收件次日起算）`,
    missingMaterials: missingMaterials(facts),
    laterMaterials: laterMaterials(facts),
    ...decisionValues(kind, facts),
    ...deliveryValues(facts),
    ...{ issuer, windowName, clerk, today: dayInWords(now.toISOString()) },
  }
}

const orUnknown = (text: string): string | undefined => (text === '' ? undefined : text)

/** `2026年11月23日` of an instant, in Shanghai. */
export function dayInWords(utc: string): string {
  return dateInWords(todayInShanghai(new Date(utc)))
}

/** `20 个工作日`. */
export function limitInWords({ days, unit }: Limit): string {
  return `${days} 个${unit === 'workday' ? '工作日' : '自然日'}`
}

/** What a standard says whatever the case; nothing of it where the standard is not known here. */
export function standardValues(standard: MatterStandard | undefined): TemplateValues {
  if (standard === undefined) return {}
  const { fee, conditions, legalLimit } = standard
  return {
    department: standard.department,
    basis: standard.basis.map(({ title, clause }) => `${title.includes('《') ? title : `《${title}》`}${clause}`),
    conditions: conditions.length === 0 ? undefined : conditions.map(({ text }) => text),
    fee: orUnknown(fee.text) ?? (fee.charged ? undefined : '不收费'),
    enquiry: orUnknown(standard.enquiry),
    complaint: orUnknown(standard.complaint),
    legalLimit: legalLimit === null ? '没有规定' : limitInWords(legalLimit),
    results: standard.results.map(({ name }) => name),
  }
}

const remedies = '如对本决定不服，可以依法申请行政复议或者提起行政诉讼。'

/** Who decided what, when and why. Before any decision, who decides on 受理. */
function decisionValues(kind: CasePaperKind, { received, standing, standard }: PaperFacts): TemplateValues {
  const department = standard?.department ?? '受理部门'
  const step = stepOf(kind, standing)
  const by = step === undefined ? received.acceptanceBy : step.by
  const accepted = stepOf('acceptance', standing)
  const decider = by === 'station' ? '本窗口' : department
  const acceptedOn = accepted && dayInWords(accepted.atUtc)
  if (step === undefined) return { decider, acceptedOn, remedies: '' }
  const isDenial = step.decision === 'refused' || step.decision === 'denied'
  // 行政许可法 第32条、第38条: these have a reason, if need be one that is written in by hand.
  const wantsReason = isDenial || step.decision === 'corrections'
  return {
    ...{ decider, acceptedOn, decidedOn: dayInWords(step.atUtc), result: resultWords[step.decision] },
    reason: step.reason.trim() === '' && wantsReason ? undefined : step.reason.trim(),
    remedies: isDenial ? remedies : '',
  }
}

const resultWords = {
  accepted: '受理',
  corrections: '需要补正',
  refused: '不予受理',
  approved: '准予',
  denied: '不予',
  closed: '已办结',
} as const

function deliveryValues({ standing: { delivered } }: PaperFacts): TemplateValues {
  if (delivered === undefined) return {}
  return {
    receiverName: delivered.receiverName,
    receiverIdNumber: orUnknown(maskIdNumber(delivered.receiverIdNumber)),
    deliveredOn: dayInWords(delivered.deliveredAtUtc),
  }
}

/** What is still to be brought: necessary materials that nobody brought, and promised ones. Unknown without the standard. */
function missingMaterials({ standing, standard }: PaperFacts): readonly string[] | undefined {
  if (standard === undefined) return undefined
  const brought = new Set(standing.materials.map(({ requirementId }) => requirementId))
  const promised = new Set(standing.later.map(({ requirementId }) => requirementId))
  return standard.materials
    .filter(({ id, necessity }) => promised.has(id) || (necessity === 1 && !brought.has(id)))
    .map(({ name }) => name)
}

function laterMaterials({ standing, standard }: PaperFacts): readonly string[] {
  return standing.later.map(({ requirementId, dueDate }) => {
    const name = standard?.materials.find(({ id }) => id === requirementId)?.name ?? '所缺材料'
    return `${name}：${dueDate === null ? '补交日期另行告知' : `${dateInWords(dueDate)}前补交`}`
  })
}
