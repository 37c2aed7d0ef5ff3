import { type PutMaterialReply, putMaterialReplySchema } from '../../preload/contract/api.ts'
import type { Failure, Result } from '../../preload/contract/errors.ts'

/** The largest file that the desk takes as a material, bytes (50 MB). The desk counts again. */
export const largestFileBytes = 50 * 1024 * 1024

const failed = (failure: Failure): Result<never> => ({ ok: false, error: failure })

/** What can be told of a file before a byte of it is sent; null when nothing speaks against it. */
export function refusalOf(file: { readonly size: number }): Failure | null {
  if (file.size === 0) return { code: 'FILE_EMPTY', details: {} }
  if (file.size > largestFileBytes) return { code: 'FILE_TOO_LARGE', details: { limitMb: 50 } }
  return null
}

function readReply(text: string): Result<PutMaterialReply> {
  try {
    const reply = JSON.parse(text) as Result<unknown>
    if (!reply.ok) return reply
    return { ok: true, value: putMaterialReplySchema.parse(reply.value) }
  } catch {
    return failed({ code: 'DESK_RESTARTING', details: {} })
  }
}

/**
 * Sends a file to the desk as a material, streamed from the disk, never held in memory whole.
 * @param target where it belongs: a draft or a case, and the requirement's id.
 * @param progress told the share sent, 0 to 1.
 * @returns the desk's answer; a cut connection is a failure too, so nothing is thrown.
 */
export function putMaterial(
  bytesBase: string,
  target: { readonly draft?: string; readonly case?: string; readonly requirement: string },
  file: File,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Result<PutMaterialReply>> {
  const refusal = refusalOf(file)
  if (refusal !== null) return Promise.resolve(failed(refusal))
  const query = new URLSearchParams({ ...target, name: file.name })
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `${bytesBase}/materials?${query}`)
    request.upload.onprogress = (event) => progress(event.total > 0 ? event.loaded / event.total : 0)
    request.onload = () => resolve(readReply(request.responseText))
    request.onerror = () => resolve(failed({ code: 'DESK_RESTARTING', details: {} }))
    request.onabort = () => resolve(failed({ code: 'REQUEST_REFUSED', details: {} }))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
