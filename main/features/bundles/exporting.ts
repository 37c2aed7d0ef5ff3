// Owns: writing what the centre has not confirmed into a bundle on a stick, from where an interrupted one stopped.
// Does not own: the format (main/wire/bundle/format.ts), which files wait (files), one job at a time (jobs.ts).
// Start here: `planExport`, then `runExport`.
import { access, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext } from '../../desk/feature.ts'
import {
  type BundleHeader,
  bundleFileName,
  bundleFolder,
  bundleLimits,
  encodeHead,
  unfinishedEnding,
} from '../../wire/bundle/format.ts'
import { ageRecipientOf } from '../../wire/bundle/keys.ts'
import { fileSource, openBundleFile, readHead, wholeSegments } from '../../wire/bundle/reader.ts'
import { createBundleWriter } from '../../wire/bundle/writer.ts'
import { createContents, type Outcome } from './contents.ts'
import type { JobProgress } from './jobs.ts'
import type { BundlePorts } from './ports.ts'
import { openStickFile, stickFull } from './stick-file.ts'
import { freeBytes, type StickPlace } from './sticks.ts'
import {
  findBundle,
  finishBundle,
  forgetAfter,
  insertBundle,
  isNameTaken,
  type KnownBundle,
  type Position,
  plainBytesFrom,
  selectSegments,
} from './store.ts'

/** The setting that names the first entry that a centre restored from an older copy is missing again. */
export const exportFromKey = 'bundle.exportFrom'

/** What an export will write. */
export type ExportPlan = {
  readonly place: StickPlace
  readonly fromSeq: number
  readonly withFiles: boolean
  readonly expectedBytes: number
  readonly account: string
}

/** Deflate with the preset dictionary leaves about this much of an entry; what it was on the samples of docs/bundle.md. */
const deflatedShare = 0.4

/** The first entry that the centre has not confirmed. */
function firstUnconfirmed(context: DeskContext): number {
  const { ledger, settings } = context.store
  const missing = settings.get(exportFromKey)
  const next = ledger.acknowledged().seq + 1
  return typeof missing === 'number' ? Math.min(missing, next) : next
}

/** Says what there is to write. Throws BUNDLE_NOTHING, STICK_GONE, STICK_FULL; CENTRE_UNREACHABLE (`not-enrolled`) without a centre. */
export async function planExport(
  context: DeskContext,
  ports: BundlePorts,
  place: StickPlace,
  { withFiles, account }: { readonly withFiles: boolean; readonly account: string },
): Promise<ExportPlan> {
  const fromSeq = firstUnconfirmed(context)
  const files = withFiles ? ports.unconfirmedFiles() : []
  if (context.store.ledger.head().seq < fromSeq && files.length === 0) throw new AppError('BUNDLE_NOTHING')
  const textBytes = Math.ceil(plainBytesFrom(context.store.db, fromSeq) * deflatedShare)
  const fileBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const expectedBytes = Math.min(bundleLimits.fileBytes, Math.ceil((textBytes + fileBytes) * 1.002) + 4096)
  const missing = expectedBytes - (await freeBytes(place)) - (await unfinishedBytes(place, context.station.stationId))
  if (missing > 0) throw stickFull(missing)
  return { place, fromSeq, withFiles, expectedBytes, account }
}

/** What unfinished bundles of ours take on the stick: it is written over. */
async function unfinishedBytes(place: StickPlace, stationId: string): Promise<number> {
  let bytes = 0
  for (const path of await unfinishedOf(place, stationId)) {
    bytes += (await lstat(path).catch(() => undefined))?.size ?? 0
  }
  return bytes
}

async function unfinishedOf(place: StickPlace, stationId: string): Promise<string[]> {
  const folder = join(place.folder, bundleFolder)
  const names = await readdir(folder).catch((): string[] => [])
  return names
    .filter((name) => name.startsWith(`${stationId}-`) && name.endsWith(`.cunchuang${unfinishedEnding}`))
    .map((name) => join(folder, name))
}

/** A bundle on its way: where it goes on, and what it has. */
type Begun = {
  readonly bundle: Pick<KnownBundle, 'bundleId' | 'file' | 'madeAtUtc' | 'fromSeq'>
  readonly header: BundleHeader
  readonly keepBytes: number
  readonly kept: readonly Buffer[] | undefined
  readonly position: Position
}

/** Writes the bundle and gives its sentence. Throws what stopped it; the next export goes on after the last whole segment. */
export async function runExport(
  context: DeskContext,
  ports: BundlePorts,
  plan: ExportPlan,
  progress: JobProgress,
): Promise<string> {
  const begun = (await goOn(context, plan)) ?? (await beginNew(context, plan))
  const path = join(plan.place.folder, bundleFolder, begun.bundle.file)
  let written = begun.keepBytes
  const file = await openStickFile(path + unfinishedEnding, begun.keepBytes, () => plan.expectedBytes - written)
  progress.expect(plan.expectedBytes)
  progress.advance(begun.keepBytes)
  try {
    const writer = await createBundleWriter({
      header: begun.header,
      recipient: ageRecipientOf(centreOf(context).publicKey),
      sign: (bytes) => context.store.station.sign(bytes),
      sink: async (bytes) => {
        progress.signal.throwIfAborted()
        await file.append(bytes)
        written += bytes.length
        progress.advance(bytes.length)
      },
      ...(begun.kept && { kept: begun.kept }),
    })
    const outcome = await createContents(context, ports, {
      bundleId: begun.bundle.bundleId,
      position: begun.position,
      isNew: begun.kept === undefined || begun.kept.length === 0,
      withFiles: plan.withFiles,
      writer,
      sizeBytes: file.sizeBytes,
    }).write()
    await writer.finish()
    await file.finish(path)
    return noteExported(context, plan, begun, file.sizeBytes(), outcome)
  } finally {
    await file.close()
  }
}

