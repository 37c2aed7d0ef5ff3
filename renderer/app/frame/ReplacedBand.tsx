import { StopFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useCall } from '../client.ts'

/** Above every screen of a machine in whose place another is: what happened, what is safe here, what to do. */
export function ReplacedBand() {
  const { t } = useTranslation()
  const { data } = useCall('sync.status', {})
  if (data?.replaced !== true) return null
  return (
    <section className="urgent" role="alert" aria-label={t('bar.replaced')}>
      <StopFilled className="urgent-icon" aria-hidden="true" />
      <p>
        <strong>{t('bar.replaced')}</strong>{' '}
        {data.unsentEntries + data.unsentFiles === 0
          ? t('bar.replacedNone')
          : t('bar.replacedText', { count: data.unsentEntries, files: data.unsentFiles })}
      </p>
    </section>
  )
}
