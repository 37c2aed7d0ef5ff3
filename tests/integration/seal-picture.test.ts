import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealPdf } from '../../main/pdf/index.ts'
import { appearance, fixture, now, sealed, trainingSigner } from '../helpers/seals.ts'

const dotsPerInch = 254
const dotsPerMm = 10

type Renderer = { program: string; args: (file: string, page: number, out: string) => string[] }

const renderers: readonly Renderer[] = [
  {
    program: 'pdftoppm',
    args: (file, page, out) => [
      '-cropbox',
      '-r',
      `${dotsPerInch}`,
      '-f',
      `${page}`,
      '-l',
      `${page}`,
      '-singlefile',
      file,
      out,
    ],
  },
  {
    program: 'mutool',
    args: (file, page, out) => ['draw', '-r', `${dotsPerInch}`, '-o', `${out}.ppm`, file, `${page}`],
  },
]

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seal-pictures-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The box of all seal-red dots in a binary PPM, in millimetres from the upper left corner: left, top, right, bottom. */
function redBox(ppm: Buffer): number[] {
  const header = /^P6\s+(?:#.*\s+)*(\d+)\s+(\d+)\s+255\s/.exec(ppm.subarray(0, 200).toString('latin1'))
  const [whole = '', width = '0', height = '0'] = header ?? []
  const box = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1]
  for (let y = 0; y < Number(height); y++) {
    for (let x = 0; x < Number(width); x++) {
      const at = whole.length + (y * Number(width) + x) * 3
      const [red = 0, green = 0, blue = 0] = ppm.subarray(at, at + 3)
      if (red < 180 || green > 120 || blue > 120) continue
      const [left = 0, top = 0, right = 0, bottom = 0] = box
      box.splice(0, 4, Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1))
    }
  }
  return box.map((dots) => dots / dotsPerMm)
}

function picture(renderer: Renderer, pdf: Uint8Array, page: number): Buffer {
  const [file, out] = [join(folder, 'sealed.pdf'), join(folder, 'picture')]
  writeFileSync(file, pdf)
  execFileSync(renderer.program, renderer.args(file, page, out), { stdio: 'ignore' })
  return readFileSync(`${out}.ppm`)
}

describe.each(renderers)('as $program draws it', (renderer) => {
  it.for([
    { on: 'an upright page', name: 'pdf-lib-table.pdf', page: 1 },
    { on: 'a page turned by 90 degrees with a crop box', name: 'pdf-lib-turned.pdf', page: 1 },
    { on: 'a page turned by 270 degrees', name: 'pdf-lib-turned.pdf', page: 2 },
    { on: 'a page turned by 180 degrees whose box begins elsewhere', name: 'pdf-lib-turned.pdf', page: 3 },
  ])('the seal is 42 mm wide and where it was put, on $on', async ({ name, page }, context) => {
    if (spawnSync('which', [renderer.program]).status !== 0) context.skip(`${renderer.program} is not on this machine`)
    const { pdf } = await sealed(fixture(name), { page, xMm: 90, yMm: 50 })
    const box = redBox(picture(renderer, pdf, page))
    const expected = [90, 50, 132, 92]
    const deviation = Math.max(...box.map((value, i) => Math.abs(value - (expected[i] ?? 0))))
    // Three dots of a tenth of a millimetre: the edge's smoothing, and how a program rounds the page's size.
    expect(deviation, `found ${box.join(' ')}`).toBeLessThanOrEqual(0.3)
  })

  it.for([
    {
      on: 'the right',
      side: 'right',
      expected: [
        [189, 50, 210, 92],
        [189, 50, 210, 92],
      ],
    },
    {
      on: 'the left',
      side: 'left',
      expected: [
        [0, 50, 21, 92],
        [0, 50, 21, 92],
      ],
    },
  ] as const)('each page has half of the seal at its edge, on $on', async ({ side, expected }, context) => {
    if (spawnSync('which', [renderer.program]).status !== 0) context.skip(`${renderer.program} is not on this machine`)
    const { signer } = await trainingSigner()
    const target = { kind: 'seam', side, yMm: 50 } as const
    const { pdf } = await sealPdf({ pdf: fixture('pdf-lib-table.pdf'), signer, appearance, target, now })
    const deviations = expected.flatMap((box, i) => {
      const found = redBox(picture(renderer, pdf, i + 1))
      return found.map((value, side) => Math.abs(value - (box[side] ?? 0)))
    })
    expect(Math.max(...deviations)).toBeLessThanOrEqual(0.3)
  })

  it('a seal of 45 mm in a laid slot is 45 mm wide, in the middle of it', async (context) => {
    if (spawnSync('which', [renderer.program]).status !== 0) context.skip(`${renderer.program} is not on this machine`)
    const { signer } = await trainingSigner()
    const slots = [{ place: { page: 1, xMm: 30, yMm: 40 }, sizeMm: 55, name: 'Next' }]
    const request = { signer, appearance: { ...appearance, diameterMm: 45 }, now }
    const target = { kind: 'page', page: 2 } as const
    const first = await sealPdf({ ...request, pdf: fixture('pdf-lib-table.pdf'), target, certify: { slots } })
    const { pdf } = await sealPdf({ ...request, pdf: first.pdf, target: { kind: 'slot', field: 'Next' } })
    const box = redBox(picture(renderer, pdf, 1))
    const deviation = Math.max(...box.map((value, i) => Math.abs(value - ([35, 45, 80, 90][i] ?? 0))))
    expect(deviation, `found ${box.join(' ')}`).toBeLessThanOrEqual(0.3)
  })
})