function centreOf(context: DeskContext): { readonly id: string; readonly publicKey: string } {
  const { centre } = context.store.station.read()
  if (centre === undefined)
    throw new AppError('CENTRE_UNREACHABLE', { reason: 'not-enrolled', why: '这个窗口还没有在中心登记' })
  return centre
}

async function beginNew(context: DeskContext, plan: ExportPlan): Promise<Begun> {
  const { db } = context.store
  // What was torn and cannot be gone on with is ours alone and of no use to anybody.
  for (const path of await unfinishedOf(plan.place, context.station.stationId))
    await rm(path, { force: true }).catch(() => undefined)
  const bundle = {
    bundleId: context.newId(),
    file: await freeName(context, plan.place),
    madeAtUtc: context.nowUtc(),
    fromSeq: plan.fromSeq,
    withFiles: plan.withFiles,
  }
  const header = headerOf(context, bundle)
  insertBundle(db, bundle)
  return { bundle, header, keepBytes: 0, kept: undefined, position: { nextSeq: plan.fromSeq, open: null } }
}

function headerOf(context: DeskContext, bundle: Pick<KnownBundle, 'bundleId' | 'madeAtUtc'>): BundleHeader {
  const { bundleId, madeAtUtc } = bundle
  const { stationId } = context.station
  return { format: 1, kind: 'out', bundleId, answers: null, stationId, centreId: centreOf(context).id, madeAtUtc }
}

/** The first name of the day that neither this station's memory nor the stick has. */
async function freeName(context: DeskContext, place: StickPlace): Promise<string> {
  for (let number = 1; ; number++) {
    const name = bundleFileName(context.station.stationId, context.today(), number)
    const isOnStick = await access(join(place.folder, bundleFolder, name)).then(
      () => true,
      () => false,
    )
    if (!isOnStick && !isNameTaken(context.store.db, name)) return name
  }
}

/** An unfinished bundle of ours on the stick, cut back to what is whole and known here; undefined where there is none. */
async function goOn(context: DeskContext, plan: ExportPlan): Promise<Begun | undefined> {
  for (const path of await unfinishedOf(plan.place, context.station.stationId)) {
    const begun = await goOnWith(context, plan, path).catch((error: unknown) => {
      if (error instanceof AppError && error.code !== 'BUNDLE_DAMAGED') throw error
      return undefined
    })
    if (begun !== undefined) return begun
  }
  return undefined
}

async function goOnWith(context: DeskContext, plan: ExportPlan, path: string): Promise<Begun | undefined> {
  const handle = await openBundleFile(path)
  try {
    const source = await fileSource(handle)
    const head = await readHead(source)
    const bundle = findBundle(context.store.db, head.header.bundleId)
    const mayGoOn =
      bundle && !bundle.isFinished && bundle.fromSeq === plan.fromSeq && bundle.withFiles === plan.withFiles
    if (!mayGoOn || !path.endsWith(bundle.file + unfinishedEnding)) return undefined
    if (!encodeHead(headerOf(context, bundle)).equals(head.bytes)) return undefined
    const known = selectSegments(context.store.db, bundle.bundleId)
    const kept: Buffer[] = []
    let keepBytes = head.bytes.length
    for await (const segment of wholeSegments(source, head)) {
      if (known[kept.length]?.head !== segment.head.toString('hex')) break
      kept.push(segment.head)
      keepBytes = segment.offset + segment.length
    }
    const last = known[kept.length - 1]
    context.store.transaction(() => forgetAfter(context.store.db, bundle.bundleId, kept.length))
    const position = last ?? { nextSeq: plan.fromSeq, open: null }
    return { bundle, header: head.header, keepBytes, kept, position }
  } finally {
    await handle.close()
  }
}

function noteExported(
  context: DeskContext,
  plan: ExportPlan,
  begun: Begun,
  sizeBytes: number,
  outcome: Outcome,
): string {
  const { store } = context
  const { bundleId, fromSeq } = begun.bundle
  const { toSeq, files, filesLeft, unreadable } = outcome
  const at = context.nowUtc()
  store.transaction(() => {
    finishBundle(store.db, bundleId, at)
    const payload = { bundleId, fromSeq, toSeq, files, sizeBytes }
    store.ledger.append([{ kind: 'bundle.exported', version: 1, subject: 'station', actor: plan.account, at, payload }])
  })
  const entries = toSeq - fromSeq + 1
  const left = filesLeft === 0 ? '' : `还有 ${filesLeft} 个文件放不下，请再写一次。`
  const lost = unreadable === 0 ? '' : `有 ${unreadable} 个文件本机读不出，没有带上，请告诉管理员。`
  return `已写好：${entries} 条记录、${files} 个文件。请把U盘带到能上网的镇政府大厅，在“替别的村送”里送到中心。${left}${lost}`
}
