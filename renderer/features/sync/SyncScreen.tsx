/**
 * Owns: what is still here and why: link, last error, next try, unsent cases, 马上送; in training the cable.
 * Does not own: the sending itself (the desk), a case's three steps (ui/DeliveryDots.tsx).
 * Start here: `SyncScreen`.
 */
import { CloudUploadOutlined, DisconnectOutlined, WifiOutlined } from '@ant-design/icons'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { type Delivery, deliverySchema } from '../../../preload/contract/delivery.ts'
import type { SyncStatus } from '../../../preload/contract/views.ts'
import { useAct, useCall } from '../../app/client.ts'
import { linkWord } from '../../app/link-state.ts'
import { useHere } from '../../app/session.ts'
import { ActionBar } from '../../ui/ActionBar.tsx'
import { Countdown, Since } from '../../ui/Countdown.tsx'
import { DeliveryDots } from '../../ui/DeliveryDots.tsx'
import { clockOf, momentOf } from '../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { MainAction } from '../../ui/MainAction.tsx'
import { UnsentCases } from './UnsentCases.tsx'
import './sync.css'

/** The state of delivery in plain words. */
export function SyncScreen() {
  const { t } = useTranslation()
  const { station } = useHere()
  const status = useCall('sync.status', {})
  const send = useAct('sync.now')
  if (status.data === undefined) {
    return (
      <div className="page">
        <h1>{t('sync.title')}</h1>
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
      <h1 className="visually-hidden">{t('sync.title')}</h1>
      <div className="page-scroll sync">
        <div className="sync-column">
          <LinkCard sync={sync} />
          {station.mode === 'training' ? <Cable on={sync.linkOn} /> : null}
          <Steps />
        </div>
        <UnsentCases sync={sync} />
      </div>
      <ErrorNotice error={send.error} />
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
    </div>
  )
}

function LinkCard({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation()
  const offline = linkWord(sync) === 'offline'
  const phase = offline ? t('sync.phaseOffline') : t(`sync.phase.${sync.phase}`)
  return (
    <section className="card panel">
      <div className={offline ? 'sync-link sync-link-off' : 'sync-link'}>
        <span className="sync-link-icon" aria-hidden="true">
          {offline ? <DisconnectOutlined /> : <WifiOutlined />}
        </span>
        <div>
          <h2>
            {offline ? t('bar.offlineShort') : t('bar.online')}{' '}
            <span className="quiet sync-since">
              <Since utc={sync.sinceUtc} />
            </span>
          </h2>
          <p>{offline ? t('sync.offlineText') : t('sync.onlineText')}</p>
        </div>
      </div>
      {sync.lastError === '' || !sync.linkOn ? null : (
        <Notice tone="warn">
          <strong>{t('sync.lastError')}：</strong>
          {sync.lastError}
        </Notice>
      )}
      <dl className="facts">
        <dt>{t('sync.phaseHead')}</dt>
        <dd>{phase}</dd>
        <NextTry sync={sync} />
        <dt>{t('sync.lastSuccess')}</dt>
        <dd className="number">{sync.lastSuccessUtc === null ? t('sync.never') : momentOf(sync.lastSuccessUtc)}</dd>
        <dt>{t('sync.skew')}</dt>
        <dd>{skewWords(t, sync.clockSkewSeconds)}</dd>
        <dt>{t('sync.centre')}</dt>
        <dd className="number">{sync.centreUrl}</dd>
      </dl>
    </section>
  )
}

function skewWords(t: TFunction, seconds: number | null): string {
  if (seconds === null) return t('sync.skewUnknown')
  const count = Math.round(Math.abs(seconds))
  return count < 5 ? t('sync.skewFine') : t('sync.skewSeconds', { count })
}

function NextTry({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation()
  const calm = sync.lastError === '' && sync.unsentEntries === 0
  if (sync.nextTryUtc === null || !sync.linkOn || calm) return null
  const soon = Date.parse(sync.nextTryUtc) <= Date.now()
  return (
    <>
      <dt>{t('sync.nextTry')}</dt>
      <dd>
        {soon ? (
          t('sync.soon')
        ) : (
          <>
            {t('sync.nextTryIn', { time: clockOf(sync.nextTryUtc) })} <Countdown untilUtc={sync.nextTryUtc} />
          </>
        )}
      </dd>
    </>
  )
}

function Cable({ on }: { readonly on: boolean }) {
  const { t } = useTranslation()
  const setLink = useAct('sync.setLink')
  return (
    <section className="card panel sync-cable">
      <div className="sync-cable-row">
        <div>
          <h2 id="cable">{t('sync.switch')}</h2>
          <p className="quiet">{t('sync.switchText')}</p>
        </div>
        <button
          type="button"
          role="switch"
          className="cable-switch"
          aria-labelledby="cable"
          aria-checked={on}
          disabled={setLink.isPending}
          onClick={() => setLink.mutate({ on: !on })}
        >
          <span className="cable-knob" aria-hidden="true" />
          <span>{t(on ? 'sync.switchOn' : 'sync.switchOff')}</span>
        </button>
      </div>
      <ErrorNotice error={setLink.error} />
    </section>
  )
}

const stepWords: {
  readonly [D in Delivery]: 'sync.stepHere' | 'sync.stepHall' | 'sync.stepSent' | 'sync.stepAccepted'
} = {
  'stored-here': 'sync.stepHere',
  'at-hall': 'sync.stepHall',
  'at-centre': 'sync.stepSent',
  'accepted-by-centre': 'sync.stepAccepted',
}

function Steps() {
  const { t } = useTranslation()
  return (
    <section className="card panel">
      <h2>{t('sync.steps')}</h2>
      <ol className="sync-steps">
        {deliverySchema.options.map((step) => (
          <li key={step}>
            <DeliveryDots delivery={step} words />
            <span className="quiet">{t(stepWords[step])}</span>
          </li>
        ))}
      </ol>
    </section>
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
