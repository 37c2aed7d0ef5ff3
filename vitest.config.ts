import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

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

/** Files that take minutes, most of it waiting for a clock or a slow link, beside one that computes. */
const longest = ['hall-desks', 'simulation', 'link', 'sync-desk', 'desk-crash', 'bundle', 'hall', 'reconciliation']

/** The longest files begin first, so that none of them is left running alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return found < 0 ? longest.length : found
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    // Many tests wait for processes and sockets: one worker more than cores keeps none idle.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      // Limits against what hangs: a slow machine, busy with three workers, needs several times what an idle one does.
      project('unit', 60),
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
