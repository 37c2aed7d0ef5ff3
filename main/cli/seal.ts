import { X509Certificate } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError, type ErrorDetails } from '../../preload/contract/errors.ts'
import { failureLine } from '../../preload/contract/sentences.ts'
import type { CheckedSeal } from '../../preload/contract/verification.ts'
import { sealPdf } from '../pdf/index.ts'
import { openSealFile, verifyPdf } from '../signing/index.ts'

/** Where the words of a command go, a line at a time. */
export type CommandOutput = { stdout(line: string): void; stderr(line: string): void }

const usage = `用法：
  seal apply IN.pdf -o OUT.pdf --p12 印章文件 --pin-file 口令文件
             [--page 页码] [--at X,Y] [--size-mm 42] [--name 单位名称] [--purpose 专用章字样] [--code 编码] [--json]
  seal verify FILE.pdf [--trust 根证书.pem]… [--json]
X,Y 是页面左上角到印章左上角的毫米数；不写时盖在最后一页右下方。`

/** Smallest and largest seal that is drawn, in millimetres. */
const diameterLimits = { least: 10, most: 100 }

/**
 * `seal apply` and `seal verify`; neither needs a data folder. `argv` is what follows `seal`. Gives the exit code:
 * 0 done (of `verify`: every seal is valid), 1 refused (of `verify`: any other verdict), 2 wrong usage. A refusal is
 * one Chinese sentence on stderr. The sealed file is written beside its place and renamed; the original is only read.
 */
export async function sealCommand(argv: readonly string[], io: CommandOutput): Promise<0 | 1 | 2> {
  const [action, ...rest] = argv
  try {
    if (argv.includes('--help') || argv.includes('-h')) {
      io.stdout(usage)
      return 0
    }
    if (action === 'apply') return await apply(rest, io)
    if (action === 'verify') return await check(rest, io)
    throw wrongUsage(action === undefined ? '缺少 apply 或 verify' : `没有 ${action} 这个命令`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    io.stderr(failureLine(error))
    return error.code === 'USAGE' ? 2 : 1
  }
}

/** More than any PDF that can be sealed (main/pdf); what has no end must not fill the memory. */
const mostBytes = 1 << 30
/** A longer name cannot be read in a ring of a few centimetres. */
const longestName = 60

const wrongUsage = (why: string): AppError => new AppError('USAGE', { why })

async function apply(argv: readonly string[], io: CommandOutput): Promise<0> {
  const request = applyRequest(argv)
  const { input, p12: sealFile, pinFile, output } = request
  for (const given of [input, sealFile, pinFile]) await refuseSameFile(given, output)
  const [pdf, p12, pin] = await Promise.all([read(input), read(sealFile), readPin(pinFile)])
  const now = new Date()
  const signer = await openSealFile(p12, pin, now)
  const organisation = request.name ?? signer.certificate.organisation
  const { diameterMm, purposeLine, code, place } = request
  const appearance = { organisation, purposeLine, diameterMm, ...(code === undefined ? {} : { code }) }
  const sealed = await sealPdf({ pdf, signer, appearance, target: { kind: 'page', ...place }, now })
  await writeBeside(request.output, sealed.pdf)
  const { resaved, sha256 } = sealed
  const { page } = sealed.place
  if (request.json) io.stdout(JSON.stringify({ output: request.output, page, resaved, sha256 }))
  else {
    if (resaved) io.stdout('原文件的内部目录有损坏，已整理成新文件后再盖章；原文件没有改动。')
    io.stdout(`已在第 ${page} 页盖章：${request.output}`)
  }
  return 0
}

function applyRequest(argv: readonly string[]) {
  const { values, positionals } = parse(argv, {
    output: { type: 'string', short: 'o' },
    p12: { type: 'string' },
    'pin-file': { type: 'string' },
    page: { type: 'string' },
    at: { type: 'string' },
    'size-mm': { type: 'string' },
    name: { type: 'string' },
    purpose: { type: 'string' },
    code: { type: 'string' },
    json: { type: 'boolean' },
  })
  const text = (key: string): string | undefined => (typeof values[key] === 'string' ? values[key] : undefined)
  const needed = (key: string, shown: string): string => {
    const value = text(key)
    if (value === undefined || value === '') throw wrongUsage(`缺少 ${shown}`)
    return value
  }
  return {
    input: onePositional(positionals),
    output: needed('output', '-o OUT.pdf'),
    p12: needed('p12', '--p12'),
    pinFile: needed('pin-file', '--pin-file'),
    place: { ...wholeNumber(text('page')), ...millimetres(text('at')) },
    diameterMm: diameter(text('size-mm') ?? '42'),
    name: organisationName(text('name')),
    purposeLine: text('purpose') ?? '',
    code: text('code'),
    json: values.json === true,
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>
type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function parse(argv: readonly string[], options: Options): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: joinNegative(argv), options, allowPositionals: true, strict: true })
  } catch (cause) {
    const unknown = /'(-{1,2}[^' ]+)/.exec(cause instanceof Error ? cause.message : '')?.[1]
    throw wrongUsage(unknown === undefined ? '参数不对' : `参数 ${unknown} 不对`)
  }
}

