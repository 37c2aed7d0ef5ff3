// Owns: which part of JSON Schema 2020-12 a form may use, and within which bounds, so that no form can hurt a window.
// Does not own: whether a form makes sense (main/standards), drawing and judging it.
// Start here: formFaults.
import { textOf } from './form-names.ts'
import { patternWork } from './pattern.ts'

/** Bounds of a form: bytes are bounded with the document; a text without `maxLength` and a table without `maxItems` count as these. */
export const formBounds = {
  depth: 12,
  parts: 6000,
  properties: 200,
  choices: 400,
  characters: 2000,
  rows: 100,
  /** More rows than this no table may ask for: rows are held against each other. */
  mostRows: 500,
  /** Steps of all patterns over all rows, judged once. */
  patternSteps: 20_000_000,
} as const

/** What is wrong with a form's schema. `detail` names the keyword, format, pattern or name. */
export type FormFault = {
  readonly why:
    | 'keyword'
    | 'reference'
    | 'format'
    | 'type'
    | 'name'
    | 'shape'
    | 'too-deep'
    | 'too-many-parts'
    | `pattern-${'too-long' | 'syntax' | 'not-allowed' | 'explodes'}`
  /** JSON Pointer into the schema. */
  readonly pointer: string
  readonly detail: string
}

/** Every keyword that is understood; any other is refused, so that nobody believes in a check that never runs. */
export const formKeywords = [
  '$schema',
  'title',
  'description',
  'type',
  'properties',
  'required',
  'items',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'enum',
  'const',
  'oneOf',
  'default',
  'if',
  'then',
  'else',
  'allOf',
  'additionalProperties',
] as const

/** Formats that are checked. */
export const formFormats = ['date'] as const
const types = ['object', 'array', 'string', 'integer', 'number', 'boolean']
const dialect = 'https://json-schema.org/draft/2020-12/schema'
const references = new Set(['$ref', '$dynamicRef', '$recursiveRef', '$id', '$anchor', '$dynamicAnchor', '$vocabulary'])
const counts = new Set(['minItems', 'maxItems', 'minLength', 'maxLength'])
const amounts = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'])
const known = new Set<string>(formKeywords)

/** Names that an answer may have: they stand in rules, in URLs of fields and in tables. */
const answerName = /^[A-Za-z][A-Za-z0-9_]{0,59}$/
const forbiddenNames = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype'])

/** Whether answers may have this name: it has the form of one, and no object has it by itself. */
export function isAnswerName(name: string): boolean {
  return answerName.test(name) && !forbiddenNames.has(name)
}

type Walk = { parts: number; properties: number; patternSteps: number; readonly faults: FormFault[] }
/** Where a part stands: how deep, in a table of how many rows, and whether what it names is asked or only looked at (`if`). */
type Place = { readonly depth: number; readonly rows: number; readonly isAsked: boolean }
type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined

/**
 * What of a form's schema lies outside the part that is understood: unknown keywords, references, unknown formats,
 * patterns that may take for ever, names that are none, too deep or too large. An empty list says that judging any
 * answers by it ends soon. Never throws.
 */
export function formFaults(schema: unknown): FormFault[] {
  const walk: Walk = { parts: 0, properties: 0, patternSteps: 0, faults: [] }
  part(schema, '', { depth: 0, rows: 1, isAsked: true }, walk)
  return walk.faults.slice(0, 40)
}

