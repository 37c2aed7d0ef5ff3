import type { CellValue, Written } from '../sheets/cells.ts'
import { asRead } from '../sheets/cells.ts'
import { type CellFault, type Codec, json } from './codecs.ts'
import { addRest, isSame, type Json, objectOf, subtract, valueAt, withAt, withoutAt } from './json-parts.ts'

/** A row of a sheet and the object that it stands for, either from the other, nothing lost. */

/** A column. */
export type Column = {
  readonly head: string
  /** The line of explanation under the head. */
  readonly hint: string
  /** Names that lead to the value in the object. */
  readonly path: readonly string[]
  readonly codec: Codec
  /** What an empty cell stands for; left out: nothing is put. */
  readonly empty?: Json
  /** In characters. */
  readonly width?: number
}

/** Columns of one kind of row. */
export type Columns = {
  readonly columns: readonly Column[]
  /** Paths that are null where none of their cells is filled in: a limit that no law names. */
  readonly nulls?: readonly (readonly string[])[]
  /** A row that fills in this column alone is that value itself, not an object (a step that is only named). */
  readonly plain?: string
}

/** The head of the column for what no other column can say. */
export const restHead = '其他（JSON）'

/** A row as it is written: the cells in the order of the columns, and the rest as JSON text ('' for none). */
export type WrittenRow = { readonly cells: readonly Written[]; readonly rest: Written }

/** An object (or a plain value) as a row. What no cell can say goes into the rest. */
export function writeRow(kind: Columns, item: Json): WrittenRow {
  const fields = kind.plain !== undefined && typeof item === 'string' ? withAt({}, [kind.plain], item) : item
  const cells = kind.columns.map((column) => cellOf(column, fields))
  const strong = strongOf(kind, cells)
  const rest = restOf(kind, strong, fields)
  if (!isSame(item, assemble(kind, strong, rest))) {
    const needed = kind.plain !== undefined && isSame(item, assemble(kind, strong, {})) ? {} : undefined
    if (needed !== undefined) return { cells, rest: '{}' }
    return { cells: kind.columns.map(() => ''), rest: json.write(item) ?? '' }
  }
  return { cells, rest: rest === undefined ? '' : (json.write(rest) ?? '') }
}

function cellOf({ path, codec, empty }: Column, item: Json): Written {
  const value = valueAt(item, path)
  if (value === undefined || (empty !== undefined && isSame(value, empty))) return ''
  return codec.write(value) ?? ''
}

function strongOf({ columns }: Columns, cells: readonly Written[]): Json | undefined {
  return columns.reduce<Json | undefined>((item, { path, codec }, at) => {
    const written = cells[at] ?? ''
    if (written === '') return item
    const read = codec.read(asRead(written), '', false)
    return 'value' in read ? withAt(item, path, read.value) : item
  }, undefined)
}

/** What the cells do not say and empty cells do not stand for. */
function restOf(kind: Columns, strong: Json | undefined, item: Json): Json | undefined {
  let rest = subtract(item, strong)
  for (const { path, value } of weakParts(kind)) {
    if (rest !== undefined && isSame(valueAt(rest, path), value)) rest = withoutAt(rest, path)
  }
  return rest
}

function weakParts({ columns, nulls = [] }: Columns): { readonly path: readonly string[]; readonly value: Json }[] {
  const given = columns.flatMap(({ path, empty }) => (empty === undefined ? [] : [{ path, value: empty }]))
  return [...given, ...nulls.map((path) => ({ path, value: null }))]
}

/** The object from what the cells say, the rest, and what empty cells stand for. */
function assemble(
  kind: Columns,
  strong: Json | undefined,
  rest: Json | undefined,
  clash: (path: readonly string[]) => void = () => {},
): Json {
  if (rest !== undefined && strong === undefined && objectOf(rest) === undefined) return rest
  if (kind.plain !== undefined && rest === undefined && onlyName(strong) === kind.plain)
    return valueAt(strong, [kind.plain]) ?? ''
  let item: Json = addRest(strong, rest, clash) ?? {}
  for (const { path, value } of weakParts(kind)) {
    if (objectOf(item) !== undefined && valueAt(item, path) === undefined) item = withAt(item, path, value)
  }
  return item
}

function onlyName(value: Json | undefined): string | undefined {
  const names = Object.keys(objectOf(value) ?? {})
  return names.length === 1 ? names[0] : undefined
}

/** Cells of a row by the head of their column. */
export type CellsByHead = (head: string) => CellValue | undefined

/** Reads a row. Faults are told with the head of their column; what is faulty is left out of the object. */
export function readRow(
  kind: Columns,
  cellOfHead: CellsByHead,
  is1904: boolean,
  tell: (head: string, fault: CellFault) => void,
): Json {
  let strong: Json | undefined
  for (const { head, path, codec } of kind.columns) {
    const cell = cellOfHead(head)
    if (cell === undefined) continue
    const read = codec.read(cell, head, is1904)
    if ('fault' in read) tell(head, read.fault)
    else strong = withAt(strong, path, read.value)
  }
  const restCell = cellOfHead(restHead)
  const read = restCell === undefined ? undefined : json.read(restCell, restHead, is1904)
  if (read !== undefined && 'fault' in read) tell(restHead, read.fault)
  const rest = read !== undefined && 'value' in read ? read.value : undefined
  return assemble(kind, strong, rest, (path) => {
    const column = kind.columns.find((one) => isSame(one.path, path))
    const problem = `里面的“${path.join('.')}”与“${column?.head ?? path.join('.')}”一列说的不一样`
    tell(restHead, { problem, remedy: '只在一处填写，删去另一处' })
  })
}
