import { ClockCircleFilled, ExclamationCircleFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { CaseSummary } from '../../preload/contract/views.ts'
import { timeLeftOf } from './case-words.ts'

/** Days left of a promise as a short bar and words; late and soon carry an icon as well as a colour. */
export function TimeLeftBar({ summary, long = false }: { readonly summary: CaseSummary; readonly long?: boolean }) {
  const { t } = useTranslation()
  const left = timeLeftOf(summary)
  if (left.kind === 'none') return <span className="quiet">—</span>
  if (left.kind === 'unknown') return <span className="quiet">{t('queue.unknown')}</span>
  const unit = t(`queue.${summary.promised.unit}`)
  const words = () => {
    if (left.kind === 'today') return t('queue.today')
    if (left.kind === 'late') return t('queue.late', { count: left.count, unit: long ? unit : t('queue.day') })
    return long ? t('queue.left', { count: left.count, unit }) : t('queue.leftShort', { count: left.count })
  }
  return (
    <span className={`time-left time-left-${left.kind}`} title={t('queue.left', { count: left.count, unit })}>
      {left.kind === 'late' || left.kind === 'today' ? <ExclamationCircleFilled aria-hidden="true" /> : null}
      {left.kind === 'soon' ? <ClockCircleFilled aria-hidden="true" /> : null}
      {left.kind === 'soon' || left.kind === 'fine' ? (
        <span className="time-left-track" aria-hidden="true">
          <span style={{ width: `${Math.round(left.share * 100)}%` }} />
        </span>
      ) : null}
      <span className="number">{words()}</span>
    </span>
  )
}
