import { dateInWords, shanghaiTimeInWords, todayInShanghai } from '../../../preload/contract/calendar.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { maskIdNumber, maskPhone } from '../../../preload/contract/masking.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { ReceiptInput } from '../../pdf/documents/index.ts'

/** What a receipt is worded from. */
export type ReceiptFacts = {
  readonly received: EntryPayload<'case.received@1'>
  readonly entry: { readonly seq: number; readonly hash: string }
  /** The standard that the case is pinned to; undefined where it is not known here. */
  readonly standard: MatterStandard | undefined
  readonly issuer: string
  readonly windowName: string
  readonly clerk: string
  /** Where a receipt can be checked; the case number and the hash are added. */
  readonly checkAddress: string
  readonly now: Date
}

/** Puts a 收件 into the words of its receipt. */
export function wordReceipt(facts: ReceiptFacts): ReceiptInput {
  const { received, entry, standard } = facts
  return {
    isTraining: received.training,
    issuer: facts.issuer,
    caseNumber: received.localNumber,
    matterName: received.matterName,
    matterCode: received.matterCode,
    applicantName: received.applicant.name,
    idNumber: maskIdNumber(received.applicant.idNumber),
    phone: maskPhone(received.applicant.phone),
    receivedAt: shanghaiTimeInWords(received.receivedAtUtc),
    receivedOn: dateInWords(todayInShanghai(new Date(received.receivedAtUtc))),
    windowName: facts.windowName,
    clerk: facts.clerk,
    materials: materialsOf(received, standard),
    later: laterOf(received, standard),
    promised: promisedInWords(received.promised),
    limitSource: `《${received.matterName}》事项标准第 ${received.standardVersion} 版${standard?.sample === true ? '（演练样例）' : ''}`,
    notes: notesOf(received, standard),
    seq: entry.seq,
    hash: entry.hash,
    qrText: `${facts.checkAddress}?n=${received.localNumber}&h=${entry.hash}`,
    now: facts.now,
  }
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
    return due === undefined ? [] : [{ name, originals, copies, state: `容缺后补，${byDate(due)}` }]
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
  const length = `${days} 个${unit === 'workday' ? '工作日' : '自然日'}，从收件次日起算`
  return date === null ? `${length}（工作日历尚未下发，日期另行告知）` : `${dateInWords(date)}前（${length}）`
}

function notesOf(received: Received, standard: MatterStandard | undefined): string[] {
  const decider = received.acceptanceBy === 'station' ? '本窗口' : (standard?.department ?? '受理部门')
  const notes = [
    `本凭证证明窗口已收到上列材料。是否受理由${decider}决定，结果另行告知。`,
    '请妥善保管本凭证。查询进度、补交材料时，报上编号即可。',
  ]
  if (received.later.length > 0) notes.push('容缺后补的材料请按期补交，逾期可能影响办理。')
  if (standard?.sample === true) {
    notes.push('本凭证所用的事项标准是演练样例，材料和时限以广东政务服务网上当地现行的办事指南为准。')
  }
  return notes
}
