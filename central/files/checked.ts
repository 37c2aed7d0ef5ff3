import { createHash } from 'node:crypto'
import { Refusal } from '../refusal.ts'

/** The SHA-256 and size of a stream. */
export async function digestOf(source: AsyncIterable<Uint8Array>): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of source) {
    hash.update(chunk)
    sizeBytes += chunk.byteLength
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}

/** Lets a stream through while it is what it should be. Refuses `file_mismatch` at its end, or as soon as it is too long. */
export async function* checked(
  source: AsyncIterable<Uint8Array>,
  sha256: string,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let seen = 0
  for await (const chunk of source) {
    seen += chunk.byteLength
    if (seen > sizeBytes) throw mismatch()
    hash.update(chunk)
    yield chunk
  }
  if (seen !== sizeBytes || hash.digest('hex') !== sha256) throw mismatch()
}

/** The refusal of bytes that are not what their name says. */
export function mismatch(): Refusal {
  return new Refusal('file_mismatch', '文件的内容与它的摘要不符，已丢弃，请重新传送')
}
