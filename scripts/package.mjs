// npm run package: the program as a folder that a machine can run (dist/linux-unpacked, dist/win-unpacked).
//   CUNCHUANG_ELECTRON_DIST names an unpacked Electron runtime; without it the installed electron package's is taken.
// The fuses are set by scripts/set-fuses.mjs after packing (electron-builder.yml).
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeBuilt } from './built.mjs'
import { makeInstalled, node24, root } from './installed.mjs'

const say = (line) => process.stdout.write(`${line}\n`)

await makeInstalled(say)
makeBuilt(say)
const dist = process.env.CUNCHUANG_ELECTRON_DIST ?? join(root, 'node_modules', 'electron', 'dist')
if (!existsSync(join(dist, 'version'))) {
  process.stderr.write(
    `没有 Electron 运行环境：请先下载，或用 CUNCHUANG_ELECTRON_DIST 指明。 No Electron runtime in ${dist}\n`,
  )
  process.exit(1)
}
const version = readFileSync(join(dist, 'version'), 'utf8').trim()
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
const settings = [`-c.electronDist=${dist}`, `-c.electronVersion=${version}`]
const { status } = spawnSync(node24, [builder, '--dir', ...settings, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
