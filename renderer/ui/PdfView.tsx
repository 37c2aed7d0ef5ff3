import {
  ColumnWidthOutlined,
  DownloadOutlined,
  FileTextOutlined,
  PrinterOutlined,
  ZoomInOutlined,
  ZoomOutOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcut } from '../app/shortcuts.ts'
import { Notice } from './ErrorNotice.tsx'
import { KeyHint } from './KeyHint.tsx'
import { Loading } from './Loading.tsx'
import { PdfPage, type Zoom, zoomStep } from './PdfPage.tsx'
import { printPdf, printPdfs } from './pdf-print.ts'
import { savePdf } from './pdf-save.ts'
import { type OpenedPdf, readPdf, usePdf, useRoom } from './use-pdf.ts'
import { usePrinting } from './use-printing.ts'
import './pdf-view.css'

/**
 * A PDF as it is on paper: zoom, pages, print at true size (F9), save.
 * @param props.revision another value reads the address again, e.g. after a document was sealed.
 * @param props.fileName what the saved file is called, with `.pdf`.
 * @param props.printedTogether addresses of all PDFs that printing prints, one after the other; without it this one alone.
 * @param props.onPrint told after the print dialog has closed.
 */
export function PdfView(props: {
  readonly url: string
  readonly title: string
  readonly fileName?: string
  readonly revision?: string
  readonly fit?: 'width' | 'page'
  readonly printedTogether?: readonly string[]
  readonly onPrint?: () => void
}) {
  const { t } = useTranslation()
  const { opened, isNewest, isBroken, again } = usePdf(props.url, props.revision ?? '')
  const [zoom, setZoom] = useState<Zoom>(props.fit ?? 'page')
  const [frame, setFrame] = useState<HTMLElement | null>(null)
  const [printing, setPrinting] = useState(0)
  const room = useRoom(frame)
  const { printedTogether: together } = props
  const working = usePrinting()
  const print = async () => {
    if (opened === null || !isNewest || printing > 0) return
    const controller = new AbortController()
    const { signal } = controller
    working.current = controller
    try {
      if (together === undefined) await printPdf(opened.pdf, setPrinting, signal)
      else await printAll(together, setPrinting, signal)
      props.onPrint?.()
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      setPrinting(0)
    }
  }
  useShortcut('F9', t('intake.print'), () => void print(), isNewest)
  const step = (direction: 1 | -1) => setZoom(zoomStep(zoom, direction))
  if (isBroken)
    return (
      // In a box of its own: a line, however much room there is.
      <div>
        <Notice tone="bad" action={<Button onClick={again}>{t('common.retry')}</Button>}>
          <strong>{t('intake.pdfBroken')}</strong> {t('intake.pdfBrokenText')}
        </Notice>
      </div>
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
          disabled={!isNewest}
          onClick={() => opened !== null && savePdf(opened.bytes, props.fileName ?? `${props.title}.pdf`)}
        >
          {t('intake.pdfSave')}
        </Button>
        <Button
          icon={<PrinterOutlined />}
          disabled={!isNewest}
          loading={printing > 0}
          aria-keyshortcuts="F9"
          onClick={() => void print()}
        >
          {together === undefined ? t('intake.print') : t('intake.printAll', { count: together.length })}{' '}
          <KeyHint keys="F9" />
        </Button>
      </div>
      <div className="pdf-frame" ref={setFrame}>
        {opened === null ? (
          <Loading text={t('intake.pdfLoading')} />
        ) : (
          Array.from({ length: opened.pdf.numPages }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a page is its number
            <PdfPage key={index} pdf={opened.pdf} number={index + 1} zoom={zoom} room={room} />
          ))
        )}
      </div>
    </section>
  )
}

/** Each is opened when its turn comes, and let go of when all are printed. */
async function printAll(urls: readonly string[], progress: (page: number) => void, signal: AbortSignal): Promise<void> {
  const opened: Promise<OpenedPdf>[] = []
  const open = async (url: string) => {
    const one = readPdf(url, signal)
    opened.push(one)
    return (await one).pdf
  }
  try {
    await printPdfs(
      urls.map((url) => () => open(url)),
      progress,
      signal,
    )
  } finally {
    for (const one of await Promise.allSettled(opened))
      if (one.status === 'fulfilled') await one.value.pdf.loadingTask.destroy()
  }
}
