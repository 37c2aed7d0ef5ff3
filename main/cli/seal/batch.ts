import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import { durationInWords, failureLine } from '../../../preload/contract/sentences.ts'
import { pausesJob, secondsLeft } from '../../features/sealing/model.ts'
import { PdfFile, sealRecords, writeBeside } from '../../pdf/index.ts'
import { parseSealWords, sealOptionsOf, wrongUsage } from './arguments.ts'
import type { CommandOutput } from './command.ts'
import { isSameFile, readRegularFile } from './files.ts'
import { openSealMaker, type SealMaker } from './making.ts'

type Failed = { readonly name: string; readonly why: string }
type Report = { sealed: number; skipped: number; readonly failed: Failed[]; stopped: string }

const stoppedByHand = '已按 Ctrl-C 停下。'

/**
 * `seal batch`: every PDF of a folder into another, under its own name, with one PIN. What is there already, sealed, is not
 * sealed again, so that the same command goes on where it stopped. Ctrl-C stops after the paper in hand. Gives 0 where
 * everything is sealed, 1 where something failed or was left.
 */
export async function sealBatch(argv: readonly string[], io: CommandOutput): Promise<0 | 1> {
  const words = parseSealWords(argv, { dir: { type: 'string' }, out: { type: 'string' } })
  if (words.positionals.length > 0) throw wrongUsage(`不认识 ${words.positionals[0]}`)
  const [from, to] = [words.needed('dir', '--dir'), words.needed('out', '--out')]
  const options = sealOptionsOf(words)
  const names = await pdfNames(from)
  await makeFolder(to)
  if (await isSameFile(from, to)) throw wrongUsage('--out 不能就是 --dir')
  const stop = new AbortController()
  const onInterrupt = () => stop.abort()
  process.once('SIGINT', onInterrupt)
  try {
    const maker = await openSealMaker(options)
    try {
      return tell(await sealAll({ from, to, names, maker, stop: stop.signal }, io), options.json, io)
    } finally {
      await maker.close()
    }
  } finally {
    process.off('SIGINT', onInterrupt)
  }
}

type Work = {
  readonly from: string
  readonly to: string
  readonly names: readonly string[]
  readonly maker: SealMaker
  readonly stop: AbortSignal
}

async function sealAll({ from, to, names, maker, stop }: Work, io: CommandOutput): Promise<Report> {
  const report: Report = { sealed: 0, skipped: 0, failed: [], stopped: '' }
  const begunMs = performance.now()
  for (const [at, name] of names.entries()) {
    if (stop.aborted) report.stopped = stoppedByHand
    if (report.stopped !== '') break
    const isDone = await sealInto(maker, join(from, name), join(to, name)).catch((error) =>
      failed(report, name, error, io),
    )
    if (isDone === 'sealed') report.sealed += 1
    if (isDone === 'skipped') report.skipped += 1
    const tried = report.sealed + report.failed.length
    const left = secondsLeft(tried, names.length - at - 1, performance.now() - begunMs)
    io.progress?.(`${at + 1}/${names.length}${left === null || left === 0 ? '' : `，还要约 ${durationInWords(left)}`}`)
  }
  return report
}

/** Notes why one paper failed; what concerns the seal or the disk stops the rest. */
function failed(report: Report, name: string, error: unknown, io: CommandOutput): void {
  if (!(error instanceof AppError)) throw error
  const why = failureLine({ code: error.code, details: error.details })
  if (pausesJob(error.code) || error.code === 'TIMESTAMP_UNREACHABLE') {
    report.stopped = why
    return
  }
  report.failed.push({ name, why })
  io.stderr(`${name}：${why}`)
}

async function sealInto(maker: SealMaker, input: string, output: string): Promise<'sealed' | 'skipped'> {
  if (await stat(output).catch(() => undefined)) {
    const why = whyNotSealedFrom(await readRegularFile(output), await readRegularFile(input))
    if (why === undefined) return 'skipped'
    throw new AppError('FILE_NOT_WRITABLE', { name: `${basename(output)}（已有同名文件，但${why}）` })
  }
  const { parts } = await maker.seal(await readRegularFile(input))
  await writeBeside(output, parts)
  return 'sealed'
}

/** Sealing only adds to a file; one that was damaged is written anew before, and is then known by its seal alone. */
function whyNotSealedFrom(output: Buffer, input: Buffer): string | undefined {
  const seals = countSeals(output) ?? 0
  if (seals === 0) return '没有盖章'
  const sealsBefore = countSeals(input)
  const isFromIt = sealsBefore === undefined || (seals > sealsBefore && output.subarray(0, input.length).equals(input))
  return isFromIt ? undefined : '不是由这份文件盖成的'
}

/** Undefined where the file cannot be read. */
function countSeals(pdf: Uint8Array): number | undefined {
  try {
    return sealRecords(PdfFile.open(pdf)).length
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

function tell({ sealed, skipped, failed, stopped }: Report, json: boolean, io: CommandOutput): 0 | 1 {
  if (json) io.stdout(JSON.stringify({ sealed, skipped, failed, stopped }))
  else {
    const parts = [
      `盖好 ${sealed} 份`,
      ...(skipped > 0 ? [`以前盖好、这次跳过 ${skipped} 份`] : []),
      ...(failed.length > 0 ? [`没盖成 ${failed.length} 份`] : []),
    ]
    io.stdout(`${parts.join('，')}。`)
    if (stopped !== '') io.stderr(`${stopped}盖好的都在，再运行一次同样的命令就接着盖。`)
  }
  return failed.length === 0 && stopped === '' ? 0 : 1
}

async function pdfNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const names = entries.filter((entry) => entry.isFile() && /\.pdf$/iu.test(entry.name)).map(({ name }) => name)
    return names.toSorted()
  } catch (cause) {
    throw new AppError('FILE_NOT_FOUND', { name: basename(folder) }, { cause })
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new AppError('FILE_NOT_WRITABLE', { name: basename(folder) }, { cause })
  }
}
