// Owns: changing the questions of a form, or of a table's rows: one at a time, everything else stays as it is written.
// Does not own: reading them (form-reading.ts), conditions (condition-edit.ts).
// Start here: `withQuestion`.
import {
  isSameJson,
  type JsonObject,
  type JsonValue,
  listOf,
  objectOf,
  type Path,
  textOf,
  valueAt,
  withPart,
  withValueAt,
} from '../json-edit.ts'
import { type EditedQuestion, type Level, questionsIn } from './form-reading.ts'
import { answerOfKind, lookOfKind, type QuestionChoice, type QuestionKind, withChoices } from './kinds.ts'

/** What may be written otherwise of a question; what is not named stays. */
export type QuestionChange = {
  readonly title?: string
  readonly kind?: Exclude<QuestionKind, 'other'>
  readonly choices?: readonly QuestionChoice[]
  /** Keywords of its schema; undefined takes one away. */
  readonly keywords?: Readonly<Record<string, JsonValue | undefined>>
  readonly isRequired?: boolean
  readonly group?: string
  readonly isWide?: boolean
  readonly addLabel?: string
  readonly help?: string
  readonly placeholder?: string
}

/** The level with one of its questions written otherwise; the very same where nothing changes, or where only the source can write it. */
export function withQuestion(level: Level, name: string, change: QuestionChange): Level {
  const question = questionsIn(level).find((one) => one.name === name)
  if (question === undefined || question.isInSource) return level
  const asked = withProperty(level, question, changedProperty(question, change))
  const looked = withLook(asked, name, changedLook(question, change))
  return change.isRequired === undefined ? looked : withRequired(looked, question, change.isRequired)
}

function changedProperty({ property, kind }: EditedQuestion, change: QuestionChange): JsonObject {
  const isTitled = change.title === undefined || change.title === textOf(property.title)
  const titled = isTitled ? property : withPart(property, 'title', change.title)
  const answered = change.kind === undefined || change.kind === kind ? titled : answerOfKind(change.kind, titled)
  const offered = change.choices === undefined ? answered : withChoices(answered, change.choices)
  return Object.entries(change.keywords ?? {}).reduce((made, [key, value]) => withPart(made, key, value), offered)
}

function changedLook({ look, kind }: EditedQuestion, change: QuestionChange): JsonObject {
  const drawn = change.kind === undefined || change.kind === kind ? look : lookOfKind(change.kind, look)
  const told = withText(withText(drawn, 'ui:help', change.help), 'ui:placeholder', change.placeholder)
  const options = objectOf(told['ui:options'])
  const grouped = withText(withText(options, 'group', change.group), 'addLabel', change.addLabel)
  const isAsWide = change.isWide === undefined || change.isWide === (options.wide === true)
  const wide = isAsWide ? grouped : withPart(grouped, 'wide', change.isWide || undefined)
  return wide === options ? told : withPart(told, 'ui:options', wide)
}

/** A text that is left out where it is empty. */
const withText = (value: JsonObject, name: string, text: string | undefined): JsonObject =>
  text === undefined || text === textOf(value[name]) ? value : withPart(value, name, text === '' ? undefined : text)

function withProperty(level: Level, { name, home, property }: EditedQuestion, next: JsonObject): Level {
  return next === property ? level : objectOf(withValueAt(level, ['schema', ...home, 'properties', name], next))
}

function withLook(level: Level, name: string, next: JsonObject): Level {
  const before = valueAt(level.ui, [name])
  if (isSameJson(objectOf(before), next)) return level
  return objectOf(withValueAt(level, ['ui', name], next))
}

function withRequired(level: Level, { name, home }: EditedQuestion, isRequired: boolean): Level {
  const path: Path = ['schema', ...home, 'required']
  const before = listOf(valueAt(level, path))
  if (before.includes(name) === isRequired) return level
  const next = isRequired ? [...before, name] : before.filter((one) => one !== name)
  return objectOf(withValueAt(level, path, next))
}

/** What a new question begins with. `after`: the question that it comes behind, in its group and on its condition; the last one without it. */
export type NewQuestion = { readonly stem: string; readonly after?: string; readonly title?: string }

/** The level with a new question of one line, and its name. */
export function withNewQuestion(
  level: Level,
  { stem, after, title = '' }: NewQuestion,
): { readonly level: Level; readonly name: string } {
  const questions = questionsIn(level)
  const name = freshName(stem, questions)
  const behind = questions.find((one) => one.name === after) ?? questions.at(-1)
  const home = after === undefined || behind?.isInSource === true ? [] : (behind?.home ?? [])
  const group = behind?.group ?? ''
  const look: JsonObject = group === '' ? {} : { 'ui:options': { group } }
  const property = answerOfKind('text', { title })
  return { name, level: inserted(level, { name, home, property, look }, behind?.name) }
}

