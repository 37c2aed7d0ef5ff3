import { RecentValues } from './lifted-values.ts'

/** The keys of an object in canonical order, and what the last object with these keys said under each. */
export type Shape = { readonly keys: readonly string[]; readonly last: unknown[]; readonly weight: number }

/** What both ends remember of a request, alike after every value: lifted values, and the shapes of objects. */
export type FrameTables = {
  readonly recent: RecentValues
  readonly shapes: Shape[]
  /** Places of shapes by their keys. */
  readonly places: Map<string, number>
}

/** What one entry says of itself, to which its payload may refer. */
export type About = { readonly subject: string; readonly at: string; readonly atMs: number }

/** Bounds of what is remembered: a request of any length costs a receiver no more than this. */
const remembered = { shapes: 128, keys: 100, keyCharacters: 2_000, valueCharacters: 200 } as const

/** An object nested deeper goes as plain JSON; a receiver refuses it otherwise. */
export const deepest = 32

/** Empty tables, as at the beginning of every request. */
export function createFrameTables(): FrameTables {
  return { recent: new RecentValues(), shapes: [], places: new Map() }
}

/** Remembers a shape that has just been spelt out, while there is room. Returns it, remembered or not. */
export function learnShape(tables: FrameTables, keys: readonly string[]): Shape {
  const weight = keys.reduce((sum, key) => sum + key.length + 1, 0)
  const shape: Shape = { keys, last: [], weight }
  const fits = keys.length <= remembered.keys && weight <= remembered.keyCharacters
  if (fits && tables.shapes.length < remembered.shapes) {
    tables.places.set(shapeName(keys), tables.shapes.length)
    tables.shapes.push(shape)
  }
  return shape
}

/** A name by which shapes are found: no two have the same, since no key has a line break. */
export function shapeName(keys: readonly string[]): string {
  return [keys.length, ...keys].join('\n')
}

/** Remembers what an object said under a key; only what a single character may stand for: no objects, no long texts, nothing that was derived (it may not be known yet). */
export function learnValue(shape: Shape, index: number, value: unknown): void {
  const isShort = typeof value === 'string' ? value.length <= remembered.valueCharacters : typeof value !== 'object'
  shape.last[index] = isShort ? value : undefined
}

/** Tokens of a frame's text: control characters, which no value begins with unless it goes as JSON. */
export const tokens = {
  /** As in the last object of this shape. */
  same: '\u0001',
  /** As derived from earlier entries (frame-derivations.ts). */
  derived: '\u0002',
  subject: '\u0003',
  at: '\u0004',
  null: '\u0005',
  true: '\u0006',
  false: '\u0007',
  /** A number follows. */
  number: '\u0008',
  /** How many values follow. */
  array: '\u000b',
  /** The place of a shape that is remembered; its values follow. */
  object: '\u000c',
  /** How many keys follow, then the keys, then the values. */
  newObject: '\u000d',
  /** The place of a lifted value among the recent ones. */
  recent: '\u000e',
  /** JSON in one line, for whatever has no other form. */
  json: '\u0013',
  /** A time in UTC: milliseconds after the entry's own. */
  time: '\u0014',
} as const

/** Whether a text may stand in a frame as it is, up to the end of its line. */
export function isPlainText(text: string): boolean {
  return !(text.charCodeAt(0) < 0x20) && !text.includes('\n') && !/\p{Cs}/u.test(text)
}
