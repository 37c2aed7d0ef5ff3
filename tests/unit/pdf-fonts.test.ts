import { describe, expect, it } from 'vitest'
import { drawSeal, fontSubset, missingGlyphs } from '../../main/pdf/index.ts'
import { appearance } from '../helpers/seals.ts'

describe('the Chinese fonts', () => {
  it('give a small TrueType font for a text', async () => {
    const bytes = await fontSubset('serif', '收件凭证 2026')
    expect([Buffer.from(bytes.subarray(0, 4)).toString('hex'), bytes.length < 20_000]).toEqual(['00010000', true])
  })

  it('name each character that they cannot draw once, and count white space as drawable', () => {
    expect(missingGlyphs('sans', '张\u{3134a} 三\n\u{3134a}😀')).toEqual(['\u{3134a}', '😀'])
  })
})

describe('the drawn seal', () => {
  it('is exactly as wide as it is said to be', () => {
    const sides = [42, 45].map((diameterMm) => drawSeal({ ...appearance, diameterMm }).sidePoints)
    expect(sides.map((points) => ((points * 25.4) / 72).toFixed(6))).toEqual(['42.000000', '45.000000'])
  })

  it('draws outlines and names no font', () => {
    const { operators } = drawSeal({ ...appearance, code: '4400000000000' })
    expect(/\b(Tf|Tj|TJ)\b/.test(operators)).toBe(false)
    expect(operators.match(/^q .* cm 1 0 0 1/gm)).toHaveLength(14 + 7 + 13)
  })

  it('has the outline of the national emblem in place of the star where it is asked for', () => {
    const [star, national] = (['star', 'national'] as const).map((emblem) => drawSeal({ ...appearance, emblem }))
    expect(drawSeal(appearance)).toEqual(star)
    // Holes (arches, the gear's eye) need the even-odd rule; the five stars are ten-cornered polygons.
    expect(national?.operators.match(/^f\*$/gm)?.length).toBeGreaterThan(4)
    expect(national?.sidePoints).toBe(star?.sidePoints)
  })
})
