import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema'
import {
  createErrorHandler,
  type FormContextType,
  getUiOptions,
  type RJSFSchema,
  type RJSFValidationError,
  toErrorSchema,
  type UiSchema,
  unwrapErrorHandler,
  type ValidatorType,
  validationDataMerge,
} from '@rjsf/utils'
import { boundedAnswers } from '../../../preload/contract/standards/form-limits.ts'
import { faultInWords } from './fault-words.ts'

/** The answers of a form, as RJSF hands them around. */
export type FormAnswers = Record<string, unknown>

/** Keywords that only say that something below them failed; what failed is told there. */
const carriers = new Set([
  'properties',
  'items',
  'prefixItems',
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'then',
  'else',
])

const interpreters = new WeakMap<object, Validator>()

/** The interpreter of a schema, made once. A part of a schema finds the definitions of the whole. */
function interpreterOf(schema: RJSFSchema, root: RJSFSchema = schema): Validator {
  const known = interpreters.get(schema)
  if (known !== undefined) return known
  const definitions = { definitions: root.definitions, $defs: root.$defs, ...schema }
  const made = new Validator(definitions as Schema, '2020-12', false)
  interpreters.set(schema, made)
  return made
}

const pointerParts = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))

/** Follows a list of names into a JSON value; undefined where it ends early. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  )
}

/** One fault with its place: a missing property's fault lies on the property itself, not on the object around it. */
function toFormError(unit: OutputUnit, schema: RJSFSchema, ui: UiSchema | undefined): RJSFValidationError {
  const missing = unit.keyword === 'required' ? /"(.+)"/.exec(unit.error)?.[1] : undefined
  const path = [...pointerParts(unit.instanceLocation), ...(missing === undefined ? [] : [missing])]
  const limit = valueAt(schema, pointerParts(unit.keywordLocation))
  const uiPath = path.map((part) => (/^\d+$/.test(part) ? 'items' : part))
  const widget = getUiOptions(valueAt(ui, uiPath) as UiSchema | undefined).widget
  const message = faultInWords(unit.keyword, limit, typeof widget === 'string' ? widget : undefined)
  return { name: unit.keyword, message, property: path.map((part) => `.${part}`).join(''), stack: message, params: {} }
}

/** What is wrong with the answers by their schema, in Chinese. `name` is the schema keyword that failed. */
export function formErrors(schema: RJSFSchema, answers: unknown, ui?: UiSchema): RJSFValidationError[] {
  const result = interpreterOf(schema).validate(boundedAnswers(schema, answers))
  return result.errors.filter((unit) => !carriers.has(unit.keyword)).map((unit) => toFormError(unit, schema, ui))
}

/**
 * RJSF's validator over an interpreter of JSON Schema: RJSF's own compiles each schema into code, which the content
 * security policy forbids. The desk checks with the same interpreter.
 */
export const interpretingValidator: ValidatorType<FormAnswers, RJSFSchema, FormContextType> = {
  validateFormData: (answers, schema, customValidate, transformErrors, ui) => {
    const raw = formErrors(schema, answers ?? {}, ui)
    const errors = transformErrors === undefined ? raw : transformErrors(raw, ui)
    const errorSchema = toErrorSchema<FormAnswers>(errors)
    if (customValidate === undefined) return { errors, errorSchema }
    const handler = customValidate(answers, createErrorHandler<FormAnswers>(answers ?? {}), ui, errorSchema)
    return validationDataMerge({ errors, errorSchema }, unwrapErrorHandler(handler))
  },
  isValid: (schema, answers, root) => interpreterOf(schema, root).validate(boundedAnswers(schema, answers)).valid,
  rawValidation: <Result>(schema: RJSFSchema, answers?: FormAnswers) => ({
    errors: formErrors(schema, answers) as unknown as Result[],
  }),
}
