import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AppError } from '../../preload/contract/errors.ts'
import { type CaseView, caseViewSchema } from '../../preload/contract/views.ts'
import { dataFolder } from '../wire/local/data-folder.ts'

/** What every command may be told. */
export type CommandOptions = {
  readonly dataFolder: string
  readonly account: string | undefined
  readonly pinFile: string | undefined
  readonly json: boolean
}

/** A command line that was understood. */
export type Command =
  | { readonly name: 'help' }
  | {
      readonly name: 'cases list'
      readonly options: CommandOptions
      readonly view: CaseView
      readonly query: string
      readonly limit: number
    }
  | { readonly name: 'cases show'; readonly options: CommandOptions; readonly case: string }
  | {
      readonly name: 'cases deliver'
      readonly options: CommandOptions
      readonly case: string
      readonly receiver: string
      readonly receiverId: string
    }
  | { readonly name: 'sync day'; readonly options: CommandOptions; readonly day: string | undefined }
  | { readonly name: 'ledger verify' | 'sync now' | 'sync status' | 'station show'; readonly options: CommandOptions }
  | {
      readonly name: 'seed'
      readonly options: CommandOptions
      readonly cases: number
      readonly seed: number
      readonly yes: boolean
    }

/** A command that asks the desk. */
export type DeskCommand = Exclude<Command, { name: 'help' } | { name: 'seed' }>

/** How the command line is used. */
export const usage = `用法：npm run -s cli -- 命令 [选项]

命令
  cases list [--view 视图] [--query 文字] [--limit 数]   办件列表（视图：mine due lacking returned undelivered all）
  cases show 编号                                       一个办件：编号、编号的结尾，或办件标识
  cases deliver 编号 --receiver 姓名 [--receiver-id 证件号] 登记结果由谁领取（办结之后）
  ledger verify                                        核对台账每一条的哈希
  sync now                                             马上与中心传送一次
  sync status                                          传送的情况
  sync day [--day 年-月-日]                              日清：与中心核对一天（不写时核对今天）
  station show                                         这台工作站是谁（不用登录）
  station join --centre 地址 --code 登记码                登记到中心，代替丢了的机器（不用登录，详见 station join --help）
  bundle export --to 文件夹 / bundle carry 文件        把等着送的写到U盘 / 镇街代传（详见 bundle --help）
  bundle import 回执 / bundle show 文件                读入中心的回执 / 看一个U盘文件的外面
  standards build|sign|show|unpack|publish|apply|keys … 事项标准的发布（详见 standards --help）
  seed [--cases 数] [--seed 数] [--yes]                 给演练的工作站造例子（不用登录；已有办件时要加 --yes）
  seal apply IN.pdf -o OUT.pdf --p12 F --pin-file F    给 PDF 盖章（不用数据文件夹，详见 seal --help）
  seal batch --dir IN --out OUT --p12 F --pin-file F   给整个文件夹盖章
  seal verify FILE.pdf… [--trust CA.pem]               验章
  seal slots FILE.pdf / seal tokens                    空着的签章栏 / 插着的密码钥匙
  standards check 文件…|文件夹                         检查事项标准（不用数据文件夹，详见 standards --help）
  standards diff 旧的 新的                             两个版本、两个文件夹或两次发布有什么不同
  standards template / import / export                 Excel 工作簿、JSON、国家平台的表：下载模板、导入、导出

选项
  --data DIR         数据文件夹；不写时用环境变量 CUNCHUANG_DATA，再不然用默认的
  --account 账号      登录的账号
  --pin-file 文件     放着口令的文件（口令不写在命令行里，免得留在历史记录中）
  --json             输出 JSON

结束码：0 办好了，1 没办成，2 命令写错了`

const wrongUsage = (why: string, cause?: unknown): AppError => new AppError('USAGE', { why }, { cause })

