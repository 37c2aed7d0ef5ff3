import { AppError } from '../../preload/contract/errors.ts'
import type { PdfVerdict } from '../../preload/contract/verification.ts'
import { afterLooking, type BoxToSee, type CheckOptions } from '../signing/index.ts'
import type { Renderer } from './renderer.ts'

/** The longest that looking takes in all; a seam seal over 300 pages takes about a third of it. */
const lookingLimitMs = 60_000

/**
 * The verdict on every seal of a PDF, by structure, cryptography and by looking at the places where a later revision put
 * something: what hides anything there does not come out as 有效. All of it happens in the renderer's worker; a file
 * that takes too much time or memory is 无法确认, and a place that could not be looked at counts as hidden content.
 * Throws as `checkPdf` does.
 */
export async function inspectPdf(bytes: Uint8Array, options: CheckOptions, renderer: Renderer): Promise<PdfVerdict> {
  try {
    const check = await renderer.check(bytes, options)
    const seen: { box: BoxToSee; hides: boolean }[] = []
    const until = performance.now() + lookingLimitMs
    for (const box of check.toSee) {
      if (performance.now() > until) break
      const hides = await hidesSomething(bytes, box, renderer)
      seen.push({ box, hides })
    }
    return afterLooking(check, seen)
  } catch (error) {
    if (error instanceof AppError && error.code === 'PDF_CANNOT_BE_SHOWN') return tooHard
    throw error
  }
}

const tooHard: PdfVerdict = {
  verdict: 'unknown',
  sentence: '这份文件过于复杂或有意做坏，本机查不完，印章无法确认，不要采用。',
  pages: 0,
  revisions: 0,
  seals: [],
}

async function hidesSomething(bytes: Uint8Array, box: BoxToSee, renderer: Renderer): Promise<boolean> {
  try {
    const [before, after] = [bytes.subarray(0, box.bytesBefore), bytes.subarray(0, box.bytesAfter)]
    return (await renderer.findHidden(before, after, box.page, box)).isHidden
  } catch (error) {
    // What cannot be shown cannot be seen to be harmless.
    if (error instanceof AppError) return true
    throw error
  }
}
