import { isMust } from '../../standards/index.ts'
import {
  type Imported,
  type ImportedDocument,
  type ImportedFile,
  importedTogether,
  importJson,
  importNational,
  importWorkbook,
  type KeptTable,
  refusedBy,
} from '../../standards/workbook/index.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { parseWords, wrongUsage } from '../seal/arguments.ts'
import type { CommandOutput } from '../seal/command.ts'
import { documentFiles } from './document-files.ts'
import { findingCounts, findingLines } from './finding-lines.ts'
import { type Form, formOf, keptFile, readTableFile, type TableFile, writeFolder } from './tables.ts'

type Result = Imported & { readonly kept: readonly KeptTable[] }

/**
 * `standards import`: documents from workbooks, JSON files or the national platform's tables into a new folder, a file a
 * document. Whole or not at all: where anything must be mended, or two files hold the same document, nothing is written.
 * Gives 1 then. Throws USAGE, NOT_FOUND, INPUT_INVALID, WORKBOOK_REFUSED, FILE_NOT_WRITABLE, DISK_FULL.
 */
export async function importFiles(argv: readonly string[], io: CommandOutput): Promise<0 | 1> {
  const words = parseWords(argv, { out: { type: 'string' }, form: { type: 'string' }, json: { type: 'boolean' } })
  const [first] = words.positionals
  if (first === undefined) throw wrongUsage('缺少要导入的文件')
  const out = words.needed('out', '--out 文件夹')
  const form = formOf(words.text('form'), first)
  const { documents, findings, kept } = await imported(form, words.positionals.map(readTableFile))
  const isDone = !findings.some(isMust)
  if (isDone) writeFolder(out, [...filesOf(documents), ...keptFiles(kept)])
  const names = isDone ? documents.map(({ kind, id }) => ({ kind, id })) : []
  if (words.flag('json')) io.stdout(JSON.stringify({ documents: names, findings }, null, 2))
  else {
    for (const line of findingLines(findings)) io.stdout(line)
    const verdict = isDone ? `导入了 ${documents.length} 项，在 ${out}` : '什么也没有导入'
    io.stdout(`${verdict}：${findingCounts(findings)}。`)
  }
  return isDone ? 0 : 1
}

async function imported(form: Form, files: readonly TableFile[]): Promise<Result> {
  if (form === 'national') return await importNational(files)
  const read = form === 'json' ? importJson : importWorkbook
  const results: ImportedFile[] = []
  for (const { name, bytes } of files)
    results.push({ file: name, imported: await refusedBy(name, () => read(bytes, name)) })
  const all = importedTogether(results).map(({ imported: one }) => one)
  const findings = all.flatMap((one) => one.findings).toSorted((a, b) => Number(isMust(b)) - Number(isMust(a)))
  const [documents, faulty] = [all.flatMap((one) => one.documents), all.flatMap((one) => one.faulty)]
  return { documents, faulty, findings, kept: [] }
}

const filesOf = (documents: readonly ImportedDocument[]) =>
  documentFiles(documents).map(({ name, of: { bytes } }) => ({ name, bytes }))

function keptFiles(tables: readonly KeptTable[]) {
  return tables.length === 0 ? [] : [{ name: keptFile, bytes: canonicalBytes({ format: 1, tables }) }]
}
