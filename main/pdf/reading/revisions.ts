import { AppError } from '../../../preload/contract/errors.ts'
import { PdfFile } from './reader.ts'

/** A state that a file went through: its first bytes up to the end of one update. */
export type PdfRevision = {
  /** From 1 for the first bytes of the file. */
  readonly number: number
  /** How many bytes of the file are this state. */
  readonly end: number
  /** The state itself; `undefined` where it is no PDF by itself. Opened when it is asked for. */
  readonly file: PdfFile | undefined
}

/** The newest and the oldest of what is read of a file's history. */
export type PdfHistory = {
  readonly revisions: readonly PdfRevision[]
  /** The file has more states than are looked at one by one. */
  readonly isTooLong: boolean
}

/** More states than any document has; each one is opened by itself. */
const maxRevisions = 400
/** Cross-reference entries read over all states together. */
const maxEntries = 8_000_000
/** Objects of one state; each is read once where something came after a seal. */
const maxObjects = 1_000_000

/**
 * The states that a file went through, the oldest first: one for each section of its cross-reference chain that is
 * followed by its own `startxref` and `%%EOF`. A state ends where a seal says that it does (`sealEnds`), where that is
 * at the line end behind its `%%EOF`. What follows the last one belongs to no revision.
 */
export function readHistory(file: PdfFile, sealEnds: readonly number[]): PdfHistory {
  const offsets = file.crossReferences.sections.map(({ offset }) => offset).sort((a, b) => a - b)
  const known = new Set(offsets)
  const ends = offsets.flatMap((offset, i) => endOfUpdate(file.bytes, offset, offsets[i + 1], known, sealEnds))
  const objects = file.crossReferences.entries.size
  const isTooLong = ends.length > maxRevisions || ends.length * objects > maxEntries || objects > maxObjects
  return { revisions: ends.map((end, i) => revision(file, i + 1, end)), isTooLong }
}

function revision(file: PdfFile, number: number, end: number): PdfRevision {
  let opened: { readonly file: PdfFile | undefined } | undefined
  return {
    number,
    end,
    get file() {
      opened ??= { file: end === file.bytes.length ? file : openPrefix(file.bytes, end) }
      return opened.file
    },
  }
}

function openPrefix(bytes: Buffer, end: number): PdfFile | undefined {
  try {
    return PdfFile.open(bytes.subarray(0, end))
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** Searched up to the next section only, so that all searches together read the file once at most. */
function endOfUpdate(
  bytes: Buffer,
  offset: number,
  nextOffset: number | undefined,
  known: ReadonlySet<number>,
  sealEnds: readonly number[],
): number[] {
  const mark = bytes.subarray(0, nextOffset ?? bytes.length).indexOf('%%EOF', offset)
  if (mark < 0) return []
  const named = /startxref\s+(\d{1,12})\s+$/.exec(bytes.toString('latin1', Math.max(0, mark - 64), mark))
  if (named === null || !known.has(Number(named[1]))) return []
  const least = mark + '%%EOF'.length
  const lineEnd = /^(?:\r\n|\r|\n)?/.exec(bytes.toString('latin1', least, least + 2))?.[0].length ?? 0
  const most = least + lineEnd
  return [sealEnds.find((end) => end >= least && end <= most) ?? most]
}
