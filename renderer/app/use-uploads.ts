import { useEffect, useRef, useState } from 'react'
import type { Failure, Result } from '../../preload/contract/errors.ts'
import { useBridge } from './client.ts'
import type { Transfer } from './upload.ts'

/** A file on its way to the desk, or one that was refused. */
export type Upload = {
  readonly id: number
  /** What the file is for, as `send` was told; '' for nothing in particular. */
  readonly purpose: string
  readonly name: string
  /** 0 to 1. */
  readonly share: number
  readonly failure: Failure | null
}

/** Files on their way, one after the other. */
export type Uploads = {
  readonly all: readonly Upload[]
  readonly send: (files: readonly File[], purpose?: string) => void
  /** Ends a transfer, or puts away a refusal that was read. */
  readonly dismiss: (id: number) => void
}

/**
 * Sends files one after the other with `put`; each stored one is told to `onStored` with the desk's answer. A refused one
 * stays among `all` until it is dismissed. What is on its way when the component goes is ended.
 *
 * @example const uploads = useUploads(putPaper, ({ paper }) => tick(paper)); uploads.send([file])
 */
export function useUploads<Reply>(
  put: (file: File, transfer: Transfer, purpose: string) => Promise<Result<Reply>>,
  onStored: (reply: Reply) => void,
): Uploads {
  const { bytesBase } = useBridge()
  const [all, setAll] = useState<readonly Upload[]>([])
  const queue = useRef<Promise<unknown>>(Promise.resolve())
  const endings = useRef(new Map<number, AbortController>())
  const next = useRef(1)
  const stored = useRef(onStored)
  stored.current = onStored

  useEffect(() => {
    const running = endings.current
    return () => {
      for (const ending of running.values()) ending.abort()
    }
  }, [])

  const change = (id: number, part: Partial<Upload>) =>
    setAll((uploads) => uploads.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)))
  const forget = (id: number) => {
    endings.current.delete(id)
    setAll((uploads) => uploads.filter((upload) => upload.id !== id))
  }
  const dismiss = (id: number) => {
    endings.current.get(id)?.abort()
    forget(id)
  }
  const sendOne = async (id: number, file: File, purpose: string) => {
    const ending = endings.current.get(id)
    if (ending === undefined || ending.signal.aborted) return
    const progress = (share: number) => change(id, { share })
    const result = await put(file, { bytesBase, progress, signal: ending.signal }, purpose)
    if (ending.signal.aborted) return
    if (!result.ok) return change(id, { failure: result.error })
    forget(id)
    stored.current(result.value)
  }
  const send = (files: readonly File[], purpose = '') => {
    for (const file of files) {
      const id = next.current++
      endings.current.set(id, new AbortController())
      setAll((uploads) => [...uploads, { id, purpose, name: file.name, share: 0, failure: null }])
      queue.current = queue.current.then(() => sendOne(id, file, purpose))
    }
  }
  return { all, send, dismiss }
}
