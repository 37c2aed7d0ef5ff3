/** A hash that is fed piece by piece. */
export type Digest = {
  update(bytes: Uint8Array): Digest
  /** The hash of all that was fed; nothing may be fed after it. */
  digest(): Buffer
}

const blockBytes = 64
const initial = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
] as const

/** The constants of the 64 rounds, already turned left by the round's number (GB/T 32905-2016, 4.2 and 5.3.3). */
const roundConstants = Int32Array.from({ length: 64 }, (_, round) => {
  const constant = round < 16 ? 0x79cc4519 : 0x7a879d8a
  return (constant << (round % 32)) | (constant >>> ((32 - round) & 31))
})

/**
 * SM3 (GB/T 32905-2016) that is fed piece by piece and keeps one block: `node:crypto` has no SM3 in Electron
 * (BoringSSL), and the one of sm-crypto-v2 wants the whole text in one piece of memory.
 */
export function newSm3(): Digest {
  const state = Int32Array.from(initial)
  const words = new Int32Array(68)
  const rest = new Uint8Array(blockBytes)
  let restLength = 0
  let totalBytes = 0
  const digest: Digest = {
    update(bytes) {
      totalBytes += bytes.length
      let at = 0
      if (restLength > 0) {
        at = Math.min(blockBytes - restLength, bytes.length)
        rest.set(bytes.subarray(0, at), restLength)
        restLength += at
        if (restLength < blockBytes) return digest
        compress(state, words, rest, 0)
        restLength = 0
      }
      for (; at + blockBytes <= bytes.length; at += blockBytes) compress(state, words, bytes, at)
      rest.set(bytes.subarray(at))
      restLength = bytes.length - at
      return digest
    },
    digest() {
      const padding = Buffer.alloc((restLength < 56 ? 56 : 120) - restLength + 8)
      padding[0] = 0x80
      padding.writeBigUInt64BE(BigInt(totalBytes) * 8n, padding.length - 8)
      digest.update(padding)
      const hash = Buffer.alloc(32)
      state.forEach((word, index) => {
        hash.writeInt32BE(word, index * 4)
      })
      return hash
    },
  }
  return digest
}

/** One block into the state (GB/T 32905-2016, 5.3). Written out in locals: this loop is all the time that SM3 takes. */
function compress(state: Int32Array, words: Int32Array, bytes: Uint8Array, at: number): void {
  expand(words, bytes, at)
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let round = 0; round < 64; round++) {
    const a12 = (a << 12) | (a >>> 20)
    const sum = (((a12 + e) | 0) + (roundConstants[round] as number)) | 0
    const ss1 = (sum << 7) | (sum >>> 25)
    const word = words[round] as number
    const isEarly = round < 16
    const ff = isEarly ? a ^ b ^ c : (a & b) | (c & (a | b))
    const gg = isEarly ? e ^ f ^ g : g ^ (e & (f ^ g))
    const tt1 = (((ff + d) | 0) + (((ss1 ^ a12) + (word ^ (words[round + 4] as number))) | 0)) | 0
    const tt2 = (((gg + h) | 0) + ((ss1 + word) | 0)) | 0
    d = c
    c = (b << 9) | (b >>> 23)
    b = a
    a = tt1
    h = g
    g = (f << 19) | (f >>> 13)
    f = e
    e = tt2 ^ ((tt2 << 9) | (tt2 >>> 23)) ^ ((tt2 << 17) | (tt2 >>> 15))
  }
  state[0] = (state[0] as number) ^ a
  state[1] = (state[1] as number) ^ b
  state[2] = (state[2] as number) ^ c
  state[3] = (state[3] as number) ^ d
  state[4] = (state[4] as number) ^ e
  state[5] = (state[5] as number) ^ f
  state[6] = (state[6] as number) ^ g
  state[7] = (state[7] as number) ^ h
}

function expand(words: Int32Array, bytes: Uint8Array, at: number): void {
  for (let index = 0; index < 16; index++) {
    const from = at + index * 4
    words[index] =
      ((bytes[from] as number) << 24) |
      ((bytes[from + 1] as number) << 16) |
      ((bytes[from + 2] as number) << 8) |
      (bytes[from + 3] as number)
  }
  for (let index = 16; index < 68; index++) {
    const w3 = words[index - 3] as number
    const w13 = words[index - 13] as number
    const x = (words[index - 16] as number) ^ (words[index - 9] as number) ^ ((w3 << 15) | (w3 >>> 17))
    const mixed = x ^ ((x << 15) | (x >>> 17)) ^ ((x << 23) | (x >>> 9))
    words[index] = mixed ^ ((w13 << 7) | (w13 >>> 25)) ^ (words[index - 6] as number)
  }
}
