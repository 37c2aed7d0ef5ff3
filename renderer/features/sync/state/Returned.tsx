import { RollbackOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useCall } from '../../../app/client.ts'
import { paths } from '../../../app/paths.ts'
import { shortNumber } from '../../../ui/case-words.ts'
import { StateTag } from '../../../ui/StateTag.tsx'

const shown = 3

/** What the centre sent back, before everything else; not there while nothing was. */
export function Returned() {
  const { t } = useTranslation()
  const { data } = useCall(
    'cases.list',
    { view: 'returned', query: '', offset: 0, limit: shown },
    { keepPrevious: true },
  )
  if (data === undefined || data.total === 0) return null
  return (
    <section className="panel returned">
      <h2>
        <RollbackOutlined aria-hidden="true" /> {t('sync.returned.title')}{' '}
        <span className="tab-count tab-count-loud">{data.total}</span>
      </h2>
      <ul>
        {data.cases.map((summary) => (
          <li key={summary.caseId}>
            <Link href={paths.oneCase(summary.caseId)} className="returned-case">
              <StateTag summary={summary} />
              <span className="number">{shortNumber(summary.localNumber)}</span>
              <span>{summary.applicantMasked}</span>
              <span className="sync-matter">{summary.matterName}</span>
              <span className="returned-open">{t('sync.returned.open')}</span>
            </Link>
          </li>
        ))}
      </ul>
      {data.total <= shown ? null : (
        <Link href={paths.casesIn('returned')} className="returned-all">
          {t('sync.returned.all', { count: data.total })}
        </Link>
      )}
    </section>
  )
}
