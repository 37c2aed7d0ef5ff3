import type { MaterialRequirement, MatterStandard, StandardForm } from '../../preload/contract/standard.ts'
import { deepestTheme, type Theme } from '../../preload/contract/standards/theme.ts'
import { asObject, type Json, type JsonObject, propertiesOf, textOf } from './form/questions.ts'

/** Finds the documents that a theme names; undefined for one that is not there. */
export type ThemeSources = {
  readonly matter: (itemId: string) => MatterStandard | undefined
  readonly theme: (themeId: string) => Theme | undefined
}

/** A matter of a theme, and its questions' names by which the theme asks them. */
export type ThemeMember = {
  readonly standard: MatterStandard
  readonly names: Readonly<Record<string, string>>
  /** For whom it is, in words; '' for everybody. */
  readonly when: string
}

/** What keeps a theme from being merged. */
export type ThemeFault =
  | {
      readonly why: 'unknown-member'
      readonly kind: 'matter' | 'theme'
      readonly id: string
      readonly when: string
      readonly at: number
    }
  | { readonly why: 'cycle' | 'too-deep'; readonly id: string; readonly at: number }
  | { readonly why: 'twice'; readonly id: string; readonly at: number }
  | { readonly why: 'unknown-question'; readonly id: string; readonly name: string; readonly at: number }
  | { readonly why: 'conflict'; readonly name: string; readonly ids: readonly [string, string]; readonly at: number }

/** A theme as one takes it in: its form, its materials each once, its matters in order. */
export type MergedTheme = {
  readonly form: StandardForm
  readonly materials: readonly (MaterialRequirement & { readonly itemIds: readonly string[] })[]
  readonly members: readonly ThemeMember[]
  readonly faults: readonly ThemeFault[]
}

type Found = { readonly member: ThemeMember; readonly at: number }

/** The matters of a theme, those of themes within it too, in order; a circle, a stranger or a second mention is told and left out. */
export function membersOf(
  theme: Theme,
  sources: ThemeSources,
): { readonly found: Found[]; readonly faults: ThemeFault[] } {
  const faults: ThemeFault[] = []
  const found: Found[] = []
  const walk = (one: Theme, above: readonly string[], topAt: number | undefined, whenAbove: string) => {
    one.members.forEach(({ kind, id, answers, when: ownWhen }, index) => {
      const at = topAt ?? index
      const when = [whenAbove, ownWhen].filter((words) => words !== '').join('；')
      if (kind === 'theme') {
        if ([...above, one.themeId].includes(id)) faults.push({ why: 'cycle', id, at })
        else if (above.length + 2 > deepestTheme) faults.push({ why: 'too-deep', id, at })
        else {
          const inner = sources.theme(id)
          if (inner === undefined) faults.push({ why: 'unknown-member', kind, id, when, at })
          else walk(inner, [...above, one.themeId], at, when)
        }
        return
      }
      const standard = sources.matter(id)
      if (standard === undefined) faults.push({ why: 'unknown-member', kind, id, when, at })
      else if (found.some(({ member }) => member.standard.itemId === id)) faults.push({ why: 'twice', id, at })
      else found.push({ member: { standard, names: answers, when }, at })
    })
  }
  walk(theme, [], undefined, '')
  return { found, faults }
}

/**
 * One form and one list of materials for all matters of a theme. A question that several matters ask under the same name
 * is asked once; it must be the same question, or it is told as a conflict (the first one's stands). A material with a
 * shared reuse key is asked once, as strictly as the strictest matter does. Never throws; what could not be merged is in
 * `faults`.
 */
export function mergeTheme(theme: Theme, sources: ThemeSources): MergedTheme {
  const { found, faults } = membersOf(theme, sources)
  const members = found.map(({ member }) => member)
  return {
    form: mergeForms(theme, found, faults),
    materials: mergeMaterials(theme, members),
    members,
    faults,
  }
}

/** The id under which a theme asks for a material of one of its matters. */
export function themeMaterialId(theme: Theme, itemId: string, { id, reuseKey }: MaterialRequirement): string {
  return reuseKey !== undefined && theme.sharedMaterials.includes(reuseKey) ? reuseKey : `${itemId}:${id}`
}

