import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import { refusal } from './refusal.ts'

/**
 * ZIP files as workbooks are, read within bounds (APPNOTE.TXT 6.3; ZIP64, several disks and encryption are refused).
 * Only what is asked for is inflated, and never more than was declared and allowed.
 */

/** Bounds of a file: bytes as it lies there, entries, inflated bytes of one and of all, and how often its size one may inflate to. */
export const zipBounds = {
  fileBytes: 16 * 1024 * 1024,
  entries: 1000,
  entryBytes: 24 * 1024 * 1024,
  allBytes: 64 * 1024 * 1024,
  ratio: 200,
  /** Below this a high ratio harms nobody. */
  freeBytes: 4 * 1024 * 1024,
} as const

type Entry = {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packedBytes: number
  readonly sizeBytes: number
  readonly dataAt: number
}

/** An opened file. */
export type ZipFile = {
  readonly names: readonly string[]
  has(name: string): boolean
  /** An entry's bytes. Throws WORKBOOK_REFUSED for one that is not there, is damaged, or is more than it said. */
  read(name: string): Promise<Buffer>
}

const inflate = promisify(inflateRaw)
const signatures = { entry: 0x02014b50, local: 0x04034b50, end: 0x06054b50 } as const
const endBytes = 22
const whole32 = 0xffffffff

/** Opens a ZIP file. Throws WORKBOOK_REFUSED: `damaged`, `too-large`, `bomb`, `password`. */
export function openZip(bytes: Buffer): ZipFile {
  if (bytes.length > zipBounds.fileBytes) throw refusal('too-large')
  const entries = readDirectory(bytes)
  let inflated = 0
  return {
    names: [...entries.values()].map(({ name }) => name),
    has: (name) => entries.has(name.toLowerCase()),
    async read(name) {
      const entry = entries.get(name.toLowerCase())
      if (entry === undefined) throw refusal('damaged')
      inflated += entry.sizeBytes
      if (inflated > zipBounds.allBytes) throw refusal('bomb')
      return await contentOf(bytes, entry)
    },
  }
}

async function contentOf(bytes: Buffer, { method, dataAt, packedBytes, sizeBytes, crc }: Entry): Promise<Buffer> {
  const packed = bytes.subarray(dataAt, dataAt + packedBytes)
  if (method !== 0 && method !== 8) throw refusal('damaged')
  // One byte more than declared is enough to see that it lied.
  const content = method === 0 ? packed : await inflate(packed, { maxOutputLength: sizeBytes + 1 }).catch(unpackFailure)
  if (content.length !== sizeBytes || crc32(content) !== crc) throw refusal('damaged')
  return content
}

function unpackFailure(cause: unknown): never {
  const code = cause instanceof Error && 'code' in cause ? cause.code : ''
  throw refusal(code === 'ERR_BUFFER_TOO_LARGE' ? 'bomb' : 'damaged', cause)
}

function readDirectory(bytes: Buffer): Map<string, Entry> {
  const end = findEnd(bytes)
  const [count, size, start] = [
    bytes.readUInt16LE(end + 10),
    bytes.readUInt32LE(end + 12),
    bytes.readUInt32LE(end + 16),
  ]
  if (count === 0xffff || start === whole32) throw refusal('too-large')
  if (bytes.readUInt16LE(end + 4) !== 0 || start + size > end) throw refusal('damaged')
  if (count > zipBounds.entries) throw refusal('bomb')
  const entries = new Map<string, Entry>()
  let at = start
  for (let index = 0; index < count; index++) {
    const { entry, next } = readEntry(bytes, at, end)
    const key = entry.name.toLowerCase()
    // Two entries of one name: one program would see the first, another the last.
    if (entries.has(key)) throw refusal('damaged')
    entries.set(key, entry)
    at = next
  }
  refuseBombs([...entries.values()])
  return entries
}

/** The end record lies at the very end, behind at most 64 KB of comment. */
function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - endBytes - 0xffff)
  for (let at = bytes.length - endBytes; at >= first; at--) {
    if (bytes.readUInt32LE(at) === signatures.end) return at
  }
  throw refusal('damaged')
}

function readEntry(bytes: Buffer, at: number, end: number): { readonly entry: Entry; readonly next: number } {
  if (at + 46 > end || bytes.readUInt32LE(at) !== signatures.entry) throw refusal('damaged')
  if ((bytes.readUInt16LE(at + 8) & 1) === 1) throw refusal('password')
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
    number,
    number,
    number,
  ]
  const [packedBytes, sizeBytes, localAt] = [20, 24, 42].map((offset) => bytes.readUInt32LE(at + offset)) as [
    number,
    number,
    number,
  ]
  const next = at + 46 + nameBytes + extraBytes + commentBytes
  if (next > end) throw refusal('damaged')
  if (packedBytes === whole32 || sizeBytes === whole32 || localAt === whole32) throw refusal('too-large')
  const name = nameOf(bytes.subarray(at + 46, at + 46 + nameBytes)).replaceAll('\\', '/')
  if (name.includes('\0') || name.startsWith('/') || name.split('/').includes('..')) throw refusal('damaged')
  const dataAt = dataStart(bytes, localAt, end)
  if (dataAt + packedBytes > end) throw refusal('damaged')
  const [method, crc] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16)]
  return { entry: { name, method, crc, packedBytes, sizeBytes, dataAt }, next }
}

/** A name in UTF-8, or in GB 18030 as Chinese Windows writes it. */
function nameOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

function dataStart(bytes: Buffer, localAt: number, end: number): number {
  if (localAt + 30 > end || bytes.readUInt32LE(localAt) !== signatures.local) throw refusal('damaged')
  return localAt + 30 + bytes.readUInt16LE(localAt + 26) + bytes.readUInt16LE(localAt + 28)
}

/** Refuses what would inflate to too much, and entries that share bytes: a small file could inflate the same ones again and again. */
function refuseBombs(entries: readonly Entry[]): void {
  const sizes = entries.map(({ sizeBytes }) => sizeBytes)
  if (sizes.reduce((sum, size) => sum + size, 0) > zipBounds.allBytes) throw refusal('bomb')
  for (const { sizeBytes, packedBytes } of entries) {
    const isSwollen = sizeBytes > zipBounds.freeBytes && sizeBytes > packedBytes * zipBounds.ratio
    if (sizeBytes > zipBounds.entryBytes || isSwollen) throw refusal('bomb')
  }
  const inPlace = entries.toSorted((a, b) => a.dataAt - b.dataAt)
  inPlace.forEach((entry, at) => {
    const next = inPlace[at + 1]
    if (next !== undefined && entry.dataAt + entry.packedBytes > next.dataAt) throw refusal('bomb')
  })
}
