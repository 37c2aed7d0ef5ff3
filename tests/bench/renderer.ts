import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import buildWhatIsStale from '../helpers/build.ts'
import type { Row } from './row.ts'

const built = join(import.meta.dirname, '../../out/renderer')

/** Files that the page asks for until the login stands: what index.html and the entry name, the entry's own imports at run time too, and what those import statically. */
function firstLoad(): string[] {
  const seen = new Set<string>(['index.html'])
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    if (!file.endsWith('.js')) return
    const text = readFileSync(join(built, file), 'utf8')
    const isEntry = file === entry
    const named = isEntry ? /["'`]\.\/([^"'`]+\.(?:js|css))["'`]/g : /(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g
    for (const [, name] of text.matchAll(named)) visit(`assets/${name}`)
  }
  const page = readFileSync(join(built, 'index.html'), 'utf8')
  const [, entry = ''] = /<script[^>]+src="\.\/([^"]+)"/.exec(page) ?? []
  for (const [, name = ''] of page.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)) visit(name)
  return [...seen]
}

/** Compressed size (gzip) of what the window loads first, and of everything that it may load later. Builds what is stale first. */
export async function benchRenderer(): Promise<Row[]> {
  buildWhatIsStale()
  const sizeOf = (files: string[]) =>
    files.reduce((sum, file) => sum + gzipSync(readFileSync(join(built, file)), { level: 9 }).length, 0)
  const later = readdirSync(join(built, 'assets')).map((file) => `assets/${file}`)
  const kilobytes = (size: number) => `${Math.round(size / 1000)} kB`
  return [
    { what: 'renderer, first load, compressed', median: kilobytes(sizeOf(firstLoad())), target: '≤ 1000 kB' },
    { what: 'renderer, all files, compressed', median: kilobytes(sizeOf(later)), target: '' },
  ]
}
