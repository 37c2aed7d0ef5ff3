import { createHash } from 'node:crypto'
import type { DocumentKey } from './open-documents.ts'
import type { NamedFile } from './rendering-thread.ts'

/** What two documents are called by the worker; for a question about one, both are the same. */
export type Keys = readonly [DocumentKey, DocumentKey]

type KnownFile = { readonly offset: number; readonly length: number; readonly file: string }

/**
 * Names files by their hashes, and remembers the name of what lies where in memory: 100 MB are hashed once, not once a
 * page, and a revision is found to be the beginning of its file.
 */
export class FileNames {
  readonly #known = new WeakMap<ArrayBufferLike, KnownFile[]>()

  /** `isFresh`: hashes again, so that bytes that were changed in place are never taken for those before. */
  of(
    [first, second = first]: readonly [Uint8Array, Uint8Array?],
    isFresh: boolean,
  ): { keys: Keys; files: NamedFile[] } {
    if (isFresh) this.#known.delete(first.buffer)
    // The longer first: what begins it needs no name of its own.
    const inOrder = first.length > second.length ? [first, second] : [second, first]
    const files = inOrder.map((bytes) => {
      const { file, offset, length } = this.#fileOf(bytes)
      return { file, bytes: new Uint8Array(bytes.buffer, offset, length) }
    })
    return {
      keys: [
        { file: this.#fileOf(first).file, length: first.length },
        { file: this.#fileOf(second).file, length: second.length },
      ],
      files: files.filter(({ file }, at) => files.findIndex((one) => one.file === file) === at),
    }
  }

  #fileOf(bytes: Uint8Array): KnownFile {
    const inMemory = this.#known.get(bytes.buffer) ?? []
    const found = inMemory.find(({ offset, length }) => offset === bytes.byteOffset && length >= bytes.length)
    if (found !== undefined) return found
    const file = createHash('sha256').update(bytes).digest('hex')
    const made = { offset: bytes.byteOffset, length: bytes.length, file }
    this.#known.set(bytes.buffer, [...inMemory, made])
    return made
  }
}
