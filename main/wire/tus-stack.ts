import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client'
import type { CentreClient } from './centre-client.ts'

/** A line to the centre that signs and meters what it sends. */
export type CentreLine = Pick<CentreClient, 'send'>

/** A stretch of a file; read only when it is sent. */
export type FileSlice = { readonly size: number; readonly bytes: () => AsyncGenerator<Uint8Array> }

/** What one upload is told by, and how it is ended. */
export type StackOptions = {
  readonly line: CentreLine
  readonly signal: AbortSignal
  /** So many more bytes of the file have left. */
  readonly onSent: (bytes: number) => void
}

/** tus-js-client speaks in addresses; the line wants paths. */
export const tusOrigin = 'http://centre'

/** The HTTP of tus-js-client over a station's line to its centre: signed, metered, by the same proxy as all else. */
export function createTusStack(options: StackOptions): HttpStack {
  return {
    getName: () => 'CentreLine',
    createRequest: (method, url) => new LineRequest(options, method, url),
  }
}

class LineRequest implements HttpRequest {
  readonly #options: StackOptions
  readonly #method: string
  readonly #url: string
  readonly #headers: Record<string, string> = {}
  readonly #ended = new AbortController()

  constructor(options: StackOptions, method: string, url: string) {
    this.#options = options
    this.#method = method
    this.#url = url
  }

  getMethod = () => this.#method
  getURL = () => this.#url
  setHeader = (name: string, value: string) => {
    this.#headers[name.toLowerCase()] = value
  }
  getHeader = (name: string) => this.#headers[name.toLowerCase()]
  setProgressHandler = () => undefined
  getUnderlyingObject = () => undefined

  async send(slice: FileSlice | null): Promise<HttpResponse> {
    const { line, signal, onSent } = this.#options
    let left = 0
    const reply = await line.send({
      method: this.#method as 'POST' | 'HEAD' | 'PATCH',
      path: this.#url.slice(tusOrigin.length),
      headers: this.#headers,
      signal: AbortSignal.any([signal, this.#ended.signal]),
      ...(slice && { body: { stream: { [Symbol.asyncIterator]: () => slice.bytes() }, sizeBytes: slice.size } }),
      onSent: (bytes) => {
        onSent(bytes - left)
        left = bytes
      },
    })
    // An answer that came before the last byte: the rest need not go.
    this.#ended.abort()
    return {
      getStatus: () => reply.status,
      getHeader: (name) => reply.headers[name.toLowerCase()],
      getBody: () => reply.body.toString('utf8'),
      getUnderlyingObject: () => reply,
    }
  }

  abort = async () => this.#ended.abort()
}
