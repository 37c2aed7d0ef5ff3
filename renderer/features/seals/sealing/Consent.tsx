import { AutoComplete, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { SealingJob, SealView } from '../../../../preload/contract/seals.ts'
import { useCall } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { trainingPinOf } from '../own-seals.ts'
import type { Choices } from './choices.ts'

type Change = (next: (choices: Choices) => Choices) => void

/** 用印事由, with those given lately. */
export function Reason(props: {
  readonly choices: Choices
  readonly jobs: readonly SealingJob[]
  readonly onChange: Change
}) {
  const { t } = useTranslation()
  const lately = [...new Set(props.jobs.map(({ reason }) => reason))].slice(0, 8)
  return (
    <div className="sealing-field">
      <label htmlFor="sealing-reason">{t('sealing.reason')}</label>
      <AutoComplete
        id="sealing-reason"
        value={props.choices.reason}
        maxLength={200}
        placeholder={t('sealing.reasonHint')}
        options={lately.map((value) => ({ value }))}
        showSearch={{ filterOption: (typed, option) => option?.value.includes(typed) === true }}
        onChange={(reason: string | undefined) => props.onChange((now) => ({ ...now, reason: reason ?? '' }))}
      />
    </div>
  )
}

/** The second person and their login PIN, where the seal asks for one. */
export function Approver(props: {
  readonly account: string
  readonly pin: string
  readonly onChange: (account: string, pin: string) => void
}) {
  const { t } = useTranslation()
  const { session } = useHere()
  const { data } = useCall('accounts.list', {})
  const others = (data?.accounts ?? []).filter(({ account, role }) => role !== 'clerk' && account !== session.account)
  if (data !== undefined && others.length === 0) return <Notice tone="warn">{t('sealing.approverNone')}</Notice>
  return (
    <div className="sealing-field">
      <span className="quiet">{t('sealing.approverText')}</span>
      <div className="sealing-approver">
        <Select
          aria-label={t('sealing.approver')}
          placeholder={t('sealing.approver')}
          value={props.account === '' ? null : props.account}
          options={others.map(({ account, displayName }) => ({ value: account, label: displayName }))}
          onChange={(account) => props.onChange(account ?? '', props.pin)}
        />
        <Input.Password
          value={props.pin}
          maxLength={64}
          autoComplete="off"
          visibilityToggle={false}
          placeholder={t('sealing.approverPin')}
          aria-label={t('sealing.approverPin')}
          onChange={(event) => props.onChange(props.account, event.target.value)}
        />
      </div>
    </div>
  )
}

/** The seal's own PIN, while it is locked. */
export function SealPin(props: {
  readonly seal: SealView
  readonly pin: string
  readonly onPin: (pin: string) => void
  readonly onEnter?: () => void
}) {
  const { t } = useTranslation()
  const trainingPin = trainingPinOf(props.seal, useHere().station)
  if (props.seal.unlocked) return null
  return (
    <div className="sealing-field">
      <label htmlFor="sealing-pin">{t('sealing.pin')}</label>
      <Input.Password
        id="sealing-pin"
        value={props.pin}
        maxLength={64}
        autoComplete="off"
        visibilityToggle={false}
        onChange={(event) => props.onPin(event.target.value)}
        onPressEnter={() => props.onEnter?.()}
      />
      <span className="quiet">{t('sealing.pinText')}</span>
      {trainingPin === null ? null : (
        <span className="seal-training">
          {t('sealing.trainingPin')}
          <strong className="number">{trainingPin}</strong>
        </span>
      )}
    </div>
  )
}
