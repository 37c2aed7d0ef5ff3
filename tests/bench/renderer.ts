import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import buildWhatIsStale from '../helpers/build.ts'
import type { Row } from './row.ts'

const built = join(import.meta.dirname, '../../out/renderer')

/** Files that the page asks for before anything is clicked: index.html and all that it names, followed through static imports. */
function firstLoad(): string[] {
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    if (!/\.(html|js)$/.test(file)) return
    const text = readFileSync(join(built, file), 'utf8')
    const named = file.endsWith('.html')
      ? [...text.matchAll(/(?:src|href)="\.?\/([^"]+\.(?:js|css))"/g)].map((match) => match[1])
      : [...text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map((match) => `assets/${match[1]}`)
    for (const next of named) if (next !== undefined) visit(next)
  }
  visit('index.html')
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
