// Owns: the catalogue at this station: releases told, fetched, checked, kept, in force; documents of every version; whose releases count.
// Does not own: what a matter's standard asks of a draft (matters), packs and signatures (main/wire/catalogue), the link (sync).
// Start here: `createCatalogue`; taking.ts checks, applying.ts puts in force, fetching.ts brings from the centre. docs/releases.md tells it whole.
import type { Calendar } from '../../../preload/contract/calendar.ts'
import { adoptionSchema } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { DocumentKind, StandardDocument } from '../../../preload/contract/standards/documents.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import type { SqlDatabase } from '../../store/index.ts'
import { documentFrom } from '../../wire/catalogue/documents.ts'
import type { SignedManifest } from '../../wire/catalogue/manifest.ts'
import { writePack } from '../../wire/catalogue/pack.ts'
import { readAnswer } from '../../wire/centre-answers.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import { asJsonReply, deflatedJsonType } from '../../wire/packing/deflated-json.ts'
import { Appointments } from './applying.ts'
import { createFetching, type FetchBounds, type ReleaseSource } from './fetching.ts'
import { inForceProjector, pinsProjector, toldProjector } from './projection.ts'
import { releasesOnSticks, type StickFolder, takeFile } from './release-files.ts'
import { isSampleDue, type PublisherSigner, readCalendars, releaseSample } from './sample.ts'
import { catalogueStatus } from './status.ts'
import {
  calendarsMark,
  type DocumentRow,
  type InForce,
  selectCalendars,
  selectDocument,
  selectDocumentInForce,
  selectDocumentOfVersion,
  selectDocumentsInForce,
  selectFirstSigned,
  selectHandoverBy,
  selectInForce,
  selectInForceAt,
  selectNewestVersion,
  selectPin,
  selectRelease,
  selectReleasesAfter,
  selectTold,
} from './store.ts'
import { appendPin, type TakingGround, takePack } from './taking.ts'

/** What the catalogue asks of others; given by main/desk/compose.ts. */
export type CataloguePorts = {
  /** The line to the centre for one question. Throws LINK_DOWN, CENTRE_UNREACHABLE. */
  readonly client: () => CentreClient
  /** Sticks that are plugged in now. */
  readonly sticks: () => Promise<readonly StickFolder[]>
}

/** A document, defaults filled in, with its name and the SHA-256 of its bytes. */
export type KnownDocument = StandardDocument & {
  readonly id: string
  readonly version: number
  readonly sha256: string
}

/** A key that handed over, and the release by which it did. */
export type Handover = { readonly publicKey: string; readonly release: number }

/** The catalogue feature, and what others use of it. */
export type CatalogueFeature = FeatureModule & {
  /** The version of a document that is in force. */
  readonly inForce: (kind: DocumentKind, id: string) => KnownDocument | undefined
  /** Every document of a kind that is in force. */
  readonly allInForce: (kind: DocumentKind) => KnownDocument[]
  /** Any version that was ever kept here. */
  readonly ofVersion: (kind: DocumentKind, id: string, version: number) => KnownDocument | undefined
  /** Calendars: the program's, then those of feed and catalogue; the later ones win. The same list until another comes. */
  readonly calendars: () => readonly Calendar[]
  /** As `calendars`, of a store that is being opened or rebuilt. */
  readonly calendarsIn: (db: SqlDatabase) => readonly Calendar[]
  /** A document that is kept here, by the SHA-256 of its bytes, of a store that is being opened or rebuilt. */
  readonly documentIn: (db: SqlDatabase, sha256: string) => KnownDocument | undefined
  /** Takes a release from the bytes of its pack; it takes effect when its time comes, now where that has come. Throws RELEASE_…. */
  readonly take: (pack: Buffer, actor: string) => Promise<SignedManifest>
  /** Whose releases count from now on, and the keys before it in its line: the centre's word at enrolment. Nothing where it does already. */
  readonly pin: (publicKey: string, before?: readonly Handover[]) => void
  /** Whether the samples are to be released here (training). */
  readonly isSampleDue: () => boolean
  /** Releases the samples at a training station, signed by its own publisher. Throws RELEASE_…. */
  readonly releaseSample: (by: PublisherSigner) => Promise<void>
  /** The release in force as a whole pack, and the key that signed it; undefined for none that is signed. */
  readonly wholePack: () => Promise<
    { readonly sha256: string; readonly publisher: string; readonly pack: Buffer } | undefined
  >
  /** What was made here is made on: kept releases of the publisher that counts, and what they hold. */
  readonly kept: KeptCatalogue
  /** Fetches what the centre told of, while the link has room, from the centre or the hall's relay. Throws CENTRE_UNREACHABLE, LINK_DOWN; anything else is logged. */
  readonly fetch: (source: ReleaseSource, bounds: FetchBounds) => Promise<void>
}