/** Reads a command line (without `seal`). Throws USAGE with what is wrong. */
export function readCommand(argv: readonly string[], environment: NodeJS.ProcessEnv): Command {
  const { values, positionals } = parse(argv)
  if (values.help) return { name: 'help' }
  const [group = '', action = '', ...rest] = positionals
  const options: CommandOptions = {
    dataFolder: dataFolder({ argument: values.data, environment }),
    account: values.account,
    pinFile: values['pin-file'],
    json: values.json,
  }
  const name = `${group} ${action}`.trim()
  if (
    name !== 'cases list' &&
    (values.view !== undefined || values.query !== undefined || values.limit !== undefined)
  ) {
    throw wrongUsage('--view、--query、--limit 只用于 cases list')
  }
  if (name !== 'seed' && (values.cases !== undefined || values.seed !== undefined || values.yes)) {
    throw wrongUsage('--cases、--seed、--yes 只用于 seed')
  }
  if (name === 'seed') return { name, options, ...seedOptions(values), yes: values.yes }
  if (name === 'cases show') {
    const [wanted, ...more] = rest
    if (wanted === undefined || more.length > 0) throw wrongUsage('cases show 要写一个编号')
    return { name, options, case: wanted }
  }
  const isDelivery = name === 'cases deliver'
  if (!isDelivery && (values.receiver !== undefined || values['receiver-id'] !== undefined))
    throw wrongUsage('--receiver、--receiver-id 只用于 cases deliver')
  if (isDelivery) {
    const [wanted, ...more] = rest
    const { receiver, 'receiver-id': receiverId = '' } = values
    if (wanted === undefined || receiver === undefined || more.length > 0)
      throw wrongUsage('cases deliver 要写一个编号和 --receiver')
    return { name, options, case: wanted, receiver, receiverId }
  }
  if (rest.length > 0) throw wrongUsage(`不认识 ${rest[0]}`)
  if (name !== 'sync day' && values.day !== undefined) throw wrongUsage('--day 只用于 sync day')
  if (name === 'sync day') return { name, options, day: dayOption(values.day) }
  if (name === 'cases list') return { name, options, ...listOptions(values) }
  if (name === 'ledger verify' || name === 'sync now' || name === 'sync status' || name === 'station show') {
    return { name, options }
  }
  throw wrongUsage(name === '' ? '没有写命令' : `没有 ${name} 这个命令`)
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        account: { type: 'string' },
        'pin-file': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        view: { type: 'string' },
        query: { type: 'string' },
        limit: { type: 'string' },
        cases: { type: 'string' },
        seed: { type: 'string' },
        yes: { type: 'boolean', default: false },
        day: { type: 'string' },
        receiver: { type: 'string' },
        'receiver-id': { type: 'string' },
      },
    })
  } catch (cause) {
    const option = cause instanceof Error ? /'(-[^' ]*)/.exec(cause.message)?.[1] : undefined
    throw wrongUsage(option === undefined ? '选项写得不对' : `选项 ${option} 写得不对`, cause)
  }
}

function listOptions(values: {
  readonly view?: string | undefined
  readonly query?: string | undefined
  readonly limit?: string | undefined
}) {
  const view = caseViewSchema.safeParse(values.view ?? 'all')
  if (!view.success) throw wrongUsage(`没有 ${values.view} 这个视图`)
  const limit = Number(values.limit ?? 50)
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw wrongUsage('--limit 要是 1 到 200 的整数')
  return { view: view.data, query: values.query ?? '', limit }
}

function dayOption(day: string | undefined): string | undefined {
  if (day !== undefined && !z.iso.date().safeParse(day).success) throw wrongUsage('--day 要写成 2026-03-02 这样的日期')
  return day
}

function seedOptions(values: { readonly cases?: string | undefined; readonly seed?: string | undefined }) {
  const [cases, seed] = [Number(values.cases ?? 500), Number(values.seed ?? 1)]
  if (!Number.isInteger(cases) || cases < 1 || cases > 500_000) throw wrongUsage('--cases 要是 1 到 500000 的整数')
  if (!Number.isInteger(seed) || seed < 0 || seed > 1_000_000) throw wrongUsage('--seed 要是 0 到 1000000 的整数')
  return { cases, seed }
}