/** The level with a copy of a question behind it, and the copy's name. */
export function withCopyOf(level: Level, name: string): { readonly level: Level; readonly name: string } {
  const questions = questionsIn(level)
  const question = questions.find((one) => one.name === name)
  if (question === undefined || question.isInSource) return { level, name }
  const copied = freshName(`${name.replace(/_?\d+$/u, '')}_`.slice(0, 50), questions)
  const property = withPart(question.property, 'title', `${question.title}（2）`)
  const made = inserted(level, { ...question, name: copied, property }, name)
  return { name: copied, level: withQuestion(made, copied, { isRequired: question.isRequired }) }
}

function inserted(
  level: Level,
  { name, home, property, look }: Pick<EditedQuestion, 'name' | 'home' | 'property' | 'look'>,
  behind: string | undefined,
): Level {
  const order = questionsIn(level).map((one) => one.name)
  const at = behind === undefined ? order.length : order.indexOf(behind) + 1
  const asked = objectOf(withValueAt(level, ['schema', ...home, 'properties', name], property))
  const ordered = withOrder(asked, order.toSpliced(at, 0, name))
  return Object.keys(look).length === 0 ? ordered : objectOf(withValueAt(ordered, ['ui', name], look))
}

function freshName(stem: string, questions: readonly EditedQuestion[]): string {
  const taken = new Set(questions.map(({ name }) => name))
  let number = stem.endsWith('_') ? 2 : questions.length + 1
  while (taken.has(`${stem}${number}`)) number += 1
  return `${stem}${number}`
}

const withOrder = (level: Level, order: readonly string[]): Level =>
  objectOf(withValueAt(level, ['ui', 'ui:order'], order))

/** The level with a question a place earlier (-1) or later (1). */
export function withQuestionMoved(level: Level, name: string, by: -1 | 1): Level {
  const order = questionsIn(level).map((one) => one.name)
  const at = order.indexOf(name)
  const to = at + by
  if (at < 0 || to < 0 || to >= order.length) return level
  return withOrder(level, order.toSpliced(at, 1).toSpliced(to, 0, name))
}

/** The level without a question; a condition under which nothing is asked any more goes with it. */
export function withoutQuestion(level: Level, name: string): Level {
  const question = questionsIn(level).find((one) => one.name === name)
  if (question === undefined || question.isInSource) return level
  const { [name]: _look, ...looks } = objectOf(level.ui)
  const order = listOf(looks['ui:order'])
  const ui = order.includes(name) ? { ...looks, 'ui:order': order.filter((one) => one !== name) } : looks
  return { ...level, schema: schemaWithout(objectOf(level.schema), question), ui }
}

/** The schema without a question where it stands. */
export function schemaWithout(schema: JsonObject, { name, home }: Pick<EditedQuestion, 'name' | 'home'>): JsonObject {
  const holder = objectOf(valueAt(schema, home))
  const { [name]: _gone, ...properties } = objectOf(holder.properties)
  const required = listOf(holder.required)
  const kept = required.includes(name) ? { required: required.filter((one) => one !== name) } : {}
  const next: JsonObject = { ...holder, properties, ...kept }
  const put = objectOf(withValueAt(schema, home, next))
  const isEmpty = Object.keys(properties).length === 0 && Object.keys(next).every((key) => emptyKeys.includes(key))
  return isEmpty && home.at(-1) === 'then' ? withoutBranch(put, home.slice(0, -1)) : put
}

const emptyKeys = ['properties', 'required']

/** A branch goes with its last question; one with an `else`, or with more in it, stays. */
function withoutBranch(schema: JsonObject, branch: Path): JsonObject {
  const holder = objectOf(valueAt(schema, branch))
  if (holder.else !== undefined) return schema
  const { if: _if, then: _then, ...rest } = holder
  if (branch.length === 0) return rest
  const isPart = branch.length === 2 && branch[0] === 'allOf' && Object.keys(rest).length === 0
  if (!isPart) return objectOf(withValueAt(schema, branch, rest))
  const all = listOf(schema.allOf).filter((_, at) => at !== branch[1])
  return withPart(schema, 'allOf', all.length === 0 ? undefined : all)
}

/** The rows of a table as a level of their own. */
export function rowsOf({ property, look }: EditedQuestion): Level {
  return { schema: objectOf(property.items), ui: objectOf(look.items) }
}

/** The level with other rows in one of its tables. */
export function withRows(level: Level, name: string, rows: Level): Level {
  const question = questionsIn(level).find((one) => one.name === name)
  if (question === undefined || question.isInSource) return level
  const asked = withProperty(level, question, withPart(question.property, 'items', rows.schema))
  if (isSameJson(objectOf(question.look.items), rows.ui)) return asked
  return withLook(asked, name, withPart(question.look, 'items', rows.ui))
}

/** A list with a new choice at its end; what is kept for it is a word that no other has. */
export function withNewChoice(choices: readonly QuestionChoice[]): QuestionChoice[] {
  const taken = new Set(choices.map(({ value }) => String(value)))
  let number = choices.length + 1
  while (taken.has(`choice${number}`)) number += 1
  return [...choices, { value: `choice${number}`, title: '' }]
}
