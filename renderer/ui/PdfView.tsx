import {
  ColumnWidthOutlined,
  DownloadOutlined,
  FileTextOutlined,
  PrinterOutlined,
  ZoomInOutlined,
  ZoomOutOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcut } from '../app/shortcuts.ts'
import { Notice } from './ErrorNotice.tsx'
import { KeyHint } from './KeyHint.tsx'
import { Loading } from './Loading.tsx'
import { drawPage, openPdf, type PDFDocumentProxy } from './pdf-document.ts'
import { printPdf } from './pdf-print.ts'
import './pdf-view.css'

type Zoom = 'width' | 'page' | number
type Opened = { readonly pdf: PDFDocumentProxy; readonly bytes: ArrayBuffer }

const zoomSteps = [0.5, 0.75, 1, 1.25, 1.5, 2, 3]
/** A PDF's point at a screen's usual 96 dots an inch. */
const pixelsAPoint = 96 / 72

/** Reads and opens the PDF behind an address; again when `revision` changes. */
function usePdf(url: string, revision: string) {
  const [opened, setOpened] = useState<Opened | null>(null)
  const [isBroken, setBroken] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision says that other bytes lie behind the same address
  useEffect(() => {
    const ending = new AbortController()
    let pdf: PDFDocumentProxy | null = null
    const read = async () => {
      const response = await fetch(url, { signal: ending.signal, cache: 'no-store' })
      if (!response.ok) throw new Error(`the document was answered with ${response.status}`)
      const bytes = await response.arrayBuffer()
      pdf = await openPdf(bytes.slice(0)).promise
      if (ending.signal.aborted) await pdf.loadingTask.destroy()
      else setOpened({ pdf, bytes })
    }
    setBroken(false)
    read().catch(() => {
      if (!ending.signal.aborted) setBroken(true)
    })
    return () => {
      ending.abort()
      void pdf?.loadingTask.destroy()
    }
  }, [url, revision])
  return { opened, isBroken }
}

/** One page on screen, drawn sharp for the screen's own dots. */
function Page(props: {
  readonly pdf: PDFDocumentProxy
  readonly number: number
  readonly zoom: Zoom
  readonly room: { readonly width: number; readonly height: number }
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
    <canvas
      ref={canvas}
      className="pdf-page"
      role="img"
      aria-label={t('intake.pdfPage', { page: number, pages: pdf.numPages })}
      style={{ width: size.width, height: size.height }}
    />
  )
}

/** The room for a page inside the frame, followed as the window changes. */
function useRoom(frame: HTMLElement | null) {
  const [room, setRoom] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (frame === null) return
    const watch = new ResizeObserver(() => {
      const next = { width: Math.max(0, frame.clientWidth - 32), height: Math.max(0, frame.clientHeight - 32) }
      setRoom((now) => (now.width === next.width && now.height === next.height ? now : next))
    })
    watch.observe(frame)
    return () => watch.disconnect()
  }, [frame])
  return room
}

function save(bytes: ArrayBuffer, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/**
 * A PDF as it is on paper: zoom, pages, print at true size (F9), save.
 * @param props.revision another value reads the address again, e.g. after a document was sealed.
 * @param props.fileName what the saved file is called, with `.pdf`.
 * @param props.onPrint told after the print dialog has closed.
 */
export function PdfView(props: {
  readonly url: string
  readonly title: string
  readonly fileName?: string
  readonly revision?: string
  readonly fit?: 'width' | 'page'
  readonly onPrint?: () => void
}) {
  const { t } = useTranslation()
  const { opened, isBroken } = usePdf(props.url, props.revision ?? '')
  const [zoom, setZoom] = useState<Zoom>(props.fit ?? 'page')
  const [frame, setFrame] = useState<HTMLElement | null>(null)
  const [printing, setPrinting] = useState(0)
  const room = useRoom(frame)
  const print = async () => {
    if (opened === null || printing > 0) return
    try {
      await printPdf(opened.pdf, setPrinting)
      props.onPrint?.()
    } finally {
      setPrinting(0)
    }
  }
  useShortcut('F9', t('intake.print'), () => void print(), opened !== null)
  const present = typeof zoom === 'number' ? zoom : 1
  const step = (direction: 1 | -1) => {
    const next = direction > 0 ? zoomSteps.find((one) => one > present) : zoomSteps.findLast((one) => one < present)
    setZoom(next ?? present)
  }
  if (isBroken)
    return (
      <Notice tone="bad">
        <strong>{t('intake.pdfBroken')}</strong> {t('intake.pdfBrokenText')}
      </Notice>
    )
  return (
    <section className="pdf-view" aria-label={props.title}>
      <div className="pdf-tools" role="toolbar" aria-label={props.title}>
        <strong className="pdf-title">{props.title}</strong>
        <span className="quiet small">{printing > 0 ? t('intake.pdfPrinting', { page: printing }) : null}</span>
        <Button
          icon={<ZoomOutOutlined />}
          aria-label={t('intake.pdfZoomOut')}
          title={t('intake.pdfZoomOut')}
          onClick={() => step(-1)}
        />
        <Button
          icon={<ZoomInOutlined />}
          aria-label={t('intake.pdfZoomIn')}
          title={t('intake.pdfZoomIn')}
          onClick={() => step(1)}
        />
        <Button
          icon={<ColumnWidthOutlined />}
          aria-label={t('intake.pdfFit')}
          title={t('intake.pdfFit')}
          onClick={() => setZoom('width')}
        />
        <Button
          icon={<FileTextOutlined />}
          aria-label={t('intake.pdfWhole')}
          title={t('intake.pdfWhole')}
          onClick={() => setZoom('page')}
        />
        <Button
          icon={<DownloadOutlined />}
          disabled={opened === null}
          onClick={() => opened !== null && save(opened.bytes, props.fileName ?? `${props.title}.pdf`)}
        >
          {t('intake.pdfSave')}
        </Button>
        <Button
          icon={<PrinterOutlined />}
          disabled={opened === null}
          loading={printing > 0}
          aria-keyshortcuts="F9"
          onClick={() => void print()}
        >
          {t('intake.print')} <KeyHint keys="F9" />
        </Button>
      </div>
      <div className="pdf-frame" ref={setFrame}>
        {opened === null ? (
          <Loading text={t('intake.pdfLoading')} />
        ) : (
          Array.from({ length: opened.pdf.numPages }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a page is its number
            <Page key={index} pdf={opened.pdf} number={index + 1} zoom={zoom} room={room} />
          ))
        )}
      </div>
    </section>
  )
}
