import { defineConfig } from '@playwright/test'

/** Specs of one shell alone carry its name: everything else runs on both. */
const electronOnly = /electron.*\.spec\.ts$/
const browserOnly = /-browser\.spec\.ts$/

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './tests/helpers/build.ts',
  outputDir: 'test-results/playwright',
  // A spec waits for its window about half the time: two keep two cores busy.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // Limits against what hangs: two windows on two slow cores need several times what one on an idle machine does.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  // A trace of a failure: run that spec again with `--trace on`. Recording one of every spec costs half their time.
  use: { trace: 'off', screenshot: 'only-on-failure' },
  projects: [
    { name: 'browser', testIgnore: electronOnly },
    { name: 'electron', testIgnore: browserOnly },
  ],
})
