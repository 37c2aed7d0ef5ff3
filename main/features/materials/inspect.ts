import { AppError } from '../../../preload/contract/errors.ts'

/** What a material may be, as told by its bytes and not by its name. */
export type MediaType = 'image/jpeg' | 'image/png' | 'application/pdf'

/** Looks at a file as it streams by. */
export type Inspector = {
  /** Takes the next bytes. Throws FILE_KIND_REFUSED at the first bytes of anything but JPEG, PNG and PDF. */
  readonly take: (chunk: Uint8Array) => void
  /** At the end of the file: what it is. Throws FILE_EMPTY, FILE_KIND_REFUSED, or FILE_DAMAGED for a file that breaks off. */
  readonly finish: () => MediaType
}

/** Walks one kind of file by its structure; `isWhole` tells whether its own end was reached. */
type Walker = {
  readonly mediaType: MediaType
  readonly take: (chunk: Uint8Array) => void
  readonly isWhole: () => boolean
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const headBytes = 1024

/** Makes an inspector for one file. The head decides the kind; the walk to the end finds what was cut off. */
export function inspectFile(): Inspector {
  let head = Buffer.alloc(0)
  let walker: Walker | undefined
  const begin = (isLast: boolean) => {
    walker = walkerFor(head, isLast)
    walker?.take(head)
  }
  return {
    take(chunk) {
      if (walker) return walker.take(chunk)
      head = Buffer.concat([head, chunk])
      if (head.length >= 8) begin(head.length >= headBytes)
    },
    finish() {
      if (head.length === 0) throw new AppError('FILE_EMPTY')
      if (!walker) begin(true)
      if (!walker) throw new AppError('FILE_KIND_REFUSED')
      if (!walker.isWhole()) throw new AppError('FILE_DAMAGED')
      return walker.mediaType
    },
  }
}

/** Undefined while the head may still turn out to be a PDF, whose mark may stand anywhere in the first kilobyte (ISO 32000-2 annex). */
function walkerFor(head: Buffer, isLast: boolean): Walker | undefined {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return jpegWalker()
  if (head.subarray(0, 8).equals(pngSignature)) return pngWalker()
  if (head.subarray(0, headBytes).includes('%PDF-')) return pdfWalker()
  if (isLast) throw new AppError('FILE_KIND_REFUSED')
  return undefined
}

/** JPEG (ITU-T T.81 annex B): marker segments are skipped by their length, scans are read to the next marker, EOI ends the picture; what cameras append after it does not matter. */
function jpegWalker(): Walker {
  let state: 'mark' | 'code' | 'high' | 'low' | 'skip' | 'scan' | 'scan-mark' | 'end' = 'mark'
  let code = 0
  let left = 0
  const onCode = (byte: number) => {
    code = byte
    if (byte === 0xff) state = 'code'
    else if (byte === 0xd9) state = 'end'
    else if (byte === 0xd8 || byte === 0x01 || (byte >= 0xd0 && byte <= 0xd7)) state = 'mark'
    else state = 'high'
  }
  const onByte = (byte: number) => {
    if (state === 'mark') {
      if (byte !== 0xff) throw new AppError('FILE_DAMAGED')
      state = 'code'
    } else if (state === 'code') onCode(byte)
    else if (state === 'high') {
      left = byte << 8
      state = 'low'
    } else if (state === 'low') {
      left += byte - 2
      if (left < 0) throw new AppError('FILE_DAMAGED')
      state = left > 0 ? 'skip' : afterSegment(code)
    } else if (byte !== 0x00 && !(byte >= 0xd0 && byte <= 0xd7)) onCode(byte)
    else state = 'scan'
  }
  const take = (chunk: Uint8Array) => {
    let at = 0
    while (at < chunk.length && state !== 'end') {
      if (state === 'skip') {
        const step = Math.min(left, chunk.length - at)
        left -= step
        at += step
        if (left === 0) state = afterSegment(code)
      } else if (state === 'scan') {
        const mark = chunk.indexOf(0xff, at)
        at = mark < 0 ? chunk.length : mark + 1
        if (mark >= 0) state = 'scan-mark'
      } else onByte(chunk[at++] ?? 0)
    }
  }
  return { mediaType: 'image/jpeg', take, isWhole: () => state === 'end' }
}

function afterSegment(code: number): 'scan' | 'mark' {
  return code === 0xda ? 'scan' : 'mark'
}

/** PNG (ISO/IEC 15948): chunks of a length, a type, data and a CRC; IHDR is first and IEND the last. */
function pngWalker(): Walker {
  const header = Buffer.alloc(8)
  let filled = 0
  let left = 8
  let chunks = 0
  let isEnd = false
  let lastType = ''
  const onHeader = () => {
    filled = 0
    left = header.readUInt32BE(0) + 4
    lastType = header.toString('latin1', 4, 8)
    if (chunks === 0 && lastType !== 'IHDR') throw new AppError('FILE_DAMAGED')
    chunks += 1
  }
  const take = (chunk: Uint8Array) => {
    let at = 0
    while (at < chunk.length && !isEnd) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - at)
        left -= step
        at += step
        isEnd = left === 0 && lastType === 'IEND'
      } else {
        header[filled++] = chunk[at++] ?? 0
        if (filled === 8) onHeader()
      }
    }
  }
  return { mediaType: 'image/png', take, isWhole: () => isEnd }
}

/** PDF (ISO 32000-2 §7.5.5): the file's tail names the cross-reference section and says %%EOF. */
function pdfWalker(): Walker {
  let tail = Buffer.alloc(0)
  const take = (chunk: Uint8Array) => {
    const bytes = Buffer.concat([tail, chunk.subarray(Math.max(0, chunk.length - 2048))])
    tail = bytes.subarray(Math.max(0, bytes.length - 2048))
  }
  return {
    mediaType: 'application/pdf',
    take,
    isWhole: () => tail.includes('startxref') && tail.includes('%%EOF'),
  }
}

/** The base name under which a file is kept: path parts and invisible marks cut off, control and other unprintable characters refused (FILE_NAME_REFUSED), at most 200 characters with the ending kept. */
export function cleanFileName(given: string): string {
  const base = (given.split(/[/\\]/u).at(-1) ?? '')
    .replaceAll(/[\u061c\u200b\u200e\u200f\u2028\u2029\u2060\ufeff]/gu, '')
    .trim()
  if (/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(given)) throw new AppError('FILE_NAME_REFUSED')
  if (base === '' || base === '.' || base === '..') throw new AppError('FILE_NAME_REFUSED')
  if (base.length <= 200) return base
  const ending = /\.[^.]{1,10}$/u.exec(base)?.[0] ?? ''
  return (
    [...base]
      .slice(0, 150)
      .join('')
      .slice(0, 200 - ending.length) + ending
  )
}
