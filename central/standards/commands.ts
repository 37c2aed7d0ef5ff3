// Owns: the words of the command line for releases, publishers and tags of stations.
// Does not own: reaching the office (../office/line.ts), what is done (office.ts).
// Start here: `runReleaseOrder`.
import { statSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { bundleFolder } from '../../main/wire/bundle/format.ts'
import { openWhole, readReleaseFile, releaseFileName } from '../../main/wire/catalogue/release-file.ts'
import { readGivenFile } from '../../main/wire/local/given-file.ts'
import { shanghaiTimeInWords } from '../../preload/contract/calendar.ts'
import { type Adoption, countySchema, publisherKeySchema, stationTagSchema } from '../../preload/contract/catalogue.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { documentKindWords } from '../../preload/contract/standards/documents.ts'
import { stationIdSchema } from '../../preload/contract/wire.ts'
import { Refusal } from '../refusal.ts'
import { impactInWords, impactOfFile } from './impact-command.ts'
import type { OfficeRelease, ReleaseOffice } from './office.ts'
import type { OfficePublisher } from './publishers.ts'
import type { TargetedStation } from './rows.ts'

/** A publisher's key has some hundred bytes in its file. */
const largestKeyBytes = 64 * 1024

/** The options that these commands know. */
export type ReleaseWords = {
  readonly out?: string
  readonly name?: string
  readonly county?: string
  readonly by?: string
  readonly remove?: boolean
}

/** What a command says: as a value for programs, as text for people. */
type Said = { readonly value: unknown; readonly text: string }

/** Runs `releases …`, `publisher …`, `station tag …` or `station desk …`. Throws USAGE, FILE_NOT_FOUND, FILE_NOT_WRITABLE; refuses as the office does. */
export async function runReleaseOrder(
  office: ReleaseOffice,
  words: readonly string[],
  options: ReleaseWords,
): Promise<Said> {
  const [command, action = 'list', first, ...more] = words
  if (command === 'releases' && more.length === 0) return await releasesCommand(office, action, first, options)
  if (command === 'publisher' && more.length === 0) return await publisherCommand(office, action, first, options)
  if (command === 'station' && action === 'desk' && more.length === 0) return await deskCommand(office, first, options)
  if (command === 'station' && action === 'tag') return await tagCommand(office, [first, ...more], options)
  throw new AppError('USAGE')
}

async function releasesCommand(
  office: ReleaseOffice,
  action: string,
  first: string | undefined,
  { out, by = 'town' }: ReleaseWords,
): Promise<Said> {
  if (action === 'list' && first === undefined) {
    const releases = await office.releases()
    return { value: releases, text: releases.map(releaseInWords).join('\n') || '还没有发布过事项标准。' }
  }
  if (action === 'adoption') {
    const adoption = await office.adoption(first === undefined ? undefined : numberOf(first))
    return { value: adoption, text: adoptionInWords(adoption, by) }
  }
  if (first === undefined) throw new AppError('USAGE')
  if (action === 'impact') {
    const impact = await impactOfFile(office, first)
    return { value: impact, text: impactInWords(impact) }
  }
  if (action === 'publish') {
    const made = await office.publishRelease(await readReleaseFile(first))
    const text = made.before
      ? `第 ${made.release} 次发布中心已经有了，没有重复下发。`
      : `第 ${made.release} 次发布已收下，已通知 ${made.stations} 个窗口，${shanghaiTimeInWords(made.effectiveAtUtc)} 生效。`
    return { value: made, text }
  }
  const release = numberOf(first)
  if (action === 'show') {
    const found = (await office.releases()).find((one) => one.release === release)
    if (found === undefined) throw new Refusal('not_found', '没有这一次发布')
    return { value: found, text: releaseInFull(found) }
  }
  if (action !== 'export' || out === undefined) throw new AppError('USAGE')
  const pack = await office.releasePack(release)
  const file = await placeFor(out, pack)
  await writeNew(file, pack)
  return {
    value: { release, file, sizeBytes: pack.length },
    text: `第 ${release} 次发布已写到 ${file}（${pack.length} 字节）。`,
  }
}

function numberOf(word: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(word)) throw new AppError('USAGE')
  return Number(word)
}

