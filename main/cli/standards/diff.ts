// Owns: `standards diff`: what changed between two versions of a document, or between two whole sets of them.
// Does not own: how changes are found and worded (main/standards/differences), how sets are read (catalogue.ts).
// Start here: `diffFiles`.
import { AppError } from '../../../preload/contract/errors.ts'
import { documentInWords, documentName, type StandardDocument } from '../../../preload/contract/standards/documents.ts'
import type { Change } from '../../../preload/contract/standards/findings.ts'
import { knownDivisions } from '../../desk/divisions.ts'
import { programFiles } from '../../shells/program-files.ts'
import { checkDocuments, compareDocuments, type NamedText, type NamesOf } from '../../standards/index.ts'
import { type CatalogueDocument, documentFrom } from '../../wire/catalogue/documents.ts'
import { type ChangedRef, changedRefs } from '../../wire/catalogue/manifest.ts'
import { parseWords, wrongUsage } from '../seal/arguments.ts'
import type { CommandOutput } from '../seal/command.ts'
import { isCatalogue, readCatalogue } from './catalogue.ts'
import { readFile } from './files.ts'
import { plain } from './finding-lines.ts'

/**
 * `standards diff`: what changed from one version of a document to another, or from one set to another: each a folder or a
 * release's file. Gives 1 where something did. Throws USAGE, NOT_FOUND, INPUT_INVALID, RELEASE_….
 */
export async function diffFiles(argv: readonly string[], io: CommandOutput): Promise<0 | 1> {
  const words = parseWords(argv, { json: { type: 'boolean' } })
  const [before, after, ...more] = words.positionals
  if (before === undefined || after === undefined || more.length > 0)
    throw wrongUsage('要写旧、新两个文件，或两个文件夹、发布文件')
  const sets = [before, after].filter(isCatalogue).length
  if (sets === 1) throw wrongUsage('旧、新要么都是单个文件，要么都是文件夹或发布文件（.cunrelease）')
  if (sets === 2) return diffCatalogues(await readCatalogue(before), await readCatalogue(after), words.flag('json'), io)
  const changes = compareDocuments(readable(readFile(before)), readable(readFile(after)), namesIn([]))
  if (words.flag('json')) io.stdout(JSON.stringify({ changes }, null, 2))
  else for (const line of linesOf(changes)) io.stdout(line)
  return changes.length === 0 ? 0 : 1
}

/** A document that can be read, whatever else is wrong with it. Throws INPUT_INVALID with the first thing that keeps it from that. */
function readable(text: NamedText): StandardDocument {
  const { documents, findings } = checkDocuments([text], false)
  const [only] = documents
  if (only !== undefined) return only.document
  const [finding] = findings
  throw new AppError('INPUT_INVALID', { field: `${text.name} ${finding?.place ?? ''}（${finding?.problem ?? ''}）` })
}

type Documents = readonly CatalogueDocument[]

function diffCatalogues(before: Documents, after: Documents, isJson: boolean, io: CommandOutput): 0 | 1 {
  const bodies = new Map([...before, ...after].map(({ sha256, bytes }) => [sha256, bytes.toString('utf8')]))
  const names = namesIn([...after, ...before])
  const changed = changedRefs(before, after).map((ref) => changeOf(ref, bodies, names))
  if (isJson) io.stdout(JSON.stringify({ documents: changed.map(({ heading: _, ...one }) => one) }, null, 2))
  else for (const line of catalogueLines(changed)) io.stdout(line)
  return changed.length === 0 ? 0 : 1
}

function changeOf({ before, after }: ChangedRef, bodies: ReadonlyMap<string, string>, names: NamesOf) {
  const ref = after ?? before
  if (ref === null) throw new Error('a change of nothing')
  const read = (one: ChangedRef['before']) => (one === null ? undefined : documentFrom(bodies.get(one.sha256) ?? ''))
  const [was, is] = [read(before), read(after)]
  const shown = is ?? was
  const name = shown === undefined ? ref.id : documentName(shown)
  const what = before === null ? 'added' : after === null ? 'removed' : 'changed'
  const from = before === null || after === null || ref.kind === 'calendar' ? '' : `（原第${before.version}版）`
  return {
    ...{ what, kind: ref.kind, id: ref.id, name },
    ...{ fromVersion: before?.version ?? null, toVersion: after?.version ?? null },
    changes: was !== undefined && is !== undefined ? compareDocuments(was, is, names) : [],
    heading: `${whatWords[what]}  ${plain(documentInWords(ref, name))}${from}`,
  }
}

const whatWords = { added: '新增', changed: '改动', removed: '去掉' } as const

function catalogueLines(changed: readonly ReturnType<typeof changeOf>[]): string[] {
  if (changed.length === 0) return ['没有不同。']
  const told = changed.flatMap(({ what, heading, changes }) => {
    const isSaid = what !== 'changed' || changes.length > 0
    return [
      heading,
      ...(isSaid ? changeLines(changes) : ['问的、收的都一样，只有版本号或写法不同。']).map((line) => `  ${line}`),
    ]
  })
  const count = (what: keyof typeof whatWords) => changed.filter((one) => one.what === what).length
  return [
    ...told,
    `共 ${changed.length} 份不同：改动 ${count('changed')}，新增 ${count('added')}，去掉 ${count('removed')}。`,
  ]
}

/** What matters and themes are called in these documents, the first that has a name; places as the county calls them. */
function namesIn(documents: Documents): NamesOf {
  const divisions = knownDivisions(programFiles().resources)
  return (kind, id) => {
    if (kind === 'division') return divisions.get(id)
    const found = documents.find((one) => one.kind === kind && one.id === id)
    return found && documentName(documentFrom(found.bytes.toString('utf8')))
  }
}

const signs = { added: '＋', removed: '－', changed: '～', moved: '↕' } as const

function linesOf(changes: readonly Change[]): string[] {
  return changes.length === 0 ? ['没有不同。'] : [...changeLines(changes), `共 ${changes.length} 处不同。`]
}

function changeLines(changes: readonly Change[]): string[] {
  return changes.flatMap(({ kind, words, before, after }) => [
    `${signs[kind]} ${plain(words)}`,
    ...(kind === 'changed' ? [`    原来：${inLine(before)}`, `    现在：${inLine(after)}`] : []),
  ])
}

const inLine = (text: string | null) => (text === null ? '（没有）' : plain(text.replaceAll('\n', '；')))
