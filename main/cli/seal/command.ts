// Owns: the `seal` commands: sealing and checking PDF files without a data folder.
// Does not own: what a seal and a verdict are (main/pdf, main/signing, main/rendering), commands that need a desk (../commands.ts).
// Start here: sealCommand; apply.ts, batch.ts, verify.ts and looking.ts are one command each or two.
import { AppError } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import { applySeal } from './apply.ts'
import { wrongUsage } from './arguments.ts'
import { sealBatch } from './batch.ts'
import { showSlots, showTokens } from './looking.ts'
import { verifyFiles } from './verify.ts'

/** Where the words of a command go, a line at a time. */
export type CommandOutput = {
  stdout(line: string): void
  stderr(line: string): void
  /** How far a long command is; the line takes the place of the one before. Left out where nobody watches. */
  progress?(line: string): void
}

const usage = `用法：
  seal apply IN.pdf -o OUT.pdf 印章 [位置] [样式] [--json]       给一份 PDF 盖章
  seal batch --dir 来源文件夹 --out 去处文件夹 印章 [位置] [样式]  给整个文件夹盖章；Ctrl-C 停下，再运行一次接着盖
  seal verify FILE.pdf… [--trust 根证书.pem]… [--crl 吊销列表]… [--pictures 文件夹] [--json]   验章
  seal slots FILE.pdf [--json]                                   空着的签章栏
  seal tokens [--library 驱动]… [--json]                         插着的密码钥匙（U盾）
印章  --p12 印章文件 | --token 驱动 --serial 序列号 [--key 密钥]
      --pin-file 口令文件
位置  不写：最后一页右下方    --page 页码 [--at X,Y]    --date 落款日期上
      --anchor 文字 [--last] [--shift 右,下]    --slot 签章栏    --seam left|right 骑缝 [--at 0,Y]
样式  --size-mm 42  --emblem star|national  --name 单位名称  --purpose 专用章字样  --code 编码  --reason 事由
      --certify [--slots 页码,X,Y[,大小[,名称]]]…   盖为首章，并留出以后盖章的签章栏
      --tsa 地址 --tsa-trust 根证书.pem   盖章后加盖时间戳；取不到就不写文件
X,Y 是页面左上角到印章左上角的毫米数。`

type Action = (argv: readonly string[], io: CommandOutput) => Promise<0 | 1>

const actions: Readonly<Record<string, Action>> = {
  apply: applySeal,
  batch: sealBatch,
  verify: verifyFiles,
  slots: showSlots,
  tokens: showTokens,
}

/**
 * The `seal` commands; none needs a data folder. `argv` is what follows `seal`. Gives the exit code: 0 done (of `verify`:
 * every file is valid), 1 refused or not all done (of `verify`: any other verdict), 2 wrong usage. A refusal is one
 * Chinese sentence on stderr. Originals are only read; every sealed file is written beside its place and renamed.
 */
export async function sealCommand(argv: readonly string[], io: CommandOutput): Promise<0 | 1 | 2> {
  const [action, ...rest] = argv
  try {
    if (argv.includes('--help') || argv.includes('-h')) {
      io.stdout(usage)
      return 0
    }
    if (action === undefined) throw wrongUsage('缺少 apply、batch、verify、slots 或 tokens')
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (run === undefined) throw wrongUsage(`没有 ${action} 这个命令`)
    return await run(rest, io)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    io.stderr(failureLine(error))
    return error.code === 'USAGE' ? 2 : 1
  }
}