/** The file that was named, or in a folder (a stick) the usual name in its `村窗`. */
async function placeFor(out: string, pack: Buffer): Promise<string> {
  if (!statSync(out, { throwIfNoEntry: false })?.isDirectory()) return out
  const folder = join(out, bundleFolder)
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('FILE_NOT_WRITABLE', { name: bundleFolder }, { cause })
  })
  return join(folder, releaseFileName((await openWhole(pack)).signed))
}

async function writeNew(file: string, bytes: Buffer): Promise<void> {
  const notWritable = (cause: unknown): never => {
    throw new AppError('FILE_NOT_WRITABLE', { name: basename(file) }, { cause })
  }
  const handle = await open(file, 'wx').catch(notWritable)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } catch (cause) {
    notWritable(cause)
  } finally {
    await handle.close()
  }
}

const targetsInWords = (targets: OfficeRelease['targets']) => (targets === 'all' ? '所有窗口' : targets.join('、'))

function releaseInWords({ release, effectiveAtUtc, targets, note }: OfficeRelease): string {
  return [`第 ${release} 次`, `${shanghaiTimeInWords(effectiveAtUtc)} 生效`, targetsInWords(targets), note].join('\t')
}

function releaseInFull(found: OfficeRelease): string {
  const documents = Object.entries(found.documents).map(
    ([kind, count]) => `${documentKindWords[kind as keyof typeof documentKindWords] ?? kind} ${count} 份`,
  )
  return [
    `第 ${found.release} 次发布`,
    `生效  ${shanghaiTimeInWords(found.effectiveAtUtc)}`,
    `收下  ${shanghaiTimeInWords(found.publishedAtUtc)}`,
    `发给  ${targetsInWords(found.targets)}`,
    `内容  ${documents.join('，')}`,
    `说明  ${found.note || '（没有写）'}`,
    `复核  ${found.approvedBy || '（没有）'}`,
    ...(found.handsOver ? ['交接  从下一次起由新的发布密钥签名'] : []),
    `摘要  ${found.sha256}`,
  ].join('\n')
}

const stateWords: Readonly<Record<Adoption['each'][number]['state'], string>> = {
  none: '不发给它',
  waits: '还没有取',
  fetched: '已取走，等生效或等它报告',
  applied: '已生效',
  newer: '已用更新的',
  refused: '没有接受',
}

function adoptionInWords(adoption: Adoption, by: string): string {
  const counts = ({ targeted, applied, fetched, refused }: Omit<Adoption['towns'][number], 'code'>) =>
    `应有 ${targeted}，已生效 ${applied}，已取走 ${fetched}，没有接受 ${refused}`
  const head = `第 ${adoption.release} 次发布（${shanghaiTimeInWords(adoption.effectiveAtUtc)} 生效）：${adoption.stations} 个窗口，${counts(adoption)}`
  if (by === 'town' || by === 'village') {
    const groups = by === 'town' ? adoption.towns : adoption.villages
    return [head, ...groups.map((group) => `${group.code}\t${counts(group)}`)].join('\n')
  }
  if (by !== 'station') throw new AppError('USAGE')
  const lines = adoption.each.map(({ stationId, state, inForce, atUtc, reason }) =>
    [
      ...[stationId, stateWords[state], inForce === 0 ? '还没有生效的' : `在用第 ${inForce} 次`],
      // What a station wrote must not steer the terminal.
      ...[atUtc === null ? '' : shanghaiTimeInWords(atUtc), reason.replaceAll(/\p{Cc}|\p{Cf}/gu, ' ')],
    ].join('\t'),
  )
  return [head, ...lines].join('\n')
}

