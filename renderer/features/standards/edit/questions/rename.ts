import { isAnswerName } from '../../../../../preload/contract/standards/form-limits.ts'
import { type JsonObject, type JsonValue, listOf, objectOf, withPart } from '../json-edit.ts'
import { type Level, questionsIn } from './form-reading.ts'

/** Why a name cannot be taken: no name at all, or another question has it; undefined where it can. */
export function nameFault(level: Level, before: string, name: string): 'shape' | 'taken' | undefined {
  if (!isAnswerName(name)) return 'shape'
  return name !== before && questionsIn(level).some((one) => one.name === name) ? 'taken' : undefined
}

/** The level with a question under another name, everywhere that the level speaks of it: order, look, conditions, required answers. */
export function withRenamed(level: Level, before: string, name: string): Level {
  const named = (one: JsonValue) => (one === before ? name : one)
  const ui = renamedKey(objectOf(level.ui), before, name)
  const order = ui['ui:order'] === undefined ? ui : withPart(ui, 'ui:order', listOf(ui['ui:order']).map(named))
  const applicant = Object.fromEntries(
    Object.entries(objectOf(level.applicant)).map(([part, one]) => [part, named(one)]),
  )
  return {
    ...level,
    schema: renamedIn(objectOf(level.schema), before, name),
    ui: order,
    ...(level.applicant === undefined ? {} : { applicant }),
  }
}

/** A matter's standard with a question of its form under another name, in the conditions' rules too. */
export function withRenamedQuestion(standard: JsonObject, before: string, name: string): JsonObject {
  const conditions = listOf(standard.conditions).map((one) => {
    const { rule } = objectOf(one)
    return rule === undefined ? one : withPart(objectOf(one), 'rule', renamedInRule(rule, before, name))
  })
  const form = withRenamed(objectOf(standard.form), before, name)
  return withPart(withPart(standard, 'form', form), 'conditions', conditions)
}

function renamedKey(value: JsonObject, before: string, name: string): JsonObject {
  if (!Object.hasOwn(value, before)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key === before ? name : key, part]))
}

function renamedIn(schema: JsonObject, before: string, name: string): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      switch (keyword) {
        case 'properties':
          return [keyword, renamedKey(objectOf(value), before, name)]
        case 'required':
          return [keyword, listOf(value).map((one) => (one === before ? name : one))]
        case 'allOf':
          return [keyword, listOf(value).map((part) => renamedIn(objectOf(part), before, name))]
        case 'if':
        case 'then':
        case 'else':
          return [keyword, renamedIn(objectOf(value), before, name)]
        default:
          return [keyword, value]
      }
    }),
  )
}

function renamedInRule(rule: JsonValue, before: string, name: string): JsonValue {
  if (Array.isArray(rule)) return rule.map((part) => renamedInRule(part, before, name))
  if (typeof rule !== 'object' || rule === null) return rule
  return Object.fromEntries(
    Object.entries(rule).map(([operation, part]) => {
      const isName = operation === 'var' && part === `answers.${before}`
      return [operation, isName ? `answers.${name}` : renamedInRule(part, before, name)]
    }),
  )
}
