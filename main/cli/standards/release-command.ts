// Owns: the `standards` commands about releases: built from files, signed, published, applied, shown; the publisher's key.
// Does not own: what a release is (main/wire/catalogue), what a station or the centre makes of it.
// Start here: `releaseCommand`; build.ts makes and signs, releasing.ts brings it where it is of use.
import type { CommandOutput } from '../seal/command.ts'
import { buildRelease, signRelease } from './build.ts'
import { makeKey, rotateKey, showKey } from './keys.ts'
import { type ReleaseOrder, readOrder, wrongUsage } from './release-order.ts'
import { applyRelease, publishRelease, showRelease } from './releasing.ts'
import { unpackRelease } from './unpack.ts'

/** How the commands about releases are written. */
export const releaseUsage = `
  standards build 文件夹 --out 文件.cunrelease [--previous 上一次.cunrelease] [--effective 时间] [--targets 对象,对象]
    [--note 说明] [--approved-by 姓名] [--county 县代码]     把文件夹里的标准做成一次发布（还没有签名）
  standards sign 文件.cunrelease --key 密钥文件 --pin-file 口令文件 [--out 文件]      用发布密钥签名
  standards show 文件.cunrelease [--json]                  看一次发布：谁签的、何时生效、有哪些文件
  standards unpack 文件.cunrelease 新文件夹 [--key 密钥文件]   拆成一份一份的文件，build 又能做成发布；--key：只要这把密钥签的
  standards publish 文件.cunrelease [--centre 地址 | --data 数据文件夹]   交给中心，由它下发
  standards apply 文件.cunrelease --data 数据文件夹 --account 账号 --pin-file 口令文件   读入这台工作站
  standards keys make 密钥文件 --pin-file 口令文件 [--name 名称]    做一把发布密钥
  standards keys show 密钥文件                              看公钥（在中心登记用）
  standards keys rotate 新密钥文件 --new-pin-file 口令文件 --key 旧密钥 --pin-file 旧口令文件
    --previous 上一次.cunrelease --out 文件.cunrelease      换密钥：做一把新的，并做好由旧密钥签名的交接发布
时间写成 2026-12-01（北京时间零点）或 2026-12-01T08:30；不写时马上生效。对象是窗口、村（12位）、镇（9位）代码或标签，不写时发给所有窗口。
加 --json 输出 JSON。`

type Action = (order: ReleaseOrder) => Promise<0 | 1>

const actions: Readonly<Record<string, Action>> = {
  build: buildRelease,
  sign: signRelease,
  show: showRelease,
  unpack: unpackRelease,
  publish: publishRelease,
  apply: applyRelease,
  'keys make': makeKey,
  'keys show': showKey,
  'keys rotate': rotateKey,
}

/** Whether the word after `standards` is one of a command about releases. */
export function isReleaseWord(word: string | undefined): boolean {
  return Object.keys(actions).some((name) => name.split(' ')[0] === word)
}

/**
 * Runs a `standards` command about releases; `argv` is what follows `standards`. Gives 0 where it is done, 1 where what was
 * shown is not right. Throws USAGE and what the parts throw.
 */
export async function releaseCommand(
  argv: readonly string[],
  io: CommandOutput,
  environment: NodeJS.ProcessEnv,
): Promise<0 | 1> {
  const { values, positionals } = readOrder(argv)
  if (values.help) {
    io.stdout(releaseUsage.trim())
    return 0
  }
  const [first = '', second = ''] = positionals
  const name = first === 'keys' ? `keys ${second}` : first
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined)
    throw wrongUsage(first === '' ? '没有写 standards 的命令' : `没有 standards ${name} 这个命令`)
  const words = positionals.slice(name.split(' ').length)
  return await action({ words, options: values, io, environment })
}
