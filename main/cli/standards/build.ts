import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { shanghaiTimeInWords, todayInShanghai } from '../../../preload/contract/calendar.ts'
import {
  type CatalogueManifest,
  countySchema,
  type DocumentRef,
  releaseTargetSchema,
} from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { documentInWords } from '../../../preload/contract/standards/documents.ts'
import { checkBeginning, checkDocuments, isMust } from '../../standards/index.ts'
import { mapSqliteError, openPublisherKey, readPublisherKey, writeFileDurably } from '../../store/index.ts'
import { type CatalogueDocument, documentFrom, judgeDocuments } from '../../wire/catalogue/documents.ts'
import { changedRefs, type SignedManifest, signManifest, unsignedManifest } from '../../wire/catalogue/manifest.ts'
import { writePack } from '../../wire/catalogue/pack.ts'
import { assertReferences } from '../../wire/catalogue/references.ts'
import { openWhole, readReleaseFile, type WholeRelease } from '../../wire/catalogue/release-file.ts'
import { readPin } from '../seal/files.ts'
import { readDocumentsFolder } from './documents-folder.ts'
import { findingLines } from './finding-lines.ts'
import { needed, onlyWord, type ReleaseOrder, wrongUsage } from './release-order.ts'

/** What a new release adds to the one before it. */
export type ReleaseFacts = Pick<
  CatalogueManifest,
  'county' | 'madeAtUtc' | 'effectiveAtUtc' | 'targets' | 'note' | 'approvedBy' | 'nextPublisherKey'
>

/** `standards build`: a folder of documents as an unsigned release. Throws STANDARD_FAULTY where anything in it must be mended, after telling what. */
export async function buildRelease(order: ReleaseOrder): Promise<0 | 1> {
  const folder = onlyWord(order, '文件夹')
  const out = needed(order, 'out')
  const { options, io } = order
  const previous = options.previous === undefined ? undefined : await openReleaseFile(options.previous)
  const documents = readDocumentsFolder(folder)
  const facts = factsOf(order, previous)
  assertSound(documents, { previous: previous?.documents ?? [], effectiveAtUtc: facts.effectiveAtUtc }, io)
  if (previous !== undefined) assertVersions(previous.documents, documents)
  const manifest = manifestAfter(previous, documents, facts)
  await writeRelease(out, previous, unsignedManifest(manifest), documents)
  const changes = changesFrom(previous?.documents ?? [], documents)
  const said = { release: manifest.release, file: out, documents: documents.length, changes }
  if (options.json) io.stdout(JSON.stringify(said, null, 2))
  else {
    const when = shanghaiTimeInWords(manifest.effectiveAtUtc)
    io.stdout(`第 ${manifest.release} 次发布已做好：${documents.length} 份文件，${when} 生效，还没有签名。`)
    for (const change of changes) io.stdout(change)
    if (changes.length === 0) io.stdout('与上一次没有不同。')
  }
  return 0
}

/** `standards sign`: the publisher's signature over a release, which counts from then on. What every station would refuse is not signed. */
export async function signRelease(order: ReleaseOrder): Promise<0 | 1> {
  const file = onlyWord(order, '发布文件')
  const { options, io } = order
  const key = readPublisherKey(needed(order, 'key'))
  const pin = await readPin(needed(order, 'pin-file'))
  const { signed: before, handovers, documents } = await openReleaseFile(file)
  await judgeDocuments(documents)
  await assertReferences(documents.map((document) => [document, document.bytes]))
  const by = await openPublisherKey(key, pin)
  const signed = signManifest(before.manifest, by)
  const out = options.out ?? file
  await writePackFile(out, { handovers, signed, documents }, out === file)
  const { release } = signed.manifest
  if (options.json) io.stdout(JSON.stringify({ release, sha256: signed.sha256, publisher: key.publicKey, file: out }))
  else io.stdout(`第 ${release} 次发布已由“${key.name}”签名：${out}`)
  return 0
}

/** A release from its file. Throws as `readReleaseFile` and `openWhole`. */
export async function openReleaseFile(file: string): Promise<WholeRelease> {
  return await openWhole(await readReleaseFile(file))
}

/** The manifest of a release after another. */
export function manifestAfter(
  previous: WholeRelease | undefined,
  documents: readonly CatalogueDocument[],
  facts: ReleaseFacts,
): CatalogueManifest {
  const before = previous?.signed
  return {
    format: 1,
    release: (before?.manifest.release ?? 0) + 1,
    previous: before === undefined ? null : { release: before.manifest.release, sha256: before.sha256 },
    documents: documents.map(({ bytes: _, ...ref }) => ref),
    ...facts,
  }
}

/** Writes a release after another as a file that stands on its own: with every handover before it. */
export async function writeRelease(
  out: string,
  previous: WholeRelease | undefined,
  signed: SignedManifest,
  documents: readonly CatalogueDocument[],
): Promise<void> {
  const handsOver = previous?.signed.manifest.nextPublisherKey !== undefined
  const handovers = previous === undefined ? [] : [...previous.handovers, ...(handsOver ? [previous.signed] : [])]
  await writePackFile(out, { handovers, signed, documents }, false)
}

