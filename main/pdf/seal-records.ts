import { PDFHexString, PDFName, PDFNumber, PDFString } from 'pdf-lib'
import { sealFields, text } from './guards.ts'
import type { PdfFile } from './reader.ts'

/** What a file says of one seal in it; nothing of it is checked yet. */
export type SealRecord = {
  readonly field: string
  readonly subFilter: string
  /** The four numbers of /ByteRange; `undefined` where they are not four whole numbers. */
  readonly byteRange: readonly [number, number, number, number] | undefined
  /** The CMS with whatever fills up its space; empty where there is none. */
  readonly contents: Uint8Array
  /** The time that the signer's clock claimed (ISO UTC), '' without one. */
  readonly claimedAt: string
  readonly reason: string
  readonly location: string
}

/** Every signed signature field of the file, in the form's order. Throws PDF_DAMAGED where they cannot be read. */
export function sealRecords(file: PdfFile): SealRecord[] {
  return sealFields(file).flatMap(({ name, value }) => {
    if (value === undefined) return []
    const contents = file.resolve(value.get(PDFName.of('Contents')))
    const string = (key: string): string => text(file.resolve(value.get(PDFName.of(key)))) ?? ''
    return {
      field: name,
      subFilter: file.name(value, 'SubFilter') ?? '',
      byteRange: fourNumbers(file.array(value, 'ByteRange')?.asArray()),
      contents:
        contents instanceof PDFHexString || contents instanceof PDFString ? contents.asBytes() : new Uint8Array(),
      claimedAt: isoTime(string('M')),
      reason: string('Reason'),
      location: string('Location'),
    }
  })
}

function fourNumbers(items: readonly unknown[] | undefined): SealRecord['byteRange'] {
  const numbers = (items ?? []).map((item) => (item instanceof PDFNumber ? item.asNumber() : Number.NaN))
  const [a, b, c, d] = numbers
  const isWhole = numbers.length === 4 && numbers.every((number) => Number.isSafeInteger(number) && number >= 0)
  if (!isWhole || a === undefined || b === undefined || c === undefined || d === undefined) return undefined
  return [a, b, c, d]
}

/** The ISO form of a PDF date (ISO 32000-1, 7.9.4), '' where it is none. */
function isoTime(date: string): string {
  const found = /^D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)|([+-])(\d{2})'?(\d{2})?'?)?/.exec(date)
  if (found === null) return ''
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', , sign, zoneHour, zoneMinute] =
    found
  const zone = sign === undefined ? 'Z' : `${sign}${zoneHour}:${zoneMinute ?? '00'}`
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`)
  return Number.isNaN(time.getTime()) ? '' : time.toISOString()
}
