// Owns: the drawn seal and the Chinese fonts of everything that is drawn.
// Does not own: where a seal goes and how it enters a file (../sealing).
// Start here: drawSeal; emblems.ts draws its middle, fonts.ts gives the outlines.
import { deflateSync } from 'node:zlib'
import { AppError } from '../../../preload/contract/errors.ts'
import { pointsPerMm } from '../units.ts'
import { type Emblem, emblemOperators } from './emblems.ts'
import { missingGlyphs, openFont } from './fonts.ts'

/** What stands on a round seal (国发〔1999〕25号: 42 mm with a star for towns, villages and their special seals). */
export type SealAppearance = {
  /** On the arc, the legal name in full. */
  readonly organisation: string
  /** Straight below the star, as 业务专用章; '' for a plain name seal. */
  readonly purposeLine: string
  /** Outer diameter on paper: 42 or 45 as the rule has it. */
  readonly diameterMm: number
  /** The record number (备案编码) on the lower arc. */
  readonly code?: string
  /** What stands in the middle; the star when not said. */
  readonly emblem?: Emblem
}

/** A drawing in PDF operators: a square of `sidePoints`, origin at its lower left; names the graphics state /Ink. */
export type SealDrawing = { readonly operators: string; readonly sidePoints: number }

/** A drawing as it lies in a file. */
export type PackedDrawing = { readonly flate: Uint8Array; readonly sidePoints: number }

/** Drawing and packing take longer than signing; a station uses few seals again and again. */
const packed = new Map<string, PackedDrawing>()
const mostPacked = 16

/** `drawSeal`, compressed, and remembered for the next document. Throws as `drawSeal` does. */
export function packedSeal(appearance: SealAppearance): PackedDrawing {
  const { organisation, purposeLine, diameterMm, code = '', emblem = 'star' } = appearance
  const key = JSON.stringify([organisation, purposeLine, diameterMm, code, emblem])
  const known = packed.get(key)
  if (known !== undefined) return known
  const { operators, sidePoints } = drawSeal(appearance)
  const drawing = { flate: deflateSync(operators), sidePoints }
  if (packed.size >= mostPacked) packed.clear()
  packed.set(key, drawing)
  return drawing
}

/** Proportions of a 42 mm seal; other sizes scale. */
const design = {
  diameter: 42,
  ring: 1.2,
  arcOuterRadius: 18.6,
  arcTextHeight: 5.6,
  /** Widest reach of the name; less where a line stands between its ends. */
  arcSweepDegrees: { alone: 268, overPurpose: 238 },
  purposeTop: -8.4,
  purposeHeight: 3.8,
  codeRadius: 18.9,
  codeHeight: 1.9,
} as const

/** Vermilion (朱红) as screens and printers show seal ink. */
const ink = '0.86 0.07 0.1'

const fixed = (value: number): string => String(Math.round(value * 1000) / 1000)

/**
 * Draws the seal in vectors: ring, star or emblem, name on the arc, purpose line, code. Characters are outlines of
 * 宋体, so the seal needs no font where it is shown. Throws GLYPHS_MISSING where a character cannot be drawn.
 */
export function drawSeal(appearance: SealAppearance): SealDrawing {
  const { organisation, purposeLine, diameterMm, code = '', emblem = 'star' } = appearance
  const missing = missingGlyphs('serif-bold', organisation + purposeLine + code)
  if (missing.length > 0) throw new AppError('GLYPHS_MISSING', { characters: missing.join('') })
  const scale = (diameterMm / design.diameter) * pointsPerMm
  const half = (diameterMm * pointsPerMm) / 2
  const parts = [
    'q /Ink gs',
    `${ink} rg ${ink} RG`,
    `${fixed(scale)} 0 0 ${fixed(scale)} ${fixed(half)} ${fixed(half)} cm`,
    ring(),
    emblemOperators(emblem),
    ...arcName(organisation, purposeLine === '' ? design.arcSweepDegrees.alone : design.arcSweepDegrees.overPurpose),
    ...straightLine(purposeLine),
    ...lowerCode(code),
    'Q',
  ]
  return { operators: parts.join('\n'), sidePoints: half * 2 }
}

/** A ring whose outer edge is the seal's diameter to the hair: the stroke lies wholly within it. */
function ring(): string {
  const radius = design.diameter / 2 - design.ring / 2
  const handle = radius * 0.5522847498
  const [r, k] = [fixed(radius), fixed(handle)]
  return [
    `${design.ring} w`,
    `${r} 0 m`,
    `${r} ${k} ${k} ${r} 0 ${r} c`,
    `-${k} ${r} -${r} ${k} -${r} 0 c`,
    `-${r} -${k} -${k} -${r} 0 -${r} c`,
    `${k} -${r} ${r} -${k} ${r} 0 c`,
    's',
  ].join('\n')
}

