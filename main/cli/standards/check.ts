import { knownDivisions } from '../../desk/divisions.ts'
import { programFiles } from '../../shells/program-files.ts'
import { checkDocuments, isMust } from '../../standards/index.ts'
import { parseWords, wrongUsage } from '../seal/arguments.ts'
import type { CommandOutput } from '../seal/command.ts'
import { isFolder, readFile, readFolder } from './files.ts'
import { findingCounts, findingLines } from './finding-lines.ts'

/** `standards check`: tells everything that is wrong with documents. Gives 1 where something must be mended. Throws USAGE, NOT_FOUND, INPUT_INVALID. */
export function checkFiles(argv: readonly string[], io: CommandOutput): 0 | 1 {
  const words = parseWords(argv, { json: { type: 'boolean' } })
  const [first, ...more] = words.positionals
  if (first === undefined) throw wrongUsage('缺少文件或文件夹')
  const isWhole = isFolder(first)
  if (isWhole && more.length > 0) throw wrongUsage('一次检查一个文件夹，或者几个文件')
  const texts = isWhole ? readFolder(first) : [first, ...more].map(readFile)
  const { findings, documents } = checkDocuments(texts, isWhole, knownDivisions(programFiles().resources))
  const must = findings.filter(isMust).length
  const counts = { files: texts.length, readable: documents.length, must, should: findings.length - must }
  if (words.flag('json')) io.stdout(JSON.stringify({ ...counts, findings }, null, 2))
  else {
    for (const line of findingLines(findings)) io.stdout(line)
    io.stdout(`检查了 ${texts.length} 个文件：${findingCounts(findings)}。`)
  }
  return must === 0 ? 0 : 1
}
