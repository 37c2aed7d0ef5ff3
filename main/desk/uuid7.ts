import { randomBytes } from 'node:crypto'
import type { Clock } from '../../preload/contract/clock.ts'

/** Makes UUIDs of version 7 (RFC 9562 §5.7): time first, so that later ones sort later, also within a millisecond and when the clock is set back. */
export function uuid7Source(clock: Clock): () => string {
  let lastMs = 0
  let counter = 0
  return () => {
    const nowMs = clock.now().getTime()
    if (nowMs > lastMs) {
      lastMs = nowMs
      counter = 0
    } else counter += 1
    if (counter > 0xfff) {
      lastMs += 1
      counter = 0
    }
    const time = lastMs.toString(16).padStart(12, '0')
    const random = randomBytes(8)
    random[0] = ((random[0] ?? 0) & 0x3f) | 0x80
    const tail = random.toString('hex')
    const count = counter.toString(16).padStart(3, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`
  }
}
