import type { Bridge } from '../../preload/contract/bridge.ts'

/** Where a material's bytes are read. */
export function fileUrl(bridge: Bridge, sha256: string): string {
  return `${bridge.bytesBase}/files/${sha256}`
}

/** Where a document's PDF is read. */
export function documentUrl(bridge: Bridge, documentId: string): string {
  return `${bridge.bytesBase}/documents/${documentId}.pdf`
}

/** Where the sheet of a day's reconciliation (日清) is read; `day` is YYYY-MM-DD. */
export function daySheetUrl(bridge: Bridge, day: string): string {
  return `${bridge.bytesBase}/days/${day}.pdf`
}
