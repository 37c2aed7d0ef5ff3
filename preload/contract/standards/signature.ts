/**
 * A signature as an answer: strokes as the `d` of an SVG path on a field of 400 × 120 units, or that the paper itself was
 * signed. As a line it weighs some 500 bytes where a picture weighs ten times that; it is printed sharp at any size, and
 * it lies in the case's own entry, so that the ledger's hash covers it with the answers that were signed.
 */

/** The field on which one signs, in units. */
export const signatureField = { width: 400, height: 120 } as const
/** The answer of somebody who signed (or put a fingerprint) on the paper form. */
export const signedOnPaper = 'paper'
/** The longest signature that is kept, in characters. */
export const longestSignature = 6000

/** One point of a stroke, in units. */
export type StrokePoint = { readonly x: number; readonly y: number }

/** Whether a text is a signature: strokes that begin and move within the field, or `paper`. */
export function isSignature(text: string): boolean {
  if (text === signedOnPaper) return true
  return text.length <= longestSignature && /^(?:M\d{1,3} \d{1,3}(?:l-?\d{1,3} -?\d{1,3})+)+$/.test(text)
}

const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)))

/**
 * Strokes as a signature's text; '' for none. A stroke of a single point becomes a dot; points that stay where they were
 * are left out. What would be longer than `longestSignature` ends before the stroke that does not fit.
 *
 * @example signatureOf([[{ x: 10, y: 20 }, { x: 13, y: 18 }]]) // 'M10 20l3 -2'
 */
export function signatureOf(strokes: readonly (readonly StrokePoint[])[]): string {
  let text = ''
  for (const stroke of strokes) {
    const one = strokeText(stroke)
    if (text.length + one.length > longestSignature) break
    text += one
  }
  return text
}

function strokeText(stroke: readonly StrokePoint[]): string {
  const points = stroke.map(({ x, y }) => ({
    x: within(x, signatureField.width),
    y: within(y, signatureField.height),
  }))
  const [first, ...rest] = points
  if (first === undefined) return ''
  let last = first
  let moves = ''
  for (const point of rest) {
    if (point.x === last.x && point.y === last.y) continue
    moves += `l${point.x - last.x} ${point.y - last.y}`
    last = point
  }
  return `M${first.x} ${first.y}${moves === '' ? 'l0 0' : moves}`
}
