import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { drawPage, type PDFDocumentProxy } from './pdf-document.ts'
import type { Room } from './use-pdf.ts'
import './pdf-view.css'

/** As wide as the room, whole in the room, or so many times its true size. */
export type Zoom = 'width' | 'page' | number

/** A PDF's point at a screen's usual 96 dots an inch. */
const pixelsAPoint = 96 / 72

const steps = [0.5, 0.75, 1, 1.25, 1.5, 2, 3]

/** The next larger or smaller zoom; from a fitted page as from its true size. */
export function zoomStep(zoom: Zoom, direction: 1 | -1): Zoom {
  const present = typeof zoom === 'number' ? zoom : 1
  const next = direction > 0 ? steps.find((one) => one > present) : steps.findLast((one) => one < present)
  return next ?? present
}

/** One page on screen, drawn sharp for the screen's own dots; `children` lie over it, exactly as large. */
export function PdfPage(props: {
  readonly pdf: PDFDocumentProxy
  readonly number: number
  readonly zoom: Zoom
  readonly room: Room
  readonly children?: ReactNode
}) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  const { pdf, number, zoom, room } = props
  useEffect(() => {
    const ending = new AbortController()
    const draw = async () => {
      const page = await pdf.getPage(number)
      const whole = page.getViewport({ scale: 1 })
      const fit = {
        width: room.width / whole.width,
        page: Math.min(room.width / whole.width, room.height / whole.height),
      }
      const scale = typeof zoom === 'number' ? zoom * pixelsAPoint : fit[zoom]
      if (ending.signal.aborted || canvas.current === null || scale <= 0) return
      setSize({ width: whole.width * scale, height: whole.height * scale })
      await drawPage(page, canvas.current, scale * window.devicePixelRatio, ending.signal)
    }
    // A drawing that a newer one ends is no fault; a page that cannot be drawn stays white.
    draw().catch(() => undefined)
    return () => ending.abort()
  }, [pdf, number, zoom, room])
  return (
    <div className="pdf-sheet" style={{ width: size.width, height: size.height }}>
      <canvas
        ref={canvas}
        className="pdf-page"
        role="img"
        aria-label={t('intake.pdfPage', { page: number, pages: pdf.numPages })}
        style={{ width: size.width, height: size.height }}
      />
      {size.width > 0 ? props.children : null}
    </div>
  )
}
