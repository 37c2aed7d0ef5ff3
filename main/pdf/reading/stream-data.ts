import { inflateSync } from 'node:zlib'
import { decodePDFRawStream, PDFArray, PDFDict, PDFName, PDFNumber, type PDFObject, type PDFRawStream } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { damaged } from './syntax.ts'

/** A cross-reference or object stream that unpacks to more than this is a decompression bomb. */
const maxStreamBytes = 64 * 1024 * 1024
/** All of a file's together: a thousand small bombs are one large one. */
const maxFileBytes = 512 * 1024 * 1024

/** Unpacks the cross-reference streams and object streams of one file. */
export class Unpacker {
  #leftBytes = maxFileBytes

  /**
   * The decoded bytes of a stream (ISO 32000-1, 7.4 and 7.5.7). Flate with PNG predictors is decoded here, for pdf-lib
   * ignores predictors; other filters are pdf-lib's. Throws PDF_DAMAGED, or PDF_TOO_LARGE beyond 64 MB unpacked, and
   * beyond 512 MB of all that this unpacker gave.
   */
  unpack(stream: PDFRawStream): Buffer {
    const data = streamData(stream)
    this.#leftBytes -= data.length
    if (this.#leftBytes < 0) throw tooLarge(maxFileBytes)
    return data
  }
}

const tooLarge = (limitBytes: number, cause?: unknown): AppError =>
  new AppError('PDF_TOO_LARGE', { limitMb: limitBytes / 1024 / 1024 }, { cause })

function streamData(stream: PDFRawStream): Buffer {
  const filter = single(stream.dict.lookup(PDFName.of('Filter')))
  if (filter === undefined) return Buffer.from(stream.contents)
  if (!(filter instanceof PDFName) || filter.decodeText() !== 'FlateDecode') return otherFilter(stream)
  const unpacked = inflate(stream.contents)
  const parameters = single(stream.dict.lookup(PDFName.of('DecodeParms')))
  return parameters instanceof PDFDict ? unpredict(unpacked, parameters) : unpacked
}

function single(value: PDFObject | undefined): PDFObject | undefined {
  if (!(value instanceof PDFArray)) return value
  if (value.size() > 1) throw damaged('filter chain')
  return value.size() === 1 ? value.lookup(0) : undefined
}

/** pdf-lib's decoders know no limit, and the filters that they are needed for make a thousand bytes of one. */
const maxOtherFilterBytes = 64 * 1024

function otherFilter(stream: PDFRawStream): Buffer {
  if (stream.contents.length > maxOtherFilterBytes) throw damaged('filter')
  try {
    return Buffer.from(decodePDFRawStream(stream).decode())
  } catch (cause) {
    throw damaged('stream', cause)
  }
}

function inflate(contents: Uint8Array): Buffer {
  try {
    return inflateSync(contents, { maxOutputLength: maxStreamBytes })
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(maxStreamBytes, cause)
    throw damaged('stream', cause)
  }
}

function unpredict(data: Buffer, parameters: PDFDict): Buffer {
  const number = (key: string, otherwise: number): number => {
    const value = parameters.lookup(PDFName.of(key))
    return value instanceof PDFNumber ? value.asNumber() : otherwise
  }
  const predictor = number('Predictor', 1)
  if (predictor === 1) return data
  const bitsPerPixel = number('Colors', 1) * number('BitsPerComponent', 8)
  const rowBytes = Math.ceil((number('Columns', 1) * bitsPerPixel) / 8)
  if (predictor < 10 || !Number.isInteger(rowBytes) || rowBytes < 1) throw damaged('predictor')
  return pngRows(data, rowBytes, Math.max(1, bitsPerPixel >> 3))
}

/** Undoes the PNG filters (RFC 2083, section 6): each row is one filter byte and `rowBytes` bytes. */
function pngRows(data: Buffer, rowBytes: number, pixelBytes: number): Buffer {
  const rows = Math.floor(data.length / (rowBytes + 1))
  const out = Buffer.alloc(rows * rowBytes)
  for (let row = 0; row < rows; row++) {
    const filter = data[row * (rowBytes + 1)] ?? 0
    for (let column = 0; column < rowBytes; column++) {
      const at = row * rowBytes + column
      const left = column >= pixelBytes ? (out[at - pixelBytes] ?? 0) : 0
      const up = row > 0 ? (out[at - rowBytes] ?? 0) : 0
      const upLeft = row > 0 && column >= pixelBytes ? (out[at - rowBytes - pixelBytes] ?? 0) : 0
      out[at] = (data[row * (rowBytes + 1) + 1 + column] ?? 0) + predicted(filter, left, up, upLeft)
    }
  }
  return out
}

function predicted(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 0) return 0
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter === 4) return paeth(left, up, upLeft)
  throw damaged('predictor')
}

function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ]
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}
