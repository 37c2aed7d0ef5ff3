import { DownOutlined, FileTextOutlined, UpOutlined, ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Paper, SealView } from '../../../../preload/contract/seals.ts'
import { documentUrl } from '../../../app/bytes.ts'
import { useBridge } from '../../../app/client.ts'
import { paths } from '../../../app/paths.ts'
import { useHere } from '../../../app/session.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { PdfPage, type Zoom, zoomStep } from '../../../ui/PdfPage.tsx'
import { usePdf, useRoom } from '../../../ui/use-pdf.ts'
import { activePlacement, type Choices } from './choices.ts'
import { PageTurner } from './PageTurner.tsx'
import type { PaperEditing } from './paper-editing.ts'
import { type KnownPaper, markOn, pageOf } from './places.ts'
import { SealLayer } from './SealLayer.tsx'

type Props = {
  readonly paper: Paper
  /** Another value reads the pages again, e.g. after they were sealed. */
  readonly revision: string
  readonly known: KnownPaper | null
  readonly seal: SealView | undefined
  readonly choices: Choices
  readonly editing: PaperEditing | null
  /** Which of the papers in hand this is, and how to go to another. */
  readonly shown: { readonly index: number; readonly count: number; readonly onShow: (index: number) => void }
}

/** The real page of a paper with the seals as they will show on it. PageUp and PageDown turn it. */
export function PaperPreview({ paper, revision, known, seal, choices, editing, shown }: Props) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { opened, isBroken } = usePdf(documentUrl(bridge, paper.documentId), revision)
  const [zoom, setZoom] = useState<Zoom>('page')
  const [frame, setFrame] = useState<HTMLElement | null>(null)
  const room = useRoom(frame, 24)
  const pages = opened?.pdf.numPages ?? 1
  const [page, turnTo] = useTurning(known, choices, pages)
  return (
    <section className="sealing-paper" aria-label={t('sealing.paper')}>
      <div className="sealing-tools" role="toolbar" aria-label={t('sealing.paper')}>
        <PaperTurner shown={shown} title={paper.title} />
        <span className="grow" />
        {paper.impressions > 0 ? (
          <Link className="sealing-verify" href={paths.seals.verifyDocument(paper.documentId)}>
            {t('sealing.verify')}
          </Link>
        ) : null}
        <PageTurner page={page} pages={pages} onTurn={turnTo} />
        <ZoomButtons zoom={zoom} onZoom={setZoom} />
      </div>
      <OtherPage known={editing === null ? null : known} choices={choices} page={page} onTurn={turnTo} />
      <div className="sealing-frame" ref={setFrame}>
        {isBroken ? (
          <Notice tone="bad">
            <strong>{t('intake.pdfBroken')}</strong> {t('intake.pdfBrokenText')}
          </Notice>
        ) : opened === null ? (
          <Loading text={t('intake.pdfLoading')} />
        ) : (
          <PdfPage pdf={opened.pdf} number={page} zoom={zoom} room={room}>
            <Layer page={page} known={known} seal={seal} choices={choices} editing={editing} />
          </PdfPage>
        )}
      </div>
    </section>
  )
}

/** The page that is shown: the one of the active seal whenever that changes, else where the hand turned to. */
function useTurning(known: KnownPaper | null, choices: Choices, pages: number) {
  const { t } = useTranslation()
  const aim = known === null ? null : pageOf(activePlacement(choices), known)
  const kind = activePlacement(choices).kind
  const [page, setPage] = useState(aim ?? 1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another kind or number of seal shows its page again
  useEffect(() => {
    if (aim !== null) setPage(aim)
  }, [aim, kind, choices.active])
  const turnTo = (next: number) => setPage(Math.max(1, Math.min(pages, next)))
  const present = Math.max(1, Math.min(pages, page))
  useShortcut('PageDown', t('sealing.nextPage'), () => turnTo(present + 1))
  useShortcut('PageUp', t('sealing.previousPage'), () => turnTo(present - 1))
  return [present, turnTo] as const
}

function Layer(props: {
  readonly page: number
  readonly known: KnownPaper | null
  readonly seal: SealView | undefined
  readonly choices: Choices
  readonly editing: PaperEditing | null
}) {
  const { station } = useHere()
  const { page, known, seal, choices, editing } = props
  const size = known?.places.pages[page - 1]
  if (known === null || seal === undefined || editing === null || size === undefined) return null
  const marks = choices.placements
    .map((placement, index) => (choices.following && index === choices.active ? null : { placement, index }))
    .map((one) => (one === null ? null : markOn(page, one.placement, one.index, known, seal.diameterMm)))
    .filter((mark) => mark !== null)
  return (
    <SealLayer
      page={page}
      size={size}
      seal={seal}
      training={station.mode === 'training'}
      marks={marks}
      editing={editing}
    />
  )
}

/** Where the active seal is when it is not on this page; what to do while it hangs at the pointer. */
function OtherPage(props: {
  readonly known: KnownPaper | null
  readonly choices: Choices
  readonly page: number
  readonly onTurn: (page: number) => void
}) {
  const { t } = useTranslation()
  const { known, choices, page } = props
  if (known === null) return null
  if (choices.laying) return <p className="sealing-hint">{t('sealing.layHint')}</p>
  if (choices.following) return <p className="sealing-hint">{t('sealing.follow')}</p>
  const placement = activePlacement(choices)
  if (placement.kind === 'seam' || (placement.kind === 'anchor' && placement.text.trim() === '')) return null
  const aim = pageOf(placement, known)
  if (aim === page) return null
  return (
    <p className="sealing-hint">
      {aim === null ? t('sealing.nowhere') : t('sealing.otherPage', { page: aim })}
      {aim === null ? null : (
        <button type="button" className="link-button" onClick={() => props.onTurn(aim)}>
          {t('sealing.goThere')}
        </button>
      )}
    </p>
  )
}

function PaperTurner({ shown, title }: { readonly shown: Props['shown']; readonly title: string }) {
  const { t } = useTranslation()
  if (shown.count < 2) {
    return (
      <strong className="sealing-title" title={title}>
        {title}
      </strong>
    )
  }
  return (
    <>
      <Button
        icon={<UpOutlined />}
        aria-label={t('sealing.previousPaper')}
        title={t('sealing.previousPaper')}
        disabled={shown.index === 0}
        onClick={() => shown.onShow(shown.index - 1)}
      />
      <Button
        icon={<DownOutlined />}
        aria-label={t('sealing.nextPaper')}
        title={t('sealing.nextPaper')}
        disabled={shown.index >= shown.count - 1}
        onClick={() => shown.onShow(shown.index + 1)}
      />
      <span className="number sealing-count">
        {t('sealing.paperOf', { index: shown.index + 1, count: shown.count })}
      </span>
    </>
  )
}

function ZoomButtons({ zoom, onZoom }: { readonly zoom: Zoom; readonly onZoom: (zoom: Zoom) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <Button
        icon={<ZoomOutOutlined />}
        aria-label={t('intake.pdfZoomOut')}
        title={t('intake.pdfZoomOut')}
        onClick={() => onZoom(zoomStep(zoom, -1))}
      />
      <Button
        icon={<ZoomInOutlined />}
        aria-label={t('intake.pdfZoomIn')}
        title={t('intake.pdfZoomIn')}
        onClick={() => onZoom(zoomStep(zoom, 1))}
      />
      <Button
        icon={<FileTextOutlined />}
        aria-label={t('intake.pdfWhole')}
        title={t('intake.pdfWhole')}
        onClick={() => onZoom('page')}
      />
    </>
  )
}
