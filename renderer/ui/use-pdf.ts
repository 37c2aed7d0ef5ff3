import { useEffect, useState } from 'react'
import { openPdf, type PDFDocumentProxy } from './pdf-document.ts'

/** A PDF that is open, and the bytes that it was read from. */
export type OpenedPdf = { readonly pdf: PDFDocumentProxy; readonly bytes: ArrayBuffer }

/** Reads and opens the PDF behind an address. Fails where it is not answered or is none. */
export async function readPdf(url: string, signal: AbortSignal): Promise<OpenedPdf> {
  const response = await fetch(url, { cache: 'no-store', signal })
  if (!response.ok) throw new Error(`the document was answered with ${response.status}`)
  const bytes = await response.arrayBuffer()
  return { pdf: await openPdf(bytes.slice(0)).promise, bytes }
}

/**
 * Reads and opens the PDF behind an address; again when `revision` changes, and when `again` is called. What was open
 * stays in sight, whole, until the next one is there (`isNewest` is false meanwhile); a failure of an older reading says
 * nothing of a newer one.
 */
export function usePdf(url: string, revision: string) {
  const [last, setLast] = useState<(OpenedPdf & { readonly url: string; readonly revision: string }) | null>(null)
  const [isBroken, setBroken] = useState(false)
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision says that other bytes lie behind the same address
  useEffect(() => {
    const ending = new AbortController()
    const open = async () => {
      const read = await readPdf(url, ending.signal)
      if (ending.signal.aborted) await read.pdf.loadingTask.destroy()
      else setLast({ ...read, url, revision })
    }
    setBroken(false)
    open().catch(() => {
      if (!ending.signal.aborted) setBroken(true)
    })
    return () => ending.abort()
  }, [url, revision, turn])
  // Let go of only when the next one has taken its place: while that is read, pages of this one are drawn and printed.
  useEffect(() => () => void last?.pdf.loadingTask.destroy(), [last])
  // Of another address nothing is shown: a paper never stands under another one's name.
  const opened = last?.url === url ? last : null
  return { opened, isNewest: opened?.revision === revision, isBroken, again: () => setTurn((now) => now + 1) }
}

/** Width and height in CSS pixels. */
export type Room = { readonly width: number; readonly height: number }

/** The room for a page inside the frame less its padding, followed as the window changes. */
export function useRoom(frame: HTMLElement | null, padding = 32): Room {
  const [room, setRoom] = useState<Room>({ width: 0, height: 0 })
  useEffect(() => {
    if (frame === null) return
    const watch = new ResizeObserver(() => {
      const next = {
        width: Math.max(0, frame.clientWidth - padding),
        height: Math.max(0, frame.clientHeight - padding),
      }
      setRoom((now) => (now.width === next.width && now.height === next.height ? now : next))
    })
    watch.observe(frame)
    return () => watch.disconnect()
  }, [frame, padding])
  return room
}
