import { decode as readPng, encode as writePng } from 'fast-png'
import { afterAll, expect, test } from 'vitest'
import { picturesPdf } from '../../main/pdf/documents/index.ts'
import { readPageSizes } from '../../main/pdf/index.ts'
import { openRenderer } from '../../main/rendering/index.ts'
import { decodeJpeg, encodeJpeg } from '../../main/rendering/jpeg.ts'
import type { Picture } from '../../main/rendering/pictures.ts'
import { shrink } from '../../main/rendering/shrink.ts'
import { fixture } from '../helpers/seals.ts'

const renderer = openRenderer()
afterAll(() => renderer.close())

const limitBytes = 150 * 1024

/** A page as a phone takes it: large, with the noise of a sensor, the light falling off towards one side. */
async function photographedPage(width: number): Promise<Picture> {
  const png = readPng(await renderer.picture(fixture('pdf-lib-chinese.pdf'), 1, width))
  const data = new Uint8ClampedArray(png.width * png.height * 4)
  let noise = 1
  for (let at = 0, from = 0; at < data.length; at += 4, from += png.channels) {
    noise = (noise * 1103515245 + 12345) & 0x7fffffff
    const light = 0.75 + 0.25 * (at / 4 / png.width / png.height)
    for (let channel = 0; channel < 3; channel++)
      data[at + channel] = (png.data[from + channel] ?? 0) * light + ((noise >> 16) % 17) - 8
    data[at + 3] = 255
  }
  return { width: png.width, height: png.height, data }
}

/** Some darkness that no two dots share. */
const noiseAt = (at: number): number => (Math.imul(at ^ 0x5bd1e995, 0x27d4eb2d) >>> 13) & 63

/** The mean difference of two pictures of one size, 0 to 255. */
function meanDifference(a: Picture, b: Picture): number {
  let sum = 0
  for (let at = 0; at < a.data.length; at++) sum += Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0))
  return sum / a.data.length
}

test('a photograph of megabytes becomes a copy within the limit that still shows what the original shows', async () => {
  const photograph = await photographedPage(3000)
  const original = await encodeJpeg(photograph, 95)
  const copy = await renderer.readableCopy(original, 'image/jpeg', limitBytes)
  if (copy.kind !== 'made') throw new Error(copy.kind)
  const shown = await decodeJpeg(copy.bytes)
  expect(original.length).toBeGreaterThan(2_000_000)
  expect(copy.bytes.length).toBeLessThanOrEqual(limitBytes)
  expect(Math.max(shown.width, shown.height)).toBeGreaterThanOrEqual(1024)
  expect(meanDifference(shown, shrink(photograph, Math.max(shown.width, shown.height)))).toBeLessThan(6)
})

test('a photograph that was taken with the camera turned is copied upright', async () => {
  const [width, height] = [1200, 800]
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let at = 0; at < data.length / 2; at++) data[at] = at % 4 === 3 ? 255 : (at * 7919) & 63
  const turned = withOrientation(await encodeJpeg({ width, height, data }, 95), 6)
  const copy = await renderer.readableCopy(turned, 'image/jpeg', 20_000)
  if (copy.kind !== 'made') throw new Error(copy.kind)
  const shown = await decodeJpeg(copy.bytes)
  const dot = (x: number, y: number) => shown.data[(y * shown.width + x) * 4] ?? -1
  expect(shown.height).toBeGreaterThan(shown.width)
  // The dark upper half lies to the right once the picture is turned clockwise.
  expect(dot(shown.width - 5, shown.height >> 1)).toBeLessThan(90)
  expect(dot(5, shown.height >> 1)).toBeGreaterThan(200)
})

