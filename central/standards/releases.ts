// Owns: publishing: a release is taken from its registered publisher alone, after the last one, whole, for this county, and told to whom it is for.
// Does not own: packs for stations (packs.ts), who has what (adoption.ts), keys (publishers.ts).
// Start here: `publishRelease`.
import { type CatalogueDocument, judgeDocuments } from '../../main/wire/catalogue/documents.ts'
import { assertSignedBy, isSigned, type SignedManifest } from '../../main/wire/catalogue/manifest.ts'
import { openPack, readDocuments, readManifests } from '../../main/wire/catalogue/pack.ts'
import { assertReferences } from '../../main/wire/catalogue/references.ts'
import { shanghaiTimeInWords } from '../../preload/contract/calendar.ts'
import type { DocumentRef, PublishedRelease } from '../../preload/contract/catalogue.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { sentenceFor } from '../../preload/contract/sentences.ts'
import { documentInWords } from '../../preload/contract/standards/documents.ts'
import type { Database, Sql } from '../database.ts'
import { publishingLock } from '../feed/publishing.ts'
import { Refusal } from '../refusal.ts'
import { findPublisher, handOver, type OfficePublisher } from './publishers.ts'
import { documentBodies, findRelease, handoverBy, newestRelease } from './rows.ts'
import { tellRelease } from './telling.ts'

/** Clocks of a publisher and the centre may differ so much. */
const skewMs = 15 * 60_000

/** A release that says it took effect so long ago was signed for another day. */
const pastMs = 24 * 3_600_000

/**
 * Publishes a release from its pack: who signed it is the authority. All of it is durable and told, or nothing. The same release
 * again changes nothing. Refuses `release_refused` with the sentence that says why and where.
 */
export async function publishRelease(database: Database, bytes: Buffer, now: Date): Promise<PublishedRelease> {
  try {
    const { signed, publisher, fresh } = await judge(database, bytes, now)
    return await keep(database, { signed, publisher, fresh }, now)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new Refusal('release_refused', sentenceFor(error.code, error.details).title.replace(/。$/u, ''))
  }
}

type Judged = {
  readonly signed: SignedManifest
  readonly publisher: OfficePublisher
  readonly fresh: readonly CatalogueDocument[]
}

/** Everything that can be said against it, the cheap things first: nothing is inflated for who is not the publisher. */
async function judge(database: Database, bytes: Buffer, now: Date): Promise<Judged> {
  const pack = openPack(bytes)
  const base = pack.base === null ? undefined : await findRelease(database, pack.base.release)
  if (pack.base !== null && base?.sha256 !== pack.base.sha256)
    throw new AppError('RELEASE_GAP', { base: pack.base.release, why: '中心没有那一次' })
  const manifests = await readManifests(pack, base?.bytes)
  const signed = manifests.at(-1)
  if (signed === undefined) throw new AppError('RELEASE_DAMAGED', { place: '里面没有发布清单' })
  const publisher = await publisherOf(database, signed)
  await assertFollows(database, signed, now)
  const here = await documentBodies(database, [...signed.manifest.documents, ...(base?.manifest.documents ?? [])])
  const documentOf = ({ sha256 }: DocumentRef) => here.get(sha256)
  const packed = await readDocuments(pack, signed, { manifest: base?.manifest ?? null, documentOf })
  const fresh = packed.filter(({ sha256 }) => !here.has(sha256))
  await judgeDocuments(packed)
  const bodies = new Map([...here, ...packed.map(({ sha256, bytes: body }) => [sha256, body] as const)])
  await assertReferences(signed.manifest.documents.map((ref) => [ref, bodies.get(ref.sha256) ?? missing(ref)]))
  return { signed, publisher, fresh }
}

function missing(ref: DocumentRef): never {
  throw new AppError('RELEASE_DOCUMENT_MISSING', { document: documentInWords(ref) })
}

async function publisherOf(sql: Sql, signed: SignedManifest): Promise<OfficePublisher> {
  if (!isSigned(signed)) throw new AppError('RELEASE_UNSIGNED')
  const publisher = await findPublisher(sql, signed.manifest.county)
  if (publisher === undefined) {
    const [other] = await sql.query<{ county: string }>(
      'select county from publishers where retired_at is null limit 1',
    )
    if (other !== undefined) throw new AppError('RELEASE_FOREIGN_COUNTY', { county: signed.manifest.county })
    throw new Refusal('release_refused', '中心还没有登记发布人，请先登记（central publisher add）')
  }
  // The same release again, signed by a key that was retired by it, changes nothing and says so.
  const known = await findRelease(sql, signed.manifest.release)
  if (known?.sha256 !== signed.sha256) await assertNotOfBefore(sql, signed)
  assertSignedBy(signed, known?.sha256 === signed.sha256 ? known.publisher : publisher.publicKey)
  return publisher
}

/** What a key signed before it handed over is an old release of ours, no stranger's. */
async function assertNotOfBefore(sql: Sql, signed: SignedManifest): Promise<void> {
  const { release } = signed.manifest
  const last = await handoverBy(sql, signed.publisher)
  if (last === undefined || release > last) return
  assertSignedBy(signed, signed.publisher)
  throw old(release, (await newestRelease(sql))?.manifest.release ?? last)
}

const old = (release: number, newest: number) =>
  new Refusal('release_refused', `这是第 ${release} 次发布，中心已经有第 ${newest} 次`)

