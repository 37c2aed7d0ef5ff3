import { writeBeside } from '../../pdf/index.ts'
import { onePositional, parseSealWords, type SealOptions, sealOptionsOf } from './arguments.ts'
import type { CommandOutput } from './command.ts'
import { readRegularFile, refuseSameFile } from './files.ts'
import { openSealMaker } from './making.ts'

/** `seal apply`: one PDF into another file. Throws as reading, sealing and writing do; nothing is written then. */
export async function applySeal(argv: readonly string[], io: CommandOutput): Promise<0> {
  const words = parseSealWords(argv, { output: { type: 'string', short: 'o' } })
  const input = onePositional(words.positionals)
  const output = words.needed('output', '-o OUT.pdf')
  const options = sealOptionsOf(words)
  for (const given of [input, ...filesOf(options)]) await refuseSameFile(given, output)
  const pdf = await readRegularFile(input)
  const maker = await openSealMaker(options)
  try {
    const { parts, place, resaved, sha256, timestamped } = await maker.seal(pdf)
    await writeBeside(output, parts)
    const { page } = place
    if (options.json) io.stdout(JSON.stringify({ output, page, resaved, sha256, timestamped }))
    else {
      if (resaved) io.stdout('原文件的内部目录有损坏，已整理成新文件后再盖章；原文件没有改动。')
      io.stdout(`已在第 ${page} 页盖章${timestamped ? '并加盖时间戳' : ''}：${output}`)
    }
    return 0
  } finally {
    await maker.close()
  }
}

/** The files that a seal is made from, beside the PDF. */
function filesOf({ key, pinFile, timestamps }: SealOptions): string[] {
  return [...(key.kind === 'file' ? [key.p12] : []), pinFile, ...(timestamps?.roots ?? [])]
}
