/**
 * Owns: language, the station's facts, the people who work here, checking the ledger, about.
 * Does not own: logging in (../session), seals and their keepers (../seals).
 * Start here: `SettingsScreen`.
 */
import { AuditOutlined } from '@ant-design/icons'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct, useBridge } from '../../app/client.ts'
import { useHere } from '../../app/session.ts'
import { type Language, setLanguage } from '../../messages/index.ts'
import { ActionBar } from '../../ui/ActionBar.tsx'
import { Since } from '../../ui/Countdown.tsx'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { MainAction } from '../../ui/MainAction.tsx'
import { CentreCard } from './CentreCard.tsx'
import { JoinCard } from './JoinCard.tsx'
import { PeopleCard } from './PeopleCard.tsx'

/** Settings and facts; its one action checks the ledger. */
export function SettingsScreen() {
  const { t, i18n } = useTranslation()
  const { session, station } = useHere()
  const verify = useAct('ledger.verify')
  const [beganUtc, setBeganUtc] = useState<string | null>(null)
  const run = () => {
    setBeganUtc(new Date().toISOString())
    verify.mutate({})
  }
  return (
    <div className="page">
      <h1 className="visually-hidden">{t('settings.title')}</h1>
      <div className="page-scroll">
        <div className="cards">
          <StationCard />
          {session.role === 'administrator' ? <PeopleCard /> : null}
          {session.role === 'administrator' && station.mode === 'training' ? <JoinCard /> : null}
          {session.role === 'administrator' && station.elsewhere ? <CentreCard /> : null}
          <section className="card panel">
            <h2>{t('settings.language')}</h2>
            <Segmented<Language>
              className="settings-language"
              aria-label={t('settings.language')}
              value={i18n.language === 'en' ? 'en' : 'zh-CN'}
              options={[
                { value: 'zh-CN', label: '中文' },
                { value: 'en', label: 'English' },
              ]}
              onChange={setLanguage}
            />
            <p className="quiet">{t('settings.languageText')}</p>
          </section>
          <section className="card panel">
            <h2>{t('settings.ledger')}</h2>
            <p>{t('settings.ledgerText')}</p>
            <ErrorNotice error={verify.error} />
            {verify.data === undefined ? null : <Verified answer={verify.data} />}
          </section>
          <section className="card panel">
            <h2>{t('settings.about')}</h2>
            <p>{t('settings.aboutText')}</p>
          </section>
        </div>
      </div>
      <ActionBar>
        {verify.isPending && beganUtc !== null ? <Checking sinceUtc={beganUtc} /> : null}
        <MainAction label={t('settings.verify')} icon={<AuditOutlined />} isBusy={verify.isPending} onRun={run} />
      </ActionBar>
    </div>
  )
}

function Checking({ sinceUtc }: { readonly sinceUtc: string }) {
  const { t } = useTranslation()
  return (
    <span role="status">
      {t('settings.verifying')} <Since utc={sinceUtc} />
    </span>
  )
}

function Verified(props: {
  readonly answer: {
    readonly ok: boolean
    readonly count: number
    readonly head: string
    readonly brokenAt: number | null
  }
}) {
  const { t } = useTranslation()
  const { ok, count, head, brokenAt } = props.answer
  if (!ok) return <Notice tone="bad">{t('settings.broken', { seq: brokenAt ?? 0 })}</Notice>
  return (
    <Notice tone="good">
      {t('settings.verified', { count })}
      <div className="small number">
        {t('settings.head')} {head.slice(0, 16)}
      </div>
    </Notice>
  )
}

function StationCard() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { station, session } = useHere()
  return (
    <section className="card panel">
      <h2>{t('settings.station')}</h2>
      <dl className="facts">
        <dt>{t('settings.stationId')}</dt>
        <dd className="number">{station.stationId}</dd>
        <dt>{t('settings.town')}</dt>
        <dd>{station.townName}</dd>
        <dt>{t('settings.village')}</dt>
        <dd>{station.villageName}</dd>
        <dt>{t('settings.window')}</dt>
        <dd>{station.windowName}</dd>
        <dt>{t('settings.mode')}</dt>
        <dd>{station.mode === 'training' ? t('common.trainingLong') : t('settings.live')}</dd>
        <dt>{t('settings.you')}</dt>
        <dd>
          {session.displayName} · {t(`login.role.${session.role}`)}
        </dd>
        <dt>{t('settings.version')}</dt>
        <dd className="number">{station.programVersion}</dd>
        <dt>{t('settings.shell')}</dt>
        <dd>{t(bridge.shell === 'electron' ? 'settings.shellElectron' : 'settings.shellBrowser')}</dd>
      </dl>
    </section>
  )
}
