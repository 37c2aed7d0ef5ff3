// Owns: whether a release is taken: everything that can be said against it is said before anything is kept.
// Does not own: bytes (main/wire/catalogue), when it takes effect (applying.ts), where it came from (fetching.ts, release-files.ts).
// Start here: `takePack`.

import { shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { documentInWords } from '../../../preload/contract/standards/documents.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { type SqlDatabase, stationSubject } from '../../store/index.ts'
import { type CatalogueDocument, judgeDocuments } from '../../wire/catalogue/documents.ts'
import { assertSignedBy, isFor, isSigned, keyAfter, type SignedManifest } from '../../wire/catalogue/manifest.ts'
import { openPack, readDocuments, readManifests } from '../../wire/catalogue/pack.ts'
import { assertReferences, wholeOf } from '../../wire/catalogue/references.ts'
import {
  insertDocument,
  insertRelease,
  type Pin,
  selectBelow,
  selectDocument,
  selectDocumentOfVersion,
  selectHandoverBy,
  selectInForce,
  selectKeysOf,
  selectNumbered,
  selectPin,
  selectRelease,
  selectReleasesAfter,
  selectTags,
  selectTold,
} from './store.ts'

/** What taking a release stands on. */
export type TakingGround = {
  readonly context: DeskContext
}

/** A release as the centre announced it. */
export type Announced = { readonly release: number; readonly sha256: string }

/**
 * Takes a release from its pack: checked whole, then kept whole in one transaction, or refused with nothing changed. One that
 * is here already is given back as it is. Throws RELEASE_… with place or reason; RELEASE_GAP where the pack is for who has
 * another release (the whole pack will do).
 */
export async function takePack(
  ground: TakingGround,
  bytes: Buffer,
  { actor, announced }: { readonly actor: string; readonly announced?: Announced | undefined },
): Promise<SignedManifest> {
  const { context } = ground
  const { db } = context.store
  const pack = openPack(bytes)
  const base = pack.base === null ? undefined : selectRelease(db, pack.base.sha256)
  if (pack.base !== null && base === undefined)
    throw new AppError('RELEASE_GAP', { base: pack.base.release, why: '本机没有那一次' })
  const manifests = await readManifests(pack, base?.bytes)
  const known = knownOf(db, manifests)
  if (known !== undefined && (announced === undefined || announced.sha256 === known.sha256)) return known
  const signed = assertPublisher(context, manifests)
  if (announced !== undefined && signed.sha256 !== announced.sha256)
    throw new AppError('RELEASE_DAMAGED', { place: '它不是中心通知的那一次' })
  const pin = selectPin(db)
  if (pin === undefined) throw new AppError('RELEASE_NO_PUBLISHER')
  assertPlace(context, signed, pin)
  const documentOf = (ref: DocumentRef) => bodyOf(db, ref)
  const fresh = await readDocuments(pack, signed, { manifest: base?.manifest ?? null, documentOf })
  await judgeDocuments(fresh)
  for (const { bytes: _, ...ref } of fresh) assertVersion(db, ref)
  await assertReferences(wholeOf(signed.manifest, fresh, documentOf))
  keep(ground, { signed, manifests, fresh, actor })
  return signed
}

/** The release of a pack where it was taken before: once is as good as twice, also when its publisher has handed over since. */
function knownOf(db: SqlDatabase, manifests: readonly SignedManifest[]) {
  const known = selectRelease(db, manifests.at(-1)?.sha256 ?? '')
  return known?.line === selectPin(db)?.line ? known : undefined
}

function bodyOf(db: SqlDatabase, { sha256 }: DocumentRef): Buffer | undefined {
  const row = selectDocument(db, sha256)
  return row && Buffer.from(row.body, 'utf8')
}

/** The release of a pack once its signature is the pinned publisher's, or of whom he handed over to. */
function assertPublisher({ store, station }: DeskContext, manifests: readonly SignedManifest[]): SignedManifest {
  const signed = manifests.at(-1)
  if (signed === undefined) throw new AppError('RELEASE_DAMAGED', { place: '里面没有发布清单' })
  const county = station.stationId.slice(0, 6)
  for (const { manifest } of manifests)
    if (manifest.county !== county) throw new AppError('RELEASE_FOREIGN_COUNTY', { county: manifest.county })
  if (!isSigned(signed)) throw new AppError('RELEASE_UNSIGNED')
  const pin = selectPin(store.db)
  if (pin === undefined) throw new AppError('RELEASE_NO_PUBLISHER')
  if (!isOfBefore(store.db, pin, signed)) assertSignedBy(signed, keyAfter(pin.publicKey, manifests.slice(0, -1)))
  assertFreshKeys(store.db, pin, manifests)
  return signed
}

/**
 * Whether a key of this line signed it before it handed over. Such a release counts where the centre's feed names this very one
 * (it is in force in the county, or waits, and this station came later); else it is an old one of ours, no stranger's.
 */
function isOfBefore(db: SqlDatabase, pin: Pin, signed: SignedManifest): boolean {
  const { release } = signed.manifest
  const last = selectHandoverBy(db, pin.line, signed.publisher)
  if (last === undefined || release > last) return false
  assertSignedBy(signed, signed.publisher)
  if (selectTold(db).some(({ sha256 }) => sha256 === signed.sha256)) return true
  const inForce = selectInForce(db)
  const here = inForce?.line === pin.line ? inForce.release : 0
  throw new AppError('RELEASE_OLD', {
    ...{ release, inForce: here },
    ...(release > here && { handedOver: last }),
  })
}

/** A key that was handed on signs nothing any more: handing the line back to it would make it count again. */
function assertFreshKeys(db: SqlDatabase, pin: Pin, manifests: readonly SignedManifest[]): void {
  const used = new Set(selectKeysOf(db, pin.line))
  let key = pin.publicKey
  for (const signed of manifests) {
    const { nextPublisherKey, release } = signed.manifest
    if (nextPublisherKey === undefined || signed.publisher !== key) continue
    if (used.has(nextPublisherKey)) throw new AppError('RELEASE_KEY_USED', { release })
    key = keyAfter(key, [signed])
    used.add(key)
  }
}

/** Refuses an older release, one that does not follow what is here, and one for others. */
function assertPlace({ store, station }: DeskContext, signed: SignedManifest, pin: Pin): void {
  const { release, previous, targets } = signed.manifest
  const inForce = selectInForce(store.db)
  const here = inForce?.line === pin.line ? inForce : undefined
  const sameNumber = selectNumbered(store.db, pin.line, release)
  if ((here !== undefined && release <= here.release) || sameNumber !== undefined)
    throw new AppError('RELEASE_OLD', { release, inForce: Math.max(here?.release ?? 0, sameNumber ? release : 0) })
  if (here !== undefined && (previous?.release ?? 0) < here.release)
    throw new AppError('RELEASE_GAP', {
      base: previous?.release ?? 0,
      why: `本机已经在用第 ${here.release} 次，用它会丢掉后来的改动`,
    })
  if (here !== undefined && previous?.release === here.release && previous.sha256 !== here.sha256)
    throw new AppError('RELEASE_GAP', { base: previous.release, why: '本机的那一次内容不同' })
  assertBetween(store.db, signed, pin)
  if (!isFor(targets, { stationId: station.stationId, tags: selectTags(store.db) }))
    throw new AppError('RELEASE_NOT_FOR_US', { release })
}

/** Refuses a release that is not of one chain with what waits here for its time: one of the two would undo the other. */
function assertBetween(db: SqlDatabase, { manifest, sha256 }: SignedManifest, pin: Pin): void {
  const { release, previous } = manifest
  const below = selectBelow(db, pin.line, release)
  const base = previous?.release ?? 0
  if (below !== undefined && base < below.manifest.release)
    throw new AppError('RELEASE_GAP', {
      base,
      why: `本机已经有第 ${below.manifest.release} 次，用它会丢掉那一次的改动`,
    })
  if (below !== undefined && base === below.manifest.release && previous?.sha256 !== below.sha256)
    throw new AppError('RELEASE_GAP', { base, why: '本机的那一次内容不同' })
  const [above] = selectReleasesAfter(db, pin.line, release)
  if (above === undefined) return
  const madeOn = above.manifest.previous
  if ((madeOn?.release ?? 0) < release)
    throw new AppError('RELEASE_GAP', { base, why: `本机已有的第 ${above.manifest.release} 次不是在它后面做的` })
  if (madeOn?.release === release && madeOn.sha256 !== sha256)
    throw new AppError('RELEASE_GAP', {
      base,
      why: `本机已有的第 ${above.manifest.release} 次是在另一个第 ${release} 次后面做的`,
    })
}

/** A calendar may change within its year; anything else gets another version with other contents. */
function assertVersion(db: SqlDatabase, ref: DocumentRef): void {
  const before = ref.kind === 'calendar' ? undefined : selectDocumentOfVersion(db, ref)
  if (before !== undefined && before.sha256 !== ref.sha256)
    throw new AppError('RELEASE_VERSION_REUSED', { document: documentInWords(ref) })
}

type Checked = {
  readonly signed: SignedManifest
  readonly manifests: readonly SignedManifest[]
  readonly fresh: readonly CatalogueDocument[]
  readonly actor: string
}

/** Keeps what was checked. What else was taken or took effect meanwhile is looked at once more. */
function keep({ context }: TakingGround, { signed, manifests, fresh, actor }: Checked): void {
  const { store } = context
  store.transaction(() => {
    if (selectRelease(store.db, signed.sha256) !== undefined) return
    const pin = selectPin(store.db)
    if (pin === undefined) throw new AppError('RELEASE_NO_PUBLISHER')
    assertPlace(context, signed, pin)
    for (const document of fresh) {
      assertVersion(store.db, document)
      insertDocument(store.db, document)
    }
    insertRelease(store.db, signed, pin.line, context.nowUtc())
    for (const one of manifests) pinNext(context, one, actor)
  })
}

/** Once a release that names the next key is kept, that key signs whatever comes after it, whenever it takes effect. */
function pinNext(context: DeskContext, signed: SignedManifest, actor: string): void {
  const pin = selectPin(context.store.db)
  const { nextPublisherKey, release } = signed.manifest
  if (pin === undefined || nextPublisherKey === undefined) return
  if (keyAfter(pin.publicKey, [signed]) !== nextPublisherKey || nextPublisherKey === pin.publicKey) return
  appendPin(context, { publicKey: nextPublisherKey, how: 'rotation', release }, actor)
}

/** Notes in the ledger whose releases count from now on; inside a transaction. */
export function appendPin(
  { store, nowUtc }: DeskContext,
  payload: {
    readonly publicKey: string
    readonly how: 'training' | 'enrolment' | 'first-contact' | 'rotation'
    readonly release: number
  },
  actor: string,
): void {
  store.ledger.append([{ kind: 'publisher.pinned', version: 1, subject: stationSubject, actor, at: nowUtc(), payload }])
}

/** What came of taking a release, in words. */
export function takenInWords({ manifest }: SignedManifest, nowUtc: string): string {
  const isNow = manifest.effectiveAtUtc <= nowUtc
  const when = isNow ? '已经生效' : `${shanghaiTimeInWords(manifest.effectiveAtUtc)} 自动生效，断网也一样`
  return `第 ${manifest.release} 次发布已读入，${when}。`
}
