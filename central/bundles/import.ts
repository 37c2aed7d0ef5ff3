// Owns: taking in a station's bundle: believed as a whole or refused as a whole, then entry by entry and file by file, any number of times.
// Does not own: the entries' one door (../ledger), files (../files), the format (main/wire).
// Start here: `takeBundle`.
import { z } from 'zod'
import type { BundleImport } from '../../main/wire/bundle/client.ts'
import { type BundleHeader, bundleRecords } from '../../main/wire/bundle/format.ts'
import { ageIdentityOf } from '../../main/wire/bundle/keys.ts'
import {
  type BundleRecord,
  type ByteSource,
  checkBundle,
  readHead,
  readRecords,
} from '../../main/wire/bundle/reader.ts'
import { decodeBatch } from '../../main/wire/packing/push-codec.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { fileClassSchema } from '../../preload/contract/sync.ts'
import { type FileReceipt, hashSchema } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import type { Arrivals } from '../files/arrivals.ts'
import type { Identity } from '../identity.ts'
import { takeBatch } from '../ledger/entries.ts'
import { Refusal } from '../refusal.ts'
import { findStation } from '../stations/authentication.ts'
import { writeAnswer } from './answer.ts'
import { logBundle } from './log.ts'

/** What taking in stands on; without `files` (no place for them is set) those of a bundle are counted as not taken and stay with the station. */
export type BundleGround = {
  readonly database: Database
  readonly identity: Identity
  readonly files: Pick<Arrivals, 'take'> | undefined
  readonly now: () => Date
}

const openingSchema = z.strictObject({ feedCursor: z.int().min(0) })
const announcedSchema = z.strictObject({
  sha256: hashSchema,
  sizeBytes: z.int().min(1),
  class: fileClassSchema,
  copyOf: hashSchema.nullable(),
})

const unreadable = () => new Refusal('bundle_unreadable', 'U盘上的文件不完整，或被改动过，什么也没有收')

/**
 * Whose a bundle is, by its head: one of ours and for us. Refuses `bundle_unreadable` (also where it is for another centre)
 *, `station_unknown`, and
 * `bundle_of_replaced` unless an officer lets the last words of a replaced machine in (`fromReplaced`).
 */
