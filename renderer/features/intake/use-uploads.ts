import { useCallback, useEffect, useRef, useState } from 'react'
import type { PutMaterialReply } from '../../../preload/contract/api.ts'
import type { Failure } from '../../../preload/contract/errors.ts'
import { useBridge } from '../../app/client.ts'
import { putMaterial } from '../../app/upload.ts'

/** A file on its way to the desk, or one that was refused. */
export type Upload = {
  readonly id: number
  readonly requirement: string
  readonly name: string
  /** 0 to 1. */
  readonly share: number
  readonly failure: Failure | null
}

/** Files on their way into a draft's materials, one after the other. */
export type Uploads = {
  readonly all: readonly Upload[]
  readonly send: (requirement: string, files: readonly File[]) => void
  /** Ends a transfer, or puts away a refusal that was read. */
  readonly dismiss: (id: number) => void
}

/** Sends files for one draft; each stored one is told to `onStored` with the desk's fresh check. */
export function useUploads(draftId: string, onStored: (reply: PutMaterialReply) => void): Uploads {
  const bridge = useBridge()
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

  const change = useCallback((id: number, part: Partial<Upload>) => {
    setAll((uploads) => uploads.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)))
  }, [])
  const forget = useCallback((id: number) => setAll((uploads) => uploads.filter((upload) => upload.id !== id)), [])

  const sendOne = useCallback(
    async (id: number, requirement: string, file: File) => {
      const ending = endings.current.get(id)
      if (ending === undefined || ending.signal.aborted) return
      const target = { draft: draftId, requirement }
      const transfer = {
        bytesBase: bridge.bytesBase,
        progress: (share: number) => change(id, { share }),
        signal: ending.signal,
      }
      const result = await putMaterial(target, file, transfer)
      endings.current.delete(id)
      if (ending.signal.aborted) return
      if (!result.ok) return change(id, { failure: result.error })
      forget(id)
      stored.current(result.value)
    },
    [bridge, draftId, change, forget],
  )

  const send = useCallback(
    (requirement: string, files: readonly File[]) => {
      for (const file of files) {
        const id = next.current++
        endings.current.set(id, new AbortController())
        setAll((uploads) => [...uploads, { id, requirement, name: file.name, share: 0, failure: null }])
        queue.current = queue.current.then(() => sendOne(id, requirement, file))
      }
    },
    [sendOne],
  )
  const dismiss = useCallback(
    (id: number) => {
      endings.current.get(id)?.abort()
      endings.current.delete(id)
      forget(id)
    },
    [forget],
  )
  return { all, send, dismiss }
}
