import { type JsonObject, withPart } from '../json-edit.ts'

/** An old version's content under the number and the first day of what is being written: to go back is to publish a newer version. */
export function beginFrom(old: JsonObject, written: JsonObject): JsonObject {
  const kept = ['version', 'effectiveFrom'] as const
  return kept.reduce((made, name) => (Object.hasOwn(old, name) ? withPart(made, name, written[name]) : made), old)
}
