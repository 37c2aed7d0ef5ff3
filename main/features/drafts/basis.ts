// Owns: what a draft is filled in by: one matter's standard, or the chosen matters of a 一件事 merged; which cases come of it.
// Does not own: how a theme is merged (main/standards/merge-theme.ts), the judgement (matters), moving to newer versions (moving.ts).
// Start here: `basisOf`.
import type { Answers, Material } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { DraftTheme } from '../../../preload/contract/hand-over.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { Draft, DraftForm } from '../../../preload/contract/views.ts'
import {
  answersOfMember,
  type MergedTheme,
  mergeTheme,
  type ThemeMember,
  themeMaterialId,
} from '../../standards/merge-theme.ts'
import type { KnownStandard, KnownTheme, ThemeToday } from '../matters/index.ts'
import type { DraftRow } from './store.ts'

/** What a draft asks, and what its 一次性告知单 is worded from. */
export type DraftAsked =
  | MatterStandard
  | Pick<MatterStandard, 'name' | 'department' | 'version' | 'sample' | 'form' | 'materials' | 'fee' | 'templates'>

/** A matter that a draft is for, with the id that its case gets. */
export type BasisMatter = ThemeMember & { readonly sha256: string; readonly caseId: string }

/** What a draft is filled in by. */
export type DraftBasis = {
  readonly asked: DraftAsked
  /** The chosen matters, in order. The case of a draft of one matter has the draft's id. */
  readonly matters: readonly BasisMatter[]
  /** Null for a draft of one matter. */
  readonly theme: (KnownTheme & { readonly materials: MergedTheme['materials'] }) | null
}

/** Where standards and themes of any version that was ever applied come from. */
export type BasisPorts = {
  /** Throws STANDARD_UNKNOWN. */
  readonly ofVersion: (itemId: string, version: number) => KnownStandard
  readonly theme: (themeId: string, version: number) => KnownTheme | undefined
}

/** What a draft's row says of its basis. */
type Pinned = Pick<DraftRow, 'draftId' | 'itemId' | 'standardVersion' | 'theme'>

/**
 * What a draft is filled in by; with `all` of a theme's draft the matters that are not chosen, too. Throws STANDARD_UNKNOWN where
 * its versions are not known here.
 */
export function basisOf(ports: BasisPorts, row: Pinned, which: 'chosen' | 'all' = 'chosen'): DraftBasis {
  if (row.theme === null) return basisOfMatter(ports.ofVersion(row.itemId, row.standardVersion), row.draftId)
  const known = ports.theme(row.itemId, row.standardVersion)
  if (known === undefined) throw new AppError('STANDARD_UNKNOWN', { itemId: row.itemId })
  const pins = row.theme.members.filter(({ wanted }) => wanted || which === 'all')
  const standards = new Map(pins.flatMap(({ itemId, version }) => knownOr(ports, itemId, version)))
  // A chosen matter is never left out in silence.
  const lost = which === 'chosen' ? pins.find(({ itemId }) => !standards.has(itemId)) : undefined
  if (lost !== undefined) throw new AppError('STANDARD_UNKNOWN', { itemId: lost.itemId })
  const { theme, inner } = { theme: known.theme, inner: row.theme.inner }
  const merged = mergeTheme(theme, {
    matter: (id) => standards.get(id)?.standard,
    theme: (id) => {
      const pin = inner.find(({ themeId }) => themeId === id)
      return pin && ports.theme(pin.themeId, pin.version)?.theme
    },
  })
  if (merged.members.length === 0) throw new AppError('STANDARD_UNKNOWN', { itemId: row.itemId })
  const matters = merged.members.flatMap((member): BasisMatter[] => {
    const pin = pins.find(({ itemId }) => itemId === member.standard.itemId)
    const sha256 = standards.get(member.standard.itemId)?.sha256
    return pin === undefined || sha256 === undefined ? [] : [{ ...member, sha256, caseId: pin.caseId }]
  })
  return { asked: askedByTheme(known, merged), matters, theme: { ...known, materials: merged.materials } }
}

function basisOfMatter({ standard, sha256 }: KnownStandard, draftId: string): DraftBasis {
  return { asked: standard, matters: [{ standard, sha256, names: {}, when: '', caseId: draftId }], theme: null }
}

function knownOr(ports: BasisPorts, itemId: string, version: number): [string, KnownStandard][] {
  try {
    return [[itemId, ports.ofVersion(itemId, version)]]
  } catch {
    return []
  }
}

