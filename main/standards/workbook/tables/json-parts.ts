import { isDeepStrictEqual } from 'node:util'

/** JSON values taken apart and put together again: what a table says in columns, and the rest that it says as JSON. */

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
/** A JSON object. */
export type JsonObject = { readonly [name: string]: Json }

/** Whether two JSON values are the same, whatever the order of their names. */
export const isSame = (one: unknown, other: unknown): boolean => isDeepStrictEqual(one, other)

/** A value as an object; undefined for anything else. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

/** A named part of an object, its own parts only. */
export function partOf(value: Json | undefined, name: string): Json | undefined {
  const fields = objectOf(value)
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** What stands at a path of names. */
export function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((found, name) => partOf(found, name), value)
}

/** The value with something at a path of names; objects on the way are made. A name like `__proto__` is a name like any. */
export function withAt(value: Json | undefined, path: readonly string[], put: Json): Json {
  const [name, ...rest] = path
  if (name === undefined) return put
  const fields = objectOf(value) ?? {}
  return named([
    ...Object.entries(fields).filter(([key]) => key !== name),
    [name, withAt(partOf(fields, name), rest, put)],
  ])
}

/** The value without what stands at a path of names, nor objects on the way that are empty then. */
export function withoutAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [name, ...rest] = path
  const fields = objectOf(value)
  if (name === undefined) return undefined
  if (fields === undefined || !Object.hasOwn(fields, name)) return value
  const left = withoutAt(fields[name], rest)
  const entries = Object.entries(fields).flatMap(([key, old]): [string, Json][] =>
    key !== name ? [[key, old]] : left === undefined ? [] : [[key, left]],
  )
  return entries.length === 0 ? undefined : named(entries)
}

/** An object of names and values. */
export function named(entries: readonly (readonly [string, Json])[]): JsonObject {
  return Object.fromEntries(entries)
}

/** What of a whole is not in a part of it; undefined where nothing is. Lists are taken whole. */
export function subtract(whole: Json, part: Json | undefined): Json | undefined {
  if (part === undefined) return whole
  if (isSame(whole, part)) return undefined
  const [fields, known] = [objectOf(whole), objectOf(part)]
  if (fields === undefined || known === undefined) return whole
  const entries = Object.entries(fields).flatMap(([name, value]): [string, Json][] => {
    const left = subtract(value, partOf(known, name))
    return left === undefined ? [] : [[name, left]]
  })
  return entries.length === 0 ? undefined : named(entries)
}

/** A value with the rest that was subtracted from it. Where both say something else the rest counts, and `clash` is told the path. */
export function addRest(
  value: Json | undefined,
  rest: Json | undefined,
  clash: (path: readonly string[]) => void = () => {},
  path: readonly string[] = [],
): Json | undefined {
  if (rest === undefined) return value
  if (value === undefined) return rest
  const [fields, more] = [objectOf(value), objectOf(rest)]
  if (fields === undefined || more === undefined) {
    if (!isSame(value, rest)) clash(path)
    return rest
  }
  const names = [...new Set([...Object.keys(fields), ...Object.keys(more)])]
  return named(
    names.map((name) => [name, addRest(partOf(fields, name), partOf(more, name), clash, [...path, name]) ?? null]),
  )
}

/** The change that `patched` needs to get from one object to another (RFC 7396): null takes a name away. */
export function patchBetween(from: JsonObject, to: JsonObject): JsonObject {
  const gone = Object.keys(from).filter((name) => !Object.hasOwn(to, name))
  const changed = Object.entries(to).flatMap(([name, value]): [string, Json][] => {
    const before = partOf(from, name)
    if (isSame(before, value)) return []
    const [old, fresh] = [objectOf(before), objectOf(value)]
    return [[name, old === undefined || fresh === undefined ? value : patchBetween(old, fresh)]]
  })
  return named([...gone.map((name): [string, Json] => [name, null]), ...changed])
}

/** An object after a change (RFC 7396). */
export function patched(value: JsonObject, patch: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([name]) => partOf(patch, name) !== null)
  const entries = new Map<string, Json>(kept)
  for (const [name, change] of Object.entries(patch)) {
    const [old, fresh] = [objectOf(entries.get(name)), objectOf(change)]
    if (change === null) continue
    entries.set(name, fresh === undefined ? change : patched(old ?? {}, fresh))
  }
  return named([...entries])
}
