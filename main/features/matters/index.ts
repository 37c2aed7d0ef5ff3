// Owns: matter standards (事项标准) as the window uses them: the list, what one says, what a draft lacks by it.
// Does not own: drafts and cases themselves (drafts, cases); which standards are in force and how releases bring them (catalogue).
// Start here: check-draft.ts for the rules, service.ts for what happens, resources/catalogue for the samples.
import type { Handlers } from '../../../preload/contract/api.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { MatterClosure } from '../../../preload/contract/views.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import { closureNow } from './closed.ts'
import {
  type KnownStandard,
  listMatters,
  type StandardSource,
  standardInForce,
  standardOfVersion,
  standardOpen,
} from './service.ts'
import { type KnownTheme, listThemes, type ThemeToday, themeOfVersion, themeOpen, themeToday } from './themes.ts'

export { checkDraft, type DraftCheckInput, type DraftJudgement, laterDates, laterDueDate } from './check-draft.ts'
export { checkTheme, type ThemeCheckInput } from './check-theme.ts'
export type { KnownStandard } from './service.ts'
export type { KnownTheme, ThemeToday } from './themes.ts'

/** What matters asks of others; given by main/desk/compose.ts. */
export type MatterPorts = {
  /** How often each matter was taken in here, by itemId. */
  readonly timesUsed: () => ReadonlyMap<string, number>
  /** Where standards come from. */
  readonly catalogue: StandardSource
}

/** What other features may ask of matters. */
export type Matters = FeatureModule & {
  /** A standard of any version that was ever in force here; undefined where it is not known. */
  readonly standard: (itemId: string, version: number) => MatterStandard | undefined
  /** As `standard`, with its SHA-256. */
  readonly knownStandard: (itemId: string, version: number) => KnownStandard | undefined
  /** The standard in force, where people can be taken in by it today: begun, not ended, neither suspended nor cancelled. */
  readonly openNow: (itemId: string) => KnownStandard | undefined
  /** Why a matter is not open today; undefined for one that is. */
  readonly closureNow: (itemId: string) => MatterClosure | undefined
  /** A theme in force as it stands today; undefined where none is, or none of its matters is open. */
  readonly themeToday: (themeId: string) => ThemeToday | undefined
  /** As `themeToday`. Throws STANDARD_UNKNOWN, or THEME_CLOSED where a matter that everybody needs is not open. */
  readonly themeOpen: (themeId: string) => ThemeToday
  /** A theme of any version that was ever kept here; undefined where it is not known. */
  readonly knownTheme: (themeId: string, version: number) => KnownTheme | undefined
  /** The name of a matter in force; its id where none is. */
  readonly nameOf: (itemId: string) => string
  /** The standard in force and its SHA-256. Throws STANDARD_UNKNOWN. */
  readonly inForce: (itemId: string) => KnownStandard
}

/** The matters feature. */
export function createMatters(context: DeskContext, { timesUsed, catalogue }: MatterPorts): Matters {
  const handlers: Partial<Handlers> = {
    'matters.list': () => ({
      matters: listMatters(context, catalogue, timesUsed()),
      themes: listThemes(catalogue, context.today()),
    }),
    'matters.get': ({ itemId, version }) => {
      if (version === undefined) return standardInForce(catalogue, itemId).standard
      const found = standardOfVersion(catalogue, itemId, version)
      if (found === undefined) throw new AppError('STANDARD_UNKNOWN', { itemId })
      return found.standard
    },
  }
  return {
    handlers,
    projectors: [],
    standard: (itemId, version) => standardOfVersion(catalogue, itemId, version)?.standard,
    knownStandard: (itemId, version) => standardOfVersion(catalogue, itemId, version),
    openNow: (itemId) => standardOpen(catalogue, itemId, context.today()),
    closureNow: (itemId) => closureNow(catalogue, itemId, context.today()),
    themeToday: (themeId) => themeToday(catalogue, themeId, context.today()),
    themeOpen: (themeId) => themeOpen(catalogue, themeId, context.today()),
    knownTheme: (themeId, version) => themeOfVersion(catalogue, themeId, version),
    nameOf: (itemId) => {
      const found = catalogue.inForce('matter', itemId)
      return found === undefined ? itemId : (found.value as MatterStandard).name
    },
    inForce: (itemId) => standardInForce(catalogue, itemId),
  }
}