async function publisherCommand(
  office: ReleaseOffice,
  action: string,
  key: string | undefined,
  { name = '事项标准发布人', county = '440282' }: ReleaseWords,
): Promise<Said> {
  if (action === 'list' && key === undefined) {
    const publishers = await office.publishers()
    return { value: publishers, text: publishers.map(publisherInWords).join('\n') || '还没有登记发布人。' }
  }
  if (key === undefined || (action !== 'add' && action !== 'retire')) throw new AppError('USAGE')
  const publicKey = publicKeyOf(key)
  if (action === 'retire') {
    const retired = await office.retirePublisher(publicKey)
    return {
      value: retired,
      text: `已停用：${publisherInWords(retired)}\n已经认了它的窗口，要重新登记才会认新的发布人。`,
    }
  }
  if (!countySchema.safeParse(county).success) throw new AppError('USAGE')
  const made = await office.registerPublisher({ publicKey, county, name, ifNone: false })
  return { value: made, text: `已登记：${publisherInWords(made)}` }
}

/** A public key as it stands, or from a key's file. */
function publicKeyOf(word: string): string {
  const given = publisherKeySchema.safeParse(word)
  if (given.success) return given.data
  const file = readGivenFile(word, largestKeyBytes)
  if ('tooLargeBytes' in file) throw new AppError('PUBLISHER_KEY_DAMAGED')
  try {
    return z.object({ publicKey: publisherKeySchema }).parse(JSON.parse(file.bytes.toString('utf8'))).publicKey
  } catch (cause) {
    throw new AppError('PUBLISHER_KEY_DAMAGED', {}, { cause })
  }
}

function publisherInWords({
  publicKey,
  county,
  name,
  registeredAtUtc,
  retiredAtUtc,
  byRelease,
}: OfficePublisher): string {
  return [
    ...[county, name, publicKey],
    byRelease === null ? '后台登记' : `第 ${byRelease} 次发布交接`,
    retiredAtUtc === null ? `${shanghaiTimeInWords(registeredAtUtc)} 起` : `${shanghaiTimeInWords(retiredAtUtc)} 停用`,
  ].join('\t')
}

/** Names a station a publishing desk, or no longer, or lists them. */
async function deskCommand(
  office: ReleaseOffice,
  station: string | undefined,
  { remove = false }: ReleaseWords,
): Promise<Said> {
  const stationId = stationIdSchema.optional().safeParse(station)
  if (!stationId.success) throw new AppError('USAGE')
  const desks =
    stationId.data === undefined
      ? await office.desks()
      : await office.nameDesk({ stationId: stationId.data, isDesk: !remove })
  const text = desks.map(({ stationId: id, sinceUtc }) => `${id}\t${shanghaiTimeInWords(sinceUtc)} 起`).join('\n')
  return { value: desks, text: text || '没有登记发布台。有发布密钥的机器不用登记。' }
}

async function tagCommand(
  office: ReleaseOffice,
  words: readonly (string | undefined)[],
  { remove = false }: ReleaseWords,
): Promise<Said> {
  const [station, ...tags] = words
  if (station === undefined) {
    const stations = await office.stationTags()
    return { value: stations, text: stations.map(tagsInWords).join('\n') || '还没有窗口有标签。' }
  }
  const stationId = stationIdSchema.safeParse(station).data
  const wanted = z.array(stationTagSchema).safeParse(tags).data
  if (stationId === undefined || wanted === undefined || wanted.length === 0) throw new AppError('USAGE')
  const before = (await office.stationTags()).find((one) => one.stationId === stationId)?.tags ?? []
  const others = before.filter((tag) => !wanted.includes(tag))
  const made = await office.tagStation({ stationId, tags: remove ? others : [...others, ...wanted] })
  return { value: made, text: tagsInWords(made) }
}

const tagsInWords = ({ stationId, tags }: TargetedStation) => `${stationId}\t${tags.join('、') || '（没有标签）'}`
