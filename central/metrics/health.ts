// Owns: whether this gateway lives, and whether it can do its work.
// Does not own: what a balancer or an operator does with that (docs/centre.md).
// Start here: `healthRoutes`.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { wireErrorSchema } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import type { Identity } from '../identity.ts'
import { isMigrated } from '../migrations/index.ts'

/** What the answers stand on. `files` throws where the file store cannot be reached; undefined where the centre takes no files. */
export type HealthOptions = {
  readonly database: Database
  readonly identity: Identity
  readonly now: () => Date
  readonly files?: (() => Promise<unknown>) | undefined
}

const healthSchema = z.strictObject({ centreId: z.string(), name: z.string(), centreTimeUtc: z.string() })
const stateSchema = z.enum(['ok', 'failed', 'none'])

/** Whether the parts answer; says no more than that, since anybody may ask. */
export const readySchema = z.strictObject({
  ready: z.boolean(),
  database: stateSchema,
  migrations: stateSchema,
  files: stateSchema,
})

/** How long a part may take to answer before it counts as failed. */
const patienceMs = 5000

/**
 * Registers `/v1/health` (200 while the process lives: a database that is away is no reason to restart it) and `/v1/ready`
 * (200 when database, schema and file store answer within 5 s, otherwise 503: a balancer sends nothing here meanwhile).
 */
export function healthRoutes(app: FastifyInstance, options: HealthOptions): void {
  const { identity, now } = options
  app.get('/v1/health', {
    schema: { summary: '中心是否在运行', response: { 200: healthSchema, '5xx': wireErrorSchema } },
    handler: async () => ({ centreId: identity.centreId, name: identity.name, centreTimeUtc: now().toISOString() }),
  })
  app.get('/v1/ready', {
    schema: { summary: '中心能否收件：数据库、表结构、文件存放处', response: { 200: readySchema, 503: readySchema } },
    handler: async (_request, reply) => {
      const state = await readiness(options)
      return reply.status(state.ready ? 200 : 503).send(state)
    },
  })
}

async function readiness({ database, files }: HealthOptions): Promise<z.infer<typeof readySchema>> {
  const [connected, migrated, stored] = await Promise.all([
    stateOf(async () => (await database.query('select 1 as one')).length === 1),
    stateOf(() => isMigrated(database)),
    files === undefined ? ('none' as const) : stateOf(async () => (await files()) !== undefined),
  ])
  const ready = connected === 'ok' && migrated === 'ok' && stored !== 'failed'
  return { ready, database: connected, migrations: migrated, files: stored }
}

async function stateOf(answers: () => Promise<boolean>): Promise<'ok' | 'failed'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs)
  })
  const isOk = await Promise.race([answers().catch(() => false), late])
  clearTimeout(timer)
  return isOk ? 'ok' : 'failed'
}
