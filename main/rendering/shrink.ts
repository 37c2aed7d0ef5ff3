import type { Picture } from './pictures.ts'

/** The picture with its longer side at most `longest` dots, each the mean of those that it stands for; the same where it is small enough. */
export function shrink(picture: Picture, longest: number): Picture {
  const factor = Math.max(picture.width, picture.height) / longest
  if (factor <= 1) return picture
  const width = Math.max(1, Math.round(picture.width / factor))
  const height = Math.max(1, Math.round(picture.height / factor))
  const data = new Uint8ClampedArray(width * height * 4)
  const columns = Array.from({ length: width + 1 }, (_, x) => Math.floor((x * picture.width) / width))
  for (let y = 0, to = 0; y < height; y++) {
    const top = Math.floor((y * picture.height) / height)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * picture.height) / height))
    for (let x = 0; x < width; x++, to += 4) {
      const left = columns[x] ?? 0
      mean(picture, { left, right: Math.max(left + 1, columns[x + 1] ?? 0), top, bottom }, data, to)
    }
  }
  return { width, height, data }
}

type Area = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

function mean(picture: Picture, { left, right, top, bottom }: Area, data: Uint8ClampedArray, to: number): void {
  let [red, green, blue] = [0, 0, 0]
  for (let y = top; y < bottom; y++) {
    for (let from = (y * picture.width + left) * 4, end = from + (right - left) * 4; from < end; from += 4) {
      red += picture.data[from] ?? 0
      green += picture.data[from + 1] ?? 0
      blue += picture.data[from + 2] ?? 0
    }
  }
  const count = (right - left) * (bottom - top)
  data[to] = red / count
  data[to + 1] = green / count
  data[to + 2] = blue / count
  data[to + 3] = 255
}
