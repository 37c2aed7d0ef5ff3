import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import readJpeg, { init as startReading } from '@jsquash/jpeg/decode.js'
import writeJpeg, { init as startWriting } from '@jsquash/jpeg/encode.js'
import type { Picture } from './pictures.ts'

/** What the codec makes its pixels into; browsers have one of their own. */
class PixelData {
  readonly data: Uint8ClampedArray<ArrayBuffer>
  readonly width: number
  readonly height: number
  readonly colorSpace = 'srgb'

  constructor(data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number) {
    this.data = data
    this.width = width
    this.height = height
  }
}

let started: Promise<void> | undefined

/** Loads MozJPEG's WebAssembly once a thread; about 20 ms. */
async function start(): Promise<void> {
  Object.assign(globalThis, { ImageData: PixelData })
  const compile = (file: string) => {
    const path = createRequire(import.meta.url).resolve(`@jsquash/jpeg/codec/${file}`)
    return WebAssembly.compile(readFileSync(path))
  }
  await startReading(await compile('dec/mozjpeg_dec.wasm'))
  await startWriting(await compile('enc/mozjpeg_enc.wasm'))
}

/** The pixels of a JPEG file, turned as its EXIF orientation says. Throws a plain error for a file that is none. */
export async function decodeJpeg(bytes: Uint8Array): Promise<Picture> {
  started ??= start()
  await started
  return (await readJpeg(Uint8Array.from(bytes).buffer, { preserveOrientation: true })) as Picture
}

/** A picture as a JPEG file. `quality` is 0 to 100, as MozJPEG counts. */
export async function encodeJpeg(picture: Picture, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  started ??= start()
  await started
  const { data, width, height } = picture
  return new Uint8Array(await writeJpeg(new PixelData(data, width, height), { quality }))
}

/**
 * Width and height that a JPEG file says of itself, before anything is decoded (ITU-T T.81, B.2.2: the frame header);
 * undefined where it says none.
 */
export function jpegSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1] ?? 0
    // SOF0 … SOF15, without DHT, JPG and DAC, which stand among them.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return undefined
}
