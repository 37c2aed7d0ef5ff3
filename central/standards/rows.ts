import type { SignedManifest } from '../../main/wire/catalogue/manifest.ts'
import { type CatalogueManifest, catalogueManifestSchema, type DocumentRef } from '../../preload/contract/catalogue.ts'
import type { Sql } from '../database.ts'

/** A release as the centre keeps it. */
export type KeptRelease = SignedManifest & { readonly publishedAtUtc: string }

type Row = {
  readonly sha256: string
  readonly manifest: string
  readonly publisher: string
  readonly signature: string
  readonly published_at: Date
}

const columns = 'sha256, manifest, publisher, signature, published_at'

function toRelease({ sha256, manifest, publisher, signature, published_at }: Row): KeptRelease {
  return {
    ...{ sha256, publisher, signature, bytes: Buffer.from(manifest, 'utf8') },
    manifest: catalogueManifestSchema.parse(JSON.parse(manifest)),
    publishedAtUtc: published_at.toISOString(),
  }
}

/** The newest release; undefined before the first. */
export async function newestRelease(sql: Sql): Promise<KeptRelease | undefined> {
  const rows = await sql.query<Row>(`select ${columns} from releases order by release desc limit 1`)
  return rows.map(toRelease)[0]
}

/** A release by its number. */
export async function findRelease(sql: Sql, release: number): Promise<KeptRelease | undefined> {
  const rows = await sql.query<Row>(`select ${columns} from releases where release = $1`, [release])
  return rows.map(toRelease)[0]
}

/** All releases, the newest first. */
export async function allReleases(sql: Sql): Promise<KeptRelease[]> {
  return (await sql.query<Row>(`select ${columns} from releases order by release desc limit 1000`)).map(toRelease)
}

/** Numbers and hashes of the newest releases, the newest first. */
export function newestReleases(sql: Sql, most: number): Promise<{ release: number; sha256: string }[]> {
  return sql.query('select release, sha256 from releases order by release desc limit $1', [most])
}

/** Releases between two that hand the publisher's key over, in their order. */
export async function handoversBetween(sql: Sql, after: number, before: number): Promise<KeptRelease[]> {
  const rows = await sql.query<Row>(
    `select ${columns} from releases where next_key is not null and release > $1 and release < $2 order by release`,
    [after, before],
  )
  return rows.map(toRelease)
}

/** The number of the release by which a key handed over to the next; undefined for one that did not. */
export async function handoverBy(sql: Sql, publicKey: string): Promise<number | undefined> {
  const rows = await sql.query<{ release: number }>(
    'select release from releases where publisher = $1 and next_key is not null order by release desc limit 1',
    [publicKey],
  )
  return rows[0]?.release
}

/** A key that handed over, and the release by which it did. */
export type Handover = { readonly publicKey: string; readonly release: number }

/** The keys that counted before a key, by handover after handover, the first one first. */
export async function keysBefore(sql: Sql, publicKey: string): Promise<Handover[]> {
  const rows = await sql.query<{ publisher: string; release: number }>(
    `with recursive line (publisher, release) as (
       select publisher, release from releases where next_key = $1
       union
       select before.publisher, before.release from releases as before
       join line on before.next_key = line.publisher and before.release < line.release)
     select publisher, release from line order by release`,
    [publicKey],
  )
  return rows.map(({ publisher, release }) => ({ publicKey: publisher, release }))
}

/** The bytes of documents by their SHA-256; those that are not here are left out. */
export async function documentBodies(sql: Sql, documents: readonly DocumentRef[]): Promise<Map<string, Buffer>> {
  const rows = await sql.query<{ sha256: string; body: string }>(
    'select sha256, body from catalogue_documents where sha256 = any($1::text[])',
    [documents.map(({ sha256 }) => sha256)],
  )
  return new Map(rows.map(({ sha256, body }) => [sha256, Buffer.from(body, 'utf8')]))
}

/** Who a release is told to. */
export type TargetedStation = { readonly stationId: string; readonly tags: readonly string[] }

/** Every station that works with the words that the centre has for it, in one order everywhere. One that was replaced is told nothing. */
export async function stationsWithTags(sql: Sql): Promise<TargetedStation[]> {
  const rows = await sql.query<{ station_id: string; tags: string[] }>(
    `select station_id, coalesce(array_agg(tag order by tag) filter (where tag is not null), '{}') as tags
     from stations left join station_tags using (station_id) where replaced_by is null
     group by station_id order by station_id`,
  )
  return rows.map(({ station_id, tags }) => ({ stationId: station_id, tags }))
}

/** What a manifest says of its documents, without their hashes. */
export function countByKind({ documents }: CatalogueManifest): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of documents) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** The centre's words for a station. */
export async function stationTags(sql: Sql, stationId: string): Promise<string[]> {
  const rows = await sql.query<{ tag: string }>('select tag from station_tags where station_id = $1 order by tag', [
    stationId,
  ])
  return rows.map(({ tag }) => tag)
}
