import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { SealView } from '../../../../preload/contract/seals.ts'
import { useAct } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { dayOf } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'

const renewal = { uses: 1000, days: 90 }

/** How long and how often a seal may still be used without the link; a training station renews it here. */
export function LeaseCard({ seal }: { readonly seal: SealView }) {
  const { t } = useTranslation()
  const { session, station } = useHere()
  const renew = useAct('seals.renewLease')
  const { lease } = seal
  const mayRenew = station.mode === 'training' && session.role === 'administrator' && seal.state !== 'revoked'
  return (
    <section className="card panel custody-lease">
      <h2>{t('custody.lease')}</h2>
      <p className="quiet">{t('custody.leaseText')}</p>
      {lease === null ? (
        <p>{t('custody.leaseNone')}</p>
      ) : (
        <>
          <p>
            <strong className="number">{t('custody.leaseLeft', { left: lease.usesLeft, uses: lease.uses })}</strong>
            {' · '}
            {t('custody.leaseUntil', { day: dayOf(lease.untilUtc) })}
            {lease.itemIds === null ? null : ` · ${t('custody.leaseMatters', { count: lease.itemIds.length })}`}
          </p>
          <meter className="custody-meter" min={0} max={lease.uses} low={lease.uses / 10} value={lease.usesLeft}>
            {lease.usesLeft}
          </meter>
        </>
      )}
      <ErrorNotice error={renew.error} />
      {renew.isSuccess ? <Notice tone="good">{t('custody.renewed')}</Notice> : null}
      {mayRenew ? (
        <div className="custody-line">
          <Button loading={renew.isPending} onClick={() => renew.mutate({ sealId: seal.sealId, ...renewal })}>
            {t('custody.renew', renewal)}
          </Button>
          <span className="quiet">{t('custody.renewText')}</span>
        </div>
      ) : null}
    </section>
  )
}
