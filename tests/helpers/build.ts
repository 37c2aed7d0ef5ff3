import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Playwright's global setup: the specs run what the sources give, so what is stale is built first. */
function buildWhatIsStale(): void {
  const root = join(import.meta.dirname, '..', '..')
  const script = "import('./scripts/built.mjs').then(({makeBuilt}) => makeBuilt(console.log))"
  const { status } = spawnSync(process.execPath, ['-e', script], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('the build failed; see above')
}

// biome-ignore lint/style/noDefaultExport: Playwright takes a global setup as the default export.
export default buildWhatIsStale
