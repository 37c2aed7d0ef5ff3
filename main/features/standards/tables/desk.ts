// Owns: files of standards on their way through the window: brought and looked at, taken over, written and fetched; each administrator's own, in memory.
// Does not own: what is in them (reading.ts, writing.ts), how things stand (found.ts), working copies (../copies.ts).
// Start here: `standardTables`.
import { AppError } from '../../../../preload/contract/errors.ts'
import {
  largestTableBytes,
  type TableImport,
  tableImportBounds,
  type WrittenTables,
} from '../../../../preload/contract/standards/tables.ts'
import { callerOf, type FeatureModule } from '../../../desk/feature.ts'
import type { StandardsGround } from '../ground.ts'
import { foundIn, type KnownChanges } from './found.ts'
import { type BroughtFile, type ReadTables, readTables } from './reading.ts'
import { takeOver } from './taking.ts'
import { type WrittenFile, writeTables } from './writing.ts'

/** A file on its way in. */
export type IncomingTables = {
  readonly name: string
  /** What the sender says; refused before a byte is read when too much. */
  readonly announcedBytes: number | undefined
  readonly source: AsyncIterable<Uint8Array>
}

type Held = {
  readonly files: Map<string, BroughtFile>
  readonly known: KnownChanges
  reading: AbortController | null
  read: ReadTables | null
}

/** How often a window is told of progress, milliseconds. */
const tellEvery = 200
/** Accounts of which something is held at once; who brought something longest ago goes first. */
const mostHeld = 3

/** What the window does with files of standards. */
export type StandardTables = {
  readonly handlers: FeatureModule['handlers']
  /**
   * Takes a file into memory; one of the same name takes its place. Throws NOT_ALLOWED for who is no administrator,
   * WORKBOOK_REFUSED (`empty`, `too-large`, `too-many-files`); nothing of it stays then.
   */
  readonly receive: (file: IncomingTables, account: string) => Promise<{ name: string; sizeBytes: number }>
  /** A file that was written for this account. Throws NOT_FOUND, NOT_ALLOWED. */
  readonly file: (fileId: string, account: string) => { readonly name: string; readonly bytes: Buffer }
  /** Lets go of everything. */
  readonly clear: () => void
}

type Imports = Map<string, Held>
type Written = Map<string, WrittenFile & { readonly fileId: string }>

const gone = () => new AppError('NOT_FOUND', { what: '要导入的文件' })

/** Files of standards, held in memory: nothing of what is only looked at touches the disk, and a restart forgets it. */
export function standardTables(ground: StandardsGround): StandardTables {
  const held: Imports = new Map()
  const written: Written = new Map()
  const assertAdministrator = (account: string) => {
    if (ground.ports.roleOf(account) !== 'administrator') throw new AppError('NOT_ALLOWED')
  }
  return {
    handlers: { ...importHandlers(ground, held), ...exportHandlers(ground, written) },
    async receive(file, account) {
      assertAdministrator(account)
      const bytes = await readWhole(file)
      put(held, account, { name: file.name, bytes })
      return { name: file.name, sizeBytes: bytes.length }
    },
    file(fileId, account) {
      assertAdministrator(account)
      const file = written.get(account)
      if (file?.fileId !== fileId) throw new AppError('NOT_FOUND', { what: '写好的文件' })
      return file
    },
    clear() {
      for (const account of [...held.keys()]) drop(held, account)
      written.clear()
    },
  }
}

function importHandlers(ground: StandardsGround, held: Imports): FeatureModule['handlers'] {
  const view = async (account: string): Promise<TableImport | null> => {
    const { read = null, known } = held.get(account) ?? { known: new Map() }
    return read === null ? null : await foundIn(ground, read, known)
  }
  return {
    'standards.readTables': async (_, caller) => {
      const { account } = callerOf(caller)
      const own = held.get(account)
      if (own === undefined) throw gone()
      await readHeld(ground, own)
      const found = await view(account)
      if (found === null) throw gone()
      return { found }
    },
    'standards.tables': async (_, caller) => ({ found: await view(callerOf(caller).account) }),
    'standards.dropTables': (_, caller) => {
      drop(held, callerOf(caller).account)
      return { done: true }
    },
    'standards.takeTables': ({ documents }, caller) => {
      const { account } = callerOf(caller)
      const read = held.get(account)?.read ?? null
      if (read === null) throw gone()
      return { copyIds: takeOver(ground, read, documents, account) }
    },
  }
}

function exportHandlers(ground: StandardsGround, written: Written): FeatureModule['handlers'] {
  return {
    'standards.writeTables': async (wish, caller) => {
      const file = { ...(await writeTables(ground, wish)), fileId: ground.context.newId() }
      keepNewest(written, callerOf(caller).account, file)
      const { bytes, ...told } = file
      return { ...told, sizeBytes: bytes.length } satisfies WrittenTables
    },
  }
}

/** Throws WORKBOOK_REFUSED (`too-many-files`) beyond the bounds of one import. */
function put(held: Imports, account: string, file: BroughtFile): void {
  const own = held.get(account) ?? { files: new Map(), known: new Map(), reading: null, read: null }
  const others = [...own.files.values()].filter(({ name }) => name !== file.name)
  const sum = others.reduce((total, { bytes }) => total + bytes.length, file.bytes.length)
  if (others.length >= tableImportBounds.files || sum > tableImportBounds.allBytes)
    throw new AppError('WORKBOOK_REFUSED', { why: 'too-many-files', name: file.name })
  own.files.set(file.name, file)
  for (const oldest of keepNewest(held, account, own)) oldest.reading?.abort()
}

function drop(held: Imports, account: string): void {
  held.get(account)?.reading?.abort()
  held.delete(account)
}

/** Keeps a value as an account's newest; gives those that had to go for it. */
function keepNewest<T>(kept: Map<string, T>, account: string, value: T): T[] {
  kept.delete(account)
  kept.set(account, value)
  const [oldest] = kept
  if (kept.size <= mostHeld || oldest === undefined) return []
  kept.delete(oldest[0])
  return [oldest[1]]
}

/** Reads what an account has brought; a reading under way gives way to this one. Throws NOT_FOUND when it is let go of. */
async function readHeld({ context }: StandardsGround, held: Held): Promise<void> {
  held.reading?.abort()
  const reading = new AbortController()
  held.reading = reading
  let toldAt = Number.NEGATIVE_INFINITY
  try {
    held.read = await readTables([...held.files.values()], {
      signal: reading.signal,
      told: (progress) => {
        if (performance.now() - toldAt < tellEvery) return
        toldAt = performance.now()
        context.emit({ event: 'tables', payload: progress })
      },
    })
    held.known.clear()
  } catch (error) {
    throw reading.signal.aborted ? gone() : error
  } finally {
    if (held.reading === reading) held.reading = null
  }
}

async function readWhole({ name, announcedBytes, source }: IncomingTables): Promise<Buffer> {
  const refused = (why: string) => new AppError('WORKBOOK_REFUSED', { why, name })
  if ((announcedBytes ?? 0) > largestTableBytes) throw refused('too-large')
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of source) {
    sizeBytes += part.length
    if (sizeBytes > largestTableBytes) throw refused('too-large')
    parts.push(part)
  }
  if (sizeBytes === 0) throw refused('empty')
  return Buffer.concat(parts)
}
