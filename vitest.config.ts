import { defineConfig } from 'vitest/config'

const project = (name: string, timeoutSeconds: number, globalSetup: string[] = []) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: timeoutSeconds * 1000,
    hookTimeout: 120_000,
    environment: 'node' as const,
    globalSetup,
  },
})

export default defineConfig({
  test: {
    // Most tests wait for processes and sockets: one worker a core keeps none idle.
    maxWorkers: '100%',
    projects: [
      project('unit', 20),
      project('store', 120),
      project('integration', 300, ['tests/helpers/build.ts']),
      {
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['tests/types/**/*.test-d.ts'],
            tsconfig: 'tests/types/tsconfig.json',
          },
        },
      },
    ],
  },
})
