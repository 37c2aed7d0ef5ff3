// Owns: the town hall as a courier: another station's bundle to the centre, the centre's answer back onto the stick.
// Does not own: what is in either of them: neither can be read here.
// Start here: `carryBundle`.
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../../../preload/contract/errors.ts'
import { readDivision } from '../../desk/divisions.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { type BundleCourier, type BundleImport, createBundleCourier } from '../../wire/bundle/client.ts'
import { answerFileName, type BundleHeader, unfinishedEnding } from '../../wire/bundle/format.ts'
import { type ByteSource, checkBundle, fileSource, openBundleFile, readHead } from '../../wire/bundle/reader.ts'
import type { JobProgress } from './jobs.ts'
import type { BundlePorts } from './ports.ts'
import { openStickFile } from './stick-file.ts'

/** Whether a bundle is for this courier's centre, by what its outside says. Throws BUNDLE_FOREIGN, NOT_FOUND, BUNDLE_DAMAGED; LINK_DOWN, CENTRE_UNREACHABLE without a line. */
export async function checkBundleHead(
  context: DeskContext,
  ports: BundlePorts,
  source: ByteSource,
): Promise<BundleHeader> {
  const { header } = await readHead(source)
  ports.send()
  if (header.kind !== 'out')
    throw new AppError('NOT_FOUND', { what: '要替别的村送的内容：U盘上是中心的回执，要带回原来的窗口读入' })
  if (header.centreId !== context.store.station.read().centre?.id) throw new AppError('BUNDLE_FOREIGN')
  return header
}

/** How often the link may fail in a row, without anything moved in between, before the job gives up; and the longest wait. */
const patience = { failures: 12, longestMs: 30_000 } as const

/** Carries a bundle and gives its sentence. Everything that was moved before a failure stays moved: carrying again goes on there. */
export async function carryBundle(
  context: DeskContext,
  ports: BundlePorts,
  { path, source, account }: { readonly path: string; readonly source: ByteSource; readonly account: string },
  progress: JobProgress,
): Promise<string> {
  const header = await checkBundleHead(context, ports, source)
  progress.expect(source.sizeBytes * 2)
  const hash = createHash('sha256')
  await checkBundle(source, {
    onBytes: (bytes) => {
      progress.signal.throwIfAborted()
      hash.update(bytes)
      progress.advance(bytes.length)
    },
  })
  const sha256 = hash.digest('hex')
  const { imported, answerBytes } = await handOver(context, ports, source, sha256, progress)
  await fetchAnswer(context, ports, { path, header, sha256, answerBytes }, progress)
  const at = context.nowUtc()
  const payload = { bundleId: header.bundleId, station: header.stationId, sha256 }
  context.store.transaction(() =>
    context.store.ledger.append([
      { kind: 'bundle.carried', version: 1, subject: 'station', actor: account, at, payload },
    ]),
  )
  return sentenceOf(imported, villageOf(context, imported.stationId))
}

/** What people call the village of a station: `珠玑镇珠玑村委会`; for one of another county its number. */
function villageOf({ resources }: DeskContext, stationId: string): string {
  try {
    const { townName, name } = readDivision(resources, stationId.slice(0, 12))
    return `${townName}${name}`
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return `${stationId} 号窗口`
    throw error
  }
}

function sentenceOf({ newEntries, files, brokenFiles, gap }: BundleImport, village: string): string {
  const back = '回执已写在U盘上，请带回原来的窗口读入。'
  if (gap) return `中心缺${village}更早的记录，这次没有收；${back}`
  const broken = brokenFiles === 0 ? '' : `有 ${brokenFiles} 个文件不完整，没有收，仍在原来的窗口。`
  return `中心已收下${village}的 ${newEntries} 条新记录、${files} 个文件。${broken}${back}`
}

/** A line for the bundle over whatever client stands now, and `work` on it again and again while the link fails and something moves. */
async function untilDone<T>(
  context: DeskContext,
  ports: BundlePorts,
  sha256: string,
  signal: AbortSignal,
  work: (courier: BundleCourier, moved: () => void) => Promise<T>,
): Promise<T> {
  let failures = 0
  for (;;) {
    signal.throwIfAborted()
    try {
      const courier = createBundleCourier(ports.send(), {
        path: `/v1/stations/${context.station.stationId}/bundles/${sha256}`,
        signal,
      })
      return await work(courier, () => {
        failures = 0
      })
    } catch (error) {
      failures += 1
      const isLink = error instanceof AppError && error.code === 'CENTRE_UNREACHABLE'
      if (!isLink || failures > patience.failures) throw error
      await pause(Math.min(patience.longestMs, 250 * 2 ** failures), undefined, { signal })
    }
  }
}

function handOver(
  context: DeskContext,
  ports: BundlePorts,
  source: ByteSource,
  sha256: string,
  { signal, advance }: JobProgress,
) {
  let told = 0
  return untilDone(context, ports, sha256, signal, async (courier, moved) => {
    let kept = 0
    await courier.upload(source, (bytes) => {
      kept += bytes
      if (kept <= told) return
      advance(kept - told)
      told = kept
      moved()
    })
    return await courier.takeIn()
  })
}

/** Writes the answer beside the bundle, whole or not at all: it gets its name once its signature was checked. */
async function fetchAnswer(
  context: DeskContext,
  ports: BundlePorts,
  wanted: {
    readonly path: string
    readonly header: BundleHeader
    readonly sha256: string
    readonly answerBytes: number
  },
  { signal, advance }: JobProgress,
): Promise<void> {
  const { path, header, sha256, answerBytes } = wanted
  const answerPath = answerFileName(path)
  const aside = answerPath + unfinishedEnding
  await untilDone(context, ports, sha256, signal, async (courier, moved) => {
    const file = await openStickFile(aside, 0, () => answerBytes)
    try {
      await courier.answer(answerBytes, async (bytes) => {
        await file.append(bytes)
        advance(bytes.length)
        moved()
      })
      await checkFetched(context, aside, header)
      await file.finish(answerPath)
    } finally {
      await file.close()
    }
  })
}

/** Throws CENTRE_NONSENSE where what came is not our centre's answer to this bundle. */
async function checkFetched(context: DeskContext, path: string, asked: BundleHeader): Promise<void> {
  const handle = await openBundleFile(path)
  try {
    const signer = () => context.store.station.read().centre?.publicKey ?? ''
    const { header } = await checkBundle(await fileSource(handle), { signer })
    const isIt = header.kind === 'return' && header.answers === asked.bundleId && header.stationId === asked.stationId
    if (!isIt) throw new AppError('CENTRE_NONSENSE', { reason: 'answer' })
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'BUNDLE_DAMAGED')
      throw new AppError('CENTRE_NONSENSE', { reason: 'answer' }, { cause })
    throw cause
  } finally {
    await handle.close()
  }
}
