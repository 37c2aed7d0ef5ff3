// Owns: the questions of a form, or of a table's rows, as the editor shows them: what each asks, where it stands, on which answers.
// Does not own: changing them (form-edit.ts, condition-edit.ts).
// Start here: `questionsIn`.
import { type FormCondition, readCondition } from '../../../../../preload/contract/standards/form-conditions.ts'
import {
  type JsonObject,
  type JsonValue,
  listOf,
  objectOf,
  type Path,
  pointerOf,
  textOf,
  valueAt,
} from '../json-edit.ts'
import { kindOfQuestion, offeredChoices, type QuestionChoice, type QuestionKind } from './kinds.ts'

/** A form, or the rows of a table: an object with `schema` and `ui`. */
export type Level = JsonObject

/** A question of a level. */
export type EditedQuestion = {
  readonly name: string
  /** Steps from the schema to the object whose properties hold it: none, `then`, `allOf 1 then` … */
  readonly home: Path
  /** It stands in several branches at once: only the source can write it. */
  readonly isInSource: boolean
  readonly title: string
  readonly kind: QuestionKind
  readonly group: string
  readonly help: string
  readonly placeholder: string
  readonly isRequired: boolean
  readonly isWide: boolean
  readonly choices: readonly QuestionChoice[]
  readonly property: JsonObject
  readonly look: JsonObject
}

/** The questions of a level in the order in which they are shown, those asked on a condition too. */
export function questionsIn(level: Level): EditedQuestion[] {
  const ui = objectOf(level.ui)
  const homes = new Map<string, Path[]>()
  for (const [name, home] of placesIn(objectOf(level.schema), [])) homes.set(name, [...(homes.get(name) ?? []), home])
  const order = listOf(ui['ui:order']).map(textOf)
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return [...homes]
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([name, [home = [], ...more]]) => readQuestion(level, name, home, more.length > 0))
}

function readQuestion(level: Level, name: string, home: Path, isInSource: boolean): EditedQuestion {
  const holder = objectOf(valueAt(level.schema, home))
  const property = objectOf(valueAt(holder, ['properties', name]))
  const look = objectOf(valueAt(level.ui, [name]))
  const options = objectOf(look['ui:options'])
  return {
    ...{ name, home, isInSource, property, look },
    title: textOf(property.title),
    kind: kindOfQuestion(property, look),
    group: textOf(options.group),
    help: textOf(look['ui:help']),
    placeholder: textOf(look['ui:placeholder']),
    isRequired: listOf(holder.required).includes(name),
    isWide: options.wide === true,
    choices: offeredChoices(property),
  }
}

/** Every name with the place that holds it: the level's own first, then branch by branch. */
function placesIn(schema: JsonObject, at: Path): (readonly [name: string, home: Path])[] {
  if (at.length > 24) return []
  const own = Object.keys(objectOf(schema.properties)).map((name) => [name, at] as const)
  const branches = (['then', 'else'] as const).flatMap((keyword) =>
    schema[keyword] === undefined ? [] : placesIn(objectOf(schema[keyword]), [...at, keyword]),
  )
  const all = listOf(schema.allOf).flatMap((part, index) => placesIn(objectOf(part), [...at, 'allOf', index]))
  return [...own, ...branches, ...all]
}

/** On which answers a question is asked. `source`: in a way that only the source can write. */
export type Asked =
  | { readonly on: 'always' }
  | { readonly on: 'answers'; readonly condition: FormCondition }
  | { readonly on: 'source'; readonly written: JsonValue }

/** On which answers a question of a level is asked. */
export function askedOn(level: Level, { home }: Pick<EditedQuestion, 'home'>): Asked {
  const branch = branchOf(home)
  if (branch === undefined) return { on: 'always' }
  const written = valueAt(level.schema, [...branch, 'if']) ?? null
  const isPlain = (branch.length === 0 || isPartOfAll(branch)) && home.at(-1) === 'then'
  const condition = isPlain ? readCondition(written) : undefined
  return condition === undefined ? { on: 'source', written } : { on: 'answers', condition }
}

const isPartOfAll = (path: Path) => path.length === 2 && path[0] === 'allOf'

/** The steps to the object whose `then` or `else` a home lies in; undefined for one that is always asked. */
export function branchOf(home: Path): Path | undefined {
  const at = home.findLastIndex((step) => step === 'then' || step === 'else')
  return at < 0 ? undefined : home.slice(0, at)
}

/** The questions that stand under the same condition, itself included, in their order. */
export function askedTogether(questions: readonly EditedQuestion[], { home }: EditedQuestion): EditedQuestion[] {
  return questions.filter((one) => one.home.join('/') === home.join('/'))
}

/** The properties of all questions of a level by name, as words of conditions and rules need them. */
export function propertiesByName(questions: readonly EditedQuestion[]): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(questions.map(({ name, property }) => [name, property]))
}

/** The pointer to where a question stands in the document. */
export const pointerOfQuestion = (schemaAt: Path, { name, home }: Pick<EditedQuestion, 'name' | 'home'>): string =>
  pointerOf([...schemaAt, ...home, 'properties', name])