export async function senderOf(
  { database, identity }: Pick<BundleGround, 'database' | 'identity'>,
  header: BundleHeader,
  fromReplaced = false,
): Promise<{ readonly stationId: string; readonly publicKey: string }> {
  if (header.kind !== 'out') throw new Refusal('bundle_unreadable', '这是中心的回执，不是窗口带来的文件')
  if (header.centreId !== identity.centreId) throw new Refusal('bundle_unreadable', '这个文件是给另一个中心的')
  const station = await findStation(database, header.stationId)
  if (station === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  if (station.isReplaced && !fromReplaced)
    throw new Refusal(
      'bundle_of_replaced',
      `写这个文件的机器（${header.stationId}）已由另一台代替，什么也没有收；确认它可信的，由中心的人加 --from-replaced 收下`,
    )
  return { stationId: header.stationId, publicKey: station.publicKey }
}

/** The head of a bundle. Refuses `bundle_unreadable`. */
export async function headOf(source: ByteSource): Promise<BundleHeader> {
  return (await readHead(source).catch(refuseDamage)).header
}

function refuseDamage(error: unknown): never {
  throw error instanceof AppError && error.code === 'BUNDLE_DAMAGED' ? unreadable() : error
}

/**
 * Takes in a bundle and writes the centre's answer into `answer`. With `fromReplaced` also the last words of a machine in whose
 * place another is: what is new in them is told to that one. The whole outside is checked before anything of it is
 * believed; then it is read a second time, and each batch and file goes the way that the link's go. Cut off in the middle,
 * repeated, or beside the network: what is there already is passed over. Refuses as `senderOf`, and `fork`.
 */
export async function takeBundle(
  ground: BundleGround,
  source: ByteSource,
  courier: string,
  answer: (bytes: Buffer) => Promise<void>,
  fromReplaced = false,
): Promise<BundleImport> {
  const header = await headOf(source)
  try {
    const { publicKey } = await senderOf(ground, header, fromReplaced)
    const bundle = await checkBundle(source, { signer: () => publicKey }).catch(refuseDamage)
    const records = readRecords(source, bundle, ageIdentityOf(ground.identity.privateKey))
    const taken = await takeRecords(ground, header.stationId, publicKey, records).catch(refuseDamage)
    const { receipts, feedCursor, ...counts } = taken
    const acknowledged = await writeAnswer(ground, { header, publicKey, receipts, feedCursor }, answer)
    const imported = { bundleId: header.bundleId, stationId: header.stationId, acknowledged, ...counts }
    await logBundle(ground, header, source.sizeBytes, courier, imported)
    return imported
  } catch (error) {
    if (error instanceof Refusal) await logBundle(ground, header, source.sizeBytes, courier, error)
    throw error
  }
}

type Taken = {
  newEntries: number
  files: number
  brokenFiles: number
  gap: boolean
  feedCursor: number
  readonly receipts: FileReceipt[]
}

/** Records one after the other, with one looked at ahead: a file's pieces end where another kind begins. */
function lookAhead(records: AsyncGenerator<BundleRecord>) {
  let next: BundleRecord | undefined
  const peek = async (): Promise<BundleRecord | undefined> => {
    if (next === undefined) {
      const step = await records.next()
      if (step.done !== true) next = step.value
    }
    return next
  }
  const take = async () => {
    const record = await peek()
    next = undefined
    return record
  }
  return { peek, take }
}

async function takeRecords(
  ground: BundleGround,
  stationId: string,
  publicKey: string,
  generator: AsyncGenerator<BundleRecord>,
): Promise<Taken> {
  const records = lookAhead(generator)
  const taken: Taken = { newEntries: 0, files: 0, brokenFiles: 0, gap: false, feedCursor: 0, receipts: [] }
  for (let record = await records.take(); record !== undefined; record = await records.take()) {
    if (record.kind === bundleRecords.opening) taken.feedCursor = parse(openingSchema, record.bytes).feedCursor
    if (record.kind === bundleRecords.batch && !taken.gap)
      await takeText(ground, stationId, publicKey, record.bytes, taken)
    if (record.kind === bundleRecords.file) await takeFile(ground, stationId, record.bytes, records, taken)
  }
  return taken
}

function parse<T>(schema: z.ZodType<T>, bytes: Buffer): T {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    throw unreadable()
  }
}

async function takeText(
  { database, now }: BundleGround,
  stationId: string,
  publicKey: string,
  bytes: Buffer,
  taken: Taken,
): Promise<void> {
  const request = await decodeBatch(bytes).catch((error: unknown) => {
    throw error instanceof AppError ? unreadable() : error
  })
  const before = await acknowledgedOf(database, stationId)
  try {
    const head = await takeBatch(database, { stationId, publicKey }, request, now())
    taken.newEntries += Math.max(0, head.seq - before)
  } catch (error) {
    // What comes before is missing: the answer tells the station where we stand, and its next bundle begins there.
    if (!(error instanceof Refusal) || error.error !== 'gap') throw error
    taken.gap = true
  }
}

async function acknowledgedOf(database: Database, stationId: string): Promise<number> {
  const [row] = await database.query<{ acknowledged: number }>(
    'select acknowledged from stations where station_id = $1',
    [stationId],
  )
  return row?.acknowledged ?? 0
}

async function takeFile(
  { files }: BundleGround,
  stationId: string,
  bytes: Buffer,
  records: ReturnType<typeof lookAhead>,
  taken: Taken,
): Promise<void> {
  const { sha256, sizeBytes, copyOf } = parse(announcedSchema, bytes)
  const pieces = async function* () {
    while ((await records.peek())?.kind === bundleRecords.piece) yield (await records.take())?.bytes ?? Buffer.alloc(0)
  }
  try {
    const announced = { sha256, sizeBytes, copyOf: copyOf ?? undefined }
    const receipt = await files?.take(stationId, announced, pieces())
    if (receipt === undefined) taken.brokenFiles += 1
    else {
      taken.receipts.push(receipt)
      taken.files += 1
    }
  } catch (error) {
    // One file that is not what it should be: it stays with the station, the others go on.
    if (!(error instanceof Refusal) || error.error === 'internal') throw error
    taken.brokenFiles += 1
  }
  // What was not read of it: it was here already, or refused.
  while ((await records.peek())?.kind === bundleRecords.piece) await records.take()
}
