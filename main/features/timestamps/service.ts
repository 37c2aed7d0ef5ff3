import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { mapSqliteError } from '../../store/index.ts'
import type { Documents, PaperRow } from '../documents/index.ts'
import type { SealTrust } from '../seals/index.ts'
import { postTimestampQuery } from './post.ts'
import { deleteDue, postpone } from './store.ts'

/** What timestamps ask of others; given by main/desk/compose.ts. */
export type TimestampPorts = {
  readonly documents: Pick<Documents, 'findPaper'>
  readonly trust: () => SealTrust
  /** Where timestamps are asked for; null for nowhere. */
  readonly authorityUrl: () => string | null
  /** The training switch; a live station is always on. */
  readonly linkOn: () => boolean
  /** Work on one paper's newest file, one after the other. */
  readonly inTurn: <T>(documentId: string, work: () => Promise<T>) => Promise<T>
}

/** How a try ended: well, badly for one paper, or so that another paper would fare no better now. */
export type Outcome = 'well' | 'paper' | 'everything'

const limitBytes = 256 << 20
/** A paper that cannot be stamped for its own sake is tried again this much later, in case the program has learned. */
const paperWaitMs = 6 * 3_600_000

/** What goes wrong with the authority, the way there or the disk, and not with one paper. */
const general: ReadonlySet<string> = new Set([
  'TIMESTAMP_UNREACHABLE',
  'TIMESTAMP_REFUSED',
  'DISK_FULL',
  'STORE_READ_ONLY',
])

/**
 * Asks for one paper's timestamp and keeps it: file first, then its entry. Where that fails, the paper stays due with
 * the reason in words; where `signal` ended it, as it was. The paper is free to be sealed meanwhile; a stamp over what is
 * not its newest file any more is dropped.
 */
export async function stampPaper(
  context: DeskContext,
  ports: TimestampPorts,
  documentId: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const { db } = context.store
  try {
    const paper = ports.documents.findPaper(documentId)
    const url = ports.authorityUrl()
    if (paper === undefined || paper.impressions === 0 || paper.timestampedAtUtc !== null) deleteDue(db, documentId)
    else if (url !== null) await stampNewest(context, ports, { paper, url, signal })
    return 'well'
  } catch (thrown) {
    // Broken off from here: that says nothing of the authority, and nothing of the paper.
    if (signal.aborted) return 'well'
    const error = mapSqliteError(thrown)
    if (!(error instanceof AppError)) context.log('a timestamp could not be kept', error)
    const { code, details } = error instanceof AppError ? error : new AppError('INTERNAL')
    const why = failureLine({ code, details })
    const next = new Date(context.clock.now().getTime() + (general.has(code) ? 0 : paperWaitMs)).toISOString()
    postpone(db, documentId, next, why)
    return general.has(code) ? 'everything' : 'paper'
  }
}

type Asked = { readonly paper: PaperRow; readonly url: string; readonly signal: AbortSignal }

async function stampNewest(context: DeskContext, ports: TimestampPorts, asked: Asked): Promise<void> {
  const { paper, url } = asked
  const { stamped, at } = await askAuthority(context, ports, asked)
  await ports.inTurn(paper.documentId, async () => {
    if (ports.documents.findPaper(paper.documentId)?.sha256 !== paper.sha256) return // sealed again meanwhile
    const blob = await context.blobs.put(stamped.parts, { limitBytes })
    const payload: EntryPayload<'document.timestamped@1'> = {
      documentId: paper.documentId,
      caseId: paper.caseId,
      before: paper.sha256,
      file: { ...blob, name: paper.name, mediaType: 'application/pdf' },
      authority: new URL(url).host.slice(0, 200),
      atUtc: at.toISOString(),
    }
    context.store.transaction(() => {
      const subject = paper.caseId ?? paper.documentId
      const whose = { subject, actor: 'system', at: context.nowUtc() }
      context.store.ledger.append([{ kind: 'document.timestamped', version: 1, ...whose, payload }])
      deleteDue(context.store.db, paper.documentId)
    })
  })
}

/** The stamped file, checked as any file would be, and the time that the authority wrote. */
async function askAuthority(context: DeskContext, ports: TimestampPorts, { paper, url, signal }: Asked) {
  const { timestampPdf } = await import('../../pdf/index.ts')
  const { checkPdf, checkTimestampToken, timestampAuthority } = await import('../../signing/index.ts')
  const now = context.clock.now()
  const { timestampRootsPem, crls, trustedRootsPem, revoked } = ports.trust()
  const roots = timestampRootsPem.length > 0 ? timestampRootsPem : trustedRootsPem
  const trusted = { trustedRootsPem: roots, crls, now }
  const post = (request: Uint8Array) => postTimestampQuery(url, request, signal)
  const authority = timestampAuthority({ ...trusted, post })
  let at: Date | undefined
  const stamped = await timestampPdf({
    pdf: await context.blobs.readAll(paper.sha256),
    authority: {
      async timestamp(parts) {
        const token = await authority.timestamp(parts)
        at = checkTimestampToken(token, parts, trusted).at
        return token
      },
    },
  })
  const { seals } = checkPdf(stamped.pdf, { trustedRootsPem, crls, revoked, timestampRootsPem: roots, now }).verdict
  const own = seals.find(({ field }) => field === stamped.field)
  if (at === undefined || own === undefined || !own.intact || !own.coversWholeFile) {
    throw new Error('a timestamp just made does not hold')
  }
  return { stamped, at }
}