async function assertFollows(sql: Sql, { manifest, sha256 }: SignedManifest, now: Date): Promise<void> {
  const newest = await newestRelease(sql)
  const { release, previous, madeAtUtc, effectiveAtUtc } = manifest
  if ((await findRelease(sql, release))?.sha256 === sha256) return
  if (newest !== undefined && release <= newest.manifest.release) throw old(release, newest.manifest.release)
  const isNext =
    previous === null
      ? newest === undefined
      : previous.release === newest?.manifest.release && previous.sha256 === newest.sha256
  if (!isNext)
    throw new AppError('RELEASE_GAP', {
      base: previous?.release ?? 0,
      why: newest === undefined ? '中心还没有任何发布' : `中心最新的是第 ${newest.manifest.release} 次`,
    })
  if (Date.parse(madeAtUtc) > now.getTime() + skewMs)
    throw new AppError('RELEASE_TIME', { why: '它写的制作时间还没有到' })
  const said = await sayings(sql, release)
  assertNotTaken(said, { manifest, sha256 }, newest)
  if (Date.parse(effectiveAtUtc) < now.getTime() - pastMs && !said.some((one) => isOutBy(one, { manifest, sha256 })))
    throw new AppError('RELEASE_TIME', { why: `它写的生效时间 ${shanghaiTimeInWords(effectiveAtUtc)} 已经过去` })
}

/** A release as its number and hash name it, and when it was made. */
type Named = Pick<SignedManifest, 'manifest' | 'sha256'>

/** What a window says that it has in force, and since when. */
type Saying = { readonly station: string; readonly release: number; readonly sha256: string; readonly sinceMs: number }

/** One machine alone may say what it likes; two have not come by the same by themselves. */
const fewestWitnesses = 2

/**
 * Windows have another release of this number, or one that stands on another of it: this centre was restored from an older
 * backup, or a stick was first. Who came by it before the newest release here was made says nothing: with that one the
 * histories had parted already, and the next releases bring the windows back.
 */
function assertNotTaken(said: readonly Saying[], wanted: Named, newest: SignedManifest | undefined): void {
  const partedMs = newest === undefined ? Number.NEGATIVE_INFINITY : Date.parse(newest.manifest.madeAtUtc) - skewMs
  const others = said.filter((one) => one.sinceMs >= partedMs && standsAgainst(one, wanted))
  const [first] = others
  const agreeWith = ({ sha256 }: Saying) => others.filter((one) => one.sha256 === sha256).length
  if (first === undefined || !others.some((one) => agreeWith(one) >= fewestWitnesses)) return
  throw new Refusal(
    'release_refused',
    `${others.length} 个窗口（${first.station} 等）已经在用另一个第 ${wanted.manifest.release} 次发布，中心没有它，可能是从旧备份恢复的。请先把那一次补发给中心`,
  )
}

/** Another one of this number; or a later one that was in force before this one was made, and so does not stand on it. */
function standsAgainst({ release, sha256, sinceMs }: Saying, wanted: Named): boolean {
  if (release === wanted.manifest.release) return sha256 !== wanted.sha256
  return sinceMs < Date.parse(wanted.manifest.madeAtUtc) - skewMs
}

/** Whether a window has a release, or one that may stand on it, in force: it was out before, and a centre that lost it takes it late. */
function isOutBy({ release, sha256, sinceMs }: Saying, wanted: Named): boolean {
  if (release === wanted.manifest.release) return sha256 === wanted.sha256
  return sinceMs >= Date.parse(wanted.manifest.madeAtUtc) - skewMs
}

/** What windows that work have in force, from a number on. What came into force before they were let in here was another centre's. */
async function sayings(sql: Sql, release: number): Promise<Saying[]> {
  const rows = await sql.query<{ station: string; release: number; sha256: string; at: string; enrolled_at: Date }>(
    `select station_id as station, release, sha256, at, enrolled_at from station_catalogues join stations using (station_id)
     where replaced_by is null and release >= $1 order by station_id`,
    [release],
  )
  return rows
    .map(({ at, enrolled_at: enrolledAt, ...one }) => ({ ...one, enrolledAt, sinceMs: Date.parse(at) }))
    .filter(({ enrolledAt, sinceMs }) => sinceMs >= enrolledAt.getTime())
}

async function keep(database: Database, { signed, publisher, fresh }: Judged, now: Date): Promise<PublishedRelease> {
  const { manifest, sha256 } = signed
  const { release, effectiveAtUtc, nextPublisherKey } = manifest
  return database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [publishingLock])
    const known = await findRelease(sql, release)
    if (known?.sha256 === sha256) return { release, sha256, effectiveAtUtc, stations: 0, before: true }
    await assertFollows(sql, signed, now)
    // The key may have been retired while the release was read.
    assertSignedBy(signed, (await findPublisher(sql, manifest.county))?.publicKey ?? '')
    for (const document of fresh) await keepDocument(sql, document)
    await sql.query(
      `insert into releases (release, sha256, manifest, publisher, signature, effective_at, next_key, published_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[release, sha256, signed.bytes.toString('utf8'), signed.publisher, signed.signature],
        ...[effectiveAtUtc, nextPublisherKey ?? null, now.toISOString()],
      ],
    )
    if (nextPublisherKey !== undefined) await handOver(sql, publisher, { nextKey: nextPublisherKey, release }, now)
    const stations = await tellRelease(sql, signed, now)
    return { release, sha256, effectiveAtUtc, stations, before: false }
  })
}

async function keepDocument(sql: Sql, { sha256, kind, id, version, bytes }: CatalogueDocument): Promise<void> {
  const same = `select sha256 from catalogue_documents where kind = $1 and id = $2 and version = $3 and kind <> 'calendar'`
  const [before] = await sql.query<{ sha256: string }>(same, [kind, id, version])
  if (before !== undefined && before.sha256 !== sha256)
    throw new AppError('RELEASE_VERSION_REUSED', { document: documentInWords({ kind, id, version }) })
  await sql.query(
    'insert into catalogue_documents (sha256, kind, id, version, body) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [sha256, kind, id, version, bytes.toString('utf8')],
  )
}
