import { propertiesOf } from '../../form/questions.ts'
import { isSame, type Json, type JsonObject, named, objectOf, partOf, patchBetween, patched } from './json-parts.ts'
import { conditionOf, conditionText, isRowName, partsOf, type Question, questionOf } from './questions.ts'

/** A form as rows of questions and back. What rows cannot say is a patch; where even that fails the whole form is one. */

/** A form's schema and look, or those of a table's rows. */
export type FormPart = { readonly schema: JsonObject; readonly ui: JsonObject }
/** The rows of a form in the order in which it asks, its title, and what they do not say. */
export type FormRows = {
  readonly questions: readonly Question[]
  readonly title: string | undefined
  readonly patch: JsonObject | undefined
}
/** Where in the form a row ended up. */
export type FormPlace = { readonly path: readonly (string | number)[]; readonly row: number }
/** A form that was put together. */
export type BuiltForm = FormPart & { readonly places: readonly FormPlace[] }

type Node = {
  readonly name: string
  readonly question: Question
  readonly row: number
  readonly below: readonly Node[]
}

const dialect = 'https://json-schema.org/draft/2020-12/schema'

/** A form as rows. `formOf` gives the same form again. */
export function rowsOf(form: FormPart): FormRows {
  const title = typeof form.schema.title === 'string' ? form.schema.title : undefined
  const { nodes, patch } = flatten(form, true, title)
  const isWhole = patch !== undefined && 'whole' in patch
  return { questions: listed(nodes, ''), title: isWhole ? undefined : title, patch }
}

function listed(nodes: readonly Node[], prefix: string): Question[] {
  return nodes.flatMap(({ name, question, below }) => [
    { ...question, name: `${prefix}${name}` },
    ...listed(below, `${prefix}${name}.`),
  ])
}

/** The form that rows mean. Rows of tables follow the row of their table; rows without a table are left out (`lostRows`). */
export function formOf({ questions, title, patch }: FormRows): BuiltForm {
  return build(treeOf(questions), patch, true, title)
}

/** Places of rows that belong to a table that is not there. */
export function lostRows(questions: readonly Question[]): number[] {
  const kept = new Set(rowsIn(treeOf(questions)))
  return questions.flatMap((_, row) => (kept.has(row) ? [] : [row]))
}

const rowsIn = (nodes: readonly Node[]): number[] => nodes.flatMap(({ row, below }) => [row, ...rowsIn(below)])

type Growing = { name: string; question: Question; row: number; below: Growing[] }

function treeOf(questions: readonly Question[]): readonly Node[] {
  const top: Growing[] = []
  const tables = new Map<string, Growing>()
  questions.forEach((question, row) => {
    const whole = String(partOf(question, 'name') ?? '')
    const cut = whole.lastIndexOf('.')
    const parent = cut === -1 ? undefined : tables.get(whole.slice(0, cut))
    if (cut !== -1 && parent === undefined) return
    const node: Growing = { name: whole.slice(cut + 1), question, row, below: [] }
    if (partOf(question, 'kind') === 'table') tables.set(whole, node)
    ;(parent?.below ?? top).push(node)
  })
  return top
}

function flatten(
  part: FormPart,
  isTop: boolean,
  title?: string,
): { nodes: readonly Node[]; patch: JsonObject | undefined } {
  for (const takesBranches of [true, false]) {
    const nodes = nodesOf(part, takesBranches)
    if (nodes === undefined) continue
    const bare = build(nodes, undefined, isTop, title)
    const changes = { schema: patchBetween(bare.schema, part.schema), ui: patchBetween(bare.ui, part.ui) }
    const told = Object.entries(changes).filter(([, change]) => Object.keys(change).length > 0)
    const patch = told.length === 0 ? undefined : named(told)
    const { schema, ui } = build(nodes, patch, isTop, title)
    if (isSame({ schema, ui }, { schema: part.schema, ui: part.ui })) return { nodes, patch }
  }
  return { nodes: [], patch: { whole: { schema: part.schema, ui: part.ui } } }
}

