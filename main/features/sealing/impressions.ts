import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { SealingRequest } from '../../../preload/contract/seals.ts'
import type { PageBox } from '../../../preload/contract/verification.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { SealedPdf, SealTarget } from '../../pdf/index.ts'
import type { Documents, PaperRow } from '../documents/index.ts'
import type { SealUse } from '../seals/index.ts'
import { type PageReader, resolveTargets, slotRequests } from './targets.ts'

/** What an impression needs of others; given by main/desk/compose.ts. */
export type ImpressionPorts = {
  readonly documents: Pick<Documents, 'paper' | 'findPaper' | 'entryTells' | 'whileKeeping'>
  /** Inside the transaction of an impression: that its use still holds, and which lease it uses up. Throws as using a seal does. */
  readonly assertUseHolds: (
    use: SealUse,
    user: { readonly account: string; readonly itemId: string | null },
  ) => { readonly leaseId: string }
  /** A token that was pulled out does not know its PIN any more. */
  readonly forgetSeal: (sealId: string) => void
  readonly reader: PageReader
}

/** What to do to one paper, by whom. */
export type Order = Pick<SealingRequest, 'placements' | 'certify' | 'reason'> & {
  readonly use: SealUse
  readonly account: string
}

/** What a failure means for the seal that was to be used: one whose token is gone is forgotten. */
export function noteSealFailure(ports: ImpressionPorts, error: unknown, sealId: string): void {
  if (error instanceof AppError && error.code === 'SEAL_TOKEN_GONE') ports.forgetSeal(sealId)
}

/** One impression that was made and checked, and is not kept yet. */
type Made = {
  readonly sealed: SealedPdf
  readonly form: EntryPayload<'document.sealed@3'>['form']
  readonly places: readonly PageBox[]
}

/** A paper with all its impressions, in memory alone: nothing has happened until they are kept. */
export type MadePaper = { readonly paper: PaperRow; readonly impressions: readonly Made[] }

/** A sealed paper grows by its seals alone, which are small; this is far beyond. */
const limitBytes = 256 << 20

/**
 * Makes and checks the impressions of a paper, in their order. Throws as `sealPdf`, SEAL_PLACE_UNKNOWN where a text or
 * date is not found, and what the signer throws; a seal that does not hold is a bug.
 */
export async function makeImpressions(
  context: DeskContext,
  ports: ImpressionPorts,
  paper: PaperRow,
  order: Order,
): Promise<MadePaper> {
  const { sealPdf } = await import('../../pdf/index.ts')
  const { appearance, signer } = order.use
  let pdf: Uint8Array = await context.blobs.readAll(paper.sha256)
  const { diameterMm } = appearance
  const targets = await resolveTargets(ports.reader, { kind: paper.kind, pdf, diameterMm }, order.placements)
  const impressions: Made[] = []
  for (const [at, target] of targets.entries()) {
    const certify = at === 0 && order.certify !== null ? slotRequests(order.certify) : undefined
    const now = context.clock.now()
    const sealed = await sealPdf({
      ...{ pdf, signer, appearance, target, reason: order.reason, now },
      ...(certify === undefined ? {} : { certify }),
    })
    pdf = sealed.pdf
    const places = await placesOfSound(sealed, diameterMm, now)
    impressions.push({ sealed, form: certify === undefined ? formOf(target) : 'certification', places })
  }
  return { paper, impressions }
}

function formOf({ kind }: SealTarget): Made['form'] {
  return kind
}

/** What the window calls 盖章有效 was checked before it is kept, by the same check as any file's. */
async function placesOfSound(sealed: SealedPdf, diameterMm: number, now: Date): Promise<readonly PageBox[]> {
  const { checkPdf } = await import('../../signing/index.ts')
  const { seals } = checkPdf(sealed.pdf, { trustedRootsPem: [], now }).verdict
  const own = seals.find(({ field }) => field === sealed.field)
  if (own === undefined || !own.intact || !own.coversWholeFile) throw new Error('a seal just made does not hold')
  if (own.places.length > 0) return own.places
  return sealed.places.map((place) => ({ ...place, widthMm: diameterMm, heightMm: diameterMm }))
}

/**
 * Keeps the impressions of a paper: the files first, then, in one transaction, an entry each and whatever `also` writes:
 * all of them or none. Throws SEAL_LEASE_ENDED, SEAL_REVOKED and the like where the use does not hold any more, DISK_FULL.
 * A paper that has changed since its impressions were made is a bug: one paper is sealed by one at a time.
 */
export async function keepImpressions(
  context: DeskContext,
  ports: ImpressionPorts,
  { paper, impressions }: MadePaper,
  order: Order,
  also: () => void = () => undefined,
): Promise<void> {
  const { store, blobs } = context
  // Equal papers sealed in one second are equal still: a file that is not needed here may be another paper's.
  await ports.documents.whileKeeping(async (stored) => {
    const kept: { readonly sha256: string; readonly sizeBytes: number }[] = []
    for (const { sealed } of impressions) {
      const blob = await blobs.put(sealed.parts, { limitBytes })
      stored(blob.sha256)
      kept.push(blob)
    }
    store.transaction(() => {
      const current = ports.documents.paper(paper.documentId)
      if (current.sha256 !== paper.sha256) throw new Error('a paper changed while it was being sealed')
      let before = paper.sha256
      for (const [at, { form, places }] of impressions.entries()) {
        const blob = kept[at]
        if (blob === undefined) throw new Error('an impression without its file')
        const { leaseId } = ports.assertUseHolds(order.use, { account: order.account, itemId: paper.itemId })
        const payload = payloadOf(paper, order, { before, blob, form, places, leaseId })
        // What the link derives of receipts' impressions, it derives of version 2.
        const version = paper.kind === 'receipt' || paper.kind === 'own' ? 2 : 3
        const whose = { subject: paper.caseId ?? paper.documentId, actor: order.account, at: context.nowUtc() }
        store.ledger.append([{ kind: 'document.sealed', version, ...whose, payload }])
        before = blob.sha256
      }
      ports.documents.entryTells(paper.documentId)
      also()
    })
  })
}

function payloadOf(
  paper: PaperRow,
  { use, reason }: Order,
  made: {
    readonly before: string
    readonly blob: { readonly sha256: string; readonly sizeBytes: number }
    readonly form: Made['form']
    readonly places: readonly PageBox[]
    readonly leaseId: string
  },
): EntryPayload<'document.sealed@3'> {
  const { documentId, caseId, kind, title, name } = paper
  const { sealId, sealName, certificateSha256, approvedBy } = use
  return {
    ...{ documentId, caseId, kind, title, sealId, sealName, certificateSha256 },
    before: made.before,
    file: { ...made.blob, name, mediaType: 'application/pdf' },
    form: made.form,
    places: made.places.slice(0, 2000).map(({ page, xMm, yMm, widthMm, heightMm }) => ({
      ...{ page, xMm: rounded(xMm), yMm: rounded(yMm), widthMm: rounded(widthMm), heightMm: rounded(heightMm) },
    })),
    ...{ reason, approvedBy },
    leaseId: made.leaseId,
  }
}

/** A hundredth of a millimetre says where a seal stands. */
const rounded = (mm: number): number => Math.round(mm * 100) / 100
