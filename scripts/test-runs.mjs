// Owns: running Vitest and Playwright, and counting what came of it.
// Does not own: what is run when (test.mjs, test-electron.mjs).
// Start here: `runVitest`, `runPlaywright`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { node24, root } from './installed.mjs'

/** Prints one line. */
export const say = (line) => process.stdout.write(`${line}\n`)
const results = join(root, 'test-results')

/** Takes the last run's results away. */
export function emptyResults() {
  rmSync(results, { recursive: true, force: true })
  mkdirSync(results)
}

/** Runs a tool of node_modules under Node 24; gives its exit code. */
function run(file, args, env = {}) {
  const { status } = spawnSync(node24, [join(root, 'node_modules', file), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  return status ?? 1
}

const readJson = (name) => JSON.parse(readFileSync(join(results, name), 'utf8'))

/** Vitest's own counts. */
function vitestSum(name) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = readJson(name)
  // A file that cannot be loaded has no test that could fail.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests + numTodoTests }
}

function playwrightSum(name) {
  const { stats, errors } = readJson(name)
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped }
}

/** One run of a tool: its sum, and a failure where it ended badly without one (a crash, no tests, an unhandled error). */
function sumOf(code, file, count) {
  const sum = existsSync(join(results, file)) ? count(file) : { passed: 0, failed: 0, skipped: 0 }
  return code !== 0 && sum.failed === 0 ? { ...sum, failed: 1 } : sum
}

/** Runs projects of Vitest; gives how many tests passed, failed and were skipped. */
export function runVitest(projects) {
  const file = 'vitest.json'
  const args = ['run', ...projects.flatMap((name) => ['--project', name])]
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${join(results, file)}`]
  return sumOf(run('vitest/vitest.mjs', [...args, ...reporters]), file, vitestSum)
}

/** Runs a project of Playwright, likewise. */
export function runPlaywright(project) {
  const file = 'playwright.json'
  rmSync(join(results, file), { force: true })
  return sumOf(run('@playwright/test/cli.js', ['test', '--project', project]), file, playwrightSum)
}
