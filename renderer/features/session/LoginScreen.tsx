import { UnlockOutlined } from '@ant-design/icons'
import { Button, Input, type InputRef, Select } from 'antd'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Session, StationStatus } from '../../../preload/contract/views.ts'
import { useAct } from '../../app/client.ts'
import { setLanguage } from '../../messages/index.ts'
import { Countdown } from '../../ui/Countdown.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { NumberPad } from './NumberPad.tsx'
import { waitUntilUtc } from './wait.ts'
import './login.css'

type Props = {
  readonly station: StationStatus
  readonly locked: boolean
  readonly onSession: (session: Session) => void
}

/** Account and PIN; the training PIN shown; a wait after wrong PINs counted down. */
export function LoginScreen({ station, locked, onSession }: Props) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<string | null>(null)
  const account = chosen ?? station.training?.account ?? station.accounts[0]?.account ?? ''
  const [pin, setPin] = useState('')
  const [waitUtc, setWaitUtc] = useState<string | null>(null)
  const login = useAct('session.login')

  useEffect(() => {
    if (waitUtc === null) return
    const timer = setTimeout(() => setWaitUtc(null), Math.max(0, Date.parse(waitUtc) - Date.now()))
    return () => clearTimeout(timer)
  }, [waitUtc])

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (pin === '' || login.isPending || waitUtc !== null) return
    login.mutate(
      { account, pin },
      {
        onSuccess: onSession,
        onError: (error) => {
          setPin('')
          setWaitUtc(waitUntilUtc(error.failure, Date.now()))
        },
      },
    )
  }

  const field = useRef<InputRef>(null)
  const fill = (trainingPin: string) => {
    setPin(trainingPin)
    field.current?.focus()
  }

  return (
    <div className="login">
      <div className="login-card panel">
        <header className="login-head">
          <span className="login-mark" aria-hidden="true">
            村窗
          </span>
          <div>
            <h1>{locked ? t('login.unlockTitle') : t('login.title')}</h1>
            <p className="quiet">
              {station.townName} {t('login.window', { village: station.villageName, window: station.windowName })}
            </p>
          </div>
          {station.mode === 'training' ? <span className="tag tag-training">{t('common.training')}</span> : null}
        </header>
        {locked ? <Notice tone="good">{t('login.unlockText')}</Notice> : null}
        {station.accounts.length === 0 ? (
          <EmptyState title={t('login.noAccounts')} text={t('login.noAccountsText')} />
        ) : (
          <form className="login-form" onSubmit={submit}>
            <div className="login-fields">
              <AccountField station={station} account={account} onChange={setChosen} />
              <label htmlFor="login-pin">{t('login.pin')}</label>
              <Input.Password
                id="login-pin"
                ref={field}
                value={pin}
                size="large"
                autoFocus
                autoComplete="off"
                inputMode="numeric"
                maxLength={64}
                visibilityToggle={false}
                onChange={(event) => setPin(event.target.value)}
              />
              <Button
                type="primary"
                htmlType="submit"
                size="large"
                icon={<UnlockOutlined />}
                loading={login.isPending}
                disabled={waitUtc !== null}
                aria-keyshortcuts="Enter"
              >
                {login.isPending ? t('login.opening') : t('login.submit')} <KeyHint keys="Enter" />
              </Button>
              <div className="login-message" aria-live="polite">
                <LoginMessage error={login.isPending ? null : login.error} waitUtc={waitUtc} />
              </div>
            </div>
            <NumberPad
              onDigit={(digit) => setPin(pin + digit)}
              onErase={() => setPin(pin.slice(0, -1))}
              onClear={() => setPin('')}
            />
          </form>
        )}
        <TrainingPin station={station} account={account} onFill={fill} />
      </div>
      <p className="login-foot">
        {t('common.product')} {station.programVersion} · {t('login.about')}
        <LanguageButton />
      </p>
    </div>
  )
}

function AccountField(props: {
  readonly station: StationStatus
  readonly account: string
  readonly onChange: (account: string) => void
}) {
  const { t } = useTranslation()
  const { accounts } = props.station
  const only = accounts.length === 1 ? accounts[0] : undefined
  if (only !== undefined) {
    return (
      <p className="login-account">
        <span className="quiet">{t('login.account')}</span>
        <strong>{only.displayName}</strong>
      </p>
    )
  }
  return (
    <>
      <label htmlFor="login-account">{t('login.account')}</label>
      <Select
        id="login-account"
        size="large"
        value={props.account}
        onChange={props.onChange}
        options={accounts.map(({ account, displayName, role }) => ({
          value: account,
          label: `${displayName}（${t(`login.role.${role}`)}）`,
        }))}
      />
    </>
  )
}

function LoginMessage({ error, waitUtc }: { readonly error: unknown; readonly waitUtc: string | null }) {
  const { t } = useTranslation()
  if (waitUtc === null) return <ErrorNotice error={error} />
  return (
    <>
      <ErrorNotice error={error} />
      <p className="login-wait">
        {t('login.wait')} <Countdown untilUtc={waitUtc} /> {t('login.waitAfter')}
      </p>
    </>
  )
}

/** The other language, in its own words, for whoever cannot read this one. */
function LanguageButton() {
  const { i18n } = useTranslation()
  const other = i18n.language === 'en' ? 'zh-CN' : 'en'
  return (
    <Button type="link" lang={other} onClick={() => setLanguage(other)}>
      {other === 'en' ? 'English' : '中文'}
    </Button>
  )
}

function TrainingPin(props: {
  readonly station: StationStatus
  readonly account: string
  readonly onFill: (pin: string) => void
}) {
  const { t } = useTranslation()
  const { training, accounts } = props.station
  if (training === null || training.account !== props.account) return null
  const name = accounts.find(({ account }) => account === training.account)?.displayName ?? training.account
  return (
    <aside className="login-training">
      <span>
        {t('common.trainingLong')}
        <br />
        {t('login.trainingText', { name })} <strong className="login-pin number">{training.pin}</strong>
      </span>
      <Button onClick={() => props.onFill(training.pin)}>{t('login.fill')}</Button>
    </aside>
  )
}
