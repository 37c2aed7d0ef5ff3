// Owns: a PostgreSQL server for an hour: made in a temporary folder by the system's programs, never as root, gone at the end.
// Does not own: what is kept in it (scripts/centre-cluster.mjs, tests/helpers/postgres.ts).
// Start here: `startPostgres`. Plain JavaScript on built-ins alone.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** `nobody`: PostgreSQL refuses to run as root. */
const nobody = 65534

/** Where Debian's PostgreSQL programs lie, the newest first; undefined where there are none. */
function postgresPrograms() {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  const versions = readdirSync(root).toSorted((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

/** Why no PostgreSQL can be started here; empty where one can. */
export function missingForPostgres() {
  return postgresPrograms() === undefined ? 'PostgreSQL is not on this machine (Debian: postgresql)' : ''
}

/**
 * Starts PostgreSQL on loopback in a temporary folder, as a user that is not root. Without `sync` it trusts the system to
 * write in its own time: a power cut may lose what was committed, a killed process nothing. Throws where the programs are missing.
 */
export async function startPostgres({ sync = false } = {}) {
  const bin = postgresPrograms()
  if (bin === undefined) throw new Error(missingForPostgres())
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-postgres-'))
  const password = randomBytes(16).toString('hex')
  const data = makeCluster(bin, folder, password)
  const port = await freePort()
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: sync ? 'on' : 'off' }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(...unprivileged(join(bin, 'postgres'), ['-D', data, ...words]), { cwd: folder, stdio: 'ignore' })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  const stop = async () => {
    // Fast shutdown: whoever is still connected is sent away.
    server.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const ask = (sql) => {
    const words = ['-h', '127.0.0.1', '-p', String(port), '-U', 'centre', '-d', 'postgres', '-qtAc', sql]
    return spawnSync(join(bin, 'psql'), words, { env: { PGPASSWORD: password }, encoding: 'utf8' })
  }
  for (const deadline = Date.now() + 30_000; ; ) {
    const ready = spawnSync(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])
    if (ready.status === 0) break
    if (server.exitCode === null && Date.now() < deadline) continue
    await stop()
    throw new Error('PostgreSQL did not start')
  }
  const makeDatabase = (name) => {
    const made = ask(`create database ${name}`)
    if (made.status !== 0) throw new Error(made.stderr)
    return `postgres://centre:${password}@127.0.0.1:${port}/${name}`
  }
  return { version: ask('show server_version').stdout.trim(), pid: server.pid, makeDatabase, stop }
}

function makeCluster(bin, folder, password) {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (process.getuid?.() === 0) for (const path of [folder, passwordFile, data]) chownSync(path, nobody, nobody)
  const words = ['-D', data, '-U', 'centre', '-A', 'scram-sha-256', '--pwfile', passwordFile]
  const made = spawnSync(
    ...unprivileged(join(bin, 'initdb'), [...words, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']),
    { cwd: folder, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  return data
}

function unprivileged(program, words) {
  if (process.getuid?.() !== 0) return [program, words]
  return ['setpriv', [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', program, ...words]]
}

/** A port of loopback that nobody has at this moment. */
async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}
