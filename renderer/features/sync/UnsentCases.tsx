import { CheckCircleOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { SyncStatus } from '../../../preload/contract/views.ts'
import { useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useHere } from '../../app/session.ts'
import { shortNumber } from '../../ui/case-words.ts'
import { DeliveryDots } from '../../ui/DeliveryDots.tsx'
import { shortMomentOf } from '../../ui/dates.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'

const shown = 100

/** The cases that the centre does not have yet, each with its steps. */
export function UnsentCases({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const list = useCall(
    'cases.list',
    { view: 'undelivered', query: '', offset: 0, limit: shown },
    { keepPrevious: true },
  )
  const cases = list.data?.cases ?? []
  const more = (list.data?.total ?? 0) - cases.length
  return (
    <section className="card panel sync-unsent">
      <h2>
        {t('sync.unsentTitle')} <span className="tab-count">{sync.unsentCases}</span>
      </h2>
      <ErrorNotice error={list.error} />
      {list.data !== undefined && cases.length === 0 ? (
        <p className="sync-none">
          <CheckCircleOutlined aria-hidden="true" /> {t('sync.unsentNone')}
        </p>
      ) : null}
      <ul className="sync-list">
        {cases.map((summary) => (
          <li key={summary.caseId}>
            <Link href={paths.oneCase(summary.caseId)} className="sync-case">
              <span className="number">{shortNumber(summary.localNumber)}</span>
              <span>{summary.applicantMasked}</span>
              <span className="sync-matter">{summary.matterName}</span>
              <DeliveryDots delivery={summary.delivery} words />
              <span className="number quiet">{shortMomentOf(summary.receivedAtUtc, station.todayInShanghai)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="quiet">{t('sync.unsentMore', { count: more })}</p> : null}
    </section>
  )
}
