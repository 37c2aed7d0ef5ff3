import { useCallback, useEffect, useRef, useState } from 'react'
import type { Failure } from '../../../../preload/contract/errors.ts'
import type { Paper } from '../../../../preload/contract/seals.ts'
import { useBridge } from '../../../app/client.ts'
import { putPaper } from '../../../app/upload.ts'

/** A PDF on its way to the desk, or one that was refused. */
export type PaperUpload = {
  readonly id: number
  readonly name: string
  /** 0 to 1. */
  readonly share: number
  readonly failure: Failure | null
}

/** PDFs on their way into the list, one after the other; each stored one is told to `onStored`. */
export function usePaperUploads(onStored: (paper: Paper) => void) {
  const { bytesBase } = useBridge()
  const [all, setAll] = useState<readonly PaperUpload[]>([])
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

  const change = useCallback((id: number, part: Partial<PaperUpload>) => {
    setAll((uploads) => uploads.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)))
  }, [])
  const dismiss = useCallback((id: number) => {
    endings.current.get(id)?.abort()
    endings.current.delete(id)
    setAll((uploads) => uploads.filter((upload) => upload.id !== id))
  }, [])

  const sendOne = useCallback(
    async (id: number, file: File) => {
      const ending = endings.current.get(id)
      if (ending === undefined) return
      const progress = (share: number) => change(id, { share })
      const result = await putPaper(file, { bytesBase, progress, signal: ending.signal })
      if (ending.signal.aborted) return
      if (!result.ok) return change(id, { failure: result.error })
      dismiss(id)
      stored.current(result.value.paper)
    },
    [bytesBase, change, dismiss],
  )

  const send = useCallback(
    (files: readonly File[]) => {
      for (const file of files) {
        const id = next.current++
        endings.current.set(id, new AbortController())
        setAll((uploads) => [...uploads, { id, name: file.name, share: 0, failure: null }])
        queue.current = queue.current.then(() => sendOne(id, file))
      }
    },
    [sendOne],
  )
  return { all, send, dismiss }
}
