// Owns: 一件事 as the window uses them: which can be taken in today, what a draft of one is pinned to.
// Does not own: how a theme is merged (main/standards/merge-theme.ts), drafts of one (drafts).
// Start here: `themeToday`, `listThemes`.
import { AppError } from '../../../preload/contract/errors.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import { mostMattersOfTheme, type Theme } from '../../../preload/contract/standards/theme.ts'
import type { ThemeSummary } from '../../../preload/contract/views.ts'
import { membersOf } from '../../standards/merge-theme.ts'
import { type HereNow, isOpen, type KnownStandard, type StandardSource, searchKeysOfDocument } from './service.ts'

/** A theme and the SHA-256 of its bytes. */
export type KnownTheme = { readonly theme: Theme; readonly sha256: string }

/** A theme as it stands today: the themes within it, its matters, and whether people can be taken in by it. */
export type ThemeToday = KnownTheme & {
  readonly inner: readonly KnownTheme[]
  /** `known` is undefined for a matter that nobody can be taken in for here today. */
  readonly members: readonly {
    readonly itemId: string
    readonly name: string
    readonly when: string
    readonly known: KnownStandard | undefined
  }[]
  /** Names of matters that everybody needs and that are not open. */
  readonly missing: readonly string[]
}

/** A theme of any version that was ever kept here; undefined where it is not known. */
export function themeOfVersion(source: StandardSource, themeId: string, version: number): KnownTheme | undefined {
  const found = source.ofVersion('theme', themeId, version)
  return found && { theme: found.value as Theme, sha256: found.sha256 }
}

/** A theme in force as it stands here and now; undefined where none is, none of its matters is open, or it has too many. */
export function themeToday(source: StandardSource, themeId: string, here: HereNow): ThemeToday | undefined {
  const found = themeInForce(source, themeId, here.today)
  if (found === undefined) return undefined
  const inner = new Map<string, KnownTheme>()
  const matters = new Map<string, KnownStandard>()
  const { found: members, faults } = membersOf(found.theme, {
    matter: (id) => {
      const known = source.inForce('matter', id)
      if (known !== undefined) matters.set(id, { standard: known.value as MatterStandard, sha256: known.sha256 })
      return matters.get(id)?.standard
    },
    theme: (id) => {
      const known = themeInForce(source, id, here.today)
      if (known !== undefined) inner.set(id, known)
      return known?.theme
    },
  })
  const shown = members.map(({ member: { standard, when } }) => ({
    ...{ itemId: standard.itemId, name: standard.name, when },
    known: isOpen(standard, here) ? matters.get(standard.itemId) : undefined,
  }))
  const unknown = faults.flatMap((fault) =>
    fault.why === 'unknown-member' ? [{ itemId: fault.id, name: fault.id, when: fault.when, known: undefined }] : [],
  )
  const all = [...shown, ...unknown]
  if (all.length > mostMattersOfTheme || all.every(({ known }) => known === undefined)) return undefined
  const missing = all.filter(({ known, when }) => known === undefined && when === '').map(({ name }) => name)
  return { ...found, inner: [...inner.values()], members: all, missing }
}

function themeInForce(source: StandardSource, themeId: string, today: string): KnownTheme | undefined {
  const found = source.inForce('theme', themeId)
  if (found === undefined) return undefined
  const theme = found.value as Theme
  return theme.effectiveFrom <= today ? { theme, sha256: found.sha256 } : undefined
}

/** As `themeToday`, of one by which people can be taken in. Throws STANDARD_UNKNOWN, THEME_CLOSED. */
export function themeOpen(source: StandardSource, themeId: string, here: HereNow): ThemeToday {
  const found = themeToday(source, themeId, here)
  if (found === undefined) throw new AppError('STANDARD_UNKNOWN', { itemId: themeId })
  if (found.missing.length > 0)
    throw new AppError('THEME_CLOSED', { theme: found.theme.name, matters: found.missing.join('、') })
  return found
}

/** The themes by which people can be taken in here and now, by name. */
export function listThemes(source: StandardSource, here: HereNow): ThemeSummary[] {
  return source
    .allInForce('theme')
    .flatMap(({ value }) => themeToday(source, (value as Theme).themeId, here) ?? [])
    .filter(({ missing }) => missing.length === 0)
    .map(summaryOf)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'zh-CN'))
}

function summaryOf({ theme, sha256, members }: ThemeToday): ThemeSummary {
  const { themeId, name, aliases, version, department, description, sample } = theme
  return {
    ...{ themeId, name, aliases, version, department, description, sample },
    searchKeys: searchKeysOfDocument(sha256, [name, ...aliases]),
    members: members.map(({ itemId, name: matterName, when, known }) => ({
      ...{ itemId, name: matterName, when },
      isOpen: known !== undefined,
    })),
  }
}
