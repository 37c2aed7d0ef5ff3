// Owns: sending one file by tus 1.0, from where the other end has it to its end; stations and relays send alike.
// Does not own: which file goes when (main/features/files, central/relay), HTTP (tus-stack.ts, centre-client.ts).
// Start here: `uploadFile`.
import { DetailedError, Upload } from 'tus-js-client'
import { AppError } from '../../preload/contract/errors.ts'
import { type FileReceipt, fileReceiptSchema, wireErrorSchema } from '../../preload/contract/wire.ts'
import { refused, unreachable } from './transport/link-failures.ts'
import { type CentreLine, createTusStack, type FileSlice, tusOrigin } from './tus-stack.ts'

/** The most that goes in one request: what proxies on the way let through unasked, and what a gateway's death can cost. */
const requestBytes = 1 << 20

/** A file to upload. */
export type UploadedFile = {
  readonly stationId: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly kind: 'receipt' | 'copy' | 'original'
  readonly copyOf: string | null
  /** Whether the centre is asked first how much it has. A file of which it has nothing begins with its first bytes at once. */
  readonly begun: boolean
  readonly readFrom: (offset: number) => AsyncIterable<Uint8Array>
}

/** What an upload tells while it runs; nothing after it has settled. */
export type UploadProgress = {
  /** So many more bytes of the file have left. */
  readonly onSent: (bytes: number) => void
  /** The centre has so many bytes. */
  readonly onOffset: (offset: number) => void
}

/** The address of a station's files. */
function filesPath(stationId: string): string {
  return `/v1/stations/${stationId}/files`
}

/**
 * Uploads a file by tus 1.0 from where the centre has it to its end. Returns the body of the last answer: a receipt, or
 * nothing where the centre had all of it before. Throws what the line throws, CENTRE_REFUSED with the centre's `reason`,
 * what reading the file throws. When `signal` ends it, it throws CENTRE_UNREACHABLE `stopped`; what the centre has stays there.
 */
export function uploadFile(
  line: CentreLine,
  file: UploadedFile,
  progress: UploadProgress,
  signal: AbortSignal,
): Promise<string> {
  const address = `${tusOrigin}${filesPath(file.stationId)}`
  const query = new URLSearchParams({ sha256: file.sha256, size: String(file.sizeBytes), class: file.kind })
  if (file.copyOf !== null) query.set('copyOf', file.copyOf)
  // The request takes a moment to end; who ended the upload has been told so.
  const tell = (say: () => void) => {
    if (!signal.aborted) say()
  }
  return new Promise((resolve, reject) => {
    const upload = new Upload(Buffer.alloc(0), {
      endpoint: `${address}?${query}`,
      uploadUrl: file.begun ? `${address}/${file.sha256}` : null,
      uploadDataDuringCreation: true,
      chunkSize: requestBytes,
      retryDelays: null,
      storeFingerprintForResuming: false,
      fingerprint: async () => file.sha256,
      fileReader: { openFile: async () => slicesOf(file) },
      httpStack: createTusStack({ line, signal, onSent: (bytes) => tell(() => progress.onSent(bytes)) }),
      onAfterResponse: (request, response) => {
        const status = response.getStatus()
        const offset = Number(response.getHeader('upload-offset') ?? Number.NaN)
        if (status < 300 && Number.isInteger(offset)) tell(() => progress.onOffset(offset))
        // Asked where it stands, it knows of no such upload: all of it goes.
        else if (request.getMethod() === 'HEAD' && (status === 404 || status === 410)) tell(() => progress.onOffset(0))
      },
      onSuccess: ({ lastResponse }) => resolve(lastResponse.getBody()),
      onError: (error) => reject(causeOf(error)),
    })
    const stop = () => {
      void upload.abort()
      reject(unreachable('stopped'))
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    upload.start()
  })
}

function slicesOf(file: UploadedFile) {
  return {
    size: file.sizeBytes,
    slice: async (start: number, end: number): Promise<{ value: FileSlice; done: boolean }> => {
      const upTo = Math.min(end, file.sizeBytes)
      const bytes = () => firstBytes(file.readFrom(start), upTo - start)
      return { value: { size: upTo - start, bytes }, done: upTo === file.sizeBytes }
    },
    close: () => undefined,
  }
}

async function* firstBytes(source: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count
  for await (const chunk of source) {
    yield chunk.subarray(0, left)
    left -= Math.min(left, chunk.byteLength)
    if (left === 0) return
  }
  throw new AppError('FILE_DAMAGED')
}

/** What stands behind an error of tus-js-client: ours, or the centre's refusal. */
function causeOf(error: Error): unknown {
  if (!(error instanceof DetailedError)) return error
  if (error.causingError !== null && error.causingError !== undefined) return error.causingError
  const status = error.originalResponse?.getStatus() ?? 0
  const refusal = wireErrorSchema.safeParse(parsed(error.originalResponse?.getBody() ?? '')).data
  if (refusal !== undefined) return refused(refusal)
  if (status >= 500) return unreachable('gateway')
  return new AppError('CENTRE_NONSENSE', { reason: 'status', status })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The receipt in an answer's body; undefined where it holds none. Whose word it is, the caller checks. */
export function readFileReceipt(text: string): FileReceipt | undefined {
  return fileReceiptSchema.safeParse(parsed(text)).data
}

/**
 * Asks the other end for a file's receipt. Throws what the line throws, CENTRE_REFUSED `file_mismatch` where the file is not
 * there (any more), CENTRE_NONSENSE for an answer that is none.
 */
export async function askFileReceipt(
  line: CentreLine,
  { stationId, sha256 }: Pick<UploadedFile, 'stationId' | 'sha256'>,
  signal: AbortSignal,
): Promise<FileReceipt> {
  const path = `${filesPath(stationId)}/${sha256}/receipt`
  const reply = await line.send({ method: 'GET', path, headers: { accept: 'application/json' }, signal })
  const receipt = reply.status === 200 ? readFileReceipt(reply.body.toString('utf8')) : undefined
  if (receipt !== undefined) return receipt
  // The centre threw the file away, having found it wrong, or lost it: it is asked again how much it has.
  if (reply.status === 404 || reply.status === 422)
    throw new AppError('CENTRE_REFUSED', { reason: 'file_mismatch', why: '文件在路上变了样，要重新传' })
  throw new AppError('CENTRE_NONSENSE', { reason: 'receipt', status: reply.status })
}
