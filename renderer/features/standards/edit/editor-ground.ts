import { createContext, useContext } from 'react'
import type { DocumentKind } from '../../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../../preload/contract/standards/findings.ts'
import type { JsonObject, JsonValue, Path } from './json-edit.ts'

/** What every field of the editor knows. */
export type EditorGround = {
  readonly copyId: string
  readonly kind: DocumentKind
  readonly value: JsonObject
  /** What stands in the newest release; undefined for a new document. */
  readonly before: JsonObject | undefined
  readonly findings: readonly Finding[]
  /** Grows with each save. */
  readonly revision: number
  /** It went out with a release: nothing can be written. */
  readonly isLocked: boolean
  /** Puts a value in its place; undefined takes away what stands there. */
  readonly change: (path: Path, next: JsonValue | undefined) => void
  /** Puts another document in the place of the whole. */
  readonly changeWhole: (next: JsonObject) => void
}

const GroundContext = createContext<EditorGround | null>(null)

/** Gives the ground to every field below. */
export const EditorProvider = GroundContext.Provider

/** The ground of the editor. Throws outside of one, which is a bug. */
export function useEditor(): EditorGround {
  const ground = useContext(GroundContext)
  if (ground === null) throw new Error('no editor above this field')
  return ground
}
