import { dateInWords } from '../../../preload/contract/calendar.ts'
import {
  acceptanceWords,
  audienceWords,
  authorityNatureWords,
  channelWords,
  handlingKindWords,
  levelWords,
  materialFormWords,
  materialKindWords,
  materialSourceWords,
  matterKindWords,
  necessityWords,
  onlineDepthWords,
  paperWords,
  powerSourceWords,
  resultKindWords,
  specialProcedureWords,
  stageWords,
  statusWords,
} from '../../../preload/contract/standards/code-words.ts'

/** Fields that hold a code, by their list and name. */
const codeWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kind: matterKindWords,
  level: levelWords,
  departmentNature: authorityNatureWords,
  powerSource: powerSourceWords,
  audienceCodes: audienceWords,
  channels: channelWords,
  handlingKind: handlingKindWords,
  status: statusWords,
  onlineDepth: onlineDepthWords,
  acceptanceBy: acceptanceWords,
  paper: paperWords,
  'materials.necessity': necessityWords,
  'materials.kind': materialKindWords,
  'materials.form': materialFormWords,
  'materials.source': materialSourceWords,
  'results.kind': resultKindWords,
  'specialProcedures.kind': specialProcedureWords,
  'steps.stage': stageWords,
  'templates.paper': paperWords,
  'members.kind': { matter: '事项', theme: '一件事' },
}

/** Fields that hold a date, and lists of days and of first and last days (`2026-10-01..2026-10-07`) of one year. */
const dates = new Set(['effectiveFrom', 'effectiveUntil'])
const days = new Set(['off', 'work'])

/**
 * A field's value in the words that people use: codes by their names, limits with their unit, dates, lists joined. Null for
 * what says nothing: not there, empty, null.
 * @param field `name` of a field of the document, `list.name` of a part of a list.
 */
export function valueInWords(field: string, value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value)) {
    const texts = value.map((one) => valueInWords(field, one)).filter((text) => text !== null)
    return texts.length === 0 ? null : texts.join('、')
  }
  if (typeof value === 'object') return objectInWords(value as Readonly<Record<string, unknown>>)
  if (dates.has(field)) return dateInWords(String(value))
  if (days.has(field)) return String(value).split('..').map(dayInWords).join('至')
  const words = Object.hasOwn(codeWords, field) ? codeWords[field] : undefined
  return words !== undefined && Object.hasOwn(words, String(value)) ? (words[String(value)] ?? null) : String(value)
}

/** `10月1日`: the year is told beside it. */
const dayInWords = (date: string) => dateInWords(date).replace(/^\d+年/, '')

function objectInWords(value: Readonly<Record<string, unknown>>): string | null {
  const { days, unit } = value
  if (typeof days === 'number' && typeof unit === 'string') {
    if (days === 0 && unit === 'workday') return '即办'
    return `${days} 个${unit === 'workday' ? '工作日' : '自然日'}`
  }
  const texts = Object.entries(value).map(([name, part]) => `${name}：${valueInWords(name, part) ?? ''}`)
  return texts.length === 0 ? null : texts.join('，')
}
