// Owns: whether out/ was built from the sources as they are, and building it.
// Does not own: how it is built (electron.vite.config.ts).
// Start here: `makeBuilt`. Plain JavaScript on built-ins alone.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node24, root } from './installed.mjs'

const stampFile = join(root, 'out', '.build-stamp')
const sources = ['main', 'preload', 'renderer', 'central', 'resources']
const settings = ['package.json', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.base.json']

/** A digest over name, size and time of every source: takes milliseconds, and a changed file changes it. */
function digestOfSources() {
  const digest = createHash('sha256')
  const take = (path) => {
    const { size, mtimeMs } = statSync(join(root, path))
    digest.update(`${path}\n${size}\n${mtimeMs}\n`)
  }
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else take(path)
    }
  }
  for (const folder of sources) walk(folder)
  for (const file of settings) take(file)
  return digest.digest('hex')
}

/** Whether out/ is what the sources give. */
export function isBuilt() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digestOfSources()
}

/** Builds when something changed since; ends the program with the builder's words when it fails. */
export function makeBuilt(say, { force = false } = {}) {
  if (!force && isBuilt()) return false
  say('正在构建（约半分钟）。 Building.')
  const before = digestOfSources()
  rmSync(stampFile, { force: true })
  const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { status, stdout, stderr } = spawnSync(node24, [builder, 'build', '--logLevel', 'warn'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  })
  if (status !== 0) {
    process.stderr.write(`构建失败。 The build failed.\n${stdout}\n${stderr}\n`)
    process.exit(1)
  }
  // Sources that changed meanwhile are newer than what was built: the next start builds again.
  writeFileSync(stampFile, before)
  return true
}
