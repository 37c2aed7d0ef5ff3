import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import http, { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import type { LinkShape } from '../helpers/link-emulator.ts'
import { startLinkEmulator } from '../helpers/link-emulator.ts'

/** What came of a peer on a link, in the time that it was given. */
export type PeerResult = { readonly arrived: number; readonly seconds: number; readonly upBytes: number }

/** One document a case: what `case.received` holds. */
export type PeerDocument = { readonly _id: string; readonly [key: string]: unknown }

const folder = join(import.meta.dirname, 'peers')

/** Installs what the peers need; undefined, or why it cannot be had. */
export function installPeers(): string | undefined {
  if (existsSync(join(folder, 'node_modules', 'express-pouchdb'))) return undefined
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'pipe' })
    return undefined
  } catch {
    return 'PouchDB could not be installed from the registry'
  }
}

/** PouchDB replicating to express-pouchdb over a link, until everything is there or the time is over. */
export async function runPouch(
  documents: readonly PeerDocument[],
  shape: LinkShape,
  limitMs: number,
): Promise<PeerResult> {
  const server = program('server')
  const [line] = (await once(createInterface({ input: server.stdout ?? process.stdin }), 'line')) as [string]
  const target: string = JSON.parse(line).url
  const link = await startLinkEmulator(target, shape)
  const client = program('push', `${link.url}/cases`)
  for (const document of documents) client.stdin?.write(`${JSON.stringify(document)}\n`)
  client.stdin?.end()
  const count = async () => {
    const reply = await fetch(target)
    return ((await reply.json()) as { doc_count: number }).doc_count
  }
  try {
    return await untilThere(documents.length, count, link.upBytes, limitMs)
  } finally {
    for (const child of [client, server]) child.kill('SIGKILL')
    await link.stop()
  }
}

function program(...words: string[]): ChildProcess {
  return spawn(process.execPath, [join(folder, 'pouchdb.mjs'), ...words], { stdio: ['pipe', 'pipe', 'ignore'] })
}

/** Plain JSON over HTTP: one POST a case over a kept connection, again after two seconds where it failed, its id telling the server that it has it. */
export async function runPlainJson(
  documents: readonly PeerDocument[],
  shape: LinkShape,
  limitMs: number,
): Promise<PeerResult> {
  const held = new Set<string>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      held.add(JSON.parse(Buffer.concat(parts).toString('utf8'))._id)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const link = await startLinkEmulator(`http://127.0.0.1:${port}`, shape)
  const stopped = new AbortController()
  const sending = sendEach(documents, link.url, stopped.signal)
  try {
    return await untilThere(documents.length, async () => held.size, link.upBytes, limitMs)
  } finally {
    stopped.abort()
    await sending
    await link.stop()
    server.closeAllConnections()
    server.close()
  }
}

async function sendEach(documents: readonly PeerDocument[], url: string, signal: AbortSignal): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  for (const document of documents) {
    for (;;) {
      if (signal.aborted) return agent.destroy()
      if (await post(url, JSON.stringify(document), agent, signal)) break
      await wait(2_000, undefined, { signal }).catch(() => undefined)
    }
  }
  agent.destroy()
}

function post(url: string, body: string, agent: http.Agent, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const request = http.request(url, { method: 'POST', agent, headers, signal })
    request.once('error', () => resolve(false))
    request.once('response', (reply) => {
      reply.resume()
      reply.once('end', () => resolve(true)).once('error', () => resolve(false))
    })
    request.end(body)
  })
}

async function untilThere(
  wanted: number,
  count: () => Promise<number>,
  upBytes: () => number,
  limitMs: number,
): Promise<PeerResult> {
  const started = performance.now()
  for (;;) {
    const arrived = await count()
    const seconds = (performance.now() - started) / 1000
    if (arrived >= wanted || seconds * 1000 >= limitMs) return { arrived, seconds, upBytes: upBytes() }
    await wait(250)
  }
}
