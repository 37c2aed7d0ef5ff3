import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import * as fontkit from 'fontkit'
import subsetFont from 'subset-font'

/** 宋体 (serif) for documents and seals, 黑体 (sans) for what is to be seen at a glance. */
export type FontFamily = 'serif' | 'serif-bold' | 'sans' | 'sans-bold'

const files: Readonly<Record<FontFamily, string>> = {
  serif: '@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf',
  'serif-bold': '@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf',
  sans: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  'sans-bold': '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
}

const modules = createRequire(import.meta.url)
const opened = new Map<FontFamily, fontkit.Font>()
const whole = new Map<FontFamily, Promise<Buffer>>()

const fontPath = (family: FontFamily): string => modules.resolve(files[family])

/** The whole font, for outlines and for asking what it holds; read once a process (about 10 MB). */
export function openFont(family: FontFamily): fontkit.Font {
  const known = opened.get(family)
  if (known !== undefined) return known
  const font = fontkit.create(readFileSync(fontPath(family)))
  if (!('glyphForCodePoint' in font)) throw new Error(`a font collection where one font was expected: ${family}`)
  opened.set(family, font)
  return font
}

/**
 * A TrueType font that holds the characters of `text` alone. Embed it in pdf-lib with `subset: false`: pdf-lib's own
 * subsetting loses most Chinese glyphs. Ask `missingGlyphs` first; what the font lacks prints as nothing.
 */
export async function fontSubset(family: FontFamily, text: string): Promise<Uint8Array> {
  const bytes = whole.get(family) ?? readFile(fontPath(family))
  whole.set(family, bytes)
  return subsetFont(await bytes, text, { targetFormat: 'truetype' })
}

/**
 * The characters of `text` that the family cannot draw, each once, in their order; white space counts as drawable.
 * For rare characters in names (生僻字): the clerk is told before printing.
 */
export function missingGlyphs(family: FontFamily, text: string): string[] {
  const font = openFont(family)
  const characters = new Set(Array.from(text.replace(/\s/gu, '')))
  return [...characters].filter((character) => !font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0))
}