/** The questions of a part in the order in which it asks them; undefined where its branches are no rows. */
function nodesOf(part: FormPart, takesBranches: boolean): readonly Node[] | undefined {
  const branches = takesBranches ? branchesOf(part.schema) : []
  if (branches === undefined) return undefined
  const order = Array.isArray(part.ui['ui:order']) ? part.ui['ui:order'] : []
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const own = questionsIn(part.schema, part.ui, undefined)
  const nodes = [...own, ...branches.flatMap(({ when, asked }) => questionsIn(asked, part.ui, when))]
  return nodes.toSorted((a, b) => place(a.name) - place(b.name))
}

function questionsIn(schema: JsonObject, ui: JsonObject, when: string | undefined): Node[] {
  const required = Array.isArray(schema.required) ? schema.required : []
  const entries = Object.entries(objectOf(schema.properties) ?? {}).filter(([name]) => isRowName(name))
  return entries.map(([name, property]) => {
    const look = partOf(ui, name)
    const question = questionOf(name, property, look)
    const table = partOf(question, 'kind') === 'table' ? objectOf(partOf(property, 'items')) : undefined
    const rows =
      table === undefined ? undefined : flatten({ schema: table, ui: objectOf(partOf(look, 'items')) ?? {} }, false)
    const marks = named([
      ...(required.includes(name) ? ([['required', true]] as const) : []),
      ...(when === undefined ? [] : ([['when', when]] as const)),
      ...(rows?.patch === undefined ? [] : ([['items', rows.patch]] as const)),
    ])
    return { name, question: { ...question, ...marks }, row: 0, below: rows?.nodes ?? [] }
  })
}

type Branch = { readonly when: string; readonly asked: JsonObject }

/** Branches as rows say them: one `if` and `then`, or several in `allOf`. Undefined where there is anything else. */
function branchesOf(schema: JsonObject): readonly Branch[] | undefined {
  const { if: test, then, else: otherwise, allOf } = schema
  if (test === undefined && then === undefined && otherwise === undefined && allOf === undefined) return []
  if (allOf === undefined) {
    const only = otherwise === undefined ? branchOf(branchPart(test ?? null, then ?? null)) : undefined
    return only === undefined ? undefined : [only]
  }
  const all = test === undefined && then === undefined && Array.isArray(allOf) ? allOf.map(branchOf) : [undefined]
  const found = all.filter((branch) => branch !== undefined)
  return found.length === all.length && found.length > 1 ? found : undefined
}

function branchOf(value: Json): Branch | undefined {
  const [test, asked] = [partOf(value, 'if'), objectOf(partOf(value, 'then'))]
  if (test === undefined || asked === undefined || Object.keys(objectOf(value) ?? {}).length !== 2) return undefined
  const when = conditionText(test)
  return when === undefined ? undefined : { when, asked }
}

const branchPart = (test: Json, asked: Json): JsonObject =>
  named([
    ['if', test],
    ['then', asked],
  ])

function build(nodes: readonly Node[], patch: JsonObject | undefined, isTop: boolean, title?: string): BuiltForm {
  const whole = partOf(patch, 'whole')
  if (whole !== undefined)
    return { schema: objectOf(partOf(whole, 'schema')) ?? {}, ui: objectOf(partOf(whole, 'ui')) ?? {}, places: [] }
  const parts = nodes.map(partsOfNode)
  const conditions = [...new Set(nodes.flatMap(({ question }) => whenOf(question) ?? []))]
  const own = group(nodes, parts, undefined)
  const branches = conditions.map((when) => branchPart(conditionOf(when), group(nodes, parts, when)))
  const base = isTop ? { $schema: dialect, type: 'object' } : { type: 'object' }
  const bare: JsonObject = {
    ...base,
    ...(title === undefined ? {} : { title }),
    ...own,
    ...(branches.length > 1 ? { allOf: branches } : branches[0]),
  }
  const looks = parts.flatMap(({ name, look }): [string, Json][] => (look === undefined ? [] : [[name, look]]))
  const names = [...new Set(nodes.map(({ name }) => name))]
  const bareUi: JsonObject = names.length === 0 ? {} : { ...named(looks), 'ui:order': names }
  const schema = withRequired(bare, objectOf(partOf(patch, 'schema')) ?? {}, nodes)
  const ui = withOrder(bareUi, objectOf(partOf(patch, 'ui')) ?? {}, schema)
  return { schema, ui, places: parts.flatMap((part, at) => placesOf(part, nodes[at], conditions)) }
}

