import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy that is a bad link: cuts connections after so many bytes, or everything at once. */
export type LinkProxy = {
  readonly url: string
  /** Bytes that went up so far. */
  readonly upBytes: () => number
  /** From now on each connection is cut (reset) after so many bytes upwards, or downwards; undefined = no more cuts. */
  cutAfter(limits: { readonly up?: number; readonly down?: number } | undefined): void
  /** Points at another address: the centre was started again elsewhere. */
  target(url: string): void
  stop(): Promise<void>
}

/** Starts a proxy on loopback in front of an address. */
export async function startLinkProxy(targetUrl: string): Promise<LinkProxy> {
  let target = new URL(targetUrl)
  let limits: { readonly up?: number; readonly down?: number } = {}
  let upBytes = 0
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    const pair = [near, far]
    const cut = () => {
      for (const socket of pair) socket.resetAndDestroy()
    }
    for (const socket of pair) {
      open.add(socket)
      socket.once('close', () => {
        open.delete(socket)
        for (const other of pair) other.destroy()
      })
      socket.on('error', () => undefined)
    }
    let up = 0
    let down = 0
    near.on('data', (bytes) => {
      upBytes += bytes.byteLength
      up += bytes.byteLength
      const passed =
        limits.up === undefined ? bytes : bytes.subarray(0, Math.max(0, limits.up - (up - bytes.byteLength)))
      far.write(passed)
      if (limits.up !== undefined && up > limits.up) cut()
    })
    far.on('data', (bytes) => {
      down += bytes.byteLength
      if (limits.down !== undefined && down > limits.down) cut()
      else near.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    upBytes: () => upBytes,
    cutAfter: (wanted) => {
      limits = wanted ?? {}
      for (const socket of open) socket.resetAndDestroy()
    },
    target: (url) => {
      target = new URL(url)
      for (const socket of open) socket.resetAndDestroy()
    },
    stop: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