test.each([
  { depth: 8 as const, channels: 4 as const },
  { depth: 8 as const, channels: 3 as const },
  { depth: 8 as const, channels: 1 as const },
  { depth: 16 as const, channels: 3 as const },
])(
  'a PNG of $channels channels and $depth bits is copied, white where it is see-through',
  async ({ depth, channels }) => {
    const [width, height] = [900, 600]
    const samples =
      depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels)
    for (let at = 0; at < samples.length; at++) {
      const channel = at % channels
      const isLeft = Math.floor(at / channels) % width < width / 2
      const value = channel === 3 ? (isLeft ? 0 : 255) : isLeft && channels !== 4 ? 255 : noiseAt(at)
      samples[at] = depth === 16 ? value * 257 : value
    }
    const copy = await renderer.readableCopy(
      writePng({ width, height, data: samples, depth, channels }),
      'image/png',
      20_000,
    )
    if (copy.kind !== 'made') throw new Error(copy.kind)
    const shown = await decodeJpeg(copy.bytes)
    const row = (shown.height >> 1) * shown.width
    expect(shown.data[(row + 10) * 4]).toBeGreaterThan(220)
    expect(shown.data[(row + shown.width - 10) * 4]).toBeLessThan(110)
  },
)

test('the first pages of a long PDF become a small PDF that says how many there were', async () => {
  const original = fixture('scan-jpeg.pdf')
  const jpeg = await encodeJpeg(await photographedPage(1700), 90)
  const long = await picturesPdf(Array.from({ length: 7 }, () => ({ jpeg, widthMm: 210, heightMm: 297 })))
  const ofScan = await renderer.readableCopy(original, 'application/pdf', Math.min(limitBytes, original.length - 1))
  const ofLong = await renderer.readableCopy(long, 'application/pdf', limitBytes)
  if (ofScan.kind !== 'made' || ofLong.kind !== 'made') throw new Error(`${ofScan.kind} ${ofLong.kind}`)
  const [before] = readPageSizes(original)
  const [after] = readPageSizes(ofScan.bytes)
  expect(after?.widthMm).toBeCloseTo(before?.widthMm ?? 0, 0)
  expect({ pages: ofLong.pages, ofPages: ofLong.ofPages, drawn: readPageSizes(ofLong.bytes).length }).toEqual({
    pages: 5,
    ofPages: 7,
    drawn: 5,
  })
  expect(ofLong.bytes.length).toBeLessThanOrEqual(limitBytes)
})

test('what is small enough is left alone, and what nobody can draw is said to be unreadable', async () => {
  const small = await encodeJpeg({ width: 8, height: 8, data: new Uint8ClampedArray(256) }, 80)
  const cut = (await encodeJpeg(await photographedPage(1000), 95)).subarray(0, 400)
  const bomb = Uint8Array.from(small)
  const frame = bomb.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc1, 0xc2].includes(bomb[at + 1] ?? 0))
  bomb.set([0xff, 0xff, 0xff, 0xff], frame + 5)
  expect(await renderer.readableCopy(small, 'image/jpeg', limitBytes)).toEqual({ kind: 'small' })
  expect(await renderer.readableCopy(cut, 'image/jpeg', 100)).toEqual({ kind: 'unreadable' })
  expect(await renderer.readableCopy(bomb, 'image/jpeg', 10)).toEqual({ kind: 'unreadable' })
  expect(await renderer.readableCopy(new Uint8Array(5000), 'image/png', 100)).toEqual({ kind: 'unreadable' })
})

/** The JPEG with an EXIF segment that holds its orientation alone (CIPA DC-008, tag 0x0112). */
function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  const tiff = Buffer.alloc(26)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(1, 8)
  tiff.writeUInt16BE(0x0112, 10)
  tiff.writeUInt16BE(3, 12)
  tiff.writeUInt32BE(1, 14)
  tiff.writeUInt16BE(orientation, 18)
  const head = Buffer.alloc(10)
  head.writeUInt16BE(0xffe1, 0)
  head.writeUInt16BE(8 + tiff.length, 2)
  head.write('Exif\0\0', 4, 'latin1')
  return Buffer.concat([jpeg.subarray(0, 2), head, tiff, jpeg.subarray(2)])
}
