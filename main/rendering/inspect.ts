import { AppError } from '../../preload/contract/errors.ts'
import type { CheckedSeal, PdfVerdict, SealedChange } from '../../preload/contract/verification.ts'
import { afterLooking, type BoxToSee, type CheckOptions, type PdfCheck } from '../signing/index.ts'
import type { Renderer } from './renderer.ts'

/** The longest that looking at one file takes in all. */
const lookingLimitMs = 60_000

/** Beyond this many pages, only those where a seal stands are compared. */
const mostPages = 100

/**
 * The verdict on every seal of a PDF, by structure, by cryptography and by looking: where a later revision put something
 * that may hide what was there, and whether the pages under a seal that would be 有效 still look as they did when it was
 * put, later seals apart. What hides or changes anything does not come out as 有效. All of it happens in the renderer's
 * worker: a file that takes too much time or memory is 无法确认, a place that could not be looked at counts as hidden
 * content. Throws as `checkPdf` does.
 */
export async function inspectPdf(bytes: Uint8Array, options: CheckOptions, renderer: Renderer): Promise<PdfVerdict> {
  const until = performance.now() + lookingLimitMs
  let check: PdfCheck
  try {
    check = await renderer.check(bytes, options)
  } catch (error) {
    if (error instanceof AppError && error.code === 'PDF_CANNOT_BE_SHOWN') return tooHard
    throw error
  }
  const seen: { box: BoxToSee; hides: boolean }[] = []
  for (const box of check.toSee) {
    if (performance.now() < until) seen.push({ box, hides: await hidesSomething(bytes, box, renderer) })
  }
  const verdict = afterLooking(check, seen)
  const pages = await pagesThatChanged(bytes, verdict, renderer, until)
  return pages.length === 0 ? verdict : afterLooking(withChangedPages(check, pages), seen)
}

const tooHard: PdfVerdict = {
  verdict: 'unknown',
  sentence: '这份文件过于复杂，或被人有意做坏，本机查不完，不能确认印章，请不要采用。',
  pages: 0,
  revisions: 0,
  seals: [],
}

async function hidesSomething(bytes: Uint8Array, box: BoxToSee, renderer: Renderer): Promise<boolean> {
  try {
    const [before, after] = [bytes.subarray(0, box.bytesBefore), bytes.subarray(0, box.bytesAfter)]
    return (await renderer.findHidden(before, after, box.page, box)).isHidden
  } catch (error) {
    return cannotBeSeen(error)
  }
}

/**
 * Pages that look different now from when the oldest seal was put that `verdict` holds 有效, beside the places of later
 * seals. None are expected: it is the structural check that is checked here, against a reader that is not our own.
 */
export async function pagesThatChanged(
  bytes: Uint8Array,
  verdict: PdfVerdict,
  renderer: Renderer,
  until = Number.POSITIVE_INFINITY,
): Promise<number[]> {
  const oldest = verdict.seals.find((seal) => seal.verdict === 'valid' && !seal.coversWholeFile)
  if (oldest === undefined) return []
  const before = bytes.subarray(0, signedEnd(oldest))
  const later = verdict.seals
    .filter(({ revision }) => revision > oldest.revision)
    .flatMap(({ places }) => places.filter(({ widthMm, heightMm }) => widthMm <= mostMm && heightMm <= mostMm))
  const changed: number[] = []
  for (const page of pagesToCompare(verdict, later)) {
    const ignore = later.filter((place) => place.page === page)
    const isChanged =
      performance.now() > until ||
      (await renderer.difference(before, bytes, page, { ignore }).then(({ share }) => share > 0, cannotBeSeen))
    if (isChanged) changed.push(page)
  }
  return changed
}

/** A field may say that it is larger than a seal, and be hidden: nothing is passed over for it. */
const mostMm = 61

const signedEnd = ({ signedRange: [, , start = 0, length = 0] }: CheckedSeal): number => start + length

function pagesToCompare({ pages }: PdfVerdict, places: readonly { page: number }[]): number[] {
  const first = Array.from({ length: Math.min(pages, mostPages) }, (_, at) => at + 1)
  return [...new Set([...first, ...places.map(({ page }) => page)])].toSorted((a, b) => a - b)
}

/** What cannot be shown cannot be seen to be harmless. */
function cannotBeSeen(error: unknown): true {
  if (error instanceof AppError) return true
  throw error
}

/** The check with a change that structure did not tell, for every seal that something came after. */
function withChangedPages(check: PdfCheck, pages: readonly number[]): PdfCheck {
  if (check.findings === undefined) return check
  const { findings } = check
  const changes = pages.map((page) => {
    const sentence = `第 ${page} 页现在看上去与盖章时不同，请核对。`
    return { kind: 'hidden-content', revision: findings.revisions, page, field: '', allowed: false, sentence } as const
  }) satisfies readonly SealedChange[]
  const seals = findings.seals.map((seal) =>
    seal.coversWholeFile
      ? seal
      : { ...seal, found: [...seal.found, ...changes.map((change) => ({ ...change, toSee: [] }))] },
  )
  return { ...check, findings: { ...findings, seals } }
}
