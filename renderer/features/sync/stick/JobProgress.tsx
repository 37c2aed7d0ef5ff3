import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { BundleJob } from '../../../../preload/contract/sync.ts'
import { useAct } from '../../../app/client.ts'
import { sizeInWords, spanOf } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { ProgressBar, percentOf } from '../../../ui/ProgressBar.tsx'

/** How far the job on a stick has come: bar, percent, bytes, the time left, and a way to stop it without loss. */
export function JobProgress({ job }: { readonly job: BundleJob }) {
  const { t } = useTranslation()
  const cancel = useAct('bundle.cancel')
  const title = t(`sync.stick.job.${job.job}`)
  const left = job.etaSeconds === null ? null : spanOf(job.etaSeconds * 1000 + 999)
  return (
    <div className="stick-job">
      <p role="status">
        <strong>{title}</strong> {percentOf(job.doneBytes, job.totalBytes)}%
      </p>
      <ProgressBar share={job.totalBytes === 0 ? 0 : job.doneBytes / job.totalBytes} label={title} />
      <p className="number">
        {t('sync.stick.progress', { done: sizeInWords(job.doneBytes), total: sizeInWords(job.totalBytes) })}
        {' · '}
        {left === null
          ? t('sync.stick.timeUnknown')
          : `${t('sync.stick.timeLeft')} ${t(`span.${left.unit}`, { count: left.count })}`}
      </p>
      <p className="quiet">
        {t('sync.stick.keepIn')}
        {t('sync.stick.cancelText')}
      </p>
      <Button loading={cancel.isPending} onClick={() => cancel.mutate({})}>
        {t('sync.stick.cancel')}
      </Button>
      <ErrorNotice error={cancel.error} />
    </div>
  )
}

const tones = { done: 'good', failed: 'bad', cancelled: 'warn' } as const

/** What came of the last job, in the desk's words; nothing while it runs or before the first. */
export function JobResult({ job }: { readonly job: BundleJob | null }) {
  if (job === null || job.state === 'running' || job.said === '') return null
  return <Notice tone={tones[job.state]}>{job.said}</Notice>
}
