import { dateInWords, shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { maskIdNumber, maskPhone } from '../../../preload/contract/masking.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { Passage } from '../../../preload/contract/standards/template.ts'
import type { ReceiptInput } from '../../pdf/documents/index.ts'
import type { PaperFrame } from './notice-words.ts'
import type { PaperWords } from './paper-text.ts'
import { dayInWords, limitInWords, type PaperFacts } from './paper-values.ts'

/** Puts a 收件 into what is drawn of its receipt: facts and materials are the program's own, title and what is told are the words'. */
export function wordReceipt(facts: PaperFacts, words: PaperWords, { entry, qrText }: PaperFrame): ReceiptInput {
  const { received, standard } = facts
  return {
    isTraining: received.training,
    issuer: facts.issuer,
    title: words.title,
    caseNumber: received.localNumber,
    matterName: received.matterName,
    matterCode: received.matterCode,
    applicantName: received.applicant.name,
    idNumber: maskIdNumber(received.applicant.idNumber),
    phone: maskPhone(received.applicant.phone),
    receivedAt: shanghaiTimeInWords(received.receivedAtUtc),
    receivedOn: dayInWords(received.receivedAtUtc),
    windowName: facts.windowName,
    clerk: facts.clerk,
    materials: materialsOf(received, standard),
    later: laterOf(received, standard),
    promised: promisedInWords(received.promised),
    limitSource: `《${received.matterName}》事项标准第 ${received.standardVersion} 版${standard?.sample === true ? '（演练样例）' : ''}`,
    notes: [...words.passages.flatMap(textsOf), ...notesOf(received, standard)],
    seq: entry.seq,
    hash: entry.hash,
    qrText,
    now: facts.now,
  }
}

/** The texts of a passage, for a list of sentences. */
export function textsOf(passage: Passage): readonly string[] {
  return 'text' in passage ? [passage.text] : passage.items
}

type Received = EntryPayload<'case.received@1'>

/** The materials handed in or promised, in the standard's order. */
function materialsOf(received: Received, standard: MatterStandard | undefined): ReceiptInput['materials'] {
  const files = (id: string) => received.materials.filter(({ requirementId }) => requirementId === id).length
  const dueDate = (id: string) => received.later.find(({ requirementId }) => requirementId === id)?.dueDate
  const known = standard?.materials ?? []
  const told = known.flatMap(({ id, name, originals, copies }) => {
    const due = dueDate(id)
    if (files(id) > 0) return [{ name, originals, copies, state: `已收，影像 ${files(id)} 份` }]
    // Nothing of it is here: a receipt must not count it.
    return due === undefined ? [] : [{ name, originals: 0, copies: 0, state: `容缺后补，${byDate(due)}` }]
  })
  const others = received.materials.filter(({ requirementId }) => !known.some(({ id }) => id === requirementId))
  return others.length === 0
    ? told
    : [...told, { name: '其他材料', originals: 0, copies: 0, state: `已收，影像 ${others.length} 份` }]
}

const byDate = (date: string | null): string => (date === null ? '日期另行告知' : `${dateInWords(date)}前`)

function laterOf(received: Received, standard: MatterStandard | undefined): string[] {
  return received.later.map(({ requirementId, dueDate }) => {
    const name = standard?.materials.find(({ id }) => id === requirementId)?.name ?? '所缺材料'
    return dueDate === null ? `${name}：请尽快补交，日期另行告知。` : `${name}：请于${byDate(dueDate)}补交。`
  })
}

/** `2026年12月21日前（20 个工作日，从收件次日起算）`. */
export function promisedInWords({ date, days, unit }: Received['promised']): string {
  if (days === 0) return '即办'
  const length = `${limitInWords({ days, unit })}，从收件次日起算`
  return date === null ? `${length}（工作日历尚未下发，日期另行告知）` : `${dateInWords(date)}前（${length}）`
}

/** What stands on a receipt whoever words it. */
function notesOf(received: Received, standard: MatterStandard | undefined): string[] {
  const notes = received.later.length > 0 ? ['容缺后补的材料请按期补交，逾期可能影响办理。'] : []
  if (standard?.sample === true) {
    notes.push('本凭证所用的事项标准是演练样例，材料和时限以广东政务服务网上当地现行的办事指南为准。')
  }
  return notes
}
