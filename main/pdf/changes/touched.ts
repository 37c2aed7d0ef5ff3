import { type PDFObject, PDFRawStream } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import type { CrossReferenceEntry } from '../reading/cross-reference.ts'
import type { PdfFile } from '../reading/reader.ts'
import { Unpacker } from '../reading/stream-data.ts'
import { SyntaxReader } from '../reading/syntax.ts'
import { isDoubtful } from './doubtful.ts'
import { sameObject } from './same.ts'

/** What one update did to the objects of a file. */
export type Touched = {
  /** Objects that say something else than before; `current` is `undefined` where one cannot be read any more. */
  readonly changed: ReadonlyMap<number, { readonly old: PDFObject; readonly current: PDFObject | undefined }>
  /** Numbers that nothing stood under. */
  readonly added: ReadonlySet<number>
  /** Numbers that were freed. */
  readonly freed: readonly number[]
  /**
   * True where the update is written so that two readers could see two different files in it, or is so large that its
   * objects are not looked at one by one.
   */
  readonly isAmbiguous: boolean
}

/** The object of a number, or `undefined` where it cannot be read. */
export function readable(file: PdfFile, number: number): PDFObject | undefined {
  try {
    return file.object(number)
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** Compares two states of a file, object by object, through what their cross-references name anew. */
export function touchedObjects(before: PdfFile, after: PdfFile): Touched {
  const changed = new Map<number, { old: PDFObject; current: PDFObject | undefined }>()
  const added = new Set<number>()
  const freed: number[] = []
  const rewritten: [number, CrossReferenceEntry][] = []
  let isRepacked = false
  if (isRewrite(before, after)) return { changed, added, freed, isAmbiguous: true }
  for (const [number, entry] of after.crossReferences.entries) {
    const oldEntry = before.crossReferences.entries.get(number)
    const isExchanged = entry.kind === 'packed' && isRewritten(before, after, entry.container)
    isRepacked ||= isExchanged
    if (oldEntry !== undefined && sameEntry(oldEntry, entry) && !isExchanged) continue
    const old = readable(before, number)
    if (entry.kind !== 'free') rewritten.push([number, entry])
    if (old === undefined) {
      if (entry.kind !== 'free') added.add(number)
    } else if (entry.kind === 'free') freed.push(number)
    else {
      const current = readable(after, number)
      if (!sameObject(old, current)) changed.set(number, { old, current })
    }
  }
  const isPlainly = !isRepacked && rewritten.every((one) => isPlain(before, after, one))
  const isAmbiguous = !isPlainly || isDoubtful(before, after)
  return { changed, added, freed, isAmbiguous }
}

/** No seal touches as many; an update that does is not read object by object. */
const maxTouched = 50_000

function isRewrite(before: PdfFile, after: PdfFile): boolean {
  let touched = 0
  for (const [number, entry] of after.crossReferences.entries) {
    const old = before.crossReferences.entries.get(number)
    if (old === undefined || !sameEntry(old, entry)) touched++
  }
  return touched > maxTouched
}

/** An object stream that another one took the place of: all that lies in it is exchanged, though its entries stay. */
function isRewritten(before: PdfFile, after: PdfFile, container: number): boolean {
  const [old, current] = [before, after].map(({ crossReferences }) => crossReferences.entries.get(container))
  return old !== undefined && old.kind !== 'free' && (current === undefined || !sameEntry(old, current))
}

function sameEntry(a: CrossReferenceEntry, b: CrossReferenceEntry): boolean {
  if (a.kind === 'offset' && b.kind === 'offset') return a.offset === b.offset && a.generation === b.generation
  if (a.kind === 'packed' && b.kind === 'packed') return a.container === b.container && a.index === b.index
  return a.kind === 'free' && b.kind === 'free'
}

/**
 * An object of an update lies in the update, keeps its generation, and names no key twice; a packed one stands where
 * number and index both say so, in a container of the same update.
 */
function isPlain(before: PdfFile, after: PdfFile, [number, entry]: readonly [number, CrossReferenceEntry]): boolean {
  if (entry.kind === 'free') return true
  const old = before.crossReferences.entries.get(number)
  if (entry.kind === 'packed') {
    const container = after.crossReferences.entries.get(entry.container)
    if (container?.kind !== 'offset' || container.offset < before.bytes.length) return false
    return isPlainlyPacked(after, number, entry)
  }
  if (old?.kind === 'offset' && old.generation !== entry.generation) return false
  if (old?.kind === 'packed' && entry.generation !== 0) return false
  if (entry.offset < before.bytes.length) return false
  return readsOnce(() => {
    const reader = new SyntaxReader(after.bytes, entry.offset, after.context)
    reader.integer()
    const hasGeneration = reader.integer() === entry.generation
    return { reader, isWellFormed: hasGeneration && reader.accept('obj') }
  })
}

function isPlainlyPacked(after: PdfFile, number: number, entry: { container: number; index: number }): boolean {
  const stream = readable(after, entry.container)
  if (!(stream instanceof PDFRawStream)) return false
  return readsOnce(() => {
    const { data, places } = containerOf(after, stream)
    const place = places.get(number)
    const reader = new SyntaxReader(data, place?.offset ?? 0, after.context)
    return { reader, isWellFormed: place?.index === entry.index }
  })
}

type Container = { readonly data: Buffer; readonly places: ReadonlyMap<number, { index: number; offset: number }> }

const containers = new WeakMap<PDFRawStream, Container>()

/** What an object stream says of where its objects lie; nothing at all where it names one twice. */
function containerOf(file: PdfFile, stream: PDFRawStream): Container {
  const known = containers.get(stream)
  if (known !== undefined) return known
  const data = new Unpacker().unpack(stream)
  const header = new SyntaxReader(data, 0, file.context)
  const count = file.number(stream.dict, 'N') ?? 0
  const first = file.number(stream.dict, 'First') ?? 0
  const places = new Map<number, { index: number; offset: number }>()
  for (let index = 0; index < count; index++) places.set(header.integer(), { index, offset: first + header.integer() })
  if (places.size !== count) places.clear()
  const container = { data, places }
  containers.set(stream, container)
  return container
}

function readsOnce(open: () => { reader: SyntaxReader; isWellFormed: boolean }): boolean {
  try {
    const { reader, isWellFormed } = open()
    if (!isWellFormed) return false
    reader.object()
    return !reader.hasRepeatedKeys
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}
