// Owns: reading the names of a form: its questions, those of its conditional parts included, and what names a question that is not there.
// Does not own: what a schema may hold (form-limits.ts), questions with titles and places (main/standards/form).
// Start here: propertiesOf.
import type { Answers } from '../entries.ts'
import type { StandardForm } from '../standard.ts'

/** Any JSON value. */
export type Json = Answers[string]
/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json }

/** A JSON value as an object; an empty one for anything else. */
export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

/** The properties of an object schema, those of its conditional parts included. */
export function propertiesOf(schema: JsonObject): JsonObject {
  const branches = [schema.then, schema.else, ...(Array.isArray(schema.allOf) ? schema.allOf : [])]
  const parts = branches.filter((branch) => branch !== undefined).map((branch) => propertiesOf(asObject(branch)))
  return Object.assign({}, asObject(schema.properties), ...parts)
}

/** Any JSON value as a text, without calling a method of it: `{"toString": 1}` stands in documents of strangers. */
export function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** Names of `ui` that no question has: dangling references of a standard. */
export function danglingUiNames(form: StandardForm): string[] {
  const check = (schema: JsonObject, ui: JsonObject, base: string): string[] => {
    const properties = propertiesOf(schema)
    const order = Array.isArray(ui['ui:order']) ? ui['ui:order'].map(textOf) : []
    const named = [...order.filter((name) => name !== '*'), ...Object.keys(ui).filter((key) => !key.startsWith('ui:'))]
    const wrong = named.filter((name) => !Object.hasOwn(properties, name)).map((name) => `${base}/${name}`)
    const below = Object.keys(properties).flatMap((name) => {
      const property = asObject(properties[name])
      const look = asObject(ui[name])
      return property.items === undefined
        ? []
        : check(asObject(property.items), asObject(look.items), `${base}/${name}/*`)
    })
    return [...new Set([...wrong, ...below])]
  }
  const { items: _, ...ui } = asObject(form.ui)
  const applicant = Object.values(form.applicant).filter(
    (name) => !Object.hasOwn(propertiesOf(asObject(form.schema)), name),
  )
  return [...check(asObject(form.schema), ui, ''), ...applicant.map((name) => `applicant/${name}`)]
}
