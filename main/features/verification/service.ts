import type { Caller } from '../../../preload/contract/api.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { PageComparison, Verification } from '../../../preload/contract/seals.ts'
import type { CheckedSeal, PageBox } from '../../../preload/contract/verification.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { Renderer } from '../../rendering/index.ts'
import type { CheckOptions } from '../../signing/index.ts'
import { type ComparedPage, createHeldChecks, type HeldCheck } from './held-checks.ts'

/** What verification asks of others; given by main/desk/compose.ts. */
export type VerificationPorts = {
  /** Roots, revocation lists and revocations that this station trusts. */
  readonly trust: () => Omit<CheckOptions, 'now'>
  /** A worker of its own: a hostile file holds up nobody but whoever brought it. */
  readonly renderer: () => Promise<Renderer>
  /** Ends that worker. */
  readonly close: () => Promise<void>
  /** The newest file of a paper that is kept here. Throws NOT_FOUND. */
  readonly paper: (documentId: string) => { readonly sha256: string; readonly name: string; readonly sizeBytes: number }
}

/** A file on its way in. */
export type IncomingPdf = {
  readonly name: string
  readonly announcedBytes: number | undefined
  readonly source: AsyncIterable<Uint8Array>
}

/** Which of the pictures of a compared page. */
export type PictureKind = 'before' | 'after' | 'difference'

/** The largest file that is checked, in MB. */
export const verificationLimitMb = 100
const limitBytes = verificationLimitMb << 20
const heldLimits = { files: 4, bytes: 200 << 20 } as const
/** Pictures of so many pages of a file are kept for whoever turns back to them. */
const keptComparisons = 6

/** Checks of PDFs, each of one session. */
export function verificationService(context: DeskContext, ports: VerificationPorts) {
  const held = createHeldChecks(heldLimits)
  const check = async (name: string, bytes: Uint8Array, { sessionId }: Caller): Promise<Verification> => {
    const { inspectPdf } = await import('../../rendering/index.ts')
    const now = context.clock.now()
    const verdict = await inspectPdf(bytes, { ...ports.trust(), now }, await ports.renderer())
    const verification: Verification = {
      verificationId: context.newId(),
      name,
      sizeBytes: bytes.length,
      checkedAtUtc: now.toISOString(),
      verdict,
    }
    held.hold({ verification, sessionId, bytes, compared: new Map() })
    return verification
  }
  const compared = (check: HeldCheck, seal: number, page: number): Promise<ComparedPage> => {
    const key = `${seal}/${page}`
    const known = check.compared.get(key)
    if (known !== undefined) return known
    const started = comparePage(ports, check, seal, page)
    started.catch(() => check.compared.delete(key))
    check.compared.set(key, started)
    const [oldest] = check.compared.keys()
    if (check.compared.size > keptComparisons && oldest !== undefined) check.compared.delete(oldest)
    return started
  }
  return {
    /** Reads a file into memory and checks it. Throws PDF_TOO_LARGE (`limitMb`), and as `inspectPdf`. */
    async receive(file: IncomingPdf, caller: Caller): Promise<Verification> {
      return await check(file.name, await readWhole(file), caller)
    },
    /** Checks a paper that is kept here. Throws NOT_FOUND, PDF_TOO_LARGE, and as `inspectPdf`. */
    async ofDocument(documentId: string, caller: Caller): Promise<Verification> {
      const { sha256, name, sizeBytes } = ports.paper(documentId)
      if (sizeBytes > limitBytes) throw new AppError('PDF_TOO_LARGE', { limitMb: verificationLimitMb })
      return await check(name, await context.blobs.readAll(sha256), caller)
    },
    async compare(verificationId: string, seal: number, page: number, caller: Caller): Promise<PageComparison> {
      return (await compared(held.find(verificationId, caller.sessionId), seal, page)).comparison
    },
    /** A picture of a compared page. Throws NOT_FOUND where the page was not there then, or is not now. */
    async picture(at: { id: string; seal: number; page: number; kind: PictureKind }, caller: Caller) {
      const page = await compared(held.find(at.id, caller.sessionId), at.seal, at.page)
      const picture = page[at.kind]
      if (picture === undefined) throw new AppError('NOT_FOUND', { what: '这一页的图像' })
      return picture
    },
    file: (verificationId: string, caller: Caller) => {
      const { bytes, verification } = held.find(verificationId, caller.sessionId)
      return { bytes, name: verification.name }
    },
    forget: (verificationId: string, caller: Caller) => held.forget(verificationId, caller.sessionId),
    endSession: held.endSession,
    async close(): Promise<void> {
      held.clear()
      await ports.close()
    },
  }
}

