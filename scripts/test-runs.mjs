// Owns: running Vitest and Playwright, and counting what came of it.
// Does not own: what is run when (test.mjs, test-electron.mjs).
// Start here: `runVitest`, `runPlaywright`, `sayResults`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
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

/** Vitest's own counts, and the names of what failed. */
function vitestSum(name) {
  const { numPassedTests, numPendingTests, numTodoTests, testResults } = readJson(name)
  const failures = testResults.flatMap(({ name: file, status, assertionResults, message }) => {
    const failed = assertionResults.filter((one) => one.status === 'failed')
    // A file that cannot be loaded has no test that could fail.
    const broken = status === 'failed' && assertionResults.length === 0 ? [`${relative(root, file)}: ${message}`] : []
    return [
      ...broken,
      ...failed.map(({ title, failureMessages }) => `${relative(root, file)} › ${title}: ${failureMessages[0] ?? ''}`),
    ]
  })
  return { passed: numPassedTests, failed: failures.length, skipped: numPendingTests + numTodoTests, failures }
}

/** Playwright's, likewise. */
function playwrightSum(name) {
  const { stats, errors, suites } = readJson(name)
  const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)]
  const failed = suites.flatMap(specsOf).filter(({ ok }) => !ok)
  const failures = [
    ...failed.map(({ file, title, tests }) => `${file} › ${title}: ${tests[0]?.results.at(-1)?.error?.message ?? ''}`),
    ...errors.map(({ message }) => message ?? 'an error outside of a test'),
  ]
  const [passed, failedCount] = [stats.expected + stats.flaky, stats.unexpected + errors.length]
  return { passed, failed: failedCount, skipped: stats.skipped, failures }
}

/** One run of a tool: its sum, and a failure where it ended badly without one (a crash, no tests, an unhandled error). */
function sumOf(code, file, count) {
  const sum = existsSync(join(results, file)) ? count(file) : { passed: 0, failed: 0, skipped: 0, failures: [] }
  if (code === 0 || sum.failed > 0) return sum
  return { ...sum, failed: 1, failures: [`${file}: the run ended with ${code}`] }
}

/** Names what failed, each by one line, and after it the sum: what somebody reads who sees the end alone. */
export function sayResults(sums) {
  const total = (key) => sums.reduce((sum, one) => sum + one[key], 0)
  const lineOf = (failure) => stripVTControlCharacters(failure).split('\n')[0].slice(0, 300)
  for (const failure of sums.flatMap(({ failures }) => failures)) say(`failed: ${lineOf(failure)}`)
  say(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`)
  return total('failed') === 0 ? 0 : 1
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