async function writePackFile(out: string, whole: WholeRelease, mayReplace: boolean): Promise<void> {
  if (!mayReplace && existsSync(out)) throw new AppError('FILE_NOT_WRITABLE', { name: basename(out) })
  const bodies = new Map(whole.documents.map(({ sha256, bytes }) => [sha256, bytes]))
  const { handovers, signed: release } = whole
  const pack = await writePack({ base: null, handovers, release, documentOf: ({ sha256 }) => bodies.get(sha256) })
  written(out, (aside) => writeFileDurably(out, pack, aside))
}

/** Writes a file that a command was told to write, by way of `aside`, a name that no file there has. Throws DISK_FULL, FILE_NOT_WRITABLE with its name: none of it lies in a data folder. */
export function written(file: string, write: (aside: string) => void): void {
  try {
    write(`${file}.${randomUUID()}.aside`)
  } catch (cause) {
    const error = mapSqliteError(cause)
    throw error instanceof AppError && error.code === 'DISK_FULL'
      ? error
      : new AppError('FILE_NOT_WRITABLE', { name: basename(file) }, { cause })
  }
}

function factsOf({ options }: ReleaseOrder, previous: WholeRelease | undefined): ReleaseFacts {
  const now = new Date().toISOString()
  const county = options.county ?? previous?.signed.manifest.county ?? '440282'
  if (!countySchema.safeParse(county).success) throw wrongUsage('--county 要写六位县代码')
  const note = options.note ?? ''
  const approvedBy = options['approved-by'] ?? ''
  if (/[\p{Cc}\p{Cs}]/u.test(note + approvedBy)) throw wrongUsage('--note 和 --approved-by 要写在一行里')
  const effectiveAtUtc = options.effective === undefined ? now : readTime(options.effective)
  return { county, madeAtUtc: now, effectiveAtUtc, targets: readTargets(options.targets), note, approvedBy }
}

function readTargets(words: string | undefined): CatalogueManifest['targets'] {
  if (words === undefined || words === 'all') return 'all'
  const targets = [...new Set(words.split(',').map((word) => word.trim()))].toSorted()
  const wrong = targets.find((target) => !releaseTargetSchema.safeParse(target).success)
  if (wrong !== undefined || targets.length === 0)
    throw wrongUsage(`--targets 里的“${wrong ?? ''}”不是窗口、村、镇代码或标签`)
  return targets
}

/** A time as people write it, in Beijing time. Throws USAGE. */
export function readTime(word: string): string {
  const [, day, time = '00:00'] = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}))?$/.exec(word) ?? []
  const at = new Date(`${day}T${time}:00.000+08:00`)
  if (
    day === undefined ||
    Number.isNaN(at.getTime()) ||
    new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10) !== day
  )
    throw wrongUsage('--effective 要写成 2026-12-01 或 2026-12-01T08:30（北京时间）')
  return at.toISOString()
}

function assertSound(
  documents: readonly CatalogueDocument[],
  given: { readonly previous: readonly CatalogueDocument[]; readonly effectiveAtUtc: string },
  io: ReleaseOrder['io'],
): void {
  const texts = documents.map((one) => ({ name: documentInWords(one), text: one.bytes.toString('utf8') }))
  const checked = checkDocuments(texts, true).findings.filter(isMust)
  const musts = checked.length > 0 ? checked : beginnings(documents, given)
  const [first] = musts
  if (first === undefined) return
  for (const line of findingLines(musts)) io.stderr(line)
  throw new AppError('STANDARD_FAULTY', {
    count: musts.length,
    place: `${first.document}：${first.place}，${first.problem}`,
  })
}

/** What the release would close until its version begins, against the one before it. */
function beginnings(
  documents: readonly CatalogueDocument[],
  { previous, effectiveAtUtc }: { readonly previous: readonly CatalogueDocument[]; readonly effectiveAtUtc: string },
) {
  const replacing = documents.map((after) => {
    const before = previous.find(({ kind, id }) => kind === after.kind && id === after.id && kind !== 'calendar')
    const read = (one: CatalogueDocument) => documentFrom(one.bytes.toString('utf8'))
    return { name: documentInWords(after), before: before && read(before), after: read(after) }
  })
  return checkBeginning(replacing, todayInShanghai(new Date(effectiveAtUtc)))
}

/** Other contents need another version: every station would refuse them, so they are refused here. */
function assertVersions(before: readonly DocumentRef[], after: readonly DocumentRef[]): void {
  for (const { kind, id, version, sha256 } of after) {
    const same = before.find((one) => one.kind === kind && one.id === id && one.version === version)
    if (same !== undefined && same.sha256 !== sha256 && kind !== 'calendar')
      throw new AppError('RELEASE_VERSION_REUSED', { document: documentInWords({ kind, id, version }) })
  }
}

/** What is new, changed or gone, a line each. */
export function changesFrom(before: readonly DocumentRef[], after: readonly DocumentRef[]): string[] {
  return changedRefs(before, after).map(({ before: was, after: is }) => {
    if (is === null) return was === null ? '' : `去掉  ${documentInWords(was)}`
    if (was === null) return `新增  ${documentInWords(is)}`
    return `改动  ${documentInWords(is)}${is.kind === 'calendar' ? '' : `（原第${was.version}版）`}`
  })
}
