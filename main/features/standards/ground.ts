// Owns: what the next release is made on: the newest release that is known here, its documents, which versions are used up.
// Does not own: working copies (copies.ts), making a release (publishing.ts), what is in force here (catalogue).
// Start here: `newestRelease`.
import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import type { DocumentKind, StandardDocument } from '../../../preload/contract/standards/documents.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { documentFrom } from '../../wire/catalogue/documents.ts'
import type { SignedManifest } from '../../wire/catalogue/manifest.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import type { KeptCatalogue } from '../catalogue/index.ts'
import { selectFetched } from './others-store.ts'
import type { OutGround } from './out-changes.ts'
import { type MadeRelease, selectMade, selectMadeBody } from './store.ts'

/** Something pinned to a version of a matter's standard, counted. */
export type PinnedCount = { readonly itemId: string; readonly version: number; readonly count: number }

/** What the desk of standards asks of others; given by main/desk/compose.ts. */
export type StandardsPorts = {
  readonly catalogue: KeptCatalogue
  /** Takes a release as from a file. Throws RELEASE_…. */
  readonly take: (pack: Buffer, actor: string) => Promise<SignedManifest>
  /** A matter's name; its id where it is not known. */
  readonly nameOf: (itemId: string) => string
  /** Open cases by the version that they are pinned to. */
  readonly casesByVersion: () => readonly PinnedCount[]
  /** Drafts by the version that they are filled in by. */
  readonly draftsByVersion: () => readonly PinnedCount[]
  /** Drafts begun by a theme, by its version; `itemId` is the theme's. */
  readonly draftsByTheme: () => readonly PinnedCount[]
  /** The line to the centre for one question. Throws LINK_DOWN, CENTRE_UNREACHABLE. */
  readonly client: () => CentreClient
  readonly roleOf: (account: string) => 'clerk' | 'approver' | 'administrator' | undefined
  readonly displayName: (account: string) => string
  /** Tries a login PIN. Throws PIN_WRONG, PIN_WAIT. */
  readonly checkPin: (account: string, pin: string) => Promise<void>
  /** Whether the calendar of a year is here. */
  readonly knowsYear: (year: number) => boolean
  /** What a stick is called. Throws STICK_GONE. */
  readonly nameOfStick: (stickId: string) => Promise<string>
  /** Writes a file to a stick's folder of ours. Throws STICK_GONE, STICK_FULL. */
  readonly writeToStick: (stickId: string, name: string, bytes: Buffer) => Promise<void>
}

/** The desk's context, and what others give it. */
export type DeskGround = { readonly context: DeskContext; readonly ports: StandardsPorts }

/**
 * Fetches releases that left this station out; how many came. `publish` asks the centre now, the others not again so soon, `link`
 * only where standards are written here. Throws what the link says, CENTRE_REFUSED where this is no publishing desk, RELEASE_….
 */
export type CatchUp = (why: 'publish' | 'window' | 'link', client?: CentreClient) => Promise<number>

/** What every part of the feature stands on. */
export type StandardsGround = DeskGround & { readonly catchUp: CatchUp }

/** The newest release that is out: taken here, made here and at the centre, or fetched though it is for others. Undefined before the first. */
export function newestRelease(ground: DeskGround): SignedManifest | undefined {
  return releasesOut(ground)[0]
}

/** Every release that is out and known here, the newest first, each once. */
export function releasesOut({ context, ports }: DeskGround): SignedManifest[] {
  const { db } = context.store
  const sent = selectMade(db).filter(({ state }) => state === 'sent')
  const fetched = selectFetched(db, ports.catalogue.line() ?? '')
  const all = new Map([...fetched, ...ports.catalogue.releases(), ...sent].map((signed) => [signed.sha256, signed]))
  return [...all.values()].toSorted((a, b) => b.manifest.release - a.manifest.release)
}

/** The same with the time, for what follows from both. */
export function outGround(ground: DeskGround): OutGround {
  return { releases: releasesOut(ground), nowUtc: ground.context.nowUtc() }
}

/** The canonical bytes of a document that is here, taken, made or fetched; undefined for a stranger. */
export function bodyOf({ context, ports }: DeskGround, sha256: string): Buffer | undefined {
  const kept = ports.catalogue.bodyOf(sha256)
  if (kept !== undefined) return kept
  const made = selectMadeBody(context.store.db, sha256)
  return made === undefined ? undefined : Buffer.from(made, 'utf8')
}

/** The same as text; '' for a stranger. */
export function textOf(ground: DeskGround, { sha256 }: Pick<DocumentRef, 'sha256'>): string {
  return bodyOf(ground, sha256)?.toString('utf8') ?? ''
}

const parsed = new Map<string, StandardDocument>()

/** A document of a release that is known here. Each is read once: what a hash names never changes. */
export function documentOf(ground: DeskGround, { sha256 }: Pick<DocumentRef, 'sha256'>): StandardDocument {
  const known = parsed.get(sha256)
  if (known !== undefined) return known
  const body = bodyOf(ground, sha256)
  if (body === undefined) throw new Error('a known release lacks a document')
  const document = documentFrom(body.toString('utf8'))
  parsed.set(sha256, document)
  return document
}

/**
 * The newest version of a document that is used up: by what was ever kept here, and by what was made or fetched here.
 * @param releases those made here, for whoever asks of many documents.
 */
export function newestVersion(
  ground: DeskGround,
  kind: DocumentKind,
  id: string,
  releases: readonly MadeRelease[] = selectMade(ground.context.store.db),
): number {
  const made = [...releases, ...releasesOut(ground)].flatMap(({ manifest }) =>
    manifest.documents.filter((ref) => ref.kind === kind && ref.id === id).map(({ version }) => version),
  )
  return Math.max(0, ground.ports.catalogue.newestVersion(kind, id), ...made)
}
