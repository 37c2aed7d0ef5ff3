/** Any JSON value that is being written. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }
/** A JSON object. */
export type JsonObject = { readonly [name: string]: JsonValue }
/** Steps from a document to a part of it. */
export type Path = readonly (string | number)[]

/** A value as an object; an empty one for anything else. */
export const objectOf = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
/** A value as a list; an empty one for anything else. */
export const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : [])
/** A value as text; '' for anything else. */
export const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
/** A plain value as text; '' for nothing, lists and objects: those may bring a `toString` of their own that is none. */
export const plainText = (value: JsonValue | undefined): string =>
  value === undefined || typeof value === 'object' ? '' : String(value)

/** What stands at a place; undefined for nothing. */
export function valueAt(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((inner, step) => {
    if (Array.isArray(inner)) return typeof step === 'number' ? inner[step] : undefined
    return Object.hasOwn(objectOf(inner), step) ? objectOf(inner)[step] : undefined
  }, value)
}

/** The same with another value at a place; undefined takes what stands there away. What is not on the way stays the very same. */
export function withValueAt(value: JsonValue | undefined, path: Path, next: JsonValue | undefined): JsonValue {
  const [step, ...rest] = path
  if (step === undefined) return next ?? null
  if (typeof step === 'number') {
    const list = [...listOf(value)]
    if (rest.length === 0 && next === undefined) list.splice(step, 1)
    else list[step] = withValueAt(list[step], rest, next)
    return list
  }
  const { [step]: inner, ...others } = objectOf(value)
  if (rest.length === 0 && next === undefined) return others
  return Object.hasOwn(objectOf(value), step)
    ? Object.fromEntries(
        Object.entries(objectOf(value)).map(([name, old]) => [
          name,
          name === step ? withValueAt(old, rest, next) : old,
        ]),
      )
    : { ...others, [step]: withValueAt(inner, rest, next) }
}

/** A list with one of its parts a place earlier (-1) or later (1). */
export function movedBy<T>(list: readonly T[], at: number, by: -1 | 1): readonly T[] {
  const to = at + by
  if (at < 0 || to < 0 || at >= list.length || to >= list.length) return list
  return list.toSpliced(at, 1).toSpliced(to, 0, ...list.slice(at, at + 1))
}

/** A place as a JSON Pointer (RFC 6901). */
export const pointerOf = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The steps of a JSON Pointer, places in lists as numbers. */
export const stepsOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))

/** A text as a JSON object; undefined for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

/** Whether two values say the same; objects with the same parts in another order do not. */
export const isSameJson = (one: JsonValue | undefined, other: JsonValue | undefined): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other)

/** An object with one of its parts written otherwise, in its place; undefined takes it away. The very same where nothing changes. */
export function withPart(value: JsonObject, name: string, next: JsonValue | undefined): JsonObject {
  const isThere = Object.hasOwn(value, name)
  if (next === undefined ? !isThere : isThere && isSameJson(value[name], next)) return value
  return objectOf(withValueAt(value, [name], next))
}

/** A typed number; '' for none, what is no number stays as it was typed, for the check to name. */
export function numberFrom(typed: string): number | string | undefined {
  const trimmed = typed.trim()
  if (trimmed === '') return undefined
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(trimmed) ? Number(trimmed) : trimmed
}
