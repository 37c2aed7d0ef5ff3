import { SaveOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SealCustody, SealStatus, SealView } from '../../../../preload/contract/seals.ts'
import { useAct } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { dayOf } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { SealSketch } from '../SealSketch.tsx'
import { CustodyRules } from './CustodyRules.tsx'
import { LeaseCard } from './LeaseCard.tsx'
import { StateTag } from './StateTag.tsx'
import { StopSeal } from './StopSeal.tsx'
import { Unlock } from './Unlock.tsx'

/** One seal whole: what it is, who may use it, its lease; below, its PIN, or saving what was changed. */
export function SealPane({ seal, status }: { readonly seal: SealView; readonly status: SealStatus }) {
  const { t } = useTranslation()
  const { session } = useHere()
  const [changed, setChanged] = useState<SealCustody | null>(null)
  const save = useAct('seals.setCustody')
  const isKeeper = session.role === 'administrator'
  const submit = () => {
    if (changed === null) return
    save.mutate({ sealId: seal.sealId, custody: changed }, { onSuccess: () => setChanged(null) })
  }
  return (
    <>
      <div className="custody-scroll">
        {seal.stateText === '' ? null : <Notice tone="warn">{seal.stateText}</Notice>}
        <SealFacts seal={seal} />
        <CustodyRules custody={changed ?? seal.custody} isFixed={!isKeeper} onChange={setChanged} />
        <LeaseCard seal={seal} />
        {isKeeper && seal.state !== 'revoked' ? <StopSeal sealId={seal.sealId} /> : null}
      </div>
      <ErrorNotice error={save.error} />
      {save.isSuccess && changed === null ? <Notice tone="good">{t('custody.saved')}</Notice> : null}
      {changed === null ? (
        <Unlock seal={seal} waitingDocuments={status.waitingDocuments} />
      ) : (
        <ActionBar>
          <MainAction label={t('custody.save')} icon={<SaveOutlined />} isBusy={save.isPending} onRun={submit} />
        </ActionBar>
      )}
    </>
  )
}

function SealFacts({ seal }: { readonly seal: SealView }) {
  const { t } = useTranslation()
  const { station } = useHere()
  return (
    <section className="card panel seal">
      <SealSketch face={seal} training={station.mode === 'training'} />
      <div className="seal-facts">
        <h2>{seal.name}</h2>
        <p>
          <StateTag state={seal.state} />
        </p>
        <dl className="facts">
          <dt>{t('seals.organisation')}</dt>
          <dd>{seal.organisation}</dd>
          <dt>{t('custody.size')}</dt>
          <dd className="number">{t('custody.sizeMm', { count: seal.diameterMm })}</dd>
          {seal.code === '' ? null : (
            <>
              <dt>{t('custody.code')}</dt>
              <dd className="number">{seal.code}</dd>
            </>
          )}
          <dt>{t('custody.key')}</dt>
          <dd>
            {t(`custody.algorithm.${seal.algorithm}`)} · {t(`custody.holder.${seal.holder}`)}
          </dd>
          <dt>{t('seals.validity')}</dt>
          <dd>{t('seals.validRange', { from: dayOf(seal.validFromUtc), until: dayOf(seal.validUntilUtc) })}</dd>
          <dt>{t('seals.uses')}</dt>
          <dd className="number">{t('seals.usesCount', { count: seal.uses })}</dd>
          <dt>{t('seals.certificate')}</dt>
          <dd className="number small seal-digest">{seal.certificateSha256}</dd>
        </dl>
        {station.mode === 'training' ? <p className="quiet">{t('seals.training')}</p> : null}
      </div>
    </section>
  )
}
