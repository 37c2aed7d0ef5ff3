import { type PutMaterialReply, putMaterialReplySchema } from '../../preload/contract/api.ts'
import type { Bridge } from '../../preload/contract/bridge.ts'
import type { Result } from '../../preload/contract/errors.ts'

/** Where a material's bytes are read. */
export function fileUrl(bridge: Bridge, sha256: string): string {
  return `${bridge.bytesBase}/files/${sha256}`
}

/** Where a document's PDF is read. */
export function documentUrl(bridge: Bridge, documentId: string): string {
  return `${bridge.bytesBase}/documents/${documentId}.pdf`
}

/** Whose material it is. */
export type MaterialOwner = { readonly draft: string } | { readonly case: string }

/**
 * Streams a file to the desk as a material of a draft or a case; `onProgress` is told the share sent, 0 to 1.
 * Never rejects: a cut connection is answered as DESK_RESTARTING, and nothing is stored then.
 */
export function putMaterial(
  bridge: Bridge,
  owner: MaterialOwner,
  requirementId: string,
  file: File,
  onProgress: (share: number) => void,
): Promise<Result<PutMaterialReply>> {
  const query = new URLSearchParams({ ...owner, requirement: requirementId, name: file.name })
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `${bridge.bytesBase}/materials?${query}`)
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total)
    }
    request.onload = () => resolve(replyOf(request.responseText))
    request.onerror = () => resolve({ ok: false, error: { code: 'DESK_RESTARTING', details: {} } })
    request.send(file)
  })
}

function replyOf(text: string): Result<PutMaterialReply> {
  try {
    const reply = JSON.parse(text) as Result<unknown>
    return reply.ok ? { ok: true, value: putMaterialReplySchema.parse(reply.value) } : reply
  } catch {
    return { ok: false, error: { code: 'DESK_RESTARTING', details: {} } }
  }
}
