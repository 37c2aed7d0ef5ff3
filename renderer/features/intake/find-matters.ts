import type { MatterSummary } from '../../../preload/contract/views.ts'

/** How many matters stand as cards before anything is typed. */
const mostUsedCount = 12

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '')

/** 0 = the name begins so, 1 = the name has it, 2 = another name has it, 3 = by pinyin or code; undefined = not this one. */
function rankOf(matter: MatterSummary, sought: string): number | undefined {
  if (plain(matter.name).startsWith(sought)) return 0
  if (plain(matter.name).includes(sought)) return 1
  if (matter.aliases.some((alias) => plain(alias).includes(sought))) return 2
  const keys = [...matter.searchKeys, matter.code]
  return keys.some((key) => plain(key).startsWith(sought)) ? 3 : undefined
}

/**
 * The matters that fit what was typed: words of the name or of another name, pinyin or its initials, the code. The order
 * given (most used first) breaks ties. Nothing typed gives the most used ones.
 */
export function findMatters(matters: readonly MatterSummary[], typed: string): readonly MatterSummary[] {
  const sought = plain(typed)
  if (sought === '') return matters.slice(0, mostUsedCount)
  return matters
    .flatMap((matter) => {
      const rank = rankOf(matter, sought)
      return rank === undefined ? [] : [{ matter, rank }]
    })
    .sort((one, other) => one.rank - other.rank)
    .map(({ matter }) => matter)
}
