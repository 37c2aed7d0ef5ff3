// Owns: putting a seal or a document timestamp on a PDF: pages, slots, seams, certifying, locks, and what earlier seals forbid.
// Does not own: the update's bytes (../writing), the seal's drawing (../drawing), the signature (main/signing).
// Start here: sealPdf; the request and its answer in seal-request.ts.
import type { Hash } from 'node:crypto'
import { PDFHexString, PDFName, type PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { packedSeal } from '../drawing/seal-drawing.ts'
import { takenNames } from '../reading/fields.ts'
import { lowerRight, pageSize, placeOnPage, refuseOffPage, type SealPlace } from '../reading/placement.ts'
import type { PdfFile, PdfPage } from '../reading/reader.ts'
import { sealRecords } from '../reading/seal-records.ts'
import { damaged } from '../reading/syntax.ts'
import { addToForm, addToPage, markSigned, nameCertification } from '../writing/form-growth.ts'
import { type OpenedPdf, openOrResave } from '../writing/resave.ts'
import { type SignedContent, signatureDictionary, signUpdate } from '../writing/signed-update.ts'
import { PdfUpdate } from '../writing/update.ts'
import { freshName, laySlots, lockDictionary, type NamedSlot, nameSlots, transformReferences } from './certification.ts'
import { grantedPermission, refuseWhereSealsForbid } from './guards.ts'
import { type DetachedSigner, type SealedPdf, type SealRequest, type SealTarget, withJoined } from './seal-request.ts'
import { sealForm, widgetDictionary, withName } from './seal-widget.ts'
import { addSeam } from './seam.ts'
import { refuseUnmetDemands } from './seed-values.ts'
import { fillSlot, findSlot, readSlots, type Slot } from './slots.ts'

/**
 * Puts one visible round seal on a page, into an empty slot or over the edges of all pages, as one incremental update:
 * the bytes of `pdf` stay as they are, earlier seals stay valid. With `certify` it is the file's first seal, and lays
 * the slots for those that follow.
 * Throws PDF_NOT_A_PDF, PDF_ENCRYPTED, PDF_DAMAGED, PDF_TOO_LARGE, PDF_PAGE_NOT_FOUND, INPUT_INVALID (a place off the
 * page, a name that no field can have), PDF_CERTIFIED_NO_CHANGES, PDF_FIELD_LOCKED, SEAL_PLACE_UNKNOWN (no such empty
 * slot), PDF_SLOT_DEMANDS, SEAL_CERTIFY_TOO_LATE, GLYPHS_MISSING, or what the signer throws.
 */
export async function sealPdf(request: SealRequest): Promise<SealedPdf> {
  return sealOpened(await openOrResave(request.pdf), request)
}

/** `sealPdf` on a file that is open; `begun` is the SHA-256 of its bytes where somebody has read them already. */
export async function sealOpened(
  { file, pages, resaved }: OpenedPdf,
  request: Omit<SealRequest, 'pdf'>,
  begun?: Hash,
): Promise<SealedPdf> {
  const plan = planSeal(file, pages, request)
  const update = new PdfUpdate(file)
  const signature = update.add(signatureOf(file, request, plan.slot))
  const { fields, places } = addSeal(file, update, pages, { ...request, ...plan, signature })
  const laid = laySlots(file, update, pages, plan.laid, request.appearance.diameterMm)
  const added = [...fields, ...laid]
  if (added.length > 0) addToForm(file, update, added)
  else markSigned(file, update, grantedPermission(file) !== undefined)
  if (request.certify !== undefined) nameCertification(file, update, signature)
  const sign = (content: SignedContent) => cmsOver(content, request.signer, request.now)
  const { parts, sha256 } = await signUpdate(file, update, signature, sign, begun)
  const [place] = places
  if (place === undefined) throw new Error('a seal that stands nowhere')
  return withJoined({ parts, sha256, resaved, field: plan.fieldName, place, places })
}

function cmsOver(content: SignedContent, signer: DetachedSigner, now: Date): Promise<Uint8Array> {
  if (signer.digestAlgorithm === 'sha256' && signer.signDigest !== undefined) {
    return signer.signDigest(content.sha256(), now)
  }
  return signer.signDetached(content.parts, now)
}

type Plan = {
  readonly target: SealTarget
  readonly fieldName: string
  readonly slot: Slot | undefined
  readonly laid: readonly NamedSlot[]
}

/** Decides which field is signed and refuses all that must not be, before anything is made. */
function planSeal(file: PdfFile, pages: readonly PdfPage[], request: Omit<SealRequest, 'pdf'>): Plan {
  refuseRangesPastEnd(file)
  const { target = { kind: 'page' }, certify, signer, reason } = request
  const taken = takenNames(file)
  const slots = target.kind === 'slot' || grantedPermission(file) !== undefined ? readSlots(file, pages) : []
  const fieldName = target.kind === 'slot' ? target.field : freshName('Seal', taken)
  const openSlots = slots.map(({ name }) => name)
  refuseWhereSealsForbid(file, { fieldName, isSlot: target.kind === 'slot', openSlots })
  if (certify !== undefined) refuseCertification(file, target)
  const slot = target.kind === 'slot' ? findSlot(slots, target.field) : undefined
  const digestAlgorithm = signer.digestAlgorithm ?? 'sha256'
  if (slot !== undefined) refuseUnmetDemands(file, slot, { digestAlgorithm, reason })
  const laid = nameSlots(certify?.slots ?? [], new Set([...taken, fieldName]))
  refuseUselessLock(request.lock, new Set([...taken, fieldName]), laid)
  return { target, fieldName, slot, laid }
}

/** An earlier seal that claims bytes beyond the file would come to cover the new one's: somebody prepared it so. */
export function refuseRangesPastEnd(file: PdfFile): void {
  for (const { byteRange } of sealRecords(file)) {
    if (byteRange === undefined || byteRange[2] + byteRange[3] > file.bytes.length) throw damaged('byte range')
  }
}

/** Only the first seal can certify, and with a field of its own: a slot was laid for somebody's later word. */
function refuseCertification(file: PdfFile, target: SealTarget): void {
  if (sealRecords(file).length > 0) throw new AppError('SEAL_CERTIFY_TOO_LATE')
  if (target.kind === 'slot') throw new AppError('INPUT_INVALID', { field: '首章不能盖进已有的签章栏' })
}

function refuseUselessLock(lock: SealRequest['lock'], fields: ReadonlySet<string>, laid: readonly NamedSlot[]): void {
  if (lock === undefined) return
  const locksSlot = laid.some(({ name }) => lock === 'all' || lock.includes(name))
  if (locksSlot) throw new AppError('INPUT_INVALID', { field: '要锁定的栏里有留给以后盖章的签章栏' })
  const unknown = lock === 'all' ? undefined : lock.find((name) => !fields.has(name))
  if (unknown !== undefined) throw new AppError('INPUT_INVALID', { field: `要锁定的栏“${unknown}”不存在` })
}

function signatureOf(file: PdfFile, request: Omit<SealRequest, 'pdf'>, slot: Slot | undefined) {
  const dict = signatureDictionary(file.context, { type: 'Sig', subFilter: 'ETSI.CAdES.detached' })
  const slotLock = slot === undefined ? undefined : file.dict(slot.dict, 'Lock')
  const references = transformReferences(file, request, slotLock)
  if (references !== undefined) dict.set(PDFName.of('Reference'), references)
  dict.set(PDFName.of('M'), PDFHexString.of(Buffer.from(pdfDate(request.now)).toString('hex')))
  dict.set(PDFName.of('Name'), PDFHexString.fromText(request.appearance.organisation))
  if (request.reason !== undefined) dict.set(PDFName.of('Reason'), PDFHexString.fromText(request.reason))
  if (request.location !== undefined) dict.set(PDFName.of('Location'), PDFHexString.fromText(request.location))
  return dict
}

/** A date as ISO 32000-1, 7.9.4 writes it, in Beijing time whatever the machine's zone. */
function pdfDate(date: Date): string {
  const digits = new Date(date.getTime() + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14)
  return `D:${digits}+08'00'`
}

type Sealing = Omit<SealRequest, 'pdf' | 'target'> & Plan & { readonly signature: PDFRef }

/** Draws the seal where the target is. Gives the fields that the form does not have yet, and the places. */
function addSeal(file: PdfFile, update: PdfUpdate, pages: readonly PdfPage[], sealing: Sealing) {
  const { target, appearance, signature, fieldName, slot } = sealing
  if (slot !== undefined) return { fields: [], places: fillSlot(file, update, slot, { appearance, signature }) }
  const added =
    target.kind === 'seam'
      ? addSeam(file, update, pages, {
          seam: target,
          drawing: packedSeal(appearance),
          diameterMm: appearance.diameterMm,
          name: fieldName,
          signature,
        })
      : addOnPage(file, update, pages, sealing)
  if (sealing.lock !== undefined) lockField(file, update, added.field, sealing.lock)
  return { fields: [added.field], places: added.places }
}

function lockField(file: PdfFile, update: PdfUpdate, field: PDFRef, lock: 'all' | readonly string[]): void {
  const dict = update.added(field)
  const signatureFieldLock = lockDictionary(file, lock)
  signatureFieldLock.set(PDFName.of('Type'), PDFName.of('SigFieldLock'))
  dict.set(PDFName.of('Lock'), signatureFieldLock)
}

function addOnPage(file: PdfFile, update: PdfUpdate, pages: readonly PdfPage[], sealing: Sealing) {
  const { appearance: seal, fieldName, signature } = sealing
  const { page, place } = pagePlace(file, pages, sealing)
  const drawing = packedSeal(seal)
  const square = { ...place, widthMm: seal.diameterMm, heightMm: seal.diameterMm }
  const { rect, matrix } = placeOnPage(file, page, square)
  const appearance = sealForm(file, update, drawing, { box: [0, 0, drawing.sidePoints, drawing.sidePoints], matrix })
  const widget = widgetDictionary(file, { page: page.ref, rect, appearance })
  const field = update.add(withName(widget, fieldName, signature))
  addToPage(file, update, page, field)
  return { field, places: [place] }
}

function pagePlace(file: PdfFile, pages: readonly PdfPage[], { target, appearance }: Sealing) {
  const wanted: Partial<SealPlace> = target.kind === 'page' ? target : {}
  const number = wanted.page ?? pages.length
  const page = pages[number - 1]
  if (page === undefined) throw new AppError('PDF_PAGE_NOT_FOUND', { page: number, pages: pages.length })
  const size = pageSize(file, page)
  const usual = lowerRight(size, number, appearance.diameterMm)
  const place: SealPlace = { page: number, xMm: wanted.xMm ?? usual.xMm, yMm: wanted.yMm ?? usual.yMm }
  refuseOffPage(size, place, appearance.diameterMm)
  return { page, place }
}
