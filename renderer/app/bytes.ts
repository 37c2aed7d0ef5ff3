import type { Bridge } from '../../preload/contract/bridge.ts'

/** Where a material's bytes are read; with another `state` they are another thing (a readable copy, then the original). */
export function fileUrl(bridge: Bridge, sha256: string, state?: string): string {
  return `${bridge.bytesBase}/files/${sha256}${state === undefined ? '' : `?state=${state}`}`
}

/** Where a document's PDF is read. */
export function documentUrl(bridge: Bridge, documentId: string): string {
  return `${bridge.bytesBase}/documents/${documentId}.pdf`
}

/** Where standards that were written into a file are read. */
export function tablesUrl(bridge: Bridge, fileId: string): string {
  return `${bridge.bytesBase}/standards/${fileId}`
}

/** Where a paper in the words of a working copy of a template is read. */
export function copyPaperUrl(bridge: Bridge, copyId: string): string {
  return `${bridge.bytesBase}/standards/copies/${copyId}/paper.pdf`
}

/** Where the sheet of a day's reconciliation (日清) is read; `day` is YYYY-MM-DD. */
export function daySheetUrl(bridge: Bridge, day: string): string {
  return `${bridge.bytesBase}/days/${day}.pdf`
}