/** The answers of one matter out of those of the theme, under the matter's own names. */
export function answersOfMember(
  { standard, names }: ThemeMember,
  answers: Readonly<Record<string, Json>>,
): Record<string, Json> {
  const own = Object.keys(propertiesOf(asObject(standard.form.schema)))
  return Object.fromEntries(
    own.flatMap((name) => {
      const value = answers[names[name] ?? name]
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

function mergeForms(theme: Theme, found: readonly Found[], faults: ThemeFault[]): StandardForm {
  const known = new Map<string, { readonly schema: Json; readonly look: Json; readonly id: string }>()
  const asked = new Map<string, Json>()
  const branches = new Map<string, Json>()
  const required = new Set<string>()
  for (const { member, at } of found) {
    const { form, itemId } = member.standard
    const schema = asObject(form.schema)
    const named = renamer(member.names)
    const own = asObject(schema.properties)
    const strangers = Object.keys(member.names).filter((name) => !Object.hasOwn(propertiesOf(schema), name))
    for (const name of strangers) faults.push({ why: 'unknown-question', id: itemId, name, at })
    for (const [name, question] of inOrder(form)) {
      const before = known.get(named(name))
      if (before === undefined) known.set(named(name), { schema: question, look: form.ui[name] ?? {}, id: itemId })
      else if (!isSameQuestion(before.schema, question))
        faults.push({ why: 'conflict', name: named(name), ids: [before.id, itemId], at })
      if (Object.hasOwn(own, name) && !asked.has(named(name))) asked.set(named(name), before?.schema ?? question)
    }
    for (const name of namesOf(schema.required)) required.add(named(name))
    for (const branch of branchesOf(schema, named)) branches.set(JSON.stringify(branch), branch)
  }
  const allOf = [...branches.values()]
  return {
    schema: {
      type: 'object',
      title: theme.name,
      properties: Object.fromEntries(asked),
      required: [...required],
      ...(allOf.length === 0 ? {} : { allOf }),
    },
    ui: lookOf(new Map([...known].map(([name, { look }]) => [name, look]))),
    applicant: applicantOf(found[0]?.member),
  }
}

const renamer =
  (names: Readonly<Record<string, string>>) =>
  (name: string): string =>
    (Object.hasOwn(names, name) ? names[name] : undefined) ?? name

const namesOf = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(textOf) : [])

/** All questions of a form, those of its conditional parts included, in its order. */
function inOrder(form: StandardForm): [string, Json][] {
  const order = namesOf(form.ui['ui:order'])
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return Object.entries(propertiesOf(asObject(form.schema))).toSorted(([a], [b]) => place(a) - place(b))
}

/** Two questions are one if everything but their words is the same. */
function isSameQuestion(one: Json, other: Json): boolean {
  const bare = (schema: Json) => {
    const { title: _, description: __, default: ___, ...rest } = asObject(schema)
    return JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }
  return bare(one) === bare(other)
}

function branchesOf(schema: JsonObject, named: (name: string) => string): Json[] {
  const own = schema.if === undefined ? [] : [pick(schema, ['if', 'then', 'else'])]
  const all = Array.isArray(schema.allOf) ? schema.allOf : []
  return [...own, ...all].map((branch) => rename(asObject(branch), named))
}

function pick(schema: JsonObject, keywords: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keywords.includes(keyword)))
}

/** A part of a schema about the form's top level, with its questions renamed. */
function rename(schema: JsonObject, named: (name: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]): [string, Json] => {
      if (keyword === 'properties')
        return [keyword, Object.fromEntries(Object.entries(asObject(value)).map(([name, part]) => [named(name), part]))]
      if (keyword === 'required') return [keyword, namesOf(value).map(named)]
      if (keyword === 'allOf' && Array.isArray(value))
        return [keyword, value.map((part) => rename(asObject(part), named))]
      const isBranch = keyword === 'if' || keyword === 'then' || keyword === 'else'
      return [keyword, isBranch ? rename(asObject(value), named) : value]
    }),
  )
}

/** The looks of all questions; questions of a group stand together, groups in the order in which they come up first. */
function lookOf(looks: ReadonlyMap<string, Json>): Record<string, Json> {
  const groupOf = (name: string) => textOf(asObject(asObject(looks.get(name))['ui:options']).group ?? '')
  const groups = [...new Set([...looks.keys()].map(groupOf))]
  const order = [...looks.keys()].toSorted((a, b) => groups.indexOf(groupOf(a)) - groups.indexOf(groupOf(b)))
  return { 'ui:order': order, ...Object.fromEntries(looks) }
}

function applicantOf(member: ThemeMember | undefined): StandardForm['applicant'] {
  const applicant = member?.standard.form.applicant ?? { name: 'name', idNumber: 'idNumber', phone: 'phone' }
  const named = renamer(member?.names ?? {})
  return { name: named(applicant.name), idNumber: named(applicant.idNumber), phone: named(applicant.phone) }
}

const strictness = { 1: 0, 3: 1, 2: 2 } as const

function mergeMaterials(theme: Theme, members: readonly ThemeMember[]): MergedTheme['materials'] {
  const merged: (MaterialRequirement & { readonly itemIds: readonly string[] })[] = []
  for (const { standard } of members) {
    for (const material of standard.materials) {
      const id = themeMaterialId(theme, standard.itemId, material)
      const at = merged.findIndex((one) => one.id === id)
      const before = merged[at]
      if (before === undefined) merged.push({ ...material, id, itemIds: [standard.itemId] })
      else merged[at] = stricter(before, material, standard.itemId)
    }
  }
  return merged
}

function stricter<T extends MaterialRequirement & { readonly itemIds: readonly string[] }>(
  before: T,
  material: MaterialRequirement,
  itemId: string,
): T {
  const isStricter = strictness[material.necessity] < strictness[before.necessity]
  const within = [before, material].flatMap((one) => one.laterWithinWorkdays ?? [])
  return {
    ...before,
    ...(within.length === 0 ? {} : { laterWithinWorkdays: Math.min(...within) }),
    necessity: isStricter ? material.necessity : before.necessity,
    originals: Math.max(before.originals, material.originals),
    copies: Math.max(before.copies, material.copies),
    acceptancePoints: [...new Set([...before.acceptancePoints, ...material.acceptancePoints])].slice(0, 20),
    itemIds: [...new Set([...before.itemIds, itemId])],
  }
}
