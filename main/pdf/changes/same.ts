import { PDFArray, PDFDict, PDFHexString, PDFNumber, type PDFObject, PDFRawStream, PDFString } from 'pdf-lib'

/** Values nested deeper than this count as different: no program writes such. */
const maxDepth = 60

/**
 * True where two objects say the same. References are compared by what they name, not by what stands there; the order
 * of a dictionary's keys says nothing; a stream must have the same bytes.
 */
export function sameObject(a: PDFObject | undefined, b: PDFObject | undefined, depth = 0): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined || depth > maxDepth) return false
  if (a instanceof PDFRawStream || b instanceof PDFRawStream) {
    if (!(a instanceof PDFRawStream) || !(b instanceof PDFRawStream)) return false
    return sameObject(a.dict, b.dict, depth + 1) && Buffer.compare(a.contents, b.contents) === 0
  }
  if (a instanceof PDFDict && b instanceof PDFDict) {
    return a.keys().length === b.keys().length && differentKeys(a, b, depth).length === 0
  }
  if (a instanceof PDFArray && b instanceof PDFArray) {
    return a.size() === b.size() && a.asArray().every((item, i) => sameObject(item, b.get(i), depth + 1))
  }
  if (isString(a) && isString(b)) return Buffer.compare(a.asBytes(), b.asBytes()) === 0
  if (a instanceof PDFNumber && b instanceof PDFNumber) return a.asNumber() === b.asNumber()
  return a.constructor === b.constructor && a.toString() === b.toString()
}

const isString = (value: PDFObject): value is PDFString | PDFHexString =>
  value instanceof PDFString || value instanceof PDFHexString

/** The keys, without their slash, whose values differ between two dictionaries, or that only one of them has. */
export function differentKeys(a: PDFDict, b: PDFDict, depth = 0): string[] {
  // The names as they are: the text of /A#2341 is A#41, which as a name would be another one.
  const names = new Set([...a.keys(), ...b.keys()])
  return [...names].filter((key) => !sameObject(a.get(key), b.get(key), depth + 1)).map((key) => key.decodeText())
}