async function readWhole({ announcedBytes, source }: IncomingPdf): Promise<Uint8Array> {
  const tooLarge = () => new AppError('PDF_TOO_LARGE', { limitMb: verificationLimitMb })
  if ((announcedBytes ?? 0) > limitBytes) throw tooLarge()
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of source) {
    sizeBytes += part.length
    if (sizeBytes > limitBytes) throw tooLarge()
    parts.push(part)
  }
  if (sizeBytes === 0) throw new AppError('PDF_NOT_A_PDF')
  return Buffer.concat(parts)
}

async function comparePage(
  ports: VerificationPorts,
  { bytes, verification }: HeldCheck,
  index: number,
  page: number,
): Promise<ComparedPage> {
  const { seals } = verification.verdict
  const seal = seals[index]
  const signed = seal === undefined ? undefined : signedRevision(bytes, seal)
  if (seal === undefined || signed === undefined) throw new AppError('NOT_FOUND', { what: '盖这枚章时的文件' })
  const renderer = await ports.renderer()
  const [sizesThen, sizesNow] = [await renderer.pageSizes(signed), await renderer.pageSizes(bytes)]
  const sheets = [sizesThen[page - 1], sizesNow[page - 1]].filter((size) => size !== undefined)
  if (sheets.length === 0) {
    throw new AppError('PDF_PAGE_NOT_FOUND', { page, pages: Math.max(sizesThen.length, sizesNow.length) })
  }
  const widthMm = Math.max(...sheets.map((size) => size.widthMm))
  const heightMm = Math.max(...sheets.map((size) => size.heightMm))
  const sealBoxes = laterSealBoxes(seals, seal, page)
  const there = { before: page <= sizesThen.length, after: page <= sizesNow.length }
  const facts = { page, widthMm, heightMm, ...there, sealBoxes }
  if (!facts.before || !facts.after) {
    const picture = await renderer.picture(facts.before ? signed : bytes, page, pictureWidth)
    const pictures = { before: facts.before ? picture : undefined, after: facts.after ? picture : undefined }
    return { comparison: { ...facts, share: 1, boxes: [] }, ...pictures, difference: picture }
  }
  const { share, boxes, beforePng, afterPng, differencePng } = await renderer.compare(signed, bytes, page, {
    ignore: sealBoxes,
  })
  const comparison = { ...facts, share, boxes: boxes.map((box) => ({ ...box, page })) }
  return { comparison, before: beforePng, after: afterPng, difference: differencePng }
}

const pictureWidth = 1000

/** The file's first bytes up to the end of what the seal signed; undefined where it signed no such range. */
function signedRevision(bytes: Uint8Array, { signedRange }: CheckedSeal): Uint8Array | undefined {
  const [, , start = 0, length = 0] = signedRange
  const end = start + length
  return end > 0 && end <= bytes.length ? bytes.subarray(0, end) : undefined
}

/** What seals that came after this one show on the page. */
function laterSealBoxes(seals: readonly CheckedSeal[], seal: CheckedSeal, page: number): PageBox[] {
  return seals
    .filter(({ revision }) => revision > seal.revision)
    .flatMap(({ places }) => places.filter((place) => place.page === page))
}
