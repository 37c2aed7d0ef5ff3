import { deepestDocument, kindOf, nestsDeeper } from '../../../preload/contract/standards/documents.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { Findings } from './cell-findings.ts'
import type { WorkbookDocument } from './export-workbook.ts'
import { type Candidate, checkImported, type Imported } from './imported.ts'
import { Pace } from './pace.ts'
import { refusal } from './package/refusal.ts'
import { type Json, objectOf, partOf } from './tables/json-parts.ts'

/** The most that a file of several documents may have, in bytes: some hundred matters of the largest kind. */
const largestSet = 16 * 1024 * 1024
const mostDocuments = 2000

/**
 * Imports documents from JSON: one a file, a list, or a set (`{"format": 1, "documents": […]}`). What comes out is
 * canonical, so a document that was canonical keeps its bytes. Throws WORKBOOK_REFUSED for a file that is too large.
 */
export async function importJson(bytes: Buffer, name: string, pace: Pace = new Pace()): Promise<Imported> {
  if (bytes.length > largestSet) throw refusal('too-large')
  const findings = new Findings(name)
  const value = parse(bytes, findings)
  const documents = value === undefined ? [] : documentsOf(value)
  if (value !== undefined && documents.length === 0)
    findings.tellFile('里面没有文件', '一个文件放一项，或者用 documents 列出几项')
  if (documents.length > mostDocuments) findings.tellFile(`超过 ${mostDocuments} 项`, '分成几个文件')
  const candidates = documents
    .slice(0, mostDocuments)
    .map((json, at) => candidateOf(json, documents.length > 1 ? at + 1 : 0))
  return await checkImported(candidates, findings, pace)
}

function parse(bytes: Buffer, findings: Findings): Json | undefined {
  const remedy = '检查逗号、引号和括号是否成对；文件要存成 UTF-8'
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // A set has two levels around its documents.
    if (nestsDeeper(text, deepestDocument + 2))
      findings.tellFile(`括号套得太深，超过 ${deepestDocument} 层`, '这不像是事项标准')
    else return JSON.parse(text) as Json
  } catch {
    findings.tellFile('不是 JSON 文件，读不出来', remedy)
  }
  return undefined
}

function documentsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value
  const listed = partOf(value, 'documents')
  return Array.isArray(listed) && kindOf(value) === undefined ? listed : [value]
}

const noRows: ReadonlySet<string> = new Set()

function candidateOf(json: Json, number: number): Candidate {
  const kind = kindOf(json) ?? 'matter'
  const idOf = { matter: 'itemId', theme: 'themeId', template: 'templateId', calendar: '' }[kind]
  const id = partOf(json, idOf)
  const years = Object.keys(objectOf(partOf(json, 'years')) ?? {}).toSorted()
  const named = typeof id === 'string' ? id : years.join('-')
  return { kind, id: named === '' && number > 0 ? `第 ${number} 项` : named, json, places: [], rows: noRows }
}

/** Several documents as one file: a set, canonical, so that each lies in it with its own canonical bytes. */
export function exportJson(documents: readonly WorkbookDocument[]): Buffer {
  return canonicalBytes({ format: 1, documents: documents.map(({ json }) => json) })
}
