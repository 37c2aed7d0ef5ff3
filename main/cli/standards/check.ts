import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { checkDocuments, isMust } from '../../standards/index.ts'
import { parseWords, wrongUsage } from '../seal/arguments.ts'
import type { CommandOutput } from '../seal/command.ts'
import { isFolder, readFile, readFolder } from './files.ts'

/** `standards check`: tells everything that is wrong with documents. Gives 1 where something must be mended. Throws USAGE, NOT_FOUND, INPUT_INVALID. */
export function checkFiles(argv: readonly string[], io: CommandOutput): 0 | 1 {
  const words = parseWords(argv, { json: { type: 'boolean' } })
  const [first, ...more] = words.positionals
  if (first === undefined) throw wrongUsage('缺少文件或文件夹')
  const isWhole = isFolder(first)
  if (isWhole && more.length > 0) throw wrongUsage('一次检查一个文件夹，或者几个文件')
  const texts = isWhole ? readFolder(first) : [first, ...more].map(readFile)
  const { findings, documents } = checkDocuments(texts, isWhole)
  const must = findings.filter(isMust).length
  const counts = { files: texts.length, readable: documents.length, must, should: findings.length - must }
  if (words.flag('json')) io.stdout(JSON.stringify({ ...counts, findings }, null, 2))
  else for (const line of linesOf(findings, counts)) io.stdout(line)
  return must === 0 ? 0 : 1
}

type Counts = { readonly files: number; readonly must: number; readonly should: number }

function linesOf(findings: readonly Finding[], { files, must, should }: Counts): string[] {
  const told = findings.flatMap(({ severity, document, place, problem, remedy, pointer }) => [
    `${severity === 'must' ? '【必须改】' : '【建议改】'}${document}：${place}`,
    `  ${problem}`,
    `  怎么改：${remedy}`,
    ...(pointer === '' ? [] : [`  位置：${pointer}`]),
  ])
  const verdict =
    findings.length === 0
      ? '没有发现问题'
      : must === 0
        ? `没有必须改的，建议改 ${should} 处`
        : `必须改 ${must} 处，建议改 ${should} 处`
  return [...told, `检查了 ${files} 个文件：${verdict}。`]
}
