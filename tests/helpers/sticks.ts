import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import type { BundleJob } from '../../preload/contract/sync.ts'
import type { DeskUnderTest } from './desk.ts'

/** A folder that desks of this process take for a stick, from now on. */
export function plugIn(folder: string): string {
  mkdirSync(folder, { recursive: true })
  process.env.CUNCHUANG_STICKS = folder
  return folder
}

/** The names in a stick's folder of bundles, in order. */
export function namesOn(stick: string): string[] {
  return readdirSync(join(stick, '村窗')).sort()
}

/** Waits for the end of the desk's job by its events; begins it by `begin`. */
export async function jobOf(desk: DeskUnderTest, begin: () => Promise<unknown>): Promise<BundleJob> {
  const events = await desk.events()
  try {
    await begin()
    for (;;) {
      const message = await events.next('bundle')
      if (message.event === 'bundle' && message.payload.state !== 'running') return message.payload
    }
  } finally {
    events.stop()
  }
}

/** A whole PNG of about so many bytes, different for every seed, that deflates to no less. */
export function noisyPng(sizeBytes: number, seed: number): Buffer {
  let state = seed * 2_654_435_761 + 1
  const noise = Buffer.alloc(sizeBytes)
  for (let at = 0; at < sizeBytes; at += 4) {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 1_013_904_223) | 0
    noise.writeInt32LE(state, Math.min(at, sizeBytes - 4))
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(1, 0)
  header.writeUInt32BE(1, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const pixel = deflateSync(Buffer.from([0, 1, 2, 3]))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('teSt', noise),
    chunk('IDAT', pixel),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(data.length + 12)
  whole.writeUInt32BE(data.length, 0)
  whole.write(type, 4, 'latin1')
  data.copy(whole, 8)
  return whole
}
