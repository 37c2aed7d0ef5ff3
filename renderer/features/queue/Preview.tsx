import { ArrowRightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { CaseSummary } from '../../../preload/contract/views.ts'
import { useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { CaseFiles } from '../../ui/CaseFiles.tsx'
import { DeliveryDots } from '../../ui/DeliveryDots.tsx'
import { momentOf, plainDate } from '../../ui/dates.ts'
import { Notice } from '../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { StateTag } from '../../ui/StateTag.tsx'
import { TimeLeftBar } from '../../ui/TimeLeftBar.tsx'

/** The main points of the chosen case, beside the list. */
export function Preview({ summary }: { readonly summary: CaseSummary | undefined }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  return (
    <aside className="preview" aria-label={t('queue.preview')}>
      {summary === undefined ? (
        <p className="quiet">{t('queue.previewNone')}</p>
      ) : (
        <>
          <h2>{summary.matterName}</h2>
          <p className="preview-state">
            <StateTag summary={summary} />
            <DeliveryDots delivery={summary.delivery} words />
            <CaseFiles caseId={summary.caseId} />
          </p>
          <CentreReason summary={summary} />
          <Facts summary={summary} />
          <Button
            className="preview-open"
            icon={<ArrowRightOutlined />}
            onClick={() => go(paths.oneCase(summary.caseId))}
            aria-keyshortcuts="Enter"
          >
            {t('queue.openCase')} <KeyHint keys="Enter" />
          </Button>
          <LastSteps caseId={summary.caseId} />
        </>
      )}
    </aside>
  )
}

function CentreReason({ summary }: { readonly summary: CaseSummary }) {
  const { t } = useTranslation()
  const { data } = useCall('cases.get', { caseId: summary.caseId }, { enabled: summary.returned })
  if (!summary.returned || data === undefined || data.centreReason === '') return null
  return (
    <Notice tone="warn">
      <strong>{summary.state === 'corrections' ? t('case.corrections') : t('case.centreSays')}：</strong>
      {data.centreReason}
    </Notice>
  )
}

function Facts({ summary }: { readonly summary: CaseSummary }) {
  const { t } = useTranslation()
  const { promised } = summary
  return (
    <dl className="facts">
      <dt>{t('case.applicant')}</dt>
      <dd>
        {summary.applicantMasked} <span className="number quiet">{summary.idNumberMasked}</span>
      </dd>
      <dt>{t('masked.phone')}</dt>
      <dd className="number">{summary.phoneMasked === '' ? '—' : summary.phoneMasked}</dd>
      <dt>{t('case.number')}</dt>
      <dd className="number preview-number">{summary.localNumber}</dd>
      <dt>{t('case.receivedAt')}</dt>
      <dd className="number">{momentOf(summary.receivedAtUtc)}</dd>
      <dt>{t('case.receivedBy')}</dt>
      <dd>{summary.receivedBy}</dd>
      <dt>{t('case.due')}</dt>
      <dd>
        {promised.date === null ? t('case.dueUnknown') : t('case.dueBy', { date: plainDate(promised.date) })}{' '}
        <TimeLeftBar summary={summary} long />
      </dd>
    </dl>
  )
}

function LastSteps({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const { data } = useCall('cases.get', { caseId })
  if (data === undefined || data.timeline.length === 0) return null
  return (
    <section>
      <h3 className="preview-sub">{t('case.tab.timeline')}</h3>
      <ul className="preview-steps">
        {data.timeline.slice(-3).map((item) => (
          <li key={`${item.atUtc} ${item.kind} ${item.seq}`}>{item.text}</li>
        ))}
      </ul>
    </section>
  )
}
