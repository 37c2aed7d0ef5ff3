// Owns: fetching the releases that left this station out: the next one is made on the newest, whoever that is for; giving a centre back what it lost.
// Does not own: releases for this station (catalogue), whose working copy goes on (clashes.ts), questions to the centre (county.ts).
// Start here: `createCatchUp`.
import { existsSync } from 'node:fs'
import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import { publishedReleaseSchema } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { countyReleasesSchema } from '../../../preload/contract/standards/county.ts'
import { type CatalogueDocument, judgeDocuments } from '../../wire/catalogue/documents.ts'
import { assertSignedBy, keyAfter, type SignedManifest } from '../../wire/catalogue/manifest.ts'
import { openPack, packMediaType, readDocuments, readManifests } from '../../wire/catalogue/pack.ts'
import { assertReferences, wholeOf } from '../../wire/catalogue/references.ts'
import { assertTaken, readAnswer } from '../../wire/centre-answers.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import { pathOf, proofHeaders } from './county.ts'
import { bodyOf, type CatchUp, type DeskGround, newestRelease, releasesOut } from './ground.ts'
import { insertFetched, readLooked, writeLooked } from './others-store.ts'
import { publisherKeyFile } from './publisher.ts'
import { selectCopies } from './store.ts'
import { wholePack } from './whole-pack.ts'

/** The centre is not asked again so soon, unless somebody is about to publish. */
const restMs = { window: 15_000, link: 300_000 } as const

/** Makes it. One fetch runs at a time; who asks meanwhile waits for that one. */
export function createCatchUp(ground: DeskGround): CatchUp {
  const { context } = ground
  let running: Promise<number> | undefined
  let askedAtMs: number | undefined
  return async (why, client) => {
    if (running !== undefined) return await running
    const nowMs = context.clock.now().getTime()
    const rests = why !== 'publish' && askedAtMs !== undefined && Math.abs(nowMs - askedAtMs) < restMs[why]
    if (rests || (why === 'link' && !isInUse(ground))) return 0
    askedAtMs = nowMs
    running = fetchMissing(ground, client ?? ground.ports.client(), why !== 'window').finally(() => {
      running = undefined
    })
    const found = await running
    if (found > 0) context.emit({ event: 'changed', payload: { topics: ['standards'] } })
    return found
  }
}

/** Windows at which nobody writes standards ask for none but their own. */
function isInUse({ context }: DeskGround): boolean {
  return existsSync(publisherKeyFile(context.dataFolder)) || selectCopies(context.store.db).length > 0
}

/**
 * How many came. What the centre lost goes back to it before (`mayGiveBack`: a screen that is opened does not wait for that).
 * Throws what the link says, RELEASE_… for what the publisher here has not signed, CENTRE_REFUSED for no desk,
 * PUBLISH_CENTRE_BEHIND where the centre does not take back what it lost.
 */
async function fetchMissing(ground: DeskGround, client: CentreClient, mayGiveBack: boolean): Promise<number> {
  const { context, ports } = ground
  if (ports.catalogue.publisher() === undefined) return 0
  const { db } = context.store
  const headers = proofHeaders(ground)
  const reply = await client.send({ method: 'GET', path: pathOf(ground, 'releases'), headers })
  const { releases } = readAnswer(countyReleasesSchema, reply)
  // What was out before the first question is nobody's news; at a new desk that is everything.
  if (readLooked(context.store.settings) === undefined)
    writeLooked(context.store.settings, newestRelease(ground)?.manifest.release ?? releases[0]?.release ?? 0)
  const lost = lostBehind(ground, releases[0])
  if (mayGiveBack && standsOn(lost[0], releases[0])) await giveBack(ground, client, lost)
  const known = new Set(releasesOut(ground).map(({ sha256 }) => sha256))
  const missing = releases.filter(({ sha256 }) => !known.has(sha256)).toReversed()
  for (const one of missing) {
    const { signed, documents } = await fetchOne(ground, client, one)
    const fresh = documents.filter(({ sha256 }) => bodyOf(ground, sha256) === undefined)
    context.store.transaction(() =>
      insertFetched(db, signed, { fresh, line: ports.catalogue.line() ?? '', atUtc: context.nowUtc() }),
    )
  }
  const [first] = lost
  if (mayGiveBack && first !== undefined && !standsOn(first, releases[0]))
    throw behind(first, `中心的第 ${releases[0]?.release} 次是另一份`)
  return missing.length
}

/**
 * What is out and the centre does not have, the oldest first: it was restored from an older backup. Windows have these
 * releases, and others must not come under their numbers.
 */
