// Owns: `station join`: a machine becomes the window of a one-time code, without a window.
// Does not own: what joining does (main/desk/joining.ts).
// Start here: `stationJoinCommand`.
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { askCode, type FirstPerson, joinCentre, takePlace } from '../desk/joining.ts'
import { readProfile } from '../desk/profile.ts'
import { makeFolder } from '../desk/run.ts'
import { programFiles } from '../shells/program-files.ts'
import { dataFolder } from '../wire/local/data-folder.ts'
import { lockFolder } from '../wire/local/folder-lock.ts'
import type { CommandOutput } from './seal/command.ts'

const usage = `用法：
  station join --centre 地址 --code 登记码 [--window 窗口名称] [--name 姓名 --account 账号 --pin-file 口令文件] [--data 文件夹] [--json]
把这台机器登记到中心。登记码由县里的管理员发；是代替旧机器的码，旧机器的办件、文件和草稿会交给这台。
正式窗口要写第一位经办人（他是本机的管理员）；代替演练机器时不用写，口令照样显示在登录页上。
数据文件夹里原来的演练内容收进旁边的 before-… 文件夹，不删。`

/** Runs `station join …`. Gives 0 where it is done; throws USAGE, FOLDER_IN_USE, NOT_ALLOWED for a folder that is a window in earnest, and as `joinCentre`. */
export async function stationJoinCommand(
  argv: readonly string[],
  io: CommandOutput,
  environment: NodeJS.ProcessEnv,
): Promise<0> {
  const { values } = parse(argv)
  if (values.help) {
    io.stdout(usage)
    return 0
  }
  const { centre, code, window: windowName = '' } = values
  if (centre === undefined || code === undefined) throw new AppError('USAGE', { why: '要写 --centre 和 --code' })
  const folder = dataFolder({ argument: values.data, environment })
  makeFolder(folder)
  const lock = lockFolder(folder)
  try {
    if (readProfile(folder)?.mode === 'live') throw new AppError('NOT_ALLOWED', { reason: 'live' })
    const { resources } = programFiles()
    const ground = { dataFolder: folder, resources, clock: systemClock, emit: () => {}, log: () => {} }
    const { replaces } = await askCode(centre, code)
    const person = replaces?.mode === 'training' ? null : await readPerson(values)
    const joined = await joinCentre({ ...ground, pinCost: undefined }, { centreUrl: centre, code, windowName, person })
    takePlace(folder)
    io.stdout(values.json ? JSON.stringify(joined, null, 2) : inWords(joined))
    return 0
  } finally {
    lock.release()
  }
}

function inWords({ stationId, replaced }: Awaited<ReturnType<typeof joinCentre>>): string {
  if (replaced === undefined) return `已登记：${stationId}。用 npm start 打开这个数据文件夹，登录后就能收件。`
  return `已登记：${stationId}，代替 ${replaced.stationId}。交回 ${replaced.cases} 件办件、${replaced.drafts} 份草稿，打开村窗登录后自动取回。`
}

async function readPerson(values: ReturnType<typeof parse>['values']): Promise<FirstPerson> {
  const { name, account, 'pin-file': pinFile } = values
  if (name === undefined || account === undefined || pinFile === undefined)
    throw new AppError('USAGE', { why: '正式窗口要写 --name 姓名 --account 账号 --pin-file 口令文件' })
  const pin = await readFile(pinFile, 'utf8').catch((cause: unknown) => {
    throw new AppError('FILE_NOT_FOUND', { name: basename(pinFile) }, { cause })
  })
  return { account, displayName: name, pin: pin.replace(/\r?\n$/, '') }
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      options: {
        ...{ centre: text, code: text, window: text, name: text, account: text, 'pin-file': text, data: text },
        ...{ json: flag, help: flag },
      },
    })
  } catch (cause) {
    throw new AppError('USAGE', { why: '选项写得不对，请看 station join --help' }, { cause })
  }
}
