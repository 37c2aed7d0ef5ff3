import { AppError } from '../../../preload/contract/errors.ts'
import type { StandardDocument } from '../../../preload/contract/standards/documents.ts'
import type { Change } from '../../../preload/contract/standards/findings.ts'
import { checkDocuments, compareDocuments, type NamedText } from '../../standards/index.ts'
import { parseWords, wrongUsage } from '../seal/arguments.ts'
import type { CommandOutput } from '../seal/command.ts'
import { readFile } from './files.ts'
import { plain } from './finding-lines.ts'

/** `standards diff`: what changed from one version of a document to another. Gives 1 where something did. Throws USAGE, NOT_FOUND, INPUT_INVALID. */
export function diffFiles(argv: readonly string[], io: CommandOutput): 0 | 1 {
  const words = parseWords(argv, { json: { type: 'boolean' } })
  const [before, after, ...more] = words.positionals
  if (before === undefined || after === undefined || more.length > 0) throw wrongUsage('要写旧、新两个文件')
  const changes = compareDocuments(readable(readFile(before)), readable(readFile(after)))
  if (words.flag('json')) io.stdout(JSON.stringify({ changes }, null, 2))
  else for (const line of linesOf(changes)) io.stdout(line)
  return changes.length === 0 ? 0 : 1
}

/** A document that can be read, whatever else is wrong with it. Throws INPUT_INVALID with the first thing that keeps it from that. */
function readable(text: NamedText): StandardDocument {
  const { documents, findings } = checkDocuments([text], false)
  const [only] = documents
  if (only !== undefined) return only.document
  const [finding] = findings
  throw new AppError('INPUT_INVALID', { field: `${text.name} ${finding?.place ?? ''}（${finding?.problem ?? ''}）` })
}

const signs = { added: '＋', removed: '－', changed: '～', moved: '↕' } as const

function linesOf(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ['没有不同。']
  const told = changes.flatMap(({ kind, words, before, after }) => [
    `${signs[kind]} ${plain(words)}`,
    ...(kind === 'changed' ? [`    原来：${inLine(before)}`, `    现在：${inLine(after)}`] : []),
  ])
  return [...told, `共 ${changes.length} 处不同。`]
}

const inLine = (text: string | null) => (text === null ? '（没有）' : plain(text.replaceAll('\n', '；')))
