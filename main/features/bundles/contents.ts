// Owns: what stands in a bundle, record by record, and up to where an interrupted one had come.
// Does not own: the stick's file (stick-file.ts), which bundle it is (exporting.ts), bytes and encryption (main/wire).
// Start here: `createContents`.
import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { bundleLimits, bundleRecords } from '../../wire/bundle/format.ts'
import type { BundleWriter } from '../../wire/bundle/writer.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { encodeBatchFrom } from './batches.ts'
import type { BundlePorts, UnconfirmedFile } from './ports.ts'
import { insertSegment, type Position, readFeedCursor, selectFiles, selectFilesUnderWay } from './store.ts'

/** What was written in all. */
export type Outcome = {
  readonly toSeq: number
  readonly files: number
  readonly filesLeft: number
  readonly unreadable: number
}

/** What contents stand on. */
export type ContentsOptions = {
  readonly bundleId: string
  /** Where an interrupted bundle goes on. */
  readonly position: Position
  /** Whether nothing stands in the bundle yet. */
  readonly isNew: boolean
  readonly withFiles: boolean
  readonly writer: BundleWriter
  /** How large the bundle is by now. */
  readonly sizeBytes: () => number
}

/** Writes the records: the opening, all text, then file after file, with new text let past between them. */
export function createContents(context: DeskContext, ports: BundlePorts, options: ContentsOptions) {
  const { store, blobs } = context
  const { bundleId, isNew, withFiles, writer, sizeBytes } = options
  const done = new Set(selectFiles(store.db, bundleId))
  const unreadable = new Set<string>()
  let position: Position = options.position
  let ended: string[] = []

  const flush = async () => {
    const segment = await writer.flush()
    if (segment === undefined) return
    const { number, head } = segment
    const filesEnded = ended
    ended = []
    store.transaction(() =>
      insertSegment(store.db, bundleId, { number, head: head.toString('hex'), ...position }, filesEnded),
    )
  }
  const flushIfFull = async () => {
    if (writer.isFull()) await flush()
  }
  const writeText = async () => {
    while (position.nextSeq <= store.ledger.head().seq) {
      const batch = await encodeBatchFrom(store, position.nextSeq)
      writer.add(bundleRecords.batch, batch.bytes)
      position = { ...position, nextSeq: batch.nextSeq }
      await flushIfFull()
    }
  }
  const writeFile = async (wanted: UnconfirmedFile) => {
    const { sha256 } = wanted
    const skip = position.open?.sha256 === sha256 ? position.open.offset : 0
    if (skip === 0) {
      const { class: fileClass, copyOf } = wanted
      const announced = { sha256, sizeBytes: wanted.sizeBytes, class: fileClass, copyOf }
      writer.add(bundleRecords.file, canonicalBytes(announced))
    }
    let offset = 0
    try {
      for await (const chunk of blobs.read(sha256) as AsyncIterable<Buffer>) {
        const from = Math.max(0, skip - offset)
        offset += chunk.length
        for (let at = from; at < chunk.length; at += bundleLimits.pieceBytes)
          writer.add(bundleRecords.piece, chunk.subarray(at, at + bundleLimits.pieceBytes))
        if (offset <= skip) continue
        position = { ...position, open: { sha256, offset } }
        await flushIfFull()
      }
    } catch (error) {
      if (!isUnreadable(error)) throw error
      writer.add(bundleRecords.broken, Buffer.alloc(0))
      unreadable.add(sha256)
    }
    position = { ...position, open: null }
    if (!unreadable.has(sha256)) {
      done.add(sha256)
      ended.push(sha256)
    }
    await flushIfFull()
  }
  const nextFiles = () => {
    if (!withFiles) return []
    const left = ports.unconfirmedFiles().filter(({ sha256 }) => !done.has(sha256) && !unreadable.has(sha256))
    const underWay = selectFilesUnderWay(store.db)
    // What lies on another stick already comes last: a second stick takes what the first had no room for.
    return [...left.filter(({ sha256 }) => !underWay.has(sha256)), ...left.filter(({ sha256 }) => underWay.has(sha256))]
  }
  /** Goes on with the file in which an interrupted bundle stopped, before anything else: nothing may stand between its pieces. */
  const finishOpenFile = async () => {
    const { open } = position
    if (open === null) return
    const wanted = nextFiles().find(({ sha256 }) => sha256 === open.sha256)
    if (wanted !== undefined) return await writeFile(wanted)
    writer.add(bundleRecords.broken, Buffer.alloc(0))
    position = { ...position, open: null }
  }
  const fits = (file: UnconfirmedFile) =>
    sizeBytes() + file.sizeBytes + bundleLimits.sealedBytes < bundleLimits.fileBytes
  const write = async (): Promise<Outcome> => {
    if (isNew) writer.add(bundleRecords.opening, canonicalBytes({ feedCursor: readFeedCursor(store.db) }))
    await finishOpenFile()
    await writeText()
    for (let files = nextFiles().filter(fits); files.length > 0; files = nextFiles().filter(fits)) {
      for (const wanted of files) {
        if (!fits(wanted)) continue
        await writeFile(wanted)
        await writeText()
      }
    }
    await flush()
    const filesLeft = nextFiles().length
    return { toSeq: position.nextSeq - 1, files: done.size, filesLeft, unreadable: unreadable.size }
  }
  return { write }
}

/** A file that this machine itself cannot read any more: the others go on without it. */
function isUnreadable(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'FILE_DAMAGED' || error.code === 'NOT_FOUND')
}
