import { CloudUploadOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { SyncStatus } from '../../../../preload/contract/views.ts'
import { useAct, useCall } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { Cable } from './Cable.tsx'
import { LinkCard } from './LinkCard.tsx'
import { Returned } from './Returned.tsx'
import { WaitingList } from './WaitingList.tsx'
import './state.css'

/** The link and its last hour; what came back, what is still here and when it will have left. */
export function StateScreen() {
  const { station } = useHere()
  const status = useCall('sync.status', {})
  const send = useAct('sync.now')
  if (status.data === undefined) {
    return (
      <div className="page">
        {status.error === null ? (
          <Loading />
        ) : (
          <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
        )}
      </div>
    )
  }
  const sync = status.data
  return (
    <div className="page">
      <div className="page-scroll sync">
        <div className="sync-here">
          <Returned />
          <WaitingList />
        </div>
        <div className="sync-column">
          {station.mode === 'training' ? <Cable on={sync.linkOn} /> : null}
          <LinkCard sync={sync} />
        </div>
      </div>
      <ErrorNotice error={send.error} />
      <SendNow sync={sync} send={send} />
    </div>
  )
}

function SendNow({ sync, send }: { readonly sync: SyncStatus; readonly send: ReturnType<typeof useAct<'sync.now'>> }) {
  const { t } = useTranslation()
  return (
    <ActionBar left={<Records sync={sync} />}>
      {send.isSuccess ? <span role="status">{t('sync.nowDone')}</span> : null}
      <MainAction
        label={t('sync.now')}
        icon={<CloudUploadOutlined />}
        isBusy={send.isPending}
        isOff={!sync.linkOn}
        onRun={() => send.mutate({})}
      />
    </ActionBar>
  )
}

function Records({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation()
  return (
    <span className="number">
      {t('sync.records', { head: sync.headSeq, acknowledged: sync.acknowledgedSeq })} ·{' '}
      {sync.unsentEntries === 0 ? t('sync.recordsNone') : t('sync.recordsUnsent', { count: sync.unsentEntries })}
    </span>
  )
}
