// A centre as a county runs it, without containers: a throw-away PostgreSQL, several gateways over it, ended cleanly.
//   node scripts/centre-cluster.mjs [--gateways 2] [--fsync] [--metrics] [--pin CORE] [--port FIRST] [--with-parent]
// Prints one line of JSON when all of them listen, and ends at Ctrl+C or SIGTERM; with --with-parent also at the end of its standard input.
// compose.yaml sets up the same in containers; tests/helpers/cluster.ts starts this. Does not own: how a gateway works (central/).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { makeBuilt } from './built.mjs'
import { makeInstalled, node24, root } from './installed.mjs'
import { startPostgres } from './throwaway-postgres.mjs'

const text = { type: 'string' }
const flag = { type: 'boolean', default: false }
const { values: asked } = parseArgs({
  options: {
    gateways: { ...text, default: '2' },
    port: { ...text, default: '0' },
    pin: text,
    fsync: flag,
    metrics: flag,
    'with-parent': flag,
  },
})

const say = (line) => process.stderr.write(`${line}\n`)
await makeInstalled(say)
makeBuilt(say)

const postgres = await startPostgres({ sync: asked.fsync })
const databaseUrl = postgres.makeDatabase('centre')
const files = mkdtempSync(join(tmpdir(), 'cunchuang-centre-files-'))
/** Without standard input a gateway would outlive a cluster that is killed. */
const gatewayOptions = { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] }

/** Starts one gateway; resolves with what it says once it listens. */
async function startGateway(index) {
  const firstPort = Number(asked.port)
  const words = [join(root, 'out', 'main', 'central.js'), 'serve', '--with-parent', '--files', files]
  if (firstPort > 0) words.push('--port', String(firstPort + index))
  if (asked.metrics) words.push('--metrics-port', '0')
  const [program, ...before] = asked.pin === undefined ? [node24] : ['taskset', '-c', asked.pin, node24]
  const env = { ...process.env, DATABASE_URL: databaseUrl, NODE_NO_WARNINGS: '1' }
  const child = spawn(program, [...before, ...words], { ...gatewayOptions, env })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a gateway ended with ${code}`)
  })
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])
  ended.catch((error) => isEnding || say(error.message))
  return { child, said: JSON.parse(line) }
}

let isEnding = false
const gateways = []
try {
  for (let index = 0; index < Number(asked.gateways); index += 1) gateways.push(await startGateway(index))
  const said = gateways.map((gateway) => gateway.said)
  console.log(
    JSON.stringify({
      gateways: said,
      databaseUrl,
      files,
      postgres: { version: postgres.version, pid: postgres.pid, fsync: asked.fsync },
    }),
  )
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve())
    if (asked['with-parent']) process.stdin.once('end', () => resolve()).resume()
  })
} finally {
  isEnding = true
  for (const { child } of gateways) child.kill('SIGTERM')
  await Promise.all(gateways.map(({ child }) => child.exitCode ?? child.signalCode ?? once(child, 'exit')))
  await postgres.stop()
  rmSync(files, { recursive: true, force: true })
}
process.exit()
