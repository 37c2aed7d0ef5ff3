import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import { readDocument } from '../../../preload/contract/standards/documents.ts'
import { checkDocuments, type NamedText } from '../../standards/index.ts'
import {
  exportJson,
  exportNational,
  exportWorkbook,
  type KeptTable,
  keptTablesSchema,
  templateWorkbook,
  type WorkbookDocument,
} from '../../standards/workbook/index.ts'
import { parseWords, wrongUsage } from '../seal/arguments.ts'
import type { CommandOutput } from '../seal/command.ts'
import { isFolder, readFile, readFolder } from './files.ts'
import { assertMayWrite, type Form, formOf, keptFile, writeWhole } from './tables.ts'

/** Where it goes; what lies there is replaced on that word alone. */
const outOptions = { out: { type: 'string' }, replace: { type: 'boolean' } } as const

type Named = WorkbookDocument & { readonly name: string }

/**
 * `standards export`: documents of a folder or of files as one workbook, one JSON set, or the national platform's tables.
 * Says what the form has no place for. Throws USAGE, NOT_FOUND, INPUT_INVALID, FILE_NOT_WRITABLE, DISK_FULL.
 */
export async function exportFiles(argv: readonly string[], io: CommandOutput): Promise<0> {
  const words = parseWords(argv, { ...outOptions, form: { type: 'string' } })
  const [first, ...more] = words.positionals
  if (first === undefined) throw wrongUsage('缺少要导出的文件或文件夹')
  const out = words.needed('out', '--out 文件')
  const form = formOf(words.text('form'), out)
  if (form !== 'json' && !/\.xlsx$/iu.test(out)) throw wrongUsage('--out 要写 .xlsx 文件：别的格式会把编码变成数字')
  const isWhole = isFolder(first)
  if (isWhole && more.length > 0) throw wrongUsage('一次导出一个文件夹，或者几个文件')
  if (words.positionals.some((file) => resolve(file) === resolve(out))) throw wrongUsage('--out 不能就是要导出的文件')
  assertMayWrite(out, words.flag('replace'))
  const documents = (isWhole ? readFolder(first) : words.positionals.map(readFile)).map(readable)
  const taken = documents.filter(
    ({ kind }) => form === 'json' || (form === 'national' ? kind === 'matter' : kind !== 'calendar'),
  )
  if (taken.length === 0) throw new AppError('NOT_FOUND', { what: '可以导出的事项标准' })
  writeWhole(out, await bytesOf(form, taken, isWhole ? first : undefined))
  io.stdout(`导出了 ${taken.length} 项，在 ${out}。`)
  const left = documents.filter((one) => !taken.includes(one)).map(({ name }) => name)
  if (left.length > 0) io.stdout(`没有导出（这种表里放不下，请用 --form json）：${left.join('、')}。`)
  if (form === 'national') io.stdout('表单、规则、办理环节、文书等国家平台表里没有的内容没有导出。')
  return 0
}

/** `standards template`: an empty workbook to fill in. Throws USAGE, INPUT_INVALID for a file that is there, FILE_NOT_WRITABLE, DISK_FULL. */
export async function writeTemplate(argv: readonly string[], io: CommandOutput): Promise<0> {
  const words = parseWords(argv, outOptions)
  if (words.positionals.length > 0) throw wrongUsage(`不认识 ${words.positionals[0] ?? ''}`)
  const out = words.needed('out', '--out 文件')
  if (!/\.xlsx$/iu.test(out)) throw wrongUsage('--out 要写 .xlsx 文件')
  assertMayWrite(out, words.flag('replace'))
  writeWhole(out, await templateWorkbook())
  io.stdout(`模板写在 ${out}。填好后用 standards import 导入。`)
  return 0
}

async function bytesOf(
  form: Form,
  documents: readonly WorkbookDocument[],
  folder: string | undefined,
): Promise<Buffer> {
  if (form === 'workbook') return await exportWorkbook(documents)
  if (form === 'json') return exportJson(documents)
  const matters = documents.map(({ json }) => json as Parameters<typeof exportNational>[0][number])
  return await exportNational(matters, folder === undefined ? [] : keptTables(folder))
}

/** Tables that were kept beside the documents when they were imported; none where there are none. */
function keptTables(folder: string): readonly KeptTable[] {
  const file = join(folder, keptFile)
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return []
  try {
    return keptTablesSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).tables
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { field: `${keptFile} 损坏了，删去后可以不带原表导出` }, { cause })
  }
}

/** A document that can be read, whatever else is wrong with it. Throws INPUT_INVALID with the first thing that keeps it from that. */
function readable(text: NamedText): Named {
  const read = 'text' in text ? readDocument(text.text) : undefined
  if (read?.ok === true) return { name: text.name, kind: read.document.kind, json: read.json }
  const [finding] = checkDocuments([text], false).findings
  throw new AppError('INPUT_INVALID', { field: `${text.name} ${finding?.place ?? ''}（${finding?.problem ?? ''}）` })
}
