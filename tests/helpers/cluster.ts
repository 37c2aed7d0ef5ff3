import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './programs.ts'

/** A centre in processes of its own: PostgreSQL and gateways, as scripts/centre-cluster.mjs starts them. */
export type Cluster = {
  readonly gateways: readonly { readonly listening: string; readonly metrics?: string; readonly pid: number }[]
  readonly databaseUrl: string
  readonly postgres: { readonly version: string; readonly pid: number; readonly fsync: boolean }
  stop(): Promise<void>
}

/** Starts a cluster; resolves when its gateways listen. It ends with `stop`, or with this process. */
export async function startCluster(words: readonly string[] = []): Promise<Cluster> {
  const script = join(root, 'scripts', 'centre-cluster.mjs')
  const child = spawn(process.execPath, [script, '--with-parent', ...words], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const ended = exited.then(([code]) => {
    throw new Error(`the cluster ended with ${code}`)
  })
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])
  ended.catch(() => undefined)
  return {
    ...JSON.parse(String(line)),
    stop: async () => {
      child.stdin.end()
      await exited
    },
  }
}