function askedByTheme({ theme }: KnownTheme, { form, materials, members }: MergedTheme): DraftAsked {
  const fees = members.filter(({ standard }) => standard.fee.text !== '')
  return {
    ...{ name: theme.name, department: theme.department, version: theme.version, form },
    sample: theme.sample || members.some(({ standard }) => standard.sample),
    materials: [...materials],
    fee: {
      charged: members.some(({ standard }) => standard.fee.charged),
      text: fees.map(({ standard }) => `${standard.name}：${standard.fee.text}`).join('；'),
    },
    templates: [],
  }
}

/** The form of a theme's draft as the window draws it. */
export function formOf({ asked, theme, matters }: DraftBasis): DraftForm {
  const { name, department, version, sample, form } = asked
  const people = new Map(matters.map(personOf).map((person) => [person.idNumber, person]))
  return {
    ...{ name, department, version, sample, form, people: [...people.values()] },
    materials: (theme?.materials ?? []).map(unfrozen),
  }
}

/** Whom a matter asks about, by the theme's names for its questions. */
function personOf({ standard, names }: BasisMatter): DraftForm['people'][number] {
  const asked = (standard.form.schema.properties ?? {}) as object
  const named = (name: string) => names[name] ?? name
  return {
    idNumber: named(standard.form.applicant.idNumber),
    ...(Object.hasOwn(asked, 'birthDate') ? { birthDate: named('birthDate') } : {}),
    ...(Object.hasOwn(asked, 'sex') ? { sex: named('sex') } : {}),
  }
}

const unfrozen = (material: MergedTheme['materials'][number]): DraftForm['materials'][number] => ({
  ...material,
  itemIds: [...material.itemIds],
})

/** The answers of one matter of a draft, under its own names. */
export function answersFor({ theme }: DraftBasis, matter: BasisMatter, answers: Answers): Answers {
  return theme === null ? answers : answersOfMember(matter, answers)
}

/** The requirements of one matter that a requirement of the draft stands for. */
function requirementsFor({ theme }: DraftBasis, { standard }: BasisMatter, requirementId: string): string[] {
  if (theme === null) return [requirementId]
  return standard.materials
    .filter((material) => themeMaterialId(theme.theme, standard.itemId, material) === requirementId)
    .map(({ id }) => id)
}

/** What of a draft's promises concerns one matter, under its own names. */
export function laterFor(basis: DraftBasis, matter: BasisMatter, later: readonly string[]): string[] {
  return later.flatMap((requirementId) => requirementsFor(basis, matter, requirementId))
}

/**
 * What of a draft's materials one matter asks for, under its own names. A shared file is named for each requirement that it
 * serves; `newId` gives ids to all but the first, which keeps the one that it came under.
 */
export function materialsFor(
  basis: DraftBasis,
  matter: BasisMatter,
  handedIn: readonly Material[],
  newId: () => string,
): Material[] {
  const isFirst = basis.matters[0] === matter
  return handedIn.flatMap((material) =>
    requirementsFor(basis, matter, material.requirementId).map((requirementId, at) => ({
      ...material,
      materialId: isFirst && at === 0 ? material.materialId : newId(),
      requirementId,
    })),
  )
}

/** What a draft of a theme is pinned to as the theme stands today. Of matters that it had before, case and choice stay; new ones are not chosen. */
export function pinsOf(today: ThemeToday, before: DraftTheme | null, newId: () => string): DraftTheme {
  const members = today.members.flatMap(({ itemId, known }) => {
    if (known === undefined) return []
    const had = before?.members.find((member) => member.itemId === itemId)
    const wanted = before === null || had?.wanted === true
    return [{ itemId, version: known.standard.version, wanted, caseId: had?.caseId ?? newId() }]
  })
  const isNoneWanted = members.every(({ wanted }) => !wanted)
  return {
    inner: today.inner.map(({ theme: { themeId, version } }) => ({ themeId, version })),
    members: isNoneWanted ? members.map((member) => ({ ...member, wanted: true })) : members,
  }
}

/** The matters of a theme's draft as the window shows them; null for a draft of one matter. */
export function themeViewOf(
  ports: BasisPorts & { readonly themeToday: (themeId: string) => ThemeToday | undefined },
  row: DraftRow,
): Draft['theme'] {
  if (row.theme === null) return null
  const { theme } = row
  const known = ports.theme(row.itemId, row.standardVersion)
  const found = known === undefined ? [] : basisOf(ports, row, 'all').matters
  const closed = (ports.themeToday(row.itemId)?.members ?? [])
    .filter(({ itemId, known: open }) => open === undefined && !theme.members.some((one) => one.itemId === itemId))
    .map(({ name }) => name)
  const members = theme.members.map(({ itemId, version, wanted }) => {
    const member = found.find(({ standard }) => standard.itemId === itemId)
    return { ...{ itemId, version, wanted }, name: member?.standard.name ?? itemId, when: member?.when ?? '' }
  })
  return { description: known?.theme.description ?? '', members, closed }
}