function arcName(name: string, sweepDegrees: number): string[] {
  const characters = Array.from(name.replace(/\s/gu, ''))
  const middle = design.arcOuterRadius - design.arcTextHeight / 2
  const sweep = (sweepDegrees * Math.PI) / 180
  const natural = (design.arcTextHeight * 1.42) / middle
  const step = Math.min(natural, characters.length > 1 ? sweep / (characters.length - 1) : 0)
  const width =
    characters.length > 1 ? Math.min(design.arcTextHeight, step * (middle - 1) * 0.98) : design.arcTextHeight
  return characters.map((character, i) => {
    const angle = Math.PI / 2 + (step * (characters.length - 1)) / 2 - step * i
    return glyph(character, {
      x: middle * Math.cos(angle),
      y: middle * Math.sin(angle),
      turn: angle - Math.PI / 2,
      width,
      height: design.arcTextHeight,
    })
  })
}

function straightLine(text: string): string[] {
  const characters = Array.from(text.replace(/\s/gu, ''))
  if (characters.length === 0) return []
  const middle = design.purposeTop - design.purposeHeight / 2
  const room = 2 * Math.sqrt(12.2 ** 2 - (design.purposeTop - design.purposeHeight / 2) ** 2)
  const advance = Math.min(design.purposeHeight * 1.05, Math.max(room, 17.4) / characters.length)
  return characters.map((character, i) =>
    glyph(character, {
      x: (i - (characters.length - 1) / 2) * advance,
      y: middle,
      turn: 0,
      width: Math.min(design.purposeHeight, advance * 0.97),
      height: design.purposeHeight,
    }),
  )
}

function lowerCode(code: string): string[] {
  const characters = Array.from(code.replace(/\s/gu, ''))
  const step = (design.codeHeight * 0.82) / design.codeRadius
  return characters.map((character, i) => {
    const angle = -Math.PI / 2 - (step * (characters.length - 1)) / 2 + step * i
    const middle = design.codeRadius - design.codeHeight / 2
    return glyph(character, {
      x: middle * Math.cos(angle),
      y: middle * Math.sin(angle),
      turn: angle + Math.PI / 2,
      width: design.codeHeight,
      height: design.codeHeight,
    })
  })
}

type Box = { x: number; y: number; turn: number; width: number; height: number }

/** A character's em square, centred on (x, y), turned, and pressed to width and height. */
function glyph(character: string, box: Box): string {
  const font = openFont('serif-bold')
  const found = font.glyphForCodePoint(character.codePointAt(0) ?? 0)
  const [scaleX, scaleY] = [box.width / font.unitsPerEm, box.height / font.unitsPerEm]
  const [cos, sin] = [Math.cos(box.turn), Math.sin(box.turn)]
  // The ideographic em square reaches from 0.12 em below the baseline to 0.88 em above it.
  const [originX, originY] = [-found.advanceWidth / 2, -0.38 * font.unitsPerEm]
  const matrix = [cos * scaleX, sin * scaleX, -sin * scaleY, cos * scaleY, box.x, box.y].map((value) =>
    value.toFixed(6),
  )
  return `q ${matrix.join(' ')} cm 1 0 0 1 ${fixed(originX)} ${fixed(originY)} cm\n${outline(found.path.commands)}\nf Q`
}

type PathCommand = { readonly command: string; readonly args: readonly number[] }

/** TrueType outlines bend in quadratic curves; PDF knows cubic ones only. */
function outline(commands: readonly PathCommand[]): string {
  let [x, y] = [0, 0]
  const round = (...values: number[]): string => values.map((value) => String(Math.round(value))).join(' ')
  return commands
    .map(({ command, args }) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args
      if (command === 'closePath') return 'h'
      const [fromX, fromY] = [x, y]
      ;[x, y] = command === 'bezierCurveTo' ? [e, f] : command === 'quadraticCurveTo' ? [c, d] : [a, b]
      if (command === 'moveTo') return `${round(a, b)} m`
      if (command === 'lineTo') return `${round(a, b)} l`
      if (command === 'bezierCurveTo') return `${round(a, b, c, d, e, f)} c`
      const [thirdX, thirdY] = [(2 * a) / 3, (2 * b) / 3]
      return `${round(fromX / 3 + thirdX, fromY / 3 + thirdY, c / 3 + thirdX, d / 3 + thirdY, c, d)} c`
    })
    .join('\n')
}
