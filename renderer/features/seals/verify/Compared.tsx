import { FileTextOutlined, ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons'
import { Button, Checkbox } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Verification } from '../../../../preload/contract/seals.ts'
import type { CheckedSeal } from '../../../../preload/contract/verification.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { ComparedPage } from './ComparedPage.tsx'
import { PageMarks } from './PageMarks.tsx'
import { orderOfPages, pagesToShow } from './page-order.ts'
import { type Comparisons, useComparisons } from './use-comparisons.ts'

type Props = {
  readonly verification: Verification
  readonly index: number
  readonly seal: CheckedSeal
  /** A page that was asked for from the list of changes. */
  readonly asked: { readonly page: number } | null
}

const zooms = [1, 1.5, 2, 3, 4] as const

/** The pages as the seal signed them beside those of now, what differs framed; those with changes are compared first. */
export function Compared({ verification, index, seal, asked }: Props) {
  const { t } = useTranslation()
  const { verdict, verificationId } = verification
  const order = useMemo(() => orderOfPages(verdict, seal), [verdict, seal])
  const pages = pagesToShow(verdict, seal)
  const [page, setPage] = useState(asked?.page ?? order[0] ?? seal.places[0]?.page ?? 1)
  const [zoom, setZoom] = useState(0)
  const [onlyDifference, setOnlyDifference] = useState(false)
  useEffect(() => {
    if (asked !== null) setPage(asked.page)
  }, [asked])
  const comparisons = useComparisons({ verificationId, seal: index }, order, page)
  const turn = (by: number) => setPage((now) => Math.max(1, Math.min(pages, now + by)))
  useShortcut('PageDown', t('sealing.nextPage'), () => turn(1))
  useShortcut('PageUp', t('sealing.previousPage'), () => turn(-1))
  return (
    <section className="compared panel" aria-label={t('verify.compare')}>
      <div className="compared-tools" role="toolbar" aria-label={t('verify.compare')}>
        <strong>{t('verify.page', { page })}</strong>
        <Legend comparisons={comparisons} page={page} />
        <span className="grow" />
        <Checkbox checked={onlyDifference} onChange={(event) => setOnlyDifference(event.target.checked)}>
          {t('verify.showDifference')}
        </Checkbox>
        <Button
          icon={<ZoomOutOutlined />}
          aria-label={t('verify.zoomOut')}
          title={t('verify.zoomOut')}
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
        />
        <Button
          icon={<ZoomInOutlined />}
          aria-label={t('verify.zoomIn')}
          title={t('verify.zoomIn')}
          disabled={zoom === zooms.length - 1}
          onClick={() => setZoom(zoom + 1)}
        />
        <Button
          icon={<FileTextOutlined />}
          aria-label={t('verify.fit')}
          title={t('verify.fit')}
          onClick={() => setZoom(0)}
        />
      </div>
      <div className="compared-body">
        <PageMarks pages={pages} here={page} comparisons={comparisons} onPage={setPage} />
        <PageShown
          isValid={seal.verdict === 'valid'}
          at={{ verificationId, seal: index, page }}
          comparisons={comparisons}
          zoom={zooms[zoom] ?? 1}
          onlyDifference={onlyDifference}
        />
      </div>
    </section>
  )
}

function Legend({ comparisons, page }: { readonly comparisons: Comparisons; readonly page: number }) {
  const { t } = useTranslation()
  const { done, total, pages } = comparisons
  if (done < total) {
    return (
      <span className="quiet number" role="status">
        {t('verify.comparing', { done: Math.min(total, done + 1), total })}
      </span>
    )
  }
  const here = pages.get(page)
  return (
    <span className="compared-legend">
      {(here?.boxes.length ?? 0) > 0 ? <span className="legend-changed">{t('verify.frameChanged')}</span> : null}
      {(here?.sealBoxes.length ?? 0) > 0 ? <span className="legend-seal">{t('verify.frameSeal')}</span> : null}
    </span>
  )
}

function PageShown(props: {
  readonly at: { readonly verificationId: string; readonly seal: number; readonly page: number }
  readonly comparisons: Comparisons
  readonly zoom: number
  readonly onlyDifference: boolean
  /** Whether the seal is valid. */
  readonly isValid: boolean
}) {
  const { at, comparisons } = props
  const failure = comparisons.failed.get(at.page)
  if (failure !== undefined) {
    return (
      <div className="compared-page">
        <ErrorNotice error={failure} />
      </div>
    )
  }
  const comparison = comparisons.pages.get(at.page)
  if (comparison === undefined) return <Loading />
  const isSame = comparison.before && comparison.after && comparison.boxes.length === 0
  return (
    <div className="compared-page">
      {isSame && comparison.sealBoxes.length === 0 ? <Same isValid={props.isValid} /> : null}
      <ComparedPage key={at.page} {...props} comparison={comparison} />
    </div>
  )
}

/** That a page looks as it did. Beside a seal that is not valid this proves nothing, and says so. */
function Same({ isValid }: { readonly isValid: boolean }) {
  const { t } = useTranslation()
  return isValid ? (
    <Notice tone="good">{t('verify.nothingSince')}</Notice>
  ) : (
    <Notice tone="warn">{t('verify.looksTheSame')}</Notice>
  )
}