/** `--at -5,10` reads as an option to the parser; `--at=-5,10` does not. */
function joinNegative(argv: readonly string[]): string[] {
  const joined: string[] = []
  for (const argument of argv) {
    if (joined.at(-1) === '--at' && argument.startsWith('-')) joined[joined.length - 1] = `--at=${argument}`
    else joined.push(argument)
  }
  return joined
}

function onePositional(positionals: readonly string[]): string {
  const [only] = positionals
  if (only === undefined) throw wrongUsage('缺少 PDF 文件名')
  if (positionals.length > 1) throw wrongUsage('一次只能处理一个 PDF 文件')
  return only
}

function wholeNumber(value: string | undefined): { page?: number } {
  if (value === undefined) return {}
  if (!/^[1-9]\d{0,6}$/.test(value)) throw wrongUsage('--page 要写页码，从 1 数起')
  return { page: Number(value) }
}

function millimetres(value: string | undefined): { xMm?: number; yMm?: number } {
  if (value === undefined) return {}
  const found = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(value)
  if (found === null) throw wrongUsage('--at 要写成 X,Y（毫米）')
  return { xMm: Number(found[1]), yMm: Number(found[2]) }
}

function diameter(value: string): number {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= diameterLimits.least && number <= diameterLimits.most)) {
    throw wrongUsage(`--size-mm 要在 ${diameterLimits.least} 到 ${diameterLimits.most} 毫米之间`)
  }
  return number
}

function organisationName(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const name = given.trim()
  if (name === '' || [...name].length > longestName || /[\p{C}]/u.test(name)) {
    throw wrongUsage(`--name 要写 1 到 ${longestName} 个看得见的字`)
  }
  return name
}

async function check(argv: readonly string[], io: CommandOutput): Promise<0 | 1> {
  const { values, positionals } = parse(argv, { trust: { type: 'string', multiple: true }, json: { type: 'boolean' } })
  const input = onePositional(positionals)
  const trusted = Array.isArray(values.trust) ? values.trust.map(String) : []
  const [pdf, ...roots] = await Promise.all([read(input), ...trusted.map(readRoot)])
  const result = verifyPdf(pdf, { trustedRootsPem: roots, now: new Date() })
  if (values.json === true) io.stdout(JSON.stringify(result))
  else {
    io.stdout(result.sentence)
    for (const [i, seal] of result.seals.entries()) for (const line of detailLines(i + 1, seal)) io.stdout(line)
  }
  return result.verdict === 'valid' ? 0 : 1
}

function detailLines(number: number, seal: CheckedSeal): string[] {
  const { certificate } = seal
  return [
    `印章 ${number}：${seal.sentence}`,
    ...(certificate === null
      ? []
      : [
          `  持有者：${seal.signer}；签发机构：${certificate.issuer}`,
          `  证书有效期：${beijing(certificate.notBefore)} 至 ${beijing(certificate.notAfter)}`,
        ]),
    `  盖章时间（盖章机器自报）：${seal.claimedAtUtc === '' ? '没有写' : beijing(seal.claimedAtUtc)}`,
    `  算法：${seal.algorithm || '不明'}；签名格式：${seal.subFilter || '不明'}`,
    `  覆盖整个文件：${seal.coversWholeFile ? '是' : '否'}`,
  ]
}

const beijing = (iso: string): string =>
  new Date(iso).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false })

/** The certificates of a PEM file (one or more), or the one of a DER file, as PEM. */
async function readRoot(path: string): Promise<string> {
  const bytes = await read(path)
  const blocks = bytes.toString('latin1').match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
  try {
    return (blocks ?? [bytes]).map((block) => new X509Certificate(block).toString()).join('')
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { field: '--trust 的文件不是证书' }, { cause })
  }
}

/** A file or a pipe to its end. Throws FILE_NOT_FOUND, or PDF_TOO_LARGE for what never ends (/dev/zero). */
async function read(path: string): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) {
      size += (part as Buffer).length
      if (size > mostBytes) throw new AppError('PDF_TOO_LARGE', { limitMb: mostBytes / 1024 / 1024 })
      parts.push(part as Buffer)
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('FILE_NOT_FOUND', { name: basename(path) }, { cause })
  }
  return Buffer.concat(parts)
}

/** The PIN in a file, without the mark and the line end that editors on Windows add. */
async function readPin(path: string): Promise<string> {
  const bytes = await read(path)
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes).replace(/\r?\n$/, '')
}

/** The sealed file may take the place of nothing that it is made from: the document, the seal, its PIN. */
async function refuseSameFile(given: string, output: string): Promise<void> {
  const [one, other] = await Promise.all([given, output].map((path) => stat(path).catch(() => undefined)))
  if (one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev) {
    throw wrongUsage('输出文件不能就是原文件、印章文件或口令文件')
  }
}

async function writeBeside(path: string, bytes: Uint8Array): Promise<void> {
  // Not by the file's own name: one of 255 bytes leaves no room for more.
  const beside = join(dirname(path), `.cunchuang-${process.pid}.part`)
  try {
    const file = await open(beside, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw writeFailure(basename(path), cause)
  }
}

function writeFailure(name: string, cause: unknown): AppError {
  const details: ErrorDetails = { name }
  const isFull = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
  return new AppError(isFull ? 'DISK_FULL' : 'FILE_NOT_WRITABLE', details, { cause })
}
