import { z } from 'zod'
import { asRead } from '../sheets/cells.ts'
import { type JsonObject, objectOf, withAt } from '../tables/json-parts.ts'
import { type Field, fieldsFor, nationalTables } from './fields.ts'
import { nameOf } from './read-tables.ts'
import { merged, standardOf } from './standard.ts'

/** Tables of the platform as they were imported: kept beside the standards, so that an export writes back what a standard does not hold. */

const keptTableSchema = z.strictObject({
  table: z.enum(['basic', 'extend', 'material', 'fee', 'question']),
  sheet: z.string(),
  heads: z.array(z.string()).readonly(),
  rows: z
    .array(
      z.strictObject({
        /** The matter that the row belongs to. */
        itemId: z.string(),
        /** Its place among the matter's rows of this table. */
        at: z.int().min(0),
        texts: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
})

/** What a kept table's file holds. */
export const keptTablesSchema = z.strictObject({ format: z.literal(1), tables: z.array(keptTableSchema) })

/** A table as it was. */
export type KeptTable = Readonly<z.infer<typeof keptTableSchema>>

/** A row of a kept table. */
export type KeptRow = KeptTable['rows'][number]

type Table = { readonly table: KeptTable['table']; readonly fields: readonly Field[] }

const nothing = { itemId: '', materials: [], fees: [], questions: [], source: '' }

/** The standard that the kept rows of a matter alone would give. */
export function keptMatter(itemId: string, tables: readonly KeptTable[]): JsonObject {
  const rows = tables
    .filter(({ table }) => table === 'basic' || table === 'extend')
    .flatMap((kept) => {
      const fields = keptFields(kept)
      const names = kept.heads.map((head) => nameOf(head, fields))
      return kept.rows.filter((row) => row.itemId === itemId).map((row) => readKept(fields, names, row))
    })
  return standardOf({ ...nothing, matter: rows.reduce(merged, {}) })
}

/** The columns of a kept table, by the codes that stand in it. */
export function keptFields({ table, heads, rows }: KeptTable): readonly Field[] {
  const fields: readonly Field[] = nationalTables.find((one) => one.table === table)?.fields ?? []
  const column = heads.findIndex((head) => nameOf(head, fields) === 'task_type')
  return column === -1
    ? fields
    : fieldsFor(
        fields,
        rows.map(({ texts }) => texts[column] ?? ''),
      )
}

/** The material, fee or question that a kept row gave. */
export function keptItem({ table, fields }: Table, names: readonly string[], row: KeptRow): JsonObject {
  const read = readKept(fields, names, row)
  if (table !== 'material') return read
  const made = standardOf({ ...nothing, matter: {}, materials: [read] }).materials
  const [material] = Array.isArray(made) ? made : []
  return { ...objectOf(material), id: `material-${row.at + 1}` }
}

function readKept(fields: readonly Field[], names: readonly string[], row: KeptRow): JsonObject {
  return fields.reduce<JsonObject>((value, { head, words, path, codec }) => {
    const text = row.texts[names.indexOf(head)] ?? ''
    if (text.trim() === '') return value
    const read = codec.read(asRead(text), words, false)
    return 'value' in read ? (objectOf(withAt(value, path, read.value)) ?? value) : value
  }, {})
}
