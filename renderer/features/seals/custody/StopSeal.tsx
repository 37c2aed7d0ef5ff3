import { StopOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '../../../app/client.ts'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'

/** Stops a seal for good: asked twice, with a reason that the ledger keeps. */
export function StopSeal({ sealId }: { readonly sealId: string }) {
  const { t } = useTranslation()
  const [isAsking, setIsAsking] = useState(false)
  const [reason, setReason] = useState('')
  const stop = useAct('seals.revoke')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() !== '') stop.mutate({ sealId, reason })
  }
  return (
    <section className="card panel">
      <p>{t('custody.stopText')}</p>
      <ErrorNotice error={stop.error} />
      {isAsking ? (
        <form className="custody-line" onSubmit={submit}>
          <label htmlFor="stop-reason">{t('custody.stopReason')}</label>
          <Input
            id="stop-reason"
            className="custody-reason"
            value={reason}
            maxLength={200}
            autoFocus
            onChange={(event) => setReason(event.target.value)}
          />
          <Button danger htmlType="submit" loading={stop.isPending} disabled={reason.trim() === ''}>
            {t('custody.stopNow')}
          </Button>
          <Button onClick={() => setIsAsking(false)}>{t('custody.stopKeep')}</Button>
        </form>
      ) : (
        <Button danger icon={<StopOutlined />} onClick={() => setIsAsking(true)}>
          {t('custody.stop')}
        </Button>
      )}
    </section>
  )
}
