/**
 * Owns: the facts of the seals on this machine and their unlocking with the seal PIN.
 * Does not own: sealing (the desk), documents of a case (features/case).
 * Start here: `SealsScreen`.
 */
import { LockOutlined, SafetyCertificateOutlined, UnlockOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SealStatus } from '../../../preload/contract/seals.ts'
import { useAct, useCall } from '../../app/client.ts'
import { useHere } from '../../app/session.ts'
import { ActionBar } from '../../ui/ActionBar.tsx'
import { Countdown } from '../../ui/Countdown.tsx'
import { dayOf } from '../../ui/dates.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { waitUntilUtc } from '../session/wait.ts'
import { SealSketch } from './SealSketch.tsx'
import './seals.css'

/** The seals of this station. */
export function SealsScreen() {
  const { t } = useTranslation()
  const status = useCall('seals.status', {})
  if (status.data === undefined) {
    return (
      <div className="page">
        <h1>{t('seals.title')}</h1>
        {status.error === null ? (
          <Loading />
        ) : (
          <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
        )}
      </div>
    )
  }
  const { seals, unlocked } = status.data
  if (seals.length === 0) return <EmptyState title={t('seals.none')} text={t('seals.noneText')} />
  return (
    <div className="page">
      <h1 className="visually-hidden">{t('seals.title')}</h1>
      <div className="page-scroll seals">
        {seals.map((seal) => (
          <SealCard key={seal.sealId} seal={seal} unlocked={unlocked} />
        ))}
      </div>
      <Unlock status={status.data} />
    </div>
  )
}

function SealCard({ seal, unlocked }: { readonly seal: SealStatus['seals'][number]; readonly unlocked: boolean }) {
  const { t } = useTranslation()
  const { station } = useHere()
  return (
    <section className="card panel seal">
      <SealSketch name={seal.name} training={station.mode === 'training'} />
      <div className="seal-facts">
        <h2>{seal.name}</h2>
        <p>
          <span className={unlocked ? 'tag tag-good' : 'tag tag-plain'}>
            <span aria-hidden="true">{unlocked ? <UnlockOutlined /> : <LockOutlined />}</span>
            {t(unlocked ? 'seals.unlocked' : 'seals.locked')}
          </span>
        </p>
        <dl className="facts">
          <dt>{t('seals.organisation')}</dt>
          <dd>{seal.organisation}</dd>
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

function Unlock({ status }: { readonly status: SealStatus }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const [pin, setPin] = useState('')
  const [waitUtc, setWaitUtc] = useState<string | null>(null)
  const unlock = useAct('seals.unlock')
  useEffect(() => {
    if (waitUtc === null) return
    const timer = setTimeout(() => setWaitUtc(null), Math.max(0, Date.parse(waitUtc) - Date.now()))
    return () => clearTimeout(timer)
  }, [waitUtc])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (pin === '' || unlock.isPending || waitUtc !== null) return
    unlock.mutate(
      { pin },
      {
        onSettled: () => setPin(''),
        onError: (error) => setWaitUtc(waitUntilUtc(error.failure, Date.now())),
      },
    )
  }
  const sealed = unlock.data?.sealed ?? 0
  const waiting =
    status.waitingDocuments === 0 ? t('seals.waitingNone') : t('seals.waiting', { count: status.waitingDocuments })
  return (
    <>
      <ErrorNotice error={unlock.error} />
      {unlock.isSuccess ? (
        <Notice tone="good">{sealed === 0 ? t('seals.doneNone') : t('seals.done', { count: sealed })}</Notice>
      ) : null}
      <ActionBar left={<span>{waiting}</span>}>
        {status.unlocked && status.waitingDocuments === 0 ? (
          <span>{t('seals.unlockedText')}</span>
        ) : (
          <form className="seal-unlock" onSubmit={submit}>
            {waitUtc === null ? null : (
              <span>
                {t('login.wait')} <Countdown untilUtc={waitUtc} /> {t('login.waitAfter')}
              </span>
            )}
            {station.training === null ? null : (
              <span className="seal-training">
                {t('seals.trainingPin')}
                <strong className="number">{station.training.sealPin}</strong>
              </span>
            )}
            <label htmlFor="seal-pin">{t('seals.pin')}</label>
            <Input.Password
              id="seal-pin"
              className="seals-pin"
              value={pin}
              autoFocus
              maxLength={64}
              autoComplete="off"
              visibilityToggle={false}
              title={t('seals.unlockText')}
              onChange={(event) => setPin(event.target.value)}
            />
            <Button
              type="primary"
              size="large"
              htmlType="submit"
              icon={<SafetyCertificateOutlined />}
              loading={unlock.isPending}
              disabled={waitUtc !== null}
              aria-keyshortcuts="Enter"
            >
              {t('seals.unlock')} <KeyHint keys="Enter" />
            </Button>
          </form>
        )}
      </ActionBar>
    </>
  )
}
