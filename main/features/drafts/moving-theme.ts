import { createHash } from 'node:crypto'
import type { DraftMoveOffer } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { questionsOf } from '../../standards/form/questions.ts'
import { compareDocuments } from '../../standards/index.ts'
import type { KnownTheme, ThemeToday } from '../matters/index.ts'
import { basisOf, type DraftBasis, pinsOf } from './basis.ts'
import { matterDifferences } from './differences.ts'
import type { MoveStep, MovingPorts } from './moving.ts'
import type { DraftRow } from './store.ts'

type ThemeRow = DraftRow & { readonly theme: NonNullable<DraftRow['theme']> }

/**
 * The step of a theme's draft to the theme and its matters as they stand today; undefined where nothing changed or none of them is
 * open. All its matters count, the chosen and the others: what was answered for one that is not chosen stays.
 */
export function themeStep(context: DeskContext, ports: MovingPorts, row: ThemeRow): MoveStep | undefined {
  const today = ports.themeToday(row.itemId)
  if (today === undefined) return undefined
  const before = basisOf(ports, row, 'all')
  const theme = pinsOf(today, row.theme, context.newId)
  const moved = { ...row, standardVersion: today.theme.version, theme }
  const after = basisOf(ports, moved, 'all')
  const mark = markOf(after, today.inner)
  if (markOf(before, innerOf(ports, row)) === mark) return undefined
  const { asked } = basisOf(ports, moved)
  const questions = new Set(questionsOf(asked.form).map(({ path }) => path))
  const materials = new Set(asked.materials.map(({ id }) => id))
  return {
    ...{ mark, before: before.asked, after: after.asked, theme },
    isAsked: { answer: (path) => questions.has(path), material: (requirementId) => materials.has(requirementId) },
    changes: themeChanges(before, innerOf(ports, row), today),
    members: memberFates(context, row, before, today),
  }
}

/** One text for everything that a theme's draft is filled in by: two that differ in anything have another. */
function markOf({ theme, matters }: DraftBasis, inner: readonly KnownTheme[]): string {
  const parts = [theme?.sha256 ?? '', ...inner.map(({ sha256 }) => sha256), '', ...matters.map(({ sha256 }) => sha256)]
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}

function innerOf(ports: MovingPorts, { theme }: ThemeRow): KnownTheme[] {
  return theme.inner.flatMap(({ themeId, version }) => ports.theme(themeId, version) ?? [])
}

function themeChanges(
  { theme, matters }: DraftBasis,
  inner: readonly KnownTheme[],
  today: ThemeToday,
): DraftMoveOffer['changes'] {
  if (theme === null || theme.sha256 === today.sha256) return []
  const names = new Map<string, string>([
    ...matters.map(({ standard }) => [`matter ${standard.itemId}`, standard.name] as const),
    ...today.members.map(({ itemId, name }) => [`matter ${itemId}`, name] as const),
    ...[...inner, ...today.inner].map(({ theme: one }) => [`theme ${one.themeId}`, one.name] as const),
  ])
  return compareDocuments({ kind: 'theme', value: theme.theme }, { kind: 'theme', value: today.theme }, (kind, id) =>
    names.get(`${kind} ${id}`),
  )
}

/** What became of each matter, in the theme's order; those that stayed as they were are not told. */
function memberFates(
  context: DeskContext,
  row: ThemeRow,
  before: DraftBasis,
  today: ThemeToday,
): DraftMoveOffer['members'] {
  const wanted = (itemId: string) => row.theme.members.some((member) => member.itemId === itemId && member.wanted)
  const gone = before.matters.flatMap((matter): DraftMoveOffer['members'] => {
    const { itemId, name } = matter.standard
    const still = today.members.find((member) => member.itemId === itemId)
    if (still?.known !== undefined) return []
    return [{ itemId, name, fate: still === undefined ? 'left' : 'closed', wanted: wanted(itemId), changes: [] }]
  })
  const here = today.members.flatMap(({ itemId, name, known }): DraftMoveOffer['members'] => {
    if (known === undefined) return []
    const had = before.matters.find(({ standard }) => standard.itemId === itemId)
    if (had === undefined) return [{ itemId, name, fate: 'new', wanted: false, changes: [] }]
    if (had.sha256 === known.sha256) return []
    const changes = matterDifferences(context, had.standard, known.standard)
    return [{ itemId, name, fate: 'changed', wanted: wanted(itemId), changes }]
  })
  return [...gone, ...here]
}
