import { AppError } from '../../../preload/contract/errors.ts'

/** A token has some kilobytes; what is longer is no answer. */
const replyLimitBytes = 1 << 20
/** From the first byte sent to the last one read, also over a village's link. */
const patienceMs = 60_000

/**
 * Carries a timestamp request to an authority by HTTP and brings its answer (RFC 3161, 3.4). No redirect is followed.
 * Throws TIMESTAMP_UNREACHABLE where no answer comes whole in a minute, TIMESTAMP_REFUSED (`why`) for one that is none.
 */
export async function postTimestampQuery(url: string, request: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: Buffer.from(request),
      redirect: 'manual',
      signal: limited,
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new AppError('TIMESTAMP_REFUSED', { why: `它回答了 ${response.status}` })
    }
    return await readLimited(response)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('TIMESTAMP_UNREACHABLE', {}, { cause })
  }
}

async function readLimited(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > replyLimitBytes) throw new AppError('TIMESTAMP_REFUSED', { why: '回答长得不像时间戳' })
    parts.push(part)
  }
  return Buffer.concat(parts)
}
