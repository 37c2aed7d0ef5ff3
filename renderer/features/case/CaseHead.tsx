import { GroupOutlined, SwapOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import { paths } from '../../app/paths.ts'
import { CaseFiles } from '../../ui/CaseFiles.tsx'
import { DeliveryDots } from '../../ui/DeliveryDots.tsx'
import { momentOf, plainDate } from '../../ui/dates.ts'
import { Notice } from '../../ui/ErrorNotice.tsx'
import { Masked } from '../../ui/Masked.tsx'
import { isMended, StateTag } from '../../ui/StateTag.tsx'
import { TimeLeftBar } from '../../ui/TimeLeftBar.tsx'

/** Who, what, how far, by when and by which standard; the centre's answer where it cannot be overlooked. */
export function CaseHead({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const { summary } = detail
  return (
    <header className="case-head panel">
      <div className="case-title">
        <h1>
          {summary.applicantMasked} · {summary.matterName}
        </h1>
        <StateTag summary={summary} />
        <DeliveryDots delivery={summary.delivery} words />
        <CaseFiles caseId={summary.caseId} />
        {detail.handedOver === null ? null : (
          <span className="case-from">
            <SwapOutlined aria-hidden="true" />{' '}
            {t('case.handedOver', { station: detail.handedOver.stationId, window: detail.handedOver.windowName })}
          </span>
        )}
        <span className="grow" />
        <span className="number quiet">{summary.localNumber}</span>
      </div>
      <Together detail={detail} />
      <CentreAnswer detail={detail} />
      <dl className="case-facts">
        <div>
          <dt>{t('masked.idNumber')}</dt>
          <dd>
            <Masked caseId={summary.caseId} field="idNumber" masked={summary.idNumberMasked} />
          </dd>
        </div>
        <div>
          <dt>{t('masked.phone')}</dt>
          <dd>
            <Masked caseId={summary.caseId} field="phone" masked={summary.phoneMasked} />
          </dd>
        </div>
        <div>
          <dt>{t('case.receivedAt')}</dt>
          <dd className="number">
            {momentOf(summary.receivedAtUtc)}
            <span className="quiet small case-sub">
              {summary.receivedBy} ·{' '}
              {t(detail.handedOver === null ? 'case.entry' : 'case.entryThere', { seq: detail.receivedSeq })}
            </span>
          </dd>
        </div>
        <Deadline detail={detail} />
        <div>
          <dt>{t('case.centreNumber')}</dt>
          <dd className="number">
            {detail.centreCaseNumber === '' ? t('case.centreNumberNone') : detail.centreCaseNumber}
          </dd>
        </div>
      </dl>
    </header>
  )
}

/** The 一件事 that it was taken in by, with links to the other cases of it. */
function Together({ detail: { theme, summary } }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  if (theme === null) return null
  const others = theme.cases.filter(({ caseId }) => caseId !== summary.caseId)
  return (
    <p className="case-together">
      <GroupOutlined aria-hidden="true" /> {t('case.theme', { name: theme.name })}
      {others.length === 0 ? null : ` · ${t('case.themeOthers')}：`}
      {others.map(({ caseId, matterName, localNumber }) => (
        <Link key={caseId} href={paths.oneCase(caseId)} className="case-other">
          {matterName} <span className="number">{localNumber}</span>
        </Link>
      ))}
    </p>
  )
}

function Deadline({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const { promised } = detail.summary
  return (
    <div>
      <dt>{t('case.due')}</dt>
      <dd>
        {promised.date === null ? t('case.dueUnknown') : t('case.dueBy', { date: plainDate(promised.date) })}{' '}
        <TimeLeftBar summary={detail.summary} long />
        <Link href={paths.standardVersion(detail.itemId, detail.standardVersion)} className="small case-sub">
          {t('case.dueSource', {
            version: detail.standardVersion,
            days: promised.days,
            unit: t(`queue.${promised.unit}`),
          })}
        </Link>
      </dd>
    </div>
  )
}

function CentreAnswer({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const { state } = detail.summary
  if (detail.centreReason === '') return null
  const mended = isMended(detail.summary)
  const bad = (state === 'corrections' && !mended) || state === 'refused' || state === 'denied'
  return (
    <Notice tone={bad ? 'warn' : 'good'}>
      <strong>{state === 'corrections' && !mended ? t('case.corrections') : t('case.centreSays')}：</strong>
      {detail.centreReason}
    </Notice>
  )
}
