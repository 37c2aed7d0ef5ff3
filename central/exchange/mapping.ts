// Owns: what entries and decisions are in the words of the exchange tables, and back.
// Does not own: reading and writing them (shipping.ts, taking.ts), the tables (schema.ts).
// Start here: `rowsOfEntry`, `rowsOfDecision`, `decisionsOfRow`.
import type { CaseDecision } from '../../preload/contract/case-steps.ts'
import { type EntryPayload, entryPayloads, type Material } from '../../preload/contract/entries.ts'
import { checkIdNumber, isCreditCode } from '../../preload/contract/identity.ts'
import type { Decision } from '../../preload/contract/wire.ts'
import type { ExchangeTable } from './schema.ts'

/** A row to write: its columns but the source, and what makes its source differ from others of the same entry. */
export type ExchangeRow = {
  readonly table: ExchangeTable
  readonly values: Readonly<Record<string, string | number | null>>
  readonly part?: string
}

/** An entry as far as the exchange needs it. */
export type ShippedEntry = {
  readonly kind: string
  readonly version: number
  readonly at: string
  readonly payload: unknown
}

/** What the rows of one case hang together by. */
export type ShippedCase = {
  /** The local number: it stands on the applicant's receipt. */
  readonly sblsh: string
  /** 1, and 1 more with every supplement up to the entry. */
  readonly sbVersion: number
  /** `sqrlx`, `sxbm` and `sbsj` of its first 申办, for the supplement's. */
  readonly first: EntryPayload<'case.received@1'>
}

/** The kinds that become rows. */
export const shippedKinds: readonly string[] = [
  'case.received',
  'case.accepted',
  'case.supplemented',
  'case.delivered',
  'payload.erased',
]

/** `20260303T161500`, Asia/Shanghai (GB/T 39046—2020 timestamps). */
export function exchangeTime(utc: string): string {
  const shanghai = new Date(Date.parse(utc) + 8 * 3_600_000).toISOString()
  return shanghai.slice(0, 19).replaceAll(/[-:]/g, '')
}

/** The rows of an entry; none for a kind, a version or a payload that says nothing to the exchange. */
export function rowsOfEntry(entry: ShippedEntry, shipped: ShippedCase): ExchangeRow[] {
  const name = `${entry.kind}@${entry.version}`
  const { sblsh } = shipped
  if (name === 'case.received@1') {
    const { data } = entryPayloads['case.received@1'].safeParse(entry.payload)
    return data === undefined ? [] : applied(data, shipped, data.materials)
  }
  if (name === 'case.supplemented@1') {
    const { data } = entryPayloads['case.supplemented@1'].safeParse(entry.payload)
    if (data === undefined) return []
    return [
      ...applied(shipped.first, shipped, data.materials),
      { table: 'BZSL', values: { sblsh, bzsj: exchangeTime(entry.at) } },
    ]
  }
  if (name === 'case.accepted@1') return [accepted(sblsh, entry.at)]
  const { data } = entryPayloads['case.delivered@1'].safeParse(name === 'case.delivered@1' ? entry.payload : undefined)
  return data === undefined ? [] : [delivered(data, sblsh)]
}

function delivered(data: EntryPayload<'case.delivered@1'>, sblsh: string): ExchangeRow {
  const { receiverName, receiverIdNumber, deliveredAtUtc } = data
  const receiver = { cunchuang_receiver_name: receiverName, cunchuang_receiver_id: receiverIdNumber }
  return { table: 'LQDJ', values: { sblsh, ...receiver, cunchuang_time: exchangeTime(deliveredAtUtc) } }
}

function applied(
  { matterCode, applicant, receivedAtUtc }: EntryPayload<'case.received@1'>,
  { sblsh, sbVersion: version }: ShippedCase,
  materials: readonly Material[],
): ExchangeRow[] {
  const values = {
    ...{ sblsh, sblsh_short: null, sxbm: matterCode, sqrlx: applicantKind(applicant.idNumber), version },
    ...{ sbsj: exchangeTime(receivedAtUtc), wssbqd: null, obtain_paper_way: null },
  }
  return [{ table: 'SB', values }, ...materials.map((material) => materialRow(sblsh, version, material))]
}

/** 1 a person's number (GB 11643), 2 an organisation's (GB 32100), 3 neither. */
function applicantKind(number: string): '1' | '2' | '3' {
  if (checkIdNumber(number, '9999-12-31').ok) return '1'
  return isCreditCode(number) ? '2' : '3'
}

