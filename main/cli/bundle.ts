// Owns: the `bundle` commands: what waits, carried on a stick, without a window.
// Does not own: what is written and read (main/features/bundles), the format (main/wire/bundle/format.ts).
// Start here: `bundleCommand`.
import { basename, dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { shanghaiTimeInWords } from '../../preload/contract/calendar.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { BundleJob } from '../../preload/contract/sync.ts'
import { bundleFolder, isBundleFileName, unfinishedEnding } from '../wire/bundle/format.ts'
import {
  type BundleHead,
  checkBundle,
  fileSource,
  openBundleFile,
  readHead,
  wholeSegments,
} from '../wire/bundle/reader.ts'
import { dataFolder } from '../wire/local/data-folder.ts'
import { type DeskLine, openDeskLine } from './desk-line.ts'
import type { CommandOutput } from './seal/command.ts'
import { factLines } from './table.ts'

const usage = `用法：
  bundle export --to 文件夹 [--no-files] 登录   把中心还没有收到的写进文件夹里的“${bundleFolder}”；写了一半的接着写
  bundle carry 文件.cunchuang 登录              镇街代传：把别的窗口的文件送到中心，回执写在它旁边
  bundle import 回执.cunchuang 登录             读入中心的回执
  bundle show 文件.cunchuang [--json]           看一个文件的外面（谁的、给谁、何时、多大、是否完整），不用登录
登录  --account 账号 --pin-file 口令文件 [--data 数据文件夹]
加 --json 输出 JSON。Ctrl-C 停下，再运行一次接着做。`

const wrongUsage = (why: string, cause?: unknown): AppError => new AppError('USAGE', { why }, { cause })

type Given = ReturnType<typeof parse>

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: true,
      options: {
        to: { type: 'string' },
        'no-files': { type: 'boolean', default: false },
        data: { type: 'string' },
        account: { type: 'string' },
        'pin-file': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (cause) {
    throw wrongUsage('选项写得不对，请看 bundle --help', cause)
  }
}

/** Runs `bundle …`. Gives 0 where it is done, 1 where it failed; throws USAGE and what the calls throw. */
export async function bundleCommand(
  argv: readonly string[],
  io: CommandOutput,
  environment: NodeJS.ProcessEnv,
): Promise<0 | 1> {
  const given = parse(argv)
  const [action, file, ...more] = given.positionals
  if (given.values.help) {
    io.stdout(usage)
    return 0
  }
  if (more.length > 0) throw wrongUsage(`不认识 ${more[0]}`)
  if (action !== 'export' && (given.values.to !== undefined || given.values['no-files']))
    throw wrongUsage('--to、--no-files 只用于 bundle export')
  if (action === 'export') {
    const { to } = given.values
    if (to === undefined || file !== undefined) throw wrongUsage('bundle export 要写 --to 文件夹')
    const stickId = `folder:${resolve(to)}`
    const withFiles = !given.values['no-files']
    return await runJob(given, io, environment, (line) => line.ask('bundle.export', { stickId, withFiles }))
  }
  if (action !== 'carry' && action !== 'import' && action !== 'show')
    throw wrongUsage(action === undefined ? '没有写 bundle 的命令' : `没有 bundle ${action} 这个命令`)
  if (file === undefined) throw wrongUsage(`bundle ${action} 要写一个文件`)
  if (action === 'show') return await showBundle(file, given.values.json, io)
  if (!isBundleFileName(basename(file))) throw new AppError('NOT_FOUND', { what: `村窗的U盘文件：${basename(file)}` })
  const place = { stickId: `folder:${dirname(resolve(file))}`, file: basename(file) }
  const name = action === 'carry' ? 'bundle.carry' : 'bundle.apply'
  return await runJob(given, io, environment, (line) => line.ask(name, place))
}

/** Begins a job at the desk and waits for its end, telling how far it is. */
async function runJob(
  { values }: Given,
  io: CommandOutput,
  environment: NodeJS.ProcessEnv,
  begin: (line: DeskLine) => Promise<unknown>,
): Promise<0 | 1> {
  const line = await openDeskLine({
    dataFolder: dataFolder({ argument: values.data, environment }),
    account: values.account,
    pinFile: values['pin-file'],
    json: values.json,
  })
  const stop = () => void line.ask('bundle.cancel', {}).catch(() => undefined)
  process.once('SIGINT', stop)
  try {
    await line.login()
    await begin(line)
    const job = await endOfJob(line, io)
    if (values.json) io.stdout(JSON.stringify(job, null, 2))
    else if (job.state === 'done') io.stdout(job.said)
    else io.stderr(job.said)
    return job.state === 'done' ? 0 : 1
  } finally {
    process.removeListener('SIGINT', stop)
    await line.close()
  }
}

const pollMs = 200

async function endOfJob(line: DeskLine, io: CommandOutput): Promise<BundleJob> {
  for (;;) {
    const { job } = await line.ask('bundle.sticks', {})
    if (job !== null && job.state !== 'running') return job
    if (job !== null) {
      const share = job.totalBytes === 0 ? 0 : Math.floor((job.doneBytes / job.totalBytes) * 100)
      io.progress?.(`${share}%${job.etaSeconds === null ? '' : `，约还要 ${job.etaSeconds} 秒`}`)
    }
    await pause(pollMs)
  }
}

/** What anybody can tell of a bundle: its outside. The signature needs a key that this command has not. */
async function showBundle(file: string, json: boolean, io: CommandOutput): Promise<0 | 1> {
  const handle = await openBundleFile(file).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause
    throw new AppError('FILE_NOT_FOUND', { name: basename(file) }, { cause })
  })
  try {
    const source = await fileSource(handle)
    const head = await readHead(source)
    const segments = await countSegments(source, head)
    const isWhole = await checkBundle(source).then(
      () => true,
      () => false,
    )
    const { kind, stationId, centreId, madeAtUtc, bundleId } = head.header
    const shown = { ...head.header, sizeBytes: source.sizeBytes, segments, whole: isWhole }
    const unfinished = file.endsWith(unfinishedEnding) ? '没有写完，再写一次会接着写' : '不完整，或被改动过'
    const facts = factLines([
      ['种类', kind === 'out' ? '窗口带给中心的' : '中心的回执'],
      ['窗口', stationId],
      ['中心', centreId],
      ['写于', shanghaiTimeInWords(madeAtUtc)],
      ['标识', bundleId],
      ['大小', `${source.sizeBytes} 字节，${segments} 段`],
      ['状态', isWhole ? '完整（签名由收的一方核对）' : unfinished],
    ])
    if (json) io.stdout(JSON.stringify(shown, null, 2))
    else for (const fact of facts) io.stdout(fact)
    return isWhole ? 0 : 1
  } finally {
    await handle.close()
  }
}

async function countSegments(source: Awaited<ReturnType<typeof fileSource>>, head: BundleHead): Promise<number> {
  let count = 0
  for await (const _ of wholeSegments(source, head)) count += 1
  return count
}
