// Owns: the `standards` commands that need no station: documents in files, checked, compared, brought in from tables and written into them.
// Does not own: releases (release-command.ts), what is wrong with a document and what changed (main/standards), how tables are read (main/standards/workbook), commands that need a desk (../commands.ts).
// Start here: standardsCommand.
import { AppError } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import { wrongUsage } from '../seal/arguments.ts'
import type { CommandOutput } from '../seal/command.ts'
import { checkFiles } from './check.ts'
import { diffFiles } from './diff.ts'
import { exportFiles, writeTemplate } from './export.ts'
import { importFiles } from './import.ts'
import { releaseUsage } from './release-command.ts'

const usage = `用法：
  standards check 文件…|文件夹 [--json]    检查事项标准、一件事、文书模板、工作日历；给文件夹时按一整套检查
  standards diff 旧文件 新文件 [--json]    两个版本有什么不同
  standards diff 旧的 新的 [--json]        两整套有什么不同；每一边是文件夹或发布文件
  standards template --out 模板.xlsx [--replace]       空的 Excel 工作簿，填好再导入
  standards import 文件… --out 文件夹 [--form workbook|json|national] [--json]   导入工作簿、JSON、国家平台的表（xlsx 或 csv）
  standards export 文件…|文件夹 --out 文件 [--form workbook|json|national] [--replace]   导出成一个工作簿、一个 JSON、国家平台的表
--form 不写时看文件名：.xlsx 是工作簿，.json 是 JSON，.csv 是国家平台的表
--out 的文件已经有了就不写；加 --replace 才换掉

结束码：0 没有要改的，1 有必须改的（diff：有不同），2 命令写错了`

type Action = (argv: readonly string[], io: CommandOutput) => 0 | 1 | Promise<0 | 1>

const actions: Readonly<Record<string, Action>> = {
  check: checkFiles,
  diff: diffFiles,
  template: writeTemplate,
  import: importFiles,
  export: exportFiles,
}

/**
 * The `standards` commands; none needs a data folder. `argv` is what follows `standards`. Gives the exit code: 0 done
 * (check: nothing must be mended; diff: the same), 1 refused or otherwise, 2 wrong usage. A refusal is one Chinese
 * sentence on stderr. Files that are given are only read; what is written appears whole or not at all.
 */
export async function standardsCommand(argv: readonly string[], io: CommandOutput): Promise<0 | 1 | 2> {
  const [action, ...rest] = argv
  try {
    if (argv.includes('--help') || argv.includes('-h')) {
      io.stdout(`${usage}\n${releaseUsage}`)
      return 0
    }
    if (action === undefined) throw wrongUsage(`缺少 ${Object.keys(actions).join('、')}`)
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (run === undefined) throw wrongUsage(`没有 ${action} 这个命令`)
    return await run(rest, io)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    io.stderr(failureLine(error))
    return error.code === 'USAGE' ? 2 : 1
  }
}