/** Releases and documents as they lie here. */
export type KeptCatalogue = {
  /** The key whose releases count; undefined before one does. */
  readonly publisher: () => string | undefined
  /** The first key of its line: numbers count within a line. */
  readonly line: () => string | undefined
  /** The release by which a key of its line handed over; undefined for one that counts now, or never did. */
  readonly handoverBy: (publicKey: string) => number | undefined
  /** Kept releases of its line, the newest first. */
  readonly releases: () => SignedManifest[]
  /** The signed release that is in force; undefined for none. */
  readonly inForce: () => SignedManifest | undefined
  /** The signed release that was in force at a time (UTC), or the first one where none was yet; undefined before any. */
  readonly inForceAt: (utc: string) => SignedManifest | undefined
  /** Canonical bytes of a document that is here. */
  readonly bodyOf: (sha256: string) => Buffer | undefined
  /** The newest version of a document that was ever kept here; 0 for none. */
  readonly newestVersion: (kind: DocumentKind, id: string) => number
  /** The matters in force. */
  readonly mattersInForce: () => MatterStandard[]
}

const parsed = new Map<string, StandardDocument>()

/** Rows are written only after a check; each is parsed once. */
function known({ id, version, sha256, body }: DocumentRow): KnownDocument {
  const document = parsed.get(sha256) ?? documentFrom(body)
  parsed.set(sha256, document)
  return { ...document, id, version, sha256 }
}

/** Makes the catalogue feature. What is due takes effect from `start()` on, at its time. */
export function createCatalogue(context: DeskContext, ports: CataloguePorts): CatalogueFeature {
  const ground: TakingGround = { context }
  const appointments = new Appointments(context)
  // Working copies are held against the newest release, also while somebody plans the next one.
  const changed = () => context.emit({ event: 'changed', payload: { topics: ['matters', 'standards'] } })
  const taken = () => {
    appointments.look()
    changed()
  }
  const fetching = createFetching(ground, taken)
  let stopListening: (() => void) | undefined
  let noRoom = false
  const noteRoom = (isMissing: boolean) => {
    if (noRoom === isMissing) return
    noRoom = isMissing
    changed()
  }
  const take = async (pack: Buffer, actor: string) => {
    const signed = await takePack(ground, pack, { actor })
    taken()
    return signed
  }
  return {
    projectors: [inForceProjector, pinsProjector, toldProjector],
    handlers: {
      'catalogue.status': () => catalogueStatus(context.store.db, { wanted: fetching.wanted(), noRoom }),
      'catalogue.onSticks': async () => ({ files: await releasesOnSticks(context.store.db, await ports.sticks()) }),
      'catalogue.takeFile': async (place, caller) => {
        const said = await takeFile(ground, place, callerOf(caller).account)
        taken()
        return { said }
      },
      'catalogue.adoption': async ({ release }) => {
        const path = `/v1/adoption${release === undefined ? '' : `?release=${release}`}`
        const headers = { accept: `${deflatedJsonType}, application/json` }
        return readAnswer(
          adoptionSchema,
          await asJsonReply(await ports.client().send({ method: 'GET', path, headers })),
        )
      },
    },
    ...documentsOf(context),
    ...{ take, pin: (publicKey, before = []) => pinAtEnrolment(context, publicKey, before) },
    isSampleDue: () => isSampleDue(context),
    releaseSample: async (by) => {
      await releaseSample(ground, by)
      taken()
    },
    wholePack: () => wholePack(context),
    kept: keptCatalogue(context),
    fetch: async (source, bounds) => {
      try {
        pinAtFirstContact(context)
        await fetching.run(source, bounds)
        noteRoom(false)
      } catch (error) {
        if (error instanceof AppError && ['CENTRE_UNREACHABLE', 'LINK_DOWN'].includes(error.code)) throw error
        // A full disk here is none of the link's: what else it has to carry goes on.
        noteRoom(error instanceof AppError && error.code === 'DISK_FULL')
        context.log('catalogue', error)
      }
    },
    start: () => {
      stopListening = context.store.ledger.onAppended((entries) => {
        if (entries.some(({ kind }) => kind === 'feed.applied')) changed()
      })
      appointments.start()
    },
    close: () => {
      stopListening?.()
      appointments.stop()
    },
  }
}

