// Owns: how many bytes have really moved over a socket, seen through the buffers of node and of the system.
// Does not own: what is done about it (http-transport.ts).
// Start here: `watchSocket`, `watchForStall`.
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** What has moved so far, in bytes since the socket was opened. */
export type SocketProgress = {
  readonly received: number
  /** Bytes that the other side's system has confirmed, where ours tells; else bytes that our system has taken. */
  readonly sent: number
  /** Bytes that our system has taken and the other side has not confirmed; 0 where it does not tell. */
  readonly queued: number
  /** Bytes that our system has taken and of which it does not tell whether they have left; 0 where it tells. */
  readonly unseen: number
}

/** Reads the progress of a TCP socket; `writer` is what is written to: the same, or the TLS socket above it. */
export function watchSocket(socket: Socket, writer: Duplex = socket): () => SocketProgress {
  const kernelKey = kernelKeyOf(socket)
  let heardAtTaken = 0
  let lookedAtTaken = Number.NaN
  let received = 0
  return () => {
    const taken = Math.max(0, socket.bytesWritten - writer.writableLength)
    if (socket.bytesRead > received) heardAtTaken = taken
    received = socket.bytesRead
    // Where nothing was handed over since the last look, what is queued can only have become less.
    const queued = kernelKey === undefined ? undefined : queuedInKernel(kernelKey, taken === lookedAtTaken)
    lookedAtTaken = taken
    if (queued === undefined) return { received, sent: taken, queued: 0, unseen: taken - heardAtTaken }
    return { received, sent: Math.max(0, taken - queued), queued, unseen: 0 }
  }
}

/** Slower than this, what a system has buffered in silence counts as dead: it earns its own time. */
const slowestBytesPerSecond = 500

/** Fewer bytes than this in all that time are no movement: an answer that drips would hold the line for days. */
const leastBytes = 32

/**
 * Calls `onStall` once nothing has moved for `stallMs`. `progress` says how much has, in any measure that changes when
 * something does, and how much the system holds unseen. Time in which the process itself stood still (a sleeping machine,
 * a busy one) does not count. Returns the way to end it.
 */
export function watchForStall(
  stallMs: number,
  progress: () => { readonly moved: number; readonly unseen: number },
  onStall: () => void,
): () => void {
  const tickMs = Math.max(10, Math.min(500, stallMs / 8))
  let moved = Number.NaN
  let silentMs = 0
  let lastTick = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    const seen = progress()
    const isMoving = !(Math.abs(seen.moved - moved) < leastBytes)
    silentMs = isMoving ? 0 : silentMs + Math.min(now - lastTick, 2 * tickMs)
    if (isMoving) moved = seen.moved
    lastTick = now
    if (silentMs < stallMs + (seen.unseen / slowestBytesPerSecond) * 1000) return
    clearInterval(timer)
    onStall()
  }, tickMs)
  return () => clearInterval(timer)
}

/** A connection as a row of Linux's socket table names it. */
type KernelKey = { readonly table: string; readonly ends: string }

/** proc(5), /proc/net/tcp: addresses in hexadecimal, each word in the machine's byte order, ports in the network's. */
function kernelKeyOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): KernelKey | undefined {
  if (process.platform !== 'linux') return undefined
  const local = kernelAddress(localAddress ?? '', localPort ?? 0)
  const remote = kernelAddress(remoteAddress ?? '', remotePort ?? 0)
  if (local === undefined || remote === undefined) return undefined
  return { table: '/proc/self/net/tcp', ends: ` ${local} ${remote} ` }
}

function kernelAddress(address: string, port: number): string | undefined {
  const parts = address.split('.').map(Number)
  if (parts.length !== 4) return undefined
  const bytes = isLittleEndian ? parts.toReversed() : parts
  return `${hex(
    bytes.reduce((sum, byte) => sum * 256 + byte, 0),
    8,
  )}:${hex(port, 4)}`
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}

/** A socket table is read so often at most for sockets that wrote nothing: it is long where a machine has many connections. */
const tableFreshMs = 100
let readLast: { readonly rows: string; readonly atMs: number } | undefined

/** Bytes that Linux keeps for a connection because the other side has not confirmed them, a moment ago where `mayBeOlder`; undefined where the row is gone or may not be read. */
function queuedInKernel({ table, ends }: KernelKey, mayBeOlder: boolean): number | undefined {
  const now = performance.now()
  try {
    if (!mayBeOlder || readLast === undefined || now - readLast.atMs > tableFreshMs)
      readLast = { rows: readFileSync(table, 'latin1'), atMs: now }
  } catch {
    return undefined
  }
  const { rows } = readLast
  const at = rows.indexOf(ends)
  if (at < 0) return undefined
  // After both ends: the state, then tx_queue:rx_queue.
  const queue = /^[0-9A-F]{2} ([0-9A-F]{8}):/.exec(rows.slice(at + ends.length, at + ends.length + 12))?.[1]
  return queue === undefined ? undefined : Number.parseInt(queue, 16)
}
