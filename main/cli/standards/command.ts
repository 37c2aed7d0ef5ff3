// Owns: the `standards` commands that need no station: documents in files, checked and compared.
// Does not own: what is wrong with a document and what changed (main/standards), commands that need a desk (../commands.ts).
// Start here: standardsCommand.
import { AppError } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import { wrongUsage } from '../seal/arguments.ts'
import type { CommandOutput } from '../seal/command.ts'
import { checkFiles } from './check.ts'
import { diffFiles } from './diff.ts'

const usage = `用法：
  standards check 文件…|文件夹 [--json]    检查事项标准、一件事、文书模板、工作日历；给文件夹时按一整套检查
  standards diff 旧文件 新文件 [--json]    两个版本有什么不同

结束码：0 没有要改的，1 有必须改的（diff：有不同），2 命令写错了`

type Action = (argv: readonly string[], io: CommandOutput) => 0 | 1

const actions: Readonly<Record<string, Action>> = { check: checkFiles, diff: diffFiles }

/**
 * The `standards` commands; none needs a data folder. `argv` is what follows `standards`. Gives the exit code: 0 done
 * (check: nothing must be mended; diff: the same), 1 refused or otherwise, 2 wrong usage. A refusal is one Chinese
 * sentence on stderr. Files are only read.
 */
export function standardsCommand(argv: readonly string[], io: CommandOutput): 0 | 1 | 2 {
  const [action, ...rest] = argv
  try {
    if (argv.includes('--help') || argv.includes('-h')) {
      io.stdout(usage)
      return 0
    }
    if (action === undefined) throw wrongUsage(`缺少 ${Object.keys(actions).join('、')}`)
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (run === undefined) throw wrongUsage(`没有 ${action} 这个命令`)
    return run(rest, io)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    io.stderr(failureLine(error))
    return error.code === 'USAGE' ? 2 : 1
  }
}