function documentsOf(
  context: DeskContext,
): Pick<CatalogueFeature, 'inForce' | 'allInForce' | 'ofVersion' | 'calendars' | 'calendarsIn' | 'documentIn'> {
  let kept: { readonly mark: string; readonly calendars: readonly Calendar[] } | undefined
  // Workdays are counted once a list: it stays the same one until another calendar comes into force.
  const calendarsIn = (db: SqlDatabase) => {
    const mark = calendarsMark(db)
    if (kept?.mark !== mark) kept = { mark, calendars: [...readCalendars(context.resources), ...selectCalendars(db)] }
    return kept.calendars
  }
  const knownOr = (row: DocumentRow | undefined) => row && known(row)
  return {
    inForce: (kind, id) => knownOr(selectDocumentInForce(context.store.db, kind, id)),
    allInForce: (kind) => selectDocumentsInForce(context.store.db, kind).map(known),
    ofVersion: (kind, id, version) => knownOr(selectDocumentOfVersion(context.store.db, { kind, id, version })),
    calendars: () => calendarsIn(context.store.db),
    calendarsIn,
    documentIn: (db, sha256) => knownOr(selectDocument(db, sha256)),
  }
}

function keptCatalogue(context: DeskContext): KeptCatalogue {
  const releaseOf = (inForce: InForce | undefined) => inForce && selectRelease(context.store.db, inForce.sha256)
  return {
    publisher: () => selectPin(context.store.db)?.publicKey,
    line: () => selectPin(context.store.db)?.line,
    handoverBy: (publicKey) => {
      const pin = selectPin(context.store.db)
      return pin && selectHandoverBy(context.store.db, pin.line, publicKey)
    },
    releases: () => {
      const pin = selectPin(context.store.db)
      return pin === undefined ? [] : selectReleasesAfter(context.store.db, pin.line, 0).toReversed()
    },
    inForce: () => releaseOf(selectInForce(context.store.db)),
    inForceAt: (utc) => {
      const { db } = context.store
      return releaseOf(selectInForceAt(db, utc)) ?? releaseOf(selectFirstSigned(db))
    },
    bodyOf: (sha256) => {
      const row = selectDocument(context.store.db, sha256)
      return row && Buffer.from(row.body, 'utf8')
    },
    newestVersion: (kind, id) => selectNewestVersion(context.store.db, kind, id),
    mattersInForce: () => {
      const all = selectDocumentsInForce(context.store.db, 'matter').map(known)
      return all.flatMap((one) => (one.kind === 'matter' ? [one.value] : []))
    },
  }
}

/**
 * The centre that lets a station in says whose releases count, and by which handovers; that ends what counted before, but goes
 * on with the line where the key that counted is one of it.
 */
function pinAtEnrolment(context: DeskContext, publicKey: string, before: readonly Handover[]): void {
  const { store } = context
  const keys = [...before.map((one) => one.publicKey), publicKey]
  store.transaction(() => {
    const known = keys.lastIndexOf(selectPin(store.db)?.publicKey ?? '')
    if (known < 0) appendPin(context, { publicKey: keys[0] ?? publicKey, how: 'enrolment', release: 0 }, 'system')
    for (const [at, { release }] of before.entries())
      if (at >= known) appendPin(context, { publicKey: keys[at + 1] ?? publicKey, how: 'rotation', release }, 'system')
  })
}

/** A station that was let in before there were publishers believes its centre's signed word, once. */
function pinAtFirstContact(context: DeskContext): void {
  const { store } = context
  if (selectPin(store.db) !== undefined) return
  store.transaction(() => {
    const [told] = selectTold(store.db)
    if (told === undefined) return
    appendPin(context, { publicKey: told.publisher, how: 'first-contact', release: 0 }, 'system')
  })
}

async function wholePack({ store }: DeskContext) {
  const inForce = selectInForce(store.db)
  const release = inForce && selectRelease(store.db, inForce.sha256)
  if (release === undefined) return undefined
  const pack = await writePack({
    ...{ base: null, handovers: [], release },
    documentOf: ({ sha256 }) => {
      const row = selectDocument(store.db, sha256)
      return row && Buffer.from(row.body, 'utf8')
    },
  })
  return { sha256: release.sha256, publisher: release.publisher, pack }
}