/** 2: what was handed in came as a file. Its MD5 is not in the ledger, which names files by SHA-256. */
function materialRow(sblsh: string, version: number, { materialId, requirementId, file }: Material): ExchangeRow {
  const values = {
    ...{ sblsh, version, md5: null, cunchuang_material_id: materialId, cunchuang_requirement: requirementId },
    ...{ cunchuang_form: '2', cunchuang_sha256: file.sha256 },
  }
  return { table: 'SBCL', values, part: materialId }
}

function accepted(sblsh: string, at: string): ExchangeRow {
  return { table: 'SL', values: { sblsh, slztdm: '1', bslyy: null, slhzh: sblsh, cunchuang_time: exchangeTime(at) } }
}

/** A case's outcome that waits for its 办结. */
export type ExchangeResult = { readonly bjjgdm: string; readonly reason: string }

/** The row of a decision of our office. `result` is what was decided before a 办结; 准予 and 不予 themselves are no row, `resultOf` keeps them. */
export function rowsOfDecision(decision: Decision, sblsh: string, result: ExchangeResult | undefined): ExchangeRow[] {
  const at = exchangeTime(decision.decidedAtUtc)
  const { reason } = decision
  switch (decision.decision) {
    case 'accepted':
      return [accepted(sblsh, decision.decidedAtUtc)]
    case 'refused':
      return [{ table: 'SL', values: { sblsh, slztdm: '2', bslyy: reason, slhzh: sblsh, cunchuang_time: at } }]
    case 'corrections': {
      const values = { sblsh, bzgzsj: at, bzgzyy: reason, bzclqd: null, patch_timelimit: null }
      return [{ table: 'BZGZ', values }]
    }
    case 'closed': {
      if (result === undefined) return []
      const zfhthyy = result.bjjgdm === '7' ? result.reason : null
      return [{ table: 'BJ', values: { sblsh, bjjgdm: result.bjjgdm, zfhthyy, cunchuang_time: at } }]
    }
    default:
      return []
  }
}

/** 6 准予, 7 不予; undefined for a decision that settles nothing. */
export function resultOf({ decision, reason }: Decision): ExchangeResult | undefined {
  if (decision === 'approved') return { bjjgdm: '6', reason }
  return decision === 'denied' ? { bjjgdm: '7', reason } : undefined
}

/** A row that the other system wrote. */
export type TheirRow = {
  readonly table: 'SL' | 'BZGZ' | 'BJ'
  readonly key: string
  readonly number: number
  readonly sblsh: string
  readonly code: string | null
  readonly reason: string | null
  readonly list: string | null
}

/** What a row of theirs means here: decisions in their order. `said` is for people; `why` says what hinders a row that means none. */
export type RowMeaning =
  | { readonly said: string; readonly decisions: readonly CaseDecision[]; readonly reason: string }
  | { readonly said: string; readonly why: string }

const resultWords: Readonly<Record<string, string>> = {
  ...{ '0': '出证办结', '1': '退回办结', '2': '作废办结', '3': '删除办结', '4': '转报办结' },
  ...{ '5': '补正不来办结', '6': '准予许可', '7': '不予许可' },
}

/** Reads a row of theirs. `state` is where the case stands: a 办结 of a case that is decided already closes it. */
export function decisionsOfRow(row: TheirRow, state: string): RowMeaning {
  const reason = textOf(row)
  if (row.table === 'BZGZ') return { said: '补正告知', decisions: ['corrections'], reason }
  if (row.table === 'SL') {
    if (row.code === '1') return { said: '受理', decisions: ['accepted'], reason }
    if (row.code === '2') return { said: '不予受理', decisions: ['refused'], reason }
    return { said: `受理状态 ${row.code ?? '（空）'}`, why: '不认识这个受理状态代码' }
  }
  const said = resultWords[row.code ?? ''] ?? `办结结果 ${row.code ?? '（空）'}`
  if (row.code === '0' || row.code === '6') return { said, decisions: closing('approved', state), reason }
  if (row.code === '7') return { said, decisions: closing('denied', state), reason }
  return { said, why: '这种办结在这里没有对应的决定，请经办人处理' }
}

function closing(result: 'approved' | 'denied', state: string): CaseDecision[] {
  return state === result ? ['closed'] : [result, 'closed']
}

function textOf({ reason, list }: TheirRow): string {
  const parts = [reason ?? '', list ?? ''].map((part) => part.trim()).filter((part) => part !== '')
  // Not within a character: half of one can neither be hashed nor signed.
  return parts
    .join('；')
    .slice(0, 2000)
    .replace(/[\ud800-\udbff]$/, '')
}
