// Owns: the port of a data folder's loopback server: drawn at random once, kept, another one when it is taken.
// Does not own: the server.
// Start here: `listenOnKeptPort`.
import { randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'

/** Ports that no system hands out by itself to outgoing connections and that no service is registered for. */
const lowest = 20_000
const beyond = 30_000
const attempts = 50

/** What came of it: the port, and the one that should have been but was taken. */
export type Listening = { readonly port: number; readonly taken: number | undefined }

/**
 * Listens on 127.0.0.1 at the port kept in `file`, so that the page's address (and what the browser keeps under it)
 * stays the same. Where another program has taken it, another port is drawn and kept. `wanted` (from --port) goes first.
 */
export async function listenOnKeptPort(server: Server, file: string, wanted?: number): Promise<Listening> {
  const first = wanted ?? readKept(file)
  let port = first ?? randomInt(lowest, beyond)
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await listens(server, port)) {
      writeFileSync(file, `${JSON.stringify({ port })}\n`, { mode: 0o600 })
      return { port, taken: first === undefined || first === port ? undefined : first }
    }
    port = randomInt(lowest, beyond)
  }
  throw new Error('no free port on 127.0.0.1')
}

function readKept(file: string): number | undefined {
  try {
    const { port } = JSON.parse(readFileSync(file, 'utf8')) as { port?: unknown }
    return typeof port === 'number' && Number.isInteger(port) && port > 1023 && port < 65_536 ? port : undefined
  } catch {
    return undefined
  }
}

async function listens(server: Server, port: number): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      server.removeListener('listening', accepted)
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    }
    const accepted = () => {
      server.removeListener('error', refused)
      resolve(true)
    }
    server.once('error', refused)
    server.once('listening', accepted)
    server.listen(port, '127.0.0.1')
  })
}
