import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../preload/contract/errors.ts'
import type { Question, Reply, Request } from './calls.ts'
import { outOfTime } from './worker-time.ts'

/** JavaScript's own memory in the worker; PDFium's is limited in pdfium.ts. */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 }

type Answer = Exclude<Reply, { kind: 'broken' }>

/** How many files the worker keeps open: two to compare, and one to come back to. */
const openFileLimit = 3

/** A file as the worker knows it. */
export type NamedFile = { readonly file: string; readonly bytes: Uint8Array }

/** One life of the worker: from its start to its end, by itself or by `end`. */
export class RenderingThread {
  readonly #worker: Worker
  /** The files that the worker holds, the one used longest ago first. */
  readonly #held = new Set<string>()
  #hasEnded = false

  constructor() {
    // Its output would end up in the desk's, which is read as lines of JSON. Nobody reads it: a reader would keep the desk alive.
    this.#worker = new Worker(workerFile(), { resourceLimits, env: {}, execArgv: [], stdout: true, stderr: true })
    this.#worker.unref()
    this.#worker.once('exit', () => {
      this.#hasEnded = true
    })
    // Whoever waits for an answer hears of it; without a listener it would end the desk.
    this.#worker.on('error', () => undefined)
  }

  /** False once it has ended. */
  get isAlive(): boolean {
    return !this.#hasEnded
  }

  /**
   * Asks one question about some files; the next may be asked once this one is answered. Throws what the worker refused,
   * and PDF_CANNOT_BE_SHOWN (`why`: time, memory, crash) where it did not come to an answer: it has ended then. The limit
   * is of processor time where the runtime can tell it (Node 24), else of the clock.
   */
  async ask(question: Question, files: readonly NamedFile[], limitMs: number): Promise<unknown> {
    const request = { ...question, ...this.#take(files) } as Request
    this.#worker.ref()
    try {
      const reply = await this.#reply(request, limitMs)
      if (reply.kind === 'refused') throw new AppError(reply.failure.code, reply.failure.details)
      return reply.value
    } catch (error) {
      if (error instanceof NoAnswer) {
        await this.end()
        throw new AppError('PDF_CANNOT_BE_SHOWN', { why: error.why }, { cause: error })
      }
      throw error
    } finally {
      this.#worker.unref()
    }
  }

  /** Ends it, whatever it does; safe to call again. */
  async end(): Promise<void> {
    this.#hasEnded = true
    await this.#worker.terminate()
  }

  async #reply(request: Request, limitMs: number): Promise<Answer> {
    const worker = this.#worker
    let settled = (): void => undefined
    const hasSettled = new AbortController()
    try {
      return await new Promise<Answer>((resolve, reject) => {
        outOfTime(worker, limitMs, hasSettled.signal).then(
          () => reject(new NoAnswer('time')),
          () => undefined, // settled before
        )
        const answered = (reply: Reply) => {
          if (reply.kind === 'broken') reject(new NoAnswer(reply.isOutOfMemory ? 'memory' : 'crash', reply.why))
          else resolve(reply)
        }
        const failed = (cause: Error & { code?: string }) =>
          reject(new NoAnswer(cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash', cause))
        const exited = () => reject(new NoAnswer('crash'))
        settled = () => {
          hasSettled.abort()
          worker.off('message', answered).off('error', failed).off('exit', exited)
        }
        worker.on('message', answered).on('error', failed).on('exit', exited)
        worker.postMessage(request, request.files.map(({ bytes }) => bytes.buffer).filter(isTransferable))
      })
    } finally {
      settled()
    }
  }

  /** What the worker must let go of and be sent for a question about `files`. */
  #take(files: readonly NamedFile[]): { forget: string[]; files: NamedFile[] } {
    const missing = files.filter(({ file }) => !this.#held.has(file))
    for (const { file } of files) {
      this.#held.delete(file)
      this.#held.add(file)
    }
    const forget = [...this.#held].slice(0, Math.max(0, this.#held.size - openFileLimit))
    for (const file of forget) this.#held.delete(file)
    return { forget: forget.filter((file) => !missing.some((one) => one.file === file)), files: missing.map(copied) }
  }
}
/** The worker came to no answer and is of no use any more. */
class NoAnswer extends Error {
  readonly why: 'time' | 'memory' | 'crash'

  constructor(why: 'time' | 'memory' | 'crash', cause?: unknown) {
    super(`the rendering worker gave no answer: ${why}`, { cause })
    this.name = 'NoAnswer'
    this.why = why
  }
}

const isTransferable = (buffer: ArrayBufferLike): buffer is ArrayBuffer => buffer instanceof ArrayBuffer

/** The caller keeps its bytes: a copy is handed over, shared memory is shared. */
const copied = ({ file, bytes }: NamedFile): NamedFile => ({
  file,
  bytes: isTransferable(bytes.buffer) ? Uint8Array.from(bytes) : bytes,
})

/** From source the worker lies beside this file; built, it is a program of out/main, and this code there or in a chunk. */
function workerFile(): string {
  const beside = ['worker.ts', 'rendering-worker.js', '../rendering-worker.js']
  const file = beside.map((name) => join(import.meta.dirname, name)).find(existsSync)
  if (file === undefined) throw new Error('the rendering worker is missing beside the program')
  return file
}
