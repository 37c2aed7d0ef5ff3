import { useTranslation } from 'react-i18next'
import { useCall } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { LinkUse } from './LinkUse.tsx'
import { RelayAddress } from './RelayAddress.tsx'
import './network.css'

/** How the link is used, and the hall's relay: an administrator sets them, everybody reads them. */
export function NetworkScreen() {
  const { t } = useTranslation()
  const { session } = useHere()
  const settings = useCall('sync.settings', {})
  const mayChange = session.role === 'administrator'
  if (settings.data === undefined) {
    return (
      <div className="page">
        {settings.error === null ? (
          <Loading />
        ) : (
          <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} />
        )}
      </div>
    )
  }
  return (
    <div className="page">
      {mayChange ? null : <Notice tone="warn">{t('sync.settings.read')}</Notice>}
      <fieldset className="page-scroll network" disabled={!mayChange}>
        <LinkUse settings={settings.data} mayChange={mayChange} onSaved={() => void settings.refetch()} />
        <RelayAddress mayChange={mayChange} />
      </fieldset>
    </div>
  )
}
