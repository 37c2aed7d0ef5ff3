import type { Bridge } from '../../preload/contract/bridge.ts'

/** Where a material's bytes are read. */
export function fileUrl(bridge: Bridge, sha256: string): string {
  return `${bridge.bytesBase}/files/${sha256}`
}

/** Where a document's PDF is read. */
export function documentUrl(bridge: Bridge, documentId: string): string {
  return `${bridge.bytesBase}/documents/${documentId}.pdf`
}
