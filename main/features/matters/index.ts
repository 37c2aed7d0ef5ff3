// Owns: matter standards (事项标准) and the calendars: which are in force, what they say, what a draft lacks by them.
// Does not own: drafts and cases themselves (drafts, cases), how releases travel.
// Start here: check-draft.ts for the rules, service.ts for what happens, resources/catalogue for the samples.
import type { Handlers } from '../../../preload/contract/api.ts'
import type { Calendar } from '../../../preload/contract/calendar.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import { type Catalogue, readCalendars, readSampleCatalogue, readSampleRelease } from './catalogue.ts'
import { calendarsProjector, mattersProjector } from './projection.ts'
import { applyCatalogue, type KnownStandard, listMatters, standardInForce, standardOfVersion } from './service.ts'
import { selectNewestCalendar, selectPublishedCalendars, selectRelease } from './store.ts'

export { checkDraft, type DraftCheckInput, type DraftJudgement } from './check-draft.ts'
export type { KnownStandard } from './service.ts'

/** What matters asks of others; given by main/desk/compose.ts. */
export type MatterPorts = {
  /** How often each matter was taken in here, by itemId. */
  readonly timesUsed: () => ReadonlyMap<string, number>
}

/** What other features may ask of matters. */
export type Matters = FeatureModule & {
  /** Calendars in force, those of the program and then those of the centre's feed; the later ones win. The same list until another comes. */
  readonly calendars: () => readonly Calendar[]
  /** A standard of any version that was ever in force here; undefined where it is not known. */
  readonly standard: (itemId: string, version: number) => MatterStandard | undefined
  /** As `standard`, with its SHA-256. */
  readonly knownStandard: (itemId: string, version: number) => KnownStandard | undefined
  /** The standard in force and its SHA-256. Throws STANDARD_UNKNOWN. */
  readonly inForce: (itemId: string) => KnownStandard
  /** Puts a release in force, whole or not at all; says whether anything changed. See `applyCatalogue` in service.ts. */
  readonly applyCatalogue: (catalogue: Catalogue, actor: string) => boolean
  /** Puts the samples that come with the program in force where nothing newer is; repeating it reads nothing and changes nothing. */
  readonly applySampleCatalogue: () => boolean
}

/** The matters feature. */
export function createMatters(context: DeskContext, ports: MatterPorts): Matters {
  let known: { readonly newest: number; readonly calendars: readonly Calendar[] } | undefined
  // Workdays are counted once a list: it stays the same one until the feed brings another calendar.
  const calendars = () => {
    const { db } = context.store
    const newest = selectNewestCalendar(db)
    if (known?.newest !== newest)
      known = { newest, calendars: [...readCalendars(context.resources), ...selectPublishedCalendars(db)] }
    return known.calendars
  }
  const handlers: Partial<Handlers> = {
    'matters.list': () => ({ matters: listMatters(context, ports.timesUsed()) }),
    'matters.get': ({ itemId, version }) => {
      if (version === undefined) return standardInForce(context, itemId).standard
      const found = standardOfVersion(context, itemId, version)
      if (found === undefined) throw new AppError('STANDARD_UNKNOWN', { itemId })
      return found.standard
    },
  }
  return {
    handlers,
    projectors: [mattersProjector, calendarsProjector],
    calendars,
    standard: (itemId, version) => standardOfVersion(context, itemId, version)?.standard,
    knownStandard: (itemId, version) => standardOfVersion(context, itemId, version),
    inForce: (itemId) => standardInForce(context, itemId),
    applyCatalogue: (catalogue, actor) => applyCatalogue(context, catalogue, actor),
    applySampleCatalogue: () =>
      readSampleRelease(context.resources).release > selectRelease(context.store.db) &&
      applyCatalogue(context, readSampleCatalogue(context.resources), 'system'),
  }
}
