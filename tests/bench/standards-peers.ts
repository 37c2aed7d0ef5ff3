// Owns: what others would send in the place of a release: archives of the catalogue, patches of a document, git.
// Does not own: anything of ours.
// Start here: `zipped`, `tarGzip`, `mergePatch`, `gitThinPack`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'

type Named = Pick<CatalogueDocument, 'kind' | 'id' | 'version' | 'bytes'>

/** A ZIP's local and central header of a file with a name of some 25 letters, and its end. */
const zipHeadBytes = { file: 30 + 46 + 2 * 25, end: 22 } as const

/** Bytes of a ZIP with these files, each deflated at the highest level. */
export function zipped(documents: readonly Pick<Named, 'bytes'>[]): number {
  const files = documents.map(({ bytes }) => deflateRawSync(bytes, { level: 9 }).length + zipHeadBytes.file)
  return files.reduce((sum, size) => sum + size, zipHeadBytes.end)
}

/** Bytes of a tar with these files, gzipped at the highest level. */
export function tarGzip(documents: readonly Named[]): number {
  return gzipSync(tarOf(documents), { level: 9 }).length
}

/** The tar itself: a head of 512 bytes a file, contents filled up to 512, two empty heads at the end (POSIX ustar). */
export function tarOf(documents: readonly Named[]): Buffer {
  const parts = documents.flatMap((document) => {
    const head = Buffer.alloc(512)
    head.write(fileName(document), 0)
    head.write('0000644\0', 100)
    head.write(`${document.bytes.length.toString(8).padStart(11, '0')}\0`, 124)
    head.write('ustar\0', 257)
    return [head, document.bytes, Buffer.alloc((512 - (document.bytes.length % 512)) % 512)]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

const fileName = ({ kind, id, version }: Named) =>
  kind === 'calendar' ? `${kind}-${id}-${version}.json` : `${kind}-${id}.json`

/** Bytes of the JSON Merge Patch (RFC 7396) between two documents, deflated: lists go whole. */
export function mergePatch({ before, after }: { readonly before: Buffer; readonly after: Buffer }): number {
  const patch = patchOf(JSON.parse(before.toString('utf8')), JSON.parse(after.toString('utf8')))
  return deflateRawSync(Buffer.from(JSON.stringify(patch)), { level: 9 }).length
}

function patchOf(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value),
  )
  return Object.fromEntries([
    ...gone.map((name) => [name, null]),
    ...changed.map(([name, value]) => [name, patchOf(before[name], value)]),
  ])
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Bytes of the thin pack that a `git fetch` of the change would bring, one commit over the catalogue as files; undefined where there is no git. */
export function gitThinPack(before: readonly Named[], after: readonly Named[]): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-bench-git-'))
  const git = (words: readonly string[], input = '') => {
    const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'commit.gpgsign=false']
    const ran = spawnSync('git', [...who, ...words], { cwd: folder, input, maxBuffer: 64 << 20 })
    if (ran.status !== 0) throw new Error(`git ${words[0]}: ${ran.stderr ?? ran.error}`)
    return ran.stdout
  }
  const commit = (documents: readonly Named[]) => {
    // Pretty-printed, as people keep such files: a line differs, not the only one.
    for (const document of documents) {
      const text = JSON.stringify(JSON.parse(document.bytes.toString('utf8')), null, 2)
      writeFileSync(join(folder, fileName(document)), `${text}\n`)
    }
    git(['add', '.'])
    git(['commit', '-q', '-m', 'release'])
  }
  try {
    if (spawnSync('git', ['--version']).status !== 0) return undefined
    git(['init', '-q'])
    commit(before)
    commit(after)
    return git(['pack-objects', '--revs', '--thin', '--stdout', '-q'], 'HEAD\n^HEAD~1\n').length
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
