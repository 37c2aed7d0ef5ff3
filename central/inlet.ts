// Owns: the bytes of one request on their way in: up to its end, to the link's cut, or to where nobody wants more of them.
// Does not own: what they mean (files/tus.ts, stations/frames.ts).
// Start here: `openInlet`.
import type { IncomingMessage } from 'node:http'
import { PassThrough, type Readable } from 'node:stream'

/** How long the rest of a body that is not wanted is read and thrown away, before its connection is closed: 20 KB of a 16 kbit/s link, more than a station has under way. */
const unwantedMs = 10_000

/** The body of a request, read once. */
export type Inlet = {
  /** The bytes; a link that is cut ends them like any end, so that every byte that came counts. */
  readonly bytes: Readable
  /**
   * Ends the bytes here. What the request still brings is thrown away, since the answer to the next request of the same
   * connection comes after it; a request that does not end within seconds loses its connection.
   */
  readonly shut: () => void
}

/** Opens the body of a request; whoever opens it shuts it. */
export function openInlet(request: IncomingMessage): Inlet {
  const bytes = new PassThrough()
  const end = () => bytes.end()
  request.once('close', end)
  // The next request asks how much came.
  request.on('error', end)
  request.pipe(bytes)
  return {
    bytes,
    shut: () => {
      request.unpipe(bytes)
      bytes.end()
      if (request.complete || request.destroyed) {
        request.resume()
        return
      }
      const patience = setTimeout(() => request.destroy(), unwantedMs)
      patience.unref()
      request.once('close', () => clearTimeout(patience)).resume()
    },
  }
}
