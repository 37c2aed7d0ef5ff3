import { z } from 'zod'
import { maskName } from '../../../preload/contract/masking.ts'
import type { Impression } from '../../../preload/contract/seals.ts'
import { pageBoxSchema } from '../../../preload/contract/verification.ts'
import type { SqlDatabase, SqlValue } from '../../store/index.ts'

/** What the 用印登记 is narrowed by. */
export type RegisterFilter = {
  /** Each must stand in the title, the reason, the case's number, matter or applicant, or the name of a person. */
  readonly words: readonly string[]
  readonly sealId: string | null
  /** UTC ISO texts: from the first, before the second. */
  readonly fromUtc: string | null
  readonly beforeUtc: string | null
}

/** A name by which people know an account. */
export type PersonName = { readonly account: string; readonly displayName: string }

type Raw = Record<string, SqlValue>

const impressionColumns = `impression.*, coalesce(cases.local_number, '') AS local_number,
  coalesce(cases.matter_name, '') AS matter_name, coalesce(cases.applicant_name, '') AS applicant_name`

/** SQL and parameters of one page, newest first, and of how many there are in all. For tests of the query plan too. */
export function registerSql(filter: RegisterFilter, people: readonly PersonName[]) {
  const conditions: string[] = []
  const parameters: Record<string, SqlValue> = {}
  if (filter.sealId !== null) {
    conditions.push('impression.seal_id = :sealId')
    parameters.sealId = filter.sealId
  }
  if (filter.fromUtc !== null) {
    conditions.push('impression.sealed_at >= :fromUtc')
    parameters.fromUtc = filter.fromUtc
  }
  if (filter.beforeUtc !== null) {
    conditions.push('impression.sealed_at < :beforeUtc')
    parameters.beforeUtc = filter.beforeUtc
  }
  for (const [at, word] of filter.words.entries()) {
    conditions.push(wordSql(at))
    const accounts = people.filter(({ displayName }) => displayName.toLowerCase().includes(word))
    parameters[`word${at}`] = word
    parameters[`people${at}`] = JSON.stringify(accounts.map(({ account }) => account))
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const needsCases = filter.words.length > 0
  const join = 'LEFT JOIN cases ON cases.case_id = impression.case_id'
  return {
    rows: `SELECT ${impressionColumns} FROM seal_impressions AS impression ${join} ${where}
      ORDER BY impression.sealed_at DESC, impression.seq DESC LIMIT :limit OFFSET :offset`,
    total: `SELECT count(*) AS total FROM seal_impressions AS impression ${needsCases ? join : ''} ${where}`,
    parameters,
  }
}

/** What stands in the impression's own row is looked at first: the case is asked only where it does not fit. */
function wordSql(at: number): string {
  const has = (text: string) => `instr(lower(${text}), :word${at}) > 0`
  const people = `(SELECT value FROM json_each(:people${at}))`
  return `(${has('impression.title')} OR ${has('impression.reason')} OR ${has('impression.seal_name')}
    OR impression.sealed_by IN ${people} OR impression.approved_by IN ${people}
    OR ${has('impression.sealed_by')} OR ${has('impression.approved_by')}
    OR ${has(`cases.local_number || ' ' || cases.applicant_name || ' ' || cases.matter_name`)})`
}

/** One page of the 用印登记, the newest first, with people's names, and how many impressions there are in all. */
export function selectRegister(
  db: SqlDatabase,
  filter: RegisterFilter,
  people: readonly PersonName[],
  page: { readonly offset: number; readonly limit: number },
  acknowledgedSeq: number,
): { readonly impressions: Impression[]; readonly total: number } {
  const { rows, total, parameters } = registerSql(filter, people)
  const names = new Map(people.map(({ account, displayName }) => [account, displayName]))
  const nameOf = (account: string) => (account === 'system' ? '系统' : (names.get(account) ?? account))
  return {
    impressions: db.all<Raw>(rows, { ...parameters, ...page }).map((row) => impressionOf(row, acknowledgedSeq, nameOf)),
    total: db.get<{ total: number }>(total, parameters)?.total ?? 0,
  }
}

const placesSchema = z.array(pageBoxSchema)
const formSchema = z.enum(['page', 'slot', 'seam', 'certification'])

function impressionOf(row: Raw, acknowledgedSeq: number, nameOf: (account: string) => string): Impression {
  const text = (name: string) => String(row[name] ?? '')
  const seq = Number(row.seq)
  return {
    seq,
    sealedAtUtc: text('sealed_at'),
    sealId: text('seal_id'),
    sealName: text('seal_name'),
    documentId: text('document_id'),
    title: text('title'),
    localNumber: text('local_number'),
    matterName: text('matter_name'),
    applicantMasked: row.applicant_name === '' ? '' : maskName(text('applicant_name')),
    documentSha256: text('document_sha256'),
    askedBy: nameOf(text('sealed_by')),
    approvedBy: row.approved_by === '' ? '' : nameOf(text('approved_by')),
    reason: text('reason'),
    form: formSchema.parse(row.form),
    places: placesSchema.parse(JSON.parse(text('places'))),
    leaseId: text('lease_id'),
    delivery: seq > acknowledgedSeq ? 'stored-here' : 'at-centre',
    timestampedAtUtc: row.timestamped_at === null ? null : text('timestamped_at'),
  }
}
