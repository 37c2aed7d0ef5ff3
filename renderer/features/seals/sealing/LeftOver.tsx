import { HistoryOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { leftOf, leftOver } from './use-jobs.ts'
import type { SealingState } from './use-sealing-screen.ts'

/** One quiet line when papers were left unsealed last time, and the way back to them. */
export function LeftOver({ state }: { readonly state: SealingState }) {
  const { t } = useTranslation()
  const job = leftOver(state.jobs, state.place.jobId)
  if (job === null || state.watched !== undefined) return null
  return (
    <p className="sealing-left-over" role="status">
      <HistoryOutlined aria-hidden="true" />
      {t('sealing.leftOver', { count: leftOf(job), reason: job.reason })}
      <button type="button" className="link-button" onClick={() => state.move({ jobId: job.jobId })}>
        {t('sealing.resume')}
      </button>
    </p>
  )
}
