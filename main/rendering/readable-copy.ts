import { decode as decodePng } from 'fast-png'
import { picturesPdf } from '../pdf/documents/index.ts'
import { decodeJpeg, encodeJpeg, jpegSize } from './jpeg.ts'
import type { OpenDocument, OpenDocuments } from './open-documents.ts'
import { dotsThatFit, draw, type Picture } from './pictures.ts'
import { shrink } from './shrink.ts'

/** What a file may be copied from. */
export type CopiedMediaType = 'image/jpeg' | 'image/png' | 'application/pdf'

/**
 * A small copy that can still be read. `small`: the original is within the limit itself; `unreadable`: nobody can draw it.
 * `pages` of `ofPages` are in the copy: the first ones of a long PDF.
 */
export type ReadableCopy =
  | { readonly kind: 'small' | 'unreadable' }
  | {
      readonly kind: 'made'
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly mediaType: 'image/jpeg' | 'application/pdf'
      readonly pages: number
      readonly ofPages: number
    }

/** Larger pictures are not opened: 100 million dots are 400 MB. */
const mostDots = 100_000_000

/** Tried in this order until one fits: on an A4 page 1,600 dots are 137 an inch, where small print can be read. */
const attempts = [
  { longest: 1600, quality: 70 },
  { longest: 1600, quality: 55 },
  { longest: 1280, quality: 55 },
  { longest: 1024, quality: 50 },
  { longest: 800, quality: 45 },
  { longest: 640, quality: 40 },
  { longest: 480, quality: 30 },
] as const

/** Pages of a PDF that are copied: each gets its share of the limit, and below some 30 KB a page can no longer be read. */
const mostPages = 5

/** What a PDF needs around its pictures. */
const pdfBytes = 2_000

/** A JPEG or PNG as a smaller JPEG within `limitBytes`. */
export async function copyOfPicture(
  bytes: Uint8Array,
  mediaType: 'image/jpeg' | 'image/png',
  limitBytes: number,
): Promise<ReadableCopy> {
  const picture = mediaType === 'image/jpeg' ? await readJpeg(bytes) : readPng(bytes)
  const copy = picture && (await withinLimit(picture, limitBytes))
  if (copy === undefined) return { kind: 'unreadable' }
  return { kind: 'made', bytes: copy, mediaType: 'image/jpeg', pages: 1, ofPages: 1 }
}

/** The first pages of a PDF as pictures in a smaller PDF within `limitBytes`. */
export async function copyOfPdf(
  documents: OpenDocuments,
  document: OpenDocument,
  limitBytes: number,
): Promise<ReadableCopy> {
  const pages = Math.min(mostPages, document.pages)
  const share = Math.floor((limitBytes - pdfBytes) / Math.max(1, pages))
  const drawn: { jpeg: Uint8Array; widthMm: number; heightMm: number }[] = []
  for (let page = 1; page <= pages; page++) {
    const { picture, ...size } = documents.withPage(document, page, (open) => {
      const { widthMm, heightMm } = open
      const wanted = attempts[0].longest / Math.max(widthMm, heightMm)
      return { picture: draw(documents.pdfium, open, dotsThatFit(open, wanted), 'print'), widthMm, heightMm }
    })
    const jpeg = await withinLimit(picture, share)
    if (jpeg === undefined) return { kind: 'unreadable' }
    drawn.push({ jpeg, ...size })
  }
  if (drawn.length === 0) return { kind: 'unreadable' }
  const bytes = Uint8Array.from(await picturesPdf(drawn))
  return { kind: 'made', bytes, mediaType: 'application/pdf', pages, ofPages: document.pages }
}

async function withinLimit(picture: Picture, limitBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (const { longest, quality } of attempts) {
    const copy = await encodeJpeg(shrink(picture, longest), quality)
    if (copy.length <= limitBytes) return copy
  }
  return undefined
}

async function readJpeg(bytes: Uint8Array): Promise<Picture | undefined> {
  const size = jpegSize(bytes)
  if (size === undefined || size.width * size.height > mostDots) return undefined
  try {
    return await decodeJpeg(bytes)
  } catch (error) {
    // The codec throws texts of its own for a file that is damaged; a trap in it is not to be survived.
    if (error instanceof WebAssembly.RuntimeError) throw error
    return undefined
  }
}

/** PNG (ISO/IEC 15948): any depth and colour type, on white where it is see-through. */
function readPng(bytes: Uint8Array): Picture | undefined {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 33 || header.getUint32(16) * header.getUint32(20) > mostDots) return undefined
  try {
    const { width, height, data, depth, channels, palette } = decodePng(bytes)
    const pixels = new Uint8ClampedArray(width * height * 4)
    const bitsPerRow = width * depth * channels
    const rowBytes = Math.ceil(bitsPerRow / 8)
    const sample = (index: number, y: number): number => {
      if (depth === 16) return (data[y * width * channels + index] ?? 0) >> 8
      if (depth === 8) return data[y * width * channels + index] ?? 0
      const bit = index * depth
      const byte = data[y * rowBytes + (bit >> 3)] ?? 0
      return (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)
    }
    const scale = depth < 8 && palette === undefined ? 255 / ((1 << depth) - 1) : 1
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0; x < width; x++, to += 4) {
        const at = x * channels
        const [red = 0, green = red, blue = red, alpha = 255] =
          palette === undefined
            ? coloursOf(channels, (channel) => sample(at + channel, y) * scale)
            : (palette[sample(x, y)] ?? [])
        pixels[to] = 255 + ((red - 255) * alpha) / 255
        pixels[to + 1] = 255 + ((green - 255) * alpha) / 255
        pixels[to + 2] = 255 + ((blue - 255) * alpha) / 255
        pixels[to + 3] = 255
      }
    }
    return { width, height, data: pixels }
  } catch (error) {
    if (error instanceof RangeError && /memory|allocation/iu.test(error.message)) throw error
    return undefined
  }
}

/** Grey, grey and alpha, colours, colours and alpha. */
function coloursOf(channels: number, sample: (channel: number) => number): number[] {
  const grey = sample(0)
  if (channels === 1) return [grey, grey, grey, 255]
  if (channels === 2) return [grey, grey, grey, sample(1)]
  return [grey, sample(1), sample(2), channels === 4 ? sample(3) : 255]
}
