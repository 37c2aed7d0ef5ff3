import { EditOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useHere } from '../../app/session.ts'
import { shortMomentOf } from '../../ui/dates.ts'

/** Drafts to go on with, one line above the list; not there when there are none. */
export function DraftStrip() {
  const { t } = useTranslation()
  const { station } = useHere()
  const { data } = useCall('drafts.list', {})
  const drafts = data?.drafts ?? []
  if (drafts.length === 0) return null
  return (
    <section className="drafts panel" aria-label={t('queue.drafts')}>
      <h2 className="drafts-title">
        {t('queue.drafts')} <span className="tab-count">{t('queue.draftsCount', { count: drafts.length })}</span>
      </h2>
      <ul className="drafts-list">
        {drafts.map((draft) => (
          <li key={draft.draftId}>
            <Link href={paths.draft(draft.draftId)} className="draft">
              <EditOutlined aria-hidden="true" />
              <span className="draft-who">
                {draft.applicantMasked === '' ? t('queue.nobody') : draft.applicantMasked}
              </span>
              <span className="draft-matter">{draft.matterName}</span>
              <span className="quiet small number">{shortMomentOf(draft.updatedAtUtc, station.todayInShanghai)}</span>
              <span className="draft-go">{t('queue.draftOpen')}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
