import type { DocumentKind } from '../../../../preload/contract/standards/documents.ts'
import type { JsonObject } from './json-parts.ts'
import type { Columns } from './rows.ts'

/** A sheet that holds one list of a document, a row an item, told apart by the document's key. */
export type ListSheet = Columns & {
  readonly sheet: string
  readonly field: string
  /** Whether the document has to have the list, so that no row stands for an empty one. */
  readonly isNeeded: boolean
}

/** The sheets of one kind of document: one with a row a document, and one for each list. */
export type DocumentSheets = {
  readonly kind: DocumentKind
  /** The column that says which document a row belongs to, in every sheet. */
  readonly keyHead: string
  /** The field that the key is. */
  readonly keyPath: string
  /** The column that repeats the document's name beside the key, for people. */
  readonly nameHead: string
  /** What every document of the kind says and no column asks. */
  readonly fixed: JsonObject
  readonly main: Columns & { readonly sheet: string }
  readonly lists: readonly ListSheet[]
}
