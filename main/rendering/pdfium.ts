import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PDFiumModule } from '@hyzyla/pdfium'
import { offerChineseFonts } from './fonts.ts'

/** The most memory that PDFium may take; a file that wants more ends the worker, not the machine. */
const memoryLimitBytes = 1024 * 1024 * 1024

/** PDFium's C functions as the WebAssembly module exports them: numbers and pointers in, a number out (fpdfview.h and its like). */
export type PdfiumFunctions = Readonly<
  Record<
    | 'malloc'
    | 'free'
    | 'FPDF_InitLibrary'
    | 'FPDF_GetDefaultSystemFontInfo'
    | 'FPDF_SetSystemFontInfo'
    | 'FPDF_LoadMemDocument'
    | 'FPDF_CloseDocument'
    | 'FPDF_GetLastError'
    | 'FPDF_GetPageCount'
    | 'FPDF_GetPageSizeByIndexF'
    | 'FPDF_LoadPage'
    | 'FPDF_ClosePage'
    | 'FPDF_GetPageWidthF'
    | 'FPDF_GetPageHeightF'
    | 'FPDF_PageToDevice'
    | 'FPDFBitmap_Create'
    | 'FPDFBitmap_FillRect'
    | 'FPDFBitmap_GetBuffer'
    | 'FPDFBitmap_GetStride'
    | 'FPDFBitmap_Destroy'
    | 'FPDF_RenderPageBitmap'
    | 'FPDF_FFLDraw'
    | 'FPDFDOC_InitFormFillEnvironment'
    | 'FPDFDOC_ExitFormFillEnvironment'
    | 'FPDF_RemoveFormFieldHighlight'
    | 'FORM_OnAfterLoadPage'
    | 'FORM_OnBeforeClosePage'
    | 'FPDFText_LoadPage'
    | 'FPDFText_ClosePage'
    | 'FPDFText_CountChars'
    | 'FPDFText_GetUnicode'
    | 'FPDFText_IsGenerated'
    | 'FPDFText_GetCharBox',
    (...values: number[]) => number
  >
>

/** A started PDFium. Not to be called from two threads; each worker has its own. */
export type Pdfium = PdfiumFunctions & {
  /** The module's whole memory, as it is now: memory that grows leaves earlier views empty. */
  readonly memory: WebAssembly.Memory
  /** Where C finds functions that it gets by pointer. */
  readonly __indirect_function_table: WebAssembly.Table
  /** True once memory was refused; what PDFium did afterwards counts for nothing. */
  readonly wasOutOfMemory: () => boolean
}

/**
 * Starts PDFium from the WebAssembly file of its package, with the Chinese fonts of this program for papers that do not
 * carry theirs. Takes about 70 ms and 20 MB; call it once a worker.
 */
export async function startPdfium(): Promise<Pdfium> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('@hyzyla/pdfium/pdfium.wasm'))
  let isOutOfMemory = false
  const quiet = { print: () => undefined, printErr: () => undefined }
  // The package declares a narrower callback than it calls: it passes the instance and then the module.
  const instantiateWasm = (imports: WebAssembly.Imports, done: (...made: never[]) => unknown) => {
    limitMemory(imports, () => {
      isOutOfMemory = true
    })
    const module = new WebAssembly.Module(wasm)
    const made: unknown[] = [new WebAssembly.Instance(module, imports), module]
    return done(...(made as never[])) as WebAssembly.Exports
  }
  const started = await PDFiumModule({ ...quiet, instantiateWasm })
  const functions = started.wasmExports as unknown as Omit<Pdfium, 'wasOutOfMemory'>
  const pdfium: Pdfium = { ...functions, wasOutOfMemory: () => isOutOfMemory }
  pdfium.FPDF_InitLibrary()
  offerChineseFonts(pdfium)
  return pdfium
}

function limitMemory(imports: WebAssembly.Imports, refused: () => void): void {
  const { env } = imports as { env: { emscripten_resize_heap: (bytes: number) => unknown } }
  const grow = env.emscripten_resize_heap
  env.emscripten_resize_heap = (bytes) => {
    const grown = bytes >>> 0 > memoryLimitBytes ? 0 : grow(bytes)
    if (!grown) refused()
    return grown
  }
}

/** Runs `use` with `bytes` zeroed bytes of PDFium's memory, freed afterwards. */
export function withMemory<T>(pdfium: Pdfium, bytes: number, use: (pointer: number) => T): T {
  const pointer = allocate(pdfium, bytes)
  try {
    new Uint8Array(pdfium.memory.buffer, pointer, bytes).fill(0)
    return use(pointer)
  } finally {
    pdfium.free(pointer)
  }
}

/** A piece of PDFium's memory; the caller frees it. Throws RangeError where there is none. */
export function allocate(pdfium: Pdfium, bytes: number): number {
  const pointer = pdfium.malloc(bytes)
  if (pointer === 0) throw new RangeError(`PDFium has no ${bytes} bytes left`)
  return pointer
}
