import { BellFilled, CheckOutlined, NotificationFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Notice } from '../../../preload/contract/sync.ts'
import { useAct, useCall } from '../../app/client.ts'
import { momentOf } from '../../ui/dates.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Loading } from '../../ui/Loading.tsx'

/** What the centre told everybody here, the newest first; who has read one says so. */
export function NoticesScreen() {
  const { t } = useTranslation()
  const found = useCall('sync.notices', {})
  const notices = found.data?.notices ?? []
  return (
    <div className="page">
      <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      {found.data === undefined && found.error === null ? <Loading /> : null}
      {found.data !== undefined && notices.length === 0 ? (
        <EmptyState title={t('sync.notices.none')} text={t('sync.notices.noneText')} />
      ) : null}
      <ul className="page-scroll notices" aria-label={t('sync.notices.list')}>
        {notices.map((notice) => (
          <NoticeRow key={notice.cursor} notice={notice} />
        ))}
      </ul>
    </div>
  )
}

function NoticeRow({ notice }: { readonly notice: Notice }) {
  const { t } = useTranslation()
  const read = useAct('sync.readNotice')
  return (
    <li className={notice.read ? 'panel notice-row' : 'panel notice-row notice-row-unread'}>
      <span className="notice-row-icon" aria-hidden="true">
        {notice.urgent ? <NotificationFilled /> : <BellFilled />}
      </span>
      <div className="notice-row-words">
        {notice.urgent ? <span className="tag tag-bad">{t('sync.notices.urgent')}</span> : null} {notice.text}
        <div className="quiet number">{momentOf(notice.givenAtUtc)}</div>
        <ErrorNotice error={read.error} />
      </div>
      {notice.read ? (
        <span className="quiet">
          <CheckOutlined aria-hidden="true" /> {t('sync.notices.isRead')}
        </span>
      ) : (
        <Button loading={read.isPending} onClick={() => read.mutate({ cursor: notice.cursor })}>
          {t('sync.notices.read')}
        </Button>
      )}
    </li>
  )
}
