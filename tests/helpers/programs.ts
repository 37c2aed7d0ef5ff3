import { join } from 'node:path'

/** The checkout. */
export const root = join(import.meta.dirname, '..', '..')

/** Programs as they ship, bundled by the build that runs before the integration tests: they start several times faster than from source. */
export const programs = {
  desk: join(root, 'out', 'main', 'desk.js'),
  centre: join(root, 'out', 'main', 'central.js'),
  cli: join(root, 'out', 'main', 'cli.js'),
} as const
