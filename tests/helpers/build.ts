import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Global setup of Playwright and of Vitest's integration tests: they run what ships, so what is stale is built first. */
function buildWhatIsStale(): void {
  const root = join(import.meta.dirname, '..', '..')
  const script = "import('./scripts/built.mjs').then(({makeBuilt}) => makeBuilt(console.log))"
  const { status } = spawnSync(process.execPath, ['-e', script], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('the build failed; see above')
}

// biome-ignore lint/style/noDefaultExport: a global setup is the default export.
export default buildWhatIsStale
