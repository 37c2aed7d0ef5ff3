import { PDFName, PDFNumber } from 'pdf-lib'
import type { PdfFile } from '../reading/reader.ts'

/**
 * True where the cross-references of an update could be read in two ways, or lead some readers to other objects: the new
 * sections must follow the ones before, name each object once, be of one kind and of plain rows, cover all objects by
 * /Size, and name every object that is written in the update, for a reader that mends the file takes all that it finds.
 */
export function isDoubtful(before: PdfFile, after: PdfFile): boolean {
  const { sections } = after.crossReferences
  const old = new Set(before.crossReferences.sections.map(({ offset }) => offset))
  const count = sections.findIndex(({ offset }) => old.has(offset))
  if (count < 0 || sections[count]?.offset !== before.crossReferences.offset) return true
  const fresh = sections.slice(0, count)
  const isOdd = fresh.some(
    ({ offset, isHybrid, repeats, isIrregular }) => isHybrid || repeats || isIrregular || offset < before.bytes.length,
  )
  return isOdd || !sizeFits(before, after) || !isAllNamed(before, after)
}

/** Objects from /Size on are missing to some readers (ISO 32000-1, table 15): no update may hide or show any by it. */
function sizeFits(before: PdfFile, after: PdfFile): boolean {
  const [was, is] = [declaredSize(before), declaredSize(after)]
  if (was === undefined || is === undefined || is < was) return false
  for (const [number, { kind }] of after.crossReferences.entries) {
    const isOld = before.crossReferences.entries.has(number)
    if (kind !== 'free' && (number >= is || (isOld && number >= was && is > was))) return false
  }
  return true
}

function declaredSize({ trailer }: PdfFile): number | undefined {
  const size = trailer.get(PDFName.of('Size'))
  return size instanceof PDFNumber && Number.isInteger(size.asNumber()) ? size.asNumber() : undefined
}

/** Every object and trailer in the bytes of an update is one that its cross-references lead to. */
function isAllNamed(before: PdfFile, after: PdfFile): boolean {
  const { sections, entries } = after.crossReferences
  const named = new Set(sections.map(({ offset }) => offset))
  for (const entry of entries.values()) if (entry.kind === 'offset') named.add(entry.offset)
  const update = after.bytes.subarray(before.bytes.length)
  const tables = sections.filter(({ kind, offset }) => kind === 'table' && offset >= before.bytes.length)
  const trailers = placesOf(update, 'trailer').filter((at) => /^[\s\0]*<</.test(textAt(update, at + 'trailer'.length)))
  const objects = placesOf(update, 'obj')
  if (trailers.length > tables.length || objects.length >= maxPlaces) return false
  return objects.every((at) => {
    const head = /\d+[\s\0]+\d+[\s\0]*$/.exec(update.toString('latin1', Math.max(0, at - maxHeadBytes), at))
    return head === null || named.has(before.bytes.length + at - head[0].length)
  })
}

/** Each object has the word twice; no honest update has so many. */
const maxPlaces = 2_100_000

const maxHeadBytes = 64

const textAt = (bytes: Buffer, at: number): string => bytes.toString('latin1', at, at + maxHeadBytes)

function placesOf(bytes: Buffer, word: string): number[] {
  const found: number[] = []
  for (let at = bytes.indexOf(word); at >= 0 && found.length < maxPlaces; at = bytes.indexOf(word, at + 1)) {
    found.push(at)
  }
  return found
}
