import type { CellPlace, Findings } from './cell-findings.ts'
import type { FoundTable, TableRow } from './find-table.ts'
import { type Draft, eachRow, emptyDraft, type Reading, readItem } from './import-rows.ts'
import { formOf, lostRows } from './tables/form.ts'
import { type JsonObject, objectOf, partOf, withAt, withoutAt } from './tables/json-parts.ts'
import { questionColumns } from './tables/questions.ts'
import type { DocumentSheets } from './tables/sheets.ts'

/** Puts the forms together: the questions' rows, and what stands beside the matter. */
export async function readForms(
  table: FoundTable | undefined,
  drafts: ReadonlyMap<string, Draft>,
  sheets: DocumentSheets,
  reading: Reading,
) {
  const asked = new Map<Draft, { question: JsonObject; row: TableRow; places: CellPlace[] }[]>()
  await eachRow(table, drafts, sheets, reading, (draft, row) => {
    const own = emptyDraft()
    const question = objectOf(readItem(questionColumns, row, [], own, reading)) ?? {}
    const rows = asked.get(draft) ?? []
    rows.push({ question, row, places: own.places })
    asked.set(draft, rows)
  })
  for (const draft of drafts.values()) {
    const rows = asked.get(draft) ?? []
    tellRows(rows, reading.findings)
    const questions = rows.map(({ question }) => question)
    const beside = partOf(draft.json, 'form')
    const title = partOf(partOf(beside, 'schema'), 'title')
    const patch = objectOf(partOf(beside, 'patch'))
    const form = formOf({ questions, title: typeof title === 'string' ? title : undefined, patch })
    for (const { path, row } of form.places) {
      for (const place of rows[row]?.places ?? [])
        draft.places.push({ ...place, path: ['form', ...path, ...questionTail(place.path)] })
    }
    const rest = withoutAt(withoutAt(beside, ['patch']), ['schema']) ?? {}
    const whole = withAt(withAt(rest, ['schema'], form.schema), ['ui'], form.ui)
    draft.json = { ...draft.json, form: whole }
    await reading.pace.rest()
  }
}

/** Where in a question's schema or look a column's value goes, as far as a finding can name it. */
function questionTail([name]: CellPlace['path']): string[] {
  const tails: Readonly<Record<string, readonly string[]>> = {
    title: ['title'],
    kind: ['type'],
    pattern: ['pattern'],
    default: ['default'],
    choices: ['oneOf'],
    widget: ['ui:widget'],
    help: ['ui:help'],
    placeholder: ['ui:placeholder'],
  }
  return name === undefined ? [] : [...(tails[String(name)] ?? [`(${String(name)})`])]
}

function tellRows(
  rows: readonly { readonly question: JsonObject; readonly row: TableRow }[],
  findings: Findings,
): void {
  const seen = new Set<string>()
  const lost = new Set(lostRows(rows.map(({ question }) => question)))
  rows.forEach(({ question, row }, at) => {
    const name = partOf(question, 'name')
    if (typeof name !== 'string') {
      findings.tellCell('must', row, '题目名', '没有填', '字母开头，只含字母、数字、下划线，如 name')
      return
    }
    const same = `${name} ${String(partOf(question, 'when') ?? '')}`
    if (seen.has(same)) findings.tellCell('must', row, '题目名', `“${name}”与前面的题目重复`, '每题用不同的题目名')
    seen.add(same)
    if (lost.has(at)) {
      const table = name.slice(0, name.lastIndexOf('.'))
      findings.tellCell('must', row, '题目名', `前面没有“${table}”这张表格`, '先写一行题型为“表格”的题目，再写它的列')
    }
  })
}
