/** What stands in the middle of a round seal. */
export type Emblem = 'star' | 'national'

type Point = readonly [x: number, y: number]

const fixed = (value: number): string => String(Math.round(value * 1000) / 1000)

/**
 * The middle of a seal in PDF path operators, filled, its centre at the origin, in millimetres of a 42 mm seal.
 * `star` is the five-point star. `national` is an outline of our own making that shows what the national emblem shows
 * (five stars over a gate, ears of grain around, a gear below); it is not the official artwork, which an issuing office
 * has from the state's own drawing (国徽图案).
 */
export function emblemOperators(emblem: Emblem): string {
  return emblem === 'star' ? filled([star(0, 0, 7)]) : nationalOutline().join('\n')
}

const filled = (shapes: readonly (readonly Point[])[]): string => `${shapes.map(polygon).join('\n')}\nf*`

function polygon(points: readonly Point[]): string {
  return `${points.map(([x, y], i) => `${fixed(x)} ${fixed(y)} ${i === 0 ? 'm' : 'l'}`).join('\n')} h`
}

/** A five-point star, one point up, or towards `turn` (radians counter-clockwise from up). */
function star(x: number, y: number, radius: number, turn = 0): Point[] {
  const inner = radius * (Math.sin(Math.PI / 10) / Math.sin((7 * Math.PI) / 10))
  return Array.from({ length: 10 }, (_, i): Point => {
    const angle = Math.PI / 2 + turn - (i * Math.PI) / 5
    const reach = i % 2 === 0 ? radius : inner
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)]
  })
}

function nationalOutline(): string[] {
  return [filled(stars()), filled(gate()), filled([...grain(1), ...grain(-1)]), filled(gear()), filled(ribbons())]
}

/** One large star, and four small ones in an arc below it that point at it. */
function stars(): Point[][] {
  const [x, y] = [0, 3.5]
  const small = [-66, -24, 24, 66].map((degrees) => {
    const angle = (degrees * Math.PI) / 180
    const [atX, atY] = [x + 2.9 * Math.sin(angle), y - 2.9 * Math.cos(angle) + 0.3]
    return star(atX, atY, 0.62, angle)
  })
  return [star(x, y, 1.65), ...small]
}

/** A gate tower: two roofs, columns between them, and a wall with five arches (holes by the even-odd rule). */
function gate(): Point[][] {
  const roof = (y: number, half: number, height: number): Point[] => [
    [-half, y],
    [half, y],
    [half - 0.55, y + height],
    [-half + 0.55, y + height],
  ]
  const box = (x: number, y: number, width: number, height: number): Point[] => [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ]
  const columns = Array.from({ length: 8 }, (_, i) => box(-2.6 + i * 0.714, -1.5, 0.2, 0.75))
  const arches = [0.5, 0.36, 0.36, 0.28, 0.28].map((half, i) => {
    const x = [0, -1.25, 1.25, -2.35, 2.35][i] ?? 0
    return arch(x, -3.2, half, i === 0 ? 0.72 : 0.58)
  })
  return [roof(-0.3, 2, 0.5), roof(-0.75, 3, 0.35), ...columns, box(-3.4, -3.2, 6.8, 1.6), ...arches]
}

function arch(x: number, bottom: number, half: number, straight: number): Point[] {
  const top = Array.from({ length: 9 }, (_, i): Point => {
    const angle = (i * Math.PI) / 8
    return [x + half * Math.cos(angle), bottom + straight + half * Math.sin(angle)]
  })
  return [[x - half, bottom], [x + half, bottom], ...top]
}

/** An ear of grain along one side: two rows of kernels that lean outwards from an arc. */
function grain(side: 1 | -1): Point[][] {
  const kernels = Array.from({ length: 13 }, (_, i) => {
    const along = ((-52 + i * 10.2) * Math.PI) / 180
    return [kernel(6.75, along, 0.5, side), kernel(5.85, along + 0.09, -0.42, side)]
  })
  return kernels.flat()
}

function kernel(reach: number, along: number, lean: number, side: 1 | -1): Point[] {
  const [x, y] = [reach * Math.cos(along), reach * Math.sin(along)]
  const direction = along + Math.PI / 2 - lean
  return Array.from({ length: 10 }, (_, i): Point => {
    const angle = (i * Math.PI) / 5
    const [a, b] = [0.68 * Math.cos(angle), 0.27 * Math.sin(angle)]
    const [dx, dy] = [
      a * Math.cos(direction) - b * Math.sin(direction),
      a * Math.sin(direction) + b * Math.cos(direction),
    ]
    return [side * (x + dx), y + dy]
  })
}

/** A toothed ring between the feet of the ears. */
function gear(): Point[][] {
  const [x, y, teeth] = [0, -5.35, 12]
  const rim = Array.from({ length: teeth * 4 }, (_, i): Point => {
    const reach = i % 4 < 2 ? 1.75 : 1.35
    const angle = ((i - 0.5) * 2 * Math.PI) / (teeth * 4)
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)]
  })
  const hole = Array.from({ length: 32 }, (_, i): Point => {
    const angle = (i * Math.PI) / 16
    return [x + 0.8 * Math.cos(angle), y + 0.8 * Math.sin(angle)]
  })
  return [rim, hole]
}

/** A band from the gear to either side, under the ears. */
function ribbons(): Point[][] {
  return ([1, -1] as const).map((side) => [
    [side * 1.9, -5.5],
    [side * 3.2, -6.15],
    [side * 4.7, -6],
    [side * 5.2, -7],
    [side * 3.3, -7.05],
    [side * 1.7, -6.4],
  ])
}
