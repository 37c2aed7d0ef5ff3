import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

/** A PostgreSQL server of the test's own. */
export type TestPostgres = {
  /** Makes an empty database and returns its URL. */
  makeDatabase(): Promise<string>
  stop(): Promise<void>
}

/** `nobody`: PostgreSQL refuses to run as root. */
const nobody = 65534

/** Where Debian's PostgreSQL programs lie; undefined where there are none. */
function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  const versions = readdirSync(root).toSorted((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

/** Why no PostgreSQL can be started here; empty where one can. */
export const missingForPostgres = (): string =>
  postgresPrograms() === undefined ? 'PostgreSQL is not on this machine (Debian: postgresql)' : ''

/** Starts PostgreSQL on loopback in a temporary folder, as a user that is not root. */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = postgresPrograms()
  if (bin === undefined) throw new Error(missingForPostgres())
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-postgres-'))
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (process.getuid?.() === 0) for (const path of [folder, passwordFile, data]) chownSync(path, nobody, nobody)
  const made = spawnSync(
    ...unprivileged(join(bin, 'initdb'), [
      '-D',
      data,
      '-U',
      'test',
      '-A',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ]),
    { cwd: folder },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const port = await freePort()
  const settings = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `port=${port}`,
    '-c',
    `unix_socket_directories=${folder}`,
    '-c',
    'fsync=off',
  ]
  const server = spawn(...unprivileged(join(bin, 'postgres'), ['-D', data, ...settings]), {
    cwd: folder,
    stdio: 'ignore',
  })
  const admin = `postgres://test:${password}@127.0.0.1:${port}`
  await untilReady(`${admin}/postgres`, server)
  let count = 0
  return {
    makeDatabase: async () => {
      count += 1
      await run(`${admin}/postgres`, `create database centre_${count}`)
      return `${admin}/centre_${count}`
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function unprivileged(program: string, words: string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [program, words]
  return ['setpriv', [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', program, ...words]]
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await wait(100)) {
    const failure = await run(url, 'select 1').then(
      () => undefined,
      (error: Error) => error,
    )
    if (failure === undefined) return
    if (server.exitCode !== null || Date.now() > deadline) throw failure
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end().catch(() => undefined)
  }
}
