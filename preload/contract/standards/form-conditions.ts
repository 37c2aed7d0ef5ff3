// Owns: on which answers a question is asked: the `if` of a form's `then`, read, written and told in words.
// Does not own: which questions stand under it (renderer/features/standards/edit/questions), whether it can be met (main/standards/check/reach.ts).
// Start here: readCondition.
import { textOf } from './form-names.ts'
import type { RuleValue } from './rule-values.ts'

/** What one answer must be. `between`: a number, its bounds included; `answered`: anything, of a text at least a sign. */
export type FormTest = { readonly name: string } & (
  | { readonly asks: 'is'; readonly values: readonly RuleValue[] }
  | { readonly asks: 'between'; readonly least?: number; readonly most?: number }
  | { readonly asks: 'answered'; readonly isText: boolean }
)

/** All of these must hold. JSON Schema as forms may use it has no "or" but among the answers of one question. */
export type FormCondition = readonly FormTest[]

type Fields = { readonly [name: string]: RuleValue }

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
const isPlain = (value: RuleValue) => typeof value !== 'object' || value === null

/**
 * The tests of an `if`: `{properties: {name: {const | enum | minimum, maximum | minLength: 1}}, required: [name]}`.
 * Undefined for one of another shape: it is left as it is written. What is read and written again asks the same.
 *
 * @example readCondition({ properties: { agent: { const: 'yes' } }, required: ['agent'] }) // [{ name: 'agent', asks: 'is', values: ['yes'] }]
 */
export function readCondition(condition: unknown): FormCondition | undefined {
  const fields = fieldsOf(condition)
  if (fields === undefined || !Object.keys(fields).every((key) => key === 'properties' || key === 'required')) return
  const properties = fields.properties === undefined ? {} : fieldsOf(fields.properties)
  const { required } = fields
  if (properties === undefined || !Array.isArray(required) || required.length === 0) return undefined
  const names = required.filter((name) => typeof name === 'string')
  const isWhole = names.length === required.length && new Set(names).size === names.length
  if (!isWhole || !Object.keys(properties).every((name) => names.includes(name))) return undefined
  const tests = names.map((name) => (Object.hasOwn(properties, name) ? readTest(name, properties[name]) : bare(name)))
  return tests.every((test) => test !== undefined) ? tests : undefined
}

const bare = (name: string): FormTest => ({ name, asks: 'answered', isText: false })

function readTest(name: string, asked: RuleValue | undefined): FormTest | undefined {
  const fields = fieldsOf(asked)
  if (fields === undefined) return undefined
  const keys = Object.keys(fields)
  const { const: one, enum: several, minimum: least, maximum: most, minLength } = fields
  if (keys.length === 1 && one !== undefined && isPlain(one)) return { name, asks: 'is', values: [one] }
  if (keys.length === 1 && Array.isArray(several) && several.length > 0 && several.every(isPlain))
    return { name, asks: 'is', values: several }
  if (keys.length === 1 && minLength === 1) return { name, asks: 'answered', isText: true }
  if (keys.length === 0 || !keys.every((key) => key === 'minimum' || key === 'maximum')) return undefined
  if ([least, most].some((bound) => bound !== undefined && typeof bound !== 'number')) return undefined
  return {
    ...{ name, asks: 'between' },
    ...(typeof least === 'number' ? { least } : {}),
    ...(typeof most === 'number' ? { most } : {}),
  }
}

/** The `if` of tests; each question once. */
export function writeCondition(condition: FormCondition): Fields {
  const tests = condition.flatMap((test) => {
    const asked = writeTest(test)
    return asked === undefined ? [] : [[test.name, asked] as const]
  })
  const properties = tests.length === 0 ? {} : { properties: Object.fromEntries(tests) }
  return { ...properties, required: condition.map(({ name }) => name) }
}

function writeTest(test: FormTest): Fields | undefined {
  switch (test.asks) {
    case 'is':
      return test.values.length === 1 ? { const: test.values[0] ?? null } : { enum: test.values }
    case 'between':
      return {
        ...(test.least === undefined ? {} : { minimum: test.least }),
        ...(test.most === undefined ? {} : { maximum: test.most }),
      }
    case 'answered':
      return test.isText ? { minLength: 1 } : undefined
  }
}

/**
 * The same in words.
 * @param questions the form's questions by name (JSON Schema properties), for their titles and options.
 *
 * @example conditionInWords([{ name: 'agent', asks: 'is', values: ['yes'] }], questions) // '“是否由他人代办”是“是”'
 */
export function conditionInWords(condition: FormCondition, questions: Fields): string {
  return condition.map((test) => testInWords(test, fieldsOf(questions[test.name]) ?? {})).join('，并且')
}

function testInWords(test: FormTest, question: Fields): string {
  const title = typeof question.title === 'string' && question.title !== '' ? question.title : test.name
  switch (test.asks) {
    case 'is':
      return `“${title}”是${test.values.map((value) => valueInWords(value, question)).join('或')}`
    case 'between': {
      const bounds = [
        ...(test.least === undefined ? [] : [`至少 ${test.least}`]),
        ...(test.most === undefined ? [] : [`至多 ${test.most}`]),
      ]
      return `“${title}”${bounds.join('、')}`
    }
    case 'answered':
      return `“${title}”填了`
  }
}

function valueInWords(value: RuleValue, { oneOf }: Fields): string {
  const options = (Array.isArray(oneOf) ? oneOf : []).map((option) => fieldsOf(option) ?? {})
  const { title } = options.find((option) => option.const === value) ?? {}
  if (typeof title === 'string' && title !== '') return `“${title}”`
  return typeof value === 'boolean' ? (value ? '“是”' : '“否”') : `“${textOf(value)}”`
}