function lostBehind(ground: DeskGround, newestThere: Named | undefined): SignedManifest[] {
  const { publisher, handoverBy } = ground.ports.catalogue
  const isOfOurLine = (key: string) => key === publisher() || handoverBy(key) !== undefined
  const isLost = ({ manifest, publisher: by }: SignedManifest) =>
    manifest.release > (newestThere?.release ?? 0) && isOfOurLine(by)
  return releasesOut(ground).filter(isLost).toReversed()
}

/** Whether a release was made on the one that the centre has as its newest. */
const standsOn = (lost: SignedManifest | undefined, newestThere: Named | undefined) =>
  lost?.manifest.previous?.sha256 === newestThere?.sha256

/** Gives them back in their order. Throws PUBLISH_CENTRE_BEHIND where the centre does not take one. */
async function giveBack(ground: DeskGround, client: CentreClient, lost: readonly SignedManifest[]): Promise<void> {
  for (const signed of lost) {
    const headers = { accept: 'application/json', 'content-type': packMediaType }
    const body = await wholePack(ground, signed)
    try {
      readAnswer(publishedReleaseSchema, await client.send({ method: 'POST', path: '/v1/releases', headers, body }))
    } catch (error) {
      if (!(error instanceof AppError) || error.details.reason !== 'release_refused') throw error
      throw behind(signed, String(error.details.why ?? ''), error)
    }
  }
}

const behind = ({ manifest: { release } }: SignedManifest, why: string, cause?: unknown) =>
  new AppError('PUBLISH_CENTRE_BEHIND', { release, why }, { cause })

type Named = { readonly release: number; readonly sha256: string }
type Fetched = { readonly signed: SignedManifest; readonly documents: readonly CatalogueDocument[] }

/** One release, first against the one that is known before it, then whole. */
async function fetchOne(ground: DeskGround, client: CentreClient, named: Named): Promise<Fetched> {
  const base = releasesOut(ground).find(({ manifest }) => manifest.release < named.release)
  if (base === undefined) return await fetchFrom(ground, client, named, undefined)
  try {
    return await fetchFrom(ground, client, named, base)
  } catch (error) {
    // The centre's history is another one: what is here is no base for it.
    if (!(error instanceof AppError) || !['RELEASE_GAP', 'RELEASE_DAMAGED'].includes(error.code)) throw error
    return await fetchFrom(ground, client, named, undefined)
  }
}

async function fetchFrom(
  ground: DeskGround,
  client: CentreClient,
  { release, sha256 }: Named,
  base: SignedManifest | undefined,
): Promise<Fetched> {
  const path = `${pathOf(ground, `releases/${release}`)}?from=${base?.manifest.release ?? 0}`
  const headers = { ...proofHeaders(ground), accept: `${packMediaType}, application/json` }
  const reply = await client.send({ method: 'GET', path, headers })
  assertTaken(reply)
  const pack = openPack(reply.body)
  if (pack.base !== null && pack.base.sha256 !== base?.sha256)
    throw new AppError('RELEASE_GAP', { base: pack.base.release, why: '本机没有那一次' })
  const from = pack.base === null ? undefined : base
  const manifests = await readManifests(pack, from?.bytes)
  const signed = manifests.at(-1)
  if (signed?.sha256 !== sha256) throw new AppError('RELEASE_DAMAGED', { place: '它不是中心说的那一次' })
  assertPublisher(ground, signed, manifests.slice(0, -1))
  const documentOf = ({ sha256 }: DocumentRef) => bodyOf(ground, sha256)
  const documents = await readDocuments(pack, signed, { manifest: from?.manifest ?? null, documentOf })
  await judgeDocuments(documents)
  await assertReferences(wholeOf(signed.manifest, documents, documentOf))
  return { signed, documents }
}

/** Signed by the key that counts here, by whom it handed over to, or, of an earlier release, by whom it was handed over from. */
function assertPublisher(ground: DeskGround, signed: SignedManifest, handovers: readonly SignedManifest[]): void {
  const { context, ports } = ground
  const { county, release } = signed.manifest
  if (county !== context.station.stationId.slice(0, 6)) throw new AppError('RELEASE_FOREIGN_COUNTY', { county })
  const counts = ports.catalogue.publisher() ?? ''
  const wasBefore =
    release <= (ports.catalogue.handoverBy(signed.publisher) ?? 0) ||
    releasesOut(ground).some(
      ({ manifest, publisher }) =>
        publisher === signed.publisher && manifest.nextPublisherKey !== undefined && release <= manifest.release,
    )
  assertSignedBy(signed, wasBefore ? signed.publisher : keyAfter(counts, handovers))
}