type NodeParts = {
  readonly name: string
  readonly property: Json
  readonly look: Json | undefined
  readonly below: readonly FormPlace[]
}

function partsOfNode({ name, question, below }: Node): NodeParts {
  const { property, look } = partsOf(question)
  if (partOf(question, 'kind') !== 'table') return { name, property, look, below: [] }
  const rows = build(below, objectOf(partOf(question, 'items')), false)
  const isLooked = Object.keys(rows.ui).length > 0
  return {
    name,
    property: { ...objectOf(property), items: rows.schema },
    look: isLooked ? { ...objectOf(look), items: rows.ui } : look,
    below: rows.places,
  }
}

function placesOf({ name, below }: NodeParts, node: Node | undefined, conditions: readonly string[]): FormPlace[] {
  if (node === undefined) return []
  const when = whenOf(node.question)
  const branch =
    when === undefined ? [] : conditions.length > 1 ? ['allOf', conditions.indexOf(when), 'then'] : ['then']
  const schema = ['schema', ...branch, 'properties', name]
  const inner = below.flatMap(({ path: [side = '', ...rest], row }): FormPlace[] => [
    { path: side === 'schema' ? [...schema, 'items', ...rest] : ['ui', name, 'items', ...rest], row },
  ])
  return [{ path: schema, row: node.row }, { path: ['ui', name], row: node.row }, ...inner]
}

function whenOf(question: Question): string | undefined {
  const when = partOf(question, 'when')
  return typeof when === 'string' ? when : undefined
}

/** The questions that are asked at one time: properties and the names of those that must be answered. */
function group(nodes: readonly Node[], parts: readonly NodeParts[], when: string | undefined): JsonObject {
  const asked = nodes.flatMap(({ question }, at) => (whenOf(question) === when ? [{ question, part: parts[at] }] : []))
  const properties = asked.flatMap(({ part }): [string, Json][] =>
    part === undefined ? [] : [[part.name, part.property]],
  )
  const required = asked.flatMap(({ question, part }) =>
    partOf(question, 'required') === true && part !== undefined ? [part.name] : [],
  )
  return {
    ...(properties.length === 0 ? {} : { properties: named(properties) }),
    ...(required.length === 0 ? {} : { required }),
  }
}

/** A patch's `required` is only an order: whether a question must be answered stands in its row. */
function withRequired(bare: JsonObject, patch: JsonObject, nodes: readonly Node[]): JsonObject {
  const hint = patch.required
  const made = patched(
    bare,
    named(Object.entries(patch).filter(([name]) => name !== 'required' || !Array.isArray(hint))),
  )
  if (!Array.isArray(hint)) return made
  const rows = new Set(nodes.filter(({ question }) => whenOf(question) === undefined).map(({ name }) => name))
  const derived = Array.isArray(bare.required) ? bare.required : []
  const kept = hint.filter((name) => derived.includes(name) || !rows.has(String(name)))
  return { ...made, required: [...kept, ...derived.filter((name) => !kept.includes(name))] }
}

/** A patch's `ui:order` is an order alone too: questions that it does not name come behind. */
function withOrder(bare: JsonObject, patch: JsonObject, schema: JsonObject): JsonObject {
  const made = patched(bare, patch)
  const order = patch['ui:order']
  if (!Array.isArray(order) || order.includes('*')) return made
  const missing = Object.keys(propertiesOf(schema as never)).filter((name) => !order.includes(name))
  return missing.length === 0 ? made : { ...made, 'ui:order': [...order, ...missing] }
}
