import { NotificationFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { momentOf } from '../../ui/dates.ts'
import { useAct, useCall } from '../client.ts'

/** An urgent word from the centre, above every screen until somebody has said that it was read; the oldest first. */
export function UrgentNotice() {
  const { t } = useTranslation()
  const { data } = useCall('sync.notices', {})
  const read = useAct('sync.readNotice')
  const urgent = data?.notices.findLast((notice) => notice.urgent && !notice.read)
  if (urgent === undefined) return null
  return (
    <section className="urgent" role="alert" aria-label={t('sync.notices.band')}>
      <NotificationFilled className="urgent-icon" aria-hidden="true" />
      <p>
        <strong>{t('sync.notices.band')}：</strong>
        {urgent.text} <span className="number urgent-when">{momentOf(urgent.givenAtUtc)}</span>
      </p>
      <Button loading={read.isPending} onClick={() => read.mutate({ cursor: urgent.cursor })}>
        {t('sync.notices.read')}
      </Button>
    </section>
  )
}
