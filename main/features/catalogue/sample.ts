import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Calendar, calendarSchema } from '../../../preload/contract/calendar.ts'
import type { CatalogueManifest } from '../../../preload/contract/catalogue.ts'
import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { type CatalogueDocument, calendarDocuments, makeDocument } from '../../wire/catalogue/documents.ts'
import { compareRefs, type SignedManifest, signManifest } from '../../wire/catalogue/manifest.ts'
import { writePack } from '../../wire/catalogue/pack.ts'
import type { Signer } from '../../wire/signatures.ts'
import { selectInForce, selectPin, selectRelease } from './store.ts'
import { appendPin, type TakingGround, takePack } from './taking.ts'

const names = z.array(z.string().regex(/^[a-z0-9-]+\.json$/)).default([])

/** `resources/catalogue/release.json`: the samples' number, which rises with their contents, and their files by kind. */
const sampleSchema = z.object({
  release: z.int().min(1),
  matters: names,
  themes: names,
  templates: names,
})

/** The samples that come with the program. */
export type Sample = { readonly number: number; readonly documents: readonly CatalogueDocument[] }

/** Who signs a training station's releases. */
export type PublisherSigner = { readonly publicKey: string; readonly sign: Signer }

const keptKey = 'catalogue.sample'

/** The sample catalogue (`resources/catalogue`) with the program's calendars, a document a year. Throws RELEASE_DOCUMENT_INVALID. */
export function readSample(resources: string): Sample {
  const folder = join(resources, 'catalogue')
  const { release, matters, themes, templates } = sampleSchema.parse(readJson(join(folder, 'release.json')))
  const read = (kind: DocumentKind, files: readonly string[]) =>
    files.map((file) => makeDocument(kind, readJson(join(folder, file)), file))
  const calendars = readCalendars(resources).flatMap((calendar) => calendarDocuments(calendar, 'holidays.json'))
  const documents = [...read('matter', matters), ...read('theme', themes), ...read('template', templates), ...calendars]
  return { number: release, documents: documents.toSorted(compareRefs) }
}

/** The workday calendars that come with the program. */
export function readCalendars(resources: string): readonly Calendar[] {
  const file = join(resources, 'holidays.json')
  return existsSync(file) ? [calendarSchema.parse(readJson(file))] : []
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/**
 * Whether the samples are to be released here: nothing signed is in force yet, or the program brings newer ones and nobody has
 * released anything else since.
 */
export function isSampleDue({ store, resources }: DeskContext): boolean {
  const inForce = selectInForce(store.db)
  if (inForce === undefined || inForce.line === '') return true
  const kept = z.object({ number: z.int(), sha256: z.string() }).safeParse(store.settings.get(keptKey)).data
  if (kept === undefined || kept.sha256 !== inForce.sha256) return false
  const { release } = sampleSchema.parse(readJson(join(resources, 'catalogue', 'release.json')))
  return release > kept.number
}

/** Releases the samples at a training station, signed by its own publisher, the same way as any release. Throws as `takePack`. */
export async function releaseSample(ground: TakingGround, by: PublisherSigner): Promise<SignedManifest> {
  const { context } = ground
  const { store } = context
  const sample = readSample(context.resources)
  const pin = selectPin(store.db)
  if (pin === undefined) {
    const pinned = { publicKey: by.publicKey, how: 'training', release: 0 } as const
    store.transaction(() => appendPin(context, pinned, 'system'))
  }
  const signed = signManifest(sampleManifest(context, sample), by)
  const documents = new Map(sample.documents.map(({ sha256, bytes }) => [sha256, bytes]))
  const pack = await writePack({
    ...{ base: null, handovers: [], release: signed },
    documentOf: ({ sha256 }) => documents.get(sha256),
  })
  const taken = await takePack(ground, pack, { actor: 'system' })
  store.settings.set(keptKey, { number: sample.number, sha256: taken.sha256 })
  return taken
}

function sampleManifest({ store, station, nowUtc }: DeskContext, { documents }: Sample): CatalogueManifest {
  const inForce = selectInForce(store.db)
  const previous = inForce && inForce.sha256 !== '' ? selectRelease(store.db, inForce.sha256) : undefined
  const at = nowUtc()
  return {
    format: 1,
    county: station.stationId.slice(0, 6),
    release: (previous?.manifest.release ?? 0) + 1,
    previous: previous ? { release: previous.manifest.release, sha256: previous.sha256 } : null,
    madeAtUtc: at,
    effectiveAtUtc: at,
    targets: 'all',
    note: '演练用的样例事项，不是现行办事指南',
    documents: documents.map(({ bytes: _, ...ref }) => ref),
    approvedBy: '',
  }
}
