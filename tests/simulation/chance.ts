import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/** A source of chance that gives the same numbers for the same seed. */
export type Chance = {
  /** 0 ≤ x < 1. */
  readonly number: () => number
  /** A whole number from `least` to `most`. */
  readonly between: (least: number, most: number) => number
  /** Whether something happens that happens so often. */
  readonly happens: (share: number) => boolean
  /** One of several, undefined of none. */
  readonly oneOf: <T>(choices: readonly T[]) => T | undefined
  /** One of several by their weights. */
  readonly weighed: <T extends string>(weights: Readonly<Record<T, number>>) => T
}

/** Chance by a seed (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(number() * (most - least + 1))
  return {
    number,
    between,
    happens: (share) => number() < share,
    oneOf: (choices) => choices[between(0, choices.length - 1)],
    weighed: <T extends string>(weights: Readonly<Record<T, number>>) => {
      const entries = Object.entries(weights) as [T, number][]
      let left = number() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [choice, weight] of entries) {
        left -= weight
        if (left < 0) return choice
      }
      throw new RangeError('nothing to choose from')
    },
  }
}

/** PKCS#8 of an Ed25519 key up to its 32 secret bytes (RFC 8410). */
const ed25519Head = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * Lets everything in this process that asks for random bytes, UUIDs or Ed25519 keys have them by chance alone, so that a
 * seed replays to the byte. For a process of the simulation's own: nothing it makes is secret.
 */
export function makeRandomnessRepeatable({ between }: Chance): void {
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => between(0, 255)))
  const uuid = () => {
    const hex = bytes(16).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
  }
  const keys = () => {
    const key = Buffer.concat([ed25519Head, bytes(32)])
    const privateKey = crypto.createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    return { privateKey, publicKey: crypto.createPublicKey(privateKey) }
  }
  Object.assign(crypto, {
    randomBytes: bytes,
    randomUUID: uuid,
    generateKeyPairSync: keys,
  })
  const fill = <T extends ArrayBufferView>(view: T): T => {
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes(view.byteLength))
    return view
  }
  Object.assign(globalThis.crypto, { randomUUID: uuid, getRandomValues: fill })
  syncBuiltinESMExports()
}
