// Owns: what the back office can do with releases, alone on a database or over a running centre's socket.
// Does not own: the words of the command line (commands.ts), the routes (office-routes.ts).
// Start here: `ReleaseOffice`.
import { z } from 'zod'
import { packMediaType } from '../../main/wire/catalogue/pack.ts'
import {
  type Adoption,
  adoptionSchema,
  type PublishedRelease,
  publishedReleaseSchema,
} from '../../preload/contract/catalogue.ts'
import { type CountyImpact, countyImpactSchema, type ImpactQuestion } from '../../preload/contract/standards/county.ts'
import type { Database, Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'
import { adoptionOf } from './adoption.ts'
import { listDesks, nameDesk, type OfficeDesk } from './desks.ts'
import { impactOf } from './impact.ts'
import { createPacks } from './packs.ts'
import {
  listPublishers,
  type OfficePublisher,
  type PublisherOrder,
  registerPublisher,
  retirePublisher,
} from './publishers.ts'
import { publishRelease } from './releases.ts'
import { allReleases, countByKind, type TargetedStation } from './rows.ts'
import { listTags, tagStation } from './telling.ts'

/** A release as the office lists it. */
export type OfficeRelease = {
  readonly release: number
  readonly sha256: string
  readonly effectiveAtUtc: string
  readonly publishedAtUtc: string
  readonly targets: 'all' | readonly string[]
  readonly note: string
  readonly approvedBy: string
  /** How many documents of each kind. */
  readonly documents: Readonly<Record<string, number>>
  readonly handsOver: boolean
}

/** What an officer can do with releases. Refusals are thrown as `Refusal`, whoever answered. */
export type ReleaseOffice = {
  releases(): Promise<OfficeRelease[]>
  /** Takes a release whose signature is its authority. */
  publishRelease(pack: Buffer): Promise<PublishedRelease>
  /** A release whole, as it goes on a stick. */
  releasePack(release: number): Promise<Buffer>
  /** Who has a release, the newest without one. */
  adoption(release: number | undefined): Promise<Adoption>
  /** Whom a release would meet in the whole county. */
  impact(question: ImpactQuestion): Promise<CountyImpact>
  /** Stations that may ask about the county without the publisher's key. */
  desks(): Promise<OfficeDesk[]>
  nameDesk(wanted: { readonly stationId: string; readonly isDesk: boolean }): Promise<OfficeDesk[]>
  publishers(): Promise<OfficePublisher[]>
  registerPublisher(order: PublisherOrder): Promise<OfficePublisher>
  retirePublisher(publicKey: string): Promise<OfficePublisher>
  stationTags(): Promise<TargetedStation[]>
  tagStation(wanted: TargetedStation): Promise<TargetedStation>
}

/** All releases, the newest first. */
export async function listReleases(sql: Sql): Promise<OfficeRelease[]> {
  return (await allReleases(sql)).map(({ manifest, sha256, publishedAtUtc }) => {
    const { release, effectiveAtUtc, targets, note, approvedBy } = manifest
    const handsOver = manifest.nextPublisherKey !== undefined
    const documents = countByKind(manifest)
    return { release, sha256, effectiveAtUtc, publishedAtUtc, targets, note, approvedBy, documents, handsOver }
  })
}

/** A release whole. Refuses `not_found`. */
export async function wholePack(database: Database, release: number, now: () => Date): Promise<Buffer> {
  const pack = await createPacks(database, now).find(0, release)
  if (pack === undefined) throw new Refusal('not_found', '没有这一次发布')
  return pack.bytes
}

/** The office over a database. */
export function releaseOffice(database: Database, now: () => Date): ReleaseOffice {
  return {
    releases: () => listReleases(database),
    publishRelease: (pack) => publishRelease(database, pack, now()),
    releasePack: (release) => wholePack(database, release, now),
    adoption: (release) => adoptionOf(database, release),
    impact: (question) => impactOf(database, question, now()),
    desks: () => listDesks(database),
    nameDesk: (wanted) => nameDesk(database, wanted, now()),
    publishers: () => listPublishers(database),
    registerPublisher: (order) => registerPublisher(database, order, now()),
    retirePublisher: (publicKey) => retirePublisher(database, publicKey, now()),
    stationTags: () => listTags(database),
    tagStation: (wanted) => tagStation(database, wanted, now()),
  }
}

/** What carries a question to a running centre's office: JSON, or bytes of a media type. */
export type OfficeLine = {
  readonly ask: (method: string, path: string, body?: unknown) => Promise<unknown>
  readonly bytes: (path: string) => Promise<Buffer>
  readonly sendBytes: (path: string, mediaType: string, bytes: Buffer) => Promise<unknown>
}

/** The office of a running centre. */
export function releaseOfficeOver({ ask, bytes, sendBytes }: OfficeLine): ReleaseOffice {
  const listOf = <T>(name: string, value: unknown): T[] =>
    z.record(z.string(), z.array(z.custom<T>())).parse(value)[name] ?? []
  return {
    releases: async () => listOf<OfficeRelease>('releases', await ask('GET', '/v1/office/releases')),
    publishRelease: async (pack) => publishedReleaseSchema.parse(await sendBytes('/v1/releases', packMediaType, pack)),
    releasePack: (release) => bytes(`/v1/office/releases/${release}/pack`),
    adoption: async (release) =>
      adoptionSchema.parse(
        await ask('GET', `/v1/office/adoption${release === undefined ? '' : `?release=${release}`}`),
      ),
    impact: async (question) => countyImpactSchema.parse(await ask('POST', '/v1/office/impact', question)),
    desks: async () => listOf<OfficeDesk>('desks', await ask('GET', '/v1/office/publishing-desks')),
    nameDesk: async (wanted) => listOf<OfficeDesk>('desks', await ask('POST', '/v1/office/publishing-desks', wanted)),
    publishers: async () => listOf<OfficePublisher>('publishers', await ask('GET', '/v1/office/publishers')),
    registerPublisher: async (order) =>
      z.custom<OfficePublisher>().parse(await ask('POST', '/v1/office/publishers', order)),
    retirePublisher: async (publicKey) =>
      z.custom<OfficePublisher>().parse(await ask('POST', '/v1/office/publishers/retirement', { publicKey })),
    stationTags: async () => listOf<TargetedStation>('stations', await ask('GET', '/v1/office/station-tags')),
    tagStation: async (wanted) =>
      z.custom<TargetedStation>().parse(await ask('POST', '/v1/office/station-tags', wanted)),
  }
}
