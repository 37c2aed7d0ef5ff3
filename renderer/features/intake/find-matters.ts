import type { MatterSummary, ThemeSummary } from '../../../preload/contract/views.ts'

/** What can be taken in: one matter, or the matters of a 一件事 together. */
export type Choice =
  | { readonly kind: 'matter'; readonly id: string; readonly matter: MatterSummary }
  | { readonly kind: 'theme'; readonly id: string; readonly theme: ThemeSummary }

/** How many stand as cards before anything is typed, and how many of them are themes at most. */
const cardCount = 12
const themeCount = 3

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '')

type Named = Pick<MatterSummary, 'name' | 'aliases' | 'searchKeys'> & { readonly code?: string }

/** 0 = the name begins so, 1 = the name has it, 2 = another name has it, 3 = by pinyin or code; undefined = not this one. */
function rankOf({ name, aliases, searchKeys, code = '' }: Named, sought: string): number | undefined {
  if (plain(name).startsWith(sought)) return 0
  if (plain(name).includes(sought)) return 1
  if (aliases.some((alias) => plain(alias).includes(sought))) return 2
  return [...searchKeys, code].some((key) => plain(key).startsWith(sought)) ? 3 : undefined
}

/**
 * The matters and themes that fit what was typed: words of the name or of another name, pinyin or its initials, the code. The
 * order given (most used first, themes behind) breaks ties. Nothing typed gives the most used ones and some themes.
 */
export function findChoices(
  matters: readonly MatterSummary[],
  themes: readonly ThemeSummary[],
  typed: string,
): readonly Choice[] {
  const sought = plain(typed)
  const ofMatters = matters.map((matter): Choice => ({ kind: 'matter', id: matter.itemId, matter }))
  const ofThemes = themes.map((theme): Choice => ({ kind: 'theme', id: theme.themeId, theme }))
  if (sought === '') {
    const shown = ofThemes.slice(0, themeCount)
    return [...ofMatters.slice(0, cardCount - shown.length), ...shown]
  }
  return [...ofMatters, ...ofThemes]
    .flatMap((choice) => {
      const rank = rankOf(choice.kind === 'matter' ? choice.matter : choice.theme, sought)
      return rank === undefined ? [] : [{ choice, rank }]
    })
    .sort((one, other) => one.rank - other.rank)
    .map(({ choice }) => choice)
}
