import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Pdfium } from './pdfium.ts'

/** 宋体 and what is like it, and 黑体 and what is like it. The handles under which PDFium knows them, from 1. */
const families = [
  { name: 'Noto Serif SC', file: '@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf' },
  { name: 'Noto Sans SC', file: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf' },
] as const
const [serifHandle, sansHandle] = [1, 2]

/** Character sets of East Asia as Windows numbers them: Shift JIS, Hangul, GB 2312, Big5. */
const eastAsianCharsets: readonly number[] = [128, 129, 134, 136]
const gb2312Charset = 134

/** Names of fonts without serifs, in Latin letters or Chinese. */
const sansNames = /hei|gothic|sans|yahei|dengxian|黑|等线/i

const i32 = 0x7f

/** The offsets of the callbacks in FPDF_SYSFONTINFO (fpdf_sysfontinfo.h), version 1, with 32-bit pointers. */
const callbackOffsets = {
  Release: 4,
  EnumFonts: 8,
  MapFont: 12,
  GetFont: 16,
  GetFontData: 20,
  GetFaceName: 24,
  GetFontCharset: 28,
  DeleteFont: 32,
} as const

type CallbackName = keyof typeof callbackOffsets
type Callback = { readonly takes: number; readonly gives: boolean; readonly run: (...values: number[]) => number }

/**
 * Gives PDFium this program's Chinese fonts for papers that name a Chinese font and do not carry it (SimSun,
 * STSong-Light …). Other letters keep PDFium's own substitutes. No font of the machine is looked at, so that a page
 * looks the same everywhere.
 */
export function offerChineseFonts(pdfium: Pdfium): void {
  const info = pdfium.FPDF_GetDefaultSystemFontInfo()
  const pointers = new DataView(pdfium.memory.buffer)
  const callbacks = chineseFontCallbacks(pdfium)
  for (const [name, offset] of Object.entries(callbackOffsets) as [CallbackName, number][]) {
    // The module's table of functions has a fixed length: the places of the functions that are replaced serve again.
    pdfium.__indirect_function_table.set(pointers.getInt32(info + offset, true), asWasm(callbacks[name]))
  }
  pdfium.FPDF_SetSystemFontInfo(info)
}

function chineseFontCallbacks(pdfium: Pdfium): Readonly<Record<CallbackName, Callback>> {
  const opened = new Map<number, Uint8Array>()
  const font = (handle: number): Uint8Array => {
    const known = opened.get(handle) ?? readFont(handle)
    opened.set(handle, known)
    return known
  }
  const forName = (face: number): number => (sansNames.test(textAt(pdfium, face)) ? sansHandle : serifHandle)
  return {
    Release: { takes: 1, gives: false, run: () => 0 },
    EnumFonts: { takes: 2, gives: false, run: () => 0 },
    MapFont: {
      takes: 7,
      gives: true,
      run: (_self, _weight, _italic, charset = 0, _pitch, face = 0) =>
        eastAsianCharsets.includes(charset) ? forName(face) : 0,
    },
    GetFont: {
      takes: 2,
      gives: true,
      run: (_self, face = 0) => (families.some(({ name }) => name === textAt(pdfium, face)) ? forName(face) : 0),
    },
    GetFontData: {
      takes: 5,
      gives: true,
      // Table 0 is the whole file; the fonts are no collections, and PDFium asks for no other table.
      run: (_self, handle = 0, table, buffer = 0, length = 0) =>
        table === 0 ? put(pdfium, font(handle), buffer, length) : 0,
    },
    GetFaceName: {
      takes: 4,
      gives: true,
      run: (_self, handle = 0, buffer = 0, length = 0) =>
        put(pdfium, Buffer.from(`${families[handle - 1]?.name}\0`, 'latin1'), buffer, length),
    },
    GetFontCharset: { takes: 2, gives: true, run: () => gb2312Charset },
    DeleteFont: { takes: 2, gives: false, run: () => 0 },
  }
}

function readFont(handle: number): Uint8Array {
  const family = families[handle - 1]
  if (family === undefined) throw new Error(`PDFium asked for font ${handle}`)
  return readFileSync(createRequire(import.meta.url).resolve(family.file))
}

/** Copies `bytes` where they fit, and says how long they are. */
function put(pdfium: Pdfium, bytes: Uint8Array, buffer: number, length: number): number {
  if (buffer !== 0 && length >>> 0 >= bytes.length) new Uint8Array(pdfium.memory.buffer).set(bytes, buffer >>> 0)
  return bytes.length
}

function textAt(pdfium: Pdfium, pointer: number): string {
  const memory = Buffer.from(pdfium.memory.buffer)
  const end = memory.indexOf(0, pointer)
  return memory.toString('utf8', pointer, Math.min(end, pointer + 200))
}

/**
 * A JavaScript function as one that WebAssembly can call by pointer: the smallest module that imports a function of that
 * type and exports it again (WebAssembly Core Specification 1.0, chapter 5).
 */
function asWasm({ takes, gives, run }: Callback): unknown {
  const type = [0x60, takes, ...Array<number>(takes).fill(i32), ...(gives ? [1, i32] : [0])]
  const module = new WebAssembly.Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, type.length + 1, 1, ...type],
      // Import "e" "f" as function of type 0; export it as "f".
      ...[2, 7, 1, 1, 0x65, 1, 0x66, 0, 0],
      ...[7, 5, 1, 1, 0x66, 0, 0],
    ]),
  )
  return new WebAssembly.Instance(module, { e: { f: run } }).exports.f
}
