import { useTranslation } from 'react-i18next'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import { DeliveryDots } from '../../ui/DeliveryDots.tsx'
import { momentOf } from '../../ui/dates.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'

/** What happened, in plain words, the latest last; each entry of ours with its delivery. */
export function TimelineTab({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  if (detail.timeline.length === 0) return <EmptyState title={t('case.timelineEmpty')} />
  return (
    <ol className="timeline">
      {detail.timeline.map((item) => (
        <li key={`${item.atUtc} ${item.kind} ${item.seq}`}>
          <span className="number quiet timeline-when">{momentOf(item.atUtc)}</span>
          <span className="timeline-text">
            {item.text}
            <span className="quiet small timeline-who">
              {item.actor}
              {item.seq === null ? null : ` · ${t('case.entry', { seq: item.seq })}`}
            </span>
          </span>
          <span className="timeline-delivery">
            {item.delivery === null ? null : <DeliveryDots delivery={item.delivery} words />}
          </span>
        </li>
      ))}
    </ol>
  )
}
