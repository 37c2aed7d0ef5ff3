import {
  type PutMaterialReply,
  type PutPaperReply,
  type PutTablesReply,
  type PutVerificationReply,
  putMaterialReplySchema,
  putPaperReplySchema,
  putTablesReplySchema,
  putVerificationReplySchema,
} from '../../preload/contract/api.ts'
import type { Failure, Result } from '../../preload/contract/errors.ts'
import { largestTableBytes } from '../../preload/contract/standards/tables.ts'

/** The largest file that the desk takes as a material, bytes (50 MB). The desk counts again. */
export const largestFileBytes = 50 * 1024 * 1024

/** What a transfer needs besides the file: where the desk takes bytes, who is told the share sent (0 to 1), what ends it. */
export type Transfer = {
  readonly bytesBase: string
  readonly progress: (share: number) => void
  readonly signal: AbortSignal
}

const failed = (failure: Failure): Result<never> => ({ ok: false, error: failure })

/** What can be told of a file before a byte of it is sent; null when nothing speaks against it. */
export function refusalOf(file: { readonly size: number }, mostBytes: number = largestFileBytes): Failure | null {
  if (file.size === 0) return { code: 'FILE_EMPTY', details: {} }
  if (file.size > mostBytes) return { code: 'FILE_TOO_LARGE', details: { limitMb: mostBytes / 1024 / 1024 } }
  return null
}

type Reading<T> = { readonly parse: (value: unknown) => T }

function readReply<T>(text: string, schema: Reading<T>): Result<T> {
  try {
    const reply = JSON.parse(text) as Result<unknown>
    if (!reply.ok) return reply
    return { ok: true, value: schema.parse(reply.value) }
  } catch {
    return failed({ code: 'DESK_RESTARTING', details: {} })
  }
}

/** Streams a file from the disk to a bytes route, never held in memory whole. A cut connection is a failure too, so nothing is thrown. */
function put<T>(route: string, file: File, schema: Reading<T>, transfer: Transfer): Promise<Result<T>> {
  const { bytesBase, progress, signal } = transfer
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `${bytesBase}/${route}`)
    request.upload.onprogress = (event) => progress(event.total > 0 ? event.loaded / event.total : 0)
    request.onload = () => resolve(readReply(request.responseText, schema))
    request.onerror = () => resolve(failed({ code: 'DESK_RESTARTING', details: {} }))
    request.onabort = () => resolve(failed({ code: 'REQUEST_REFUSED', details: {} }))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

/**
 * Sends a file to the desk as a material.
 * @param target where it belongs: a draft or a case, and the requirement's id.
 */
export function putMaterial(
  target: { readonly draft?: string; readonly case?: string; readonly requirement: string },
  file: File,
  transfer: Transfer,
): Promise<Result<PutMaterialReply>> {
  const refusal = refusalOf(file)
  if (refusal !== null) return Promise.resolve(failed(refusal))
  const query = new URLSearchParams({ ...target, name: file.name })
  return put(`materials?${query}`, file, putMaterialReplySchema, transfer)
}

/** Brings in a PDF of one's own, to be sealed. How large it may be the desk says. */
export function putPaper(file: File, transfer: Transfer): Promise<Result<PutPaperReply>> {
  const refusal = refusalOf(file, Number.POSITIVE_INFINITY)
  if (refusal !== null) return Promise.resolve(failed(refusal))
  return put(`papers?${new URLSearchParams({ name: file.name })}`, file, putPaperReplySchema, transfer)
}

/** Brings a file of standards to be looked at: a workbook, tables, JSON. What is too large or empty is not sent. */
export function putTables(file: File, transfer: Transfer): Promise<Result<PutTablesReply>> {
  const why = file.size === 0 ? 'empty' : file.size > largestTableBytes ? 'too-large' : null
  if (why !== null) return Promise.resolve(failed({ code: 'WORKBOOK_REFUSED', details: { why, name: file.name } }))
  return put(`standards?${new URLSearchParams({ name: file.name })}`, file, putTablesReplySchema, transfer)
}

/** Sends a PDF to be checked. How large it may be the desk says. */
export function putVerification(file: File, transfer: Transfer): Promise<Result<PutVerificationReply>> {
  const refusal = refusalOf(file, Number.POSITIVE_INFINITY)
  if (refusal !== null) return Promise.resolve(failed(refusal))
  return put(`verifications?${new URLSearchParams({ name: file.name })}`, file, putVerificationReplySchema, transfer)
}