function part(schema: unknown, pointer: string, place: Place, walk: Walk): void {
  const { depth, rows } = place
  const tell = (why: FormFault['why'], at = pointer, detail = '') => {
    walk.faults.push({ why, pointer: at, detail })
  }
  if (walk.parts > formBounds.parts) return
  const fields = fieldsOf(schema)
  if (++walk.parts > formBounds.parts || depth > formBounds.depth || fields === undefined) {
    tell(walk.parts > formBounds.parts ? 'too-many-parts' : depth > formBounds.depth ? 'too-deep' : 'shape')
    return
  }
  for (const [keyword, value] of Object.entries(fields)) {
    const at = `${pointer}/${keyword.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (references.has(keyword)) tell('reference', at, textOf(value).slice(0, 100))
    else if (!known.has(keyword)) tell('keyword', at, keyword)
    else if (!isShapely(keyword, value)) tell('shape', at, keyword)
    else if (keyword === 'format' && value !== 'date') tell('format', at, textOf(value).slice(0, 100))
    else below(keyword, value, at, keyword === 'items' ? { ...place, rows: rows * mostRowsOf(fields) } : place, walk)
  }
  if (typeof fields.type === 'string' && !types.includes(fields.type)) tell('type', `${pointer}/type`, fields.type)
  if (typeof fields.pattern === 'string') {
    const longest = typeof fields.maxLength === 'number' ? fields.maxLength : formBounds.characters
    const work = patternWork(fields.pattern, longest + 1)
    if (typeof work === 'number') walk.patternSteps += work * rows
    const why = typeof work === 'string' ? work : walk.patternSteps > formBounds.patternSteps ? 'explodes' : undefined
    if (why !== undefined) tell(`pattern-${why}`, `${pointer}/pattern`, fields.pattern.slice(0, 100))
  }
}

const mostRowsOf = ({ maxItems }: Fields) => (typeof maxItems === 'number' ? maxItems : formBounds.rows) + 1

function isShapely(keyword: string, value: unknown): boolean {
  if (counts.has(keyword)) {
    const most = keyword.endsWith('Items') ? formBounds.mostRows : 100_000
    return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most
  }
  if (amounts.has(keyword)) return typeof value === 'number' && Number.isFinite(value)
  switch (keyword) {
    case '$schema':
      return value === dialect
    case 'title':
    case 'description':
    case 'type':
    case 'pattern':
    case 'format':
      return typeof value === 'string'
    case 'uniqueItems':
    case 'additionalProperties':
      return typeof value === 'boolean'
    case 'required':
      return Array.isArray(value) && value.every((name) => typeof name === 'string')
    case 'enum':
      return Array.isArray(value) && value.length <= formBounds.choices && value.every(isPlain)
    case 'const':
    case 'default':
      return isPlain(value) || (keyword === 'default' && Array.isArray(value) && value.length === 0)
    case 'oneOf':
      return Array.isArray(value) && value.length <= formBounds.choices && value.every(isChoice)
    case 'allOf':
      return Array.isArray(value) && value.length <= 40
    default:
      return fieldsOf(value) !== undefined
  }
}

const isPlain = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value)

/** A choice of a list: `{const, title}`. */
function isChoice(value: unknown): boolean {
  const fields = fieldsOf(value)
  return fields !== undefined && isPlain(fields.const) && 'const' in fields && typeof fields.title === 'string'
}

function below(keyword: string, value: unknown, at: string, place: Place, walk: Walk): void {
  const inner: Place = { ...place, depth: place.depth + 1, isAsked: place.isAsked && keyword !== 'if' }
  if (keyword === 'properties') {
    const entries = Object.entries(fieldsOf(value) ?? {})
    if (place.isAsked) walk.properties += entries.length
    if (Math.max(entries.length, walk.properties) > formBounds.properties)
      walk.faults.push({ why: 'too-many-parts', pointer: at, detail: '' })
    for (const [name, question] of entries.slice(0, formBounds.properties)) {
      const where = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (!isAnswerName(name)) walk.faults.push({ why: 'name', pointer: where, detail: name.slice(0, 60) })
      part(question, where, inner, walk)
    }
  } else if (keyword === 'items' || keyword === 'if' || keyword === 'then' || keyword === 'else') {
    part(value, at, inner, walk)
  } else if (keyword === 'allOf') {
    for (const [index, branch] of (value as readonly unknown[]).entries()) part(branch, `${at}/${index}`, inner, walk)
  }
}

/**
 * Answers within the bounds by which a form was judged harmless: texts cut one character behind the longest that the
 * schema allows, tables one row. What is cut is too long anyway, and is told as that. Answers within the bounds are the
 * same value.
 */
export function boundedAnswers<T>(schema: unknown, answers: T): T {
  return cut(schema, answers, 0) as T
}

function cut(schema: unknown, value: unknown, depth: number): unknown {
  const fields = fieldsOf(schema) ?? {}
  const limit = (keyword: string, otherwise: number) => {
    const stated = fields[keyword]
    return (typeof stated === 'number' ? stated : otherwise) + 1
  }
  if (typeof value === 'string') {
    // A text without a pattern costs nothing to judge, however long it is.
    if (typeof fields.pattern !== 'string') return value
    const longest = limit('maxLength', formBounds.characters)
    return value.length > longest ? value.slice(0, longest) : value
  }
  if (typeof value !== 'object' || value === null || depth > formBounds.depth) return value
  if (Array.isArray(value)) {
    const rows = value.slice(0, limit('maxItems', formBounds.rows)).map((row) => cut(fields.items, row, depth + 1))
    return rows.length === value.length && rows.every((row, at) => row === value[at]) ? value : rows
  }
  const given = Object.entries(value)
  if (given.length === 0) return value
  const properties = allProperties(fields, 0)
  const made = given.map(([name, inner]) => [name, cut(properties[name], inner, depth + 1)] as const)
  const isSame = made.every(([name, inner]) => (value as Fields)[name] === inner)
  return isSame ? value : Object.fromEntries(made)
}

function allProperties(fields: Fields, depth: number): Fields {
  if (depth > formBounds.depth) return {}
  const branches = [fields.then, fields.else, ...(Array.isArray(fields.allOf) ? fields.allOf : [])].map(fieldsOf)
  return Object.fromEntries([
    ...branches.flatMap((branch) => (branch === undefined ? [] : Object.entries(allProperties(branch, depth + 1)))),
    ...Object.entries(fieldsOf(fields.properties) ?? {}),
  ])
}
