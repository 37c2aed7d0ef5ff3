import { Button, Input, Radio } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkSettings } from '../../../../preload/contract/sync.ts'
import { useAct } from '../../../app/client.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Field } from '../../../ui/Field.tsx'
import { formOf, type LinkForm, settingsOf } from './link-form.ts'

/** How much of the link is used, when originals go, and the proxy, in plain words. */
export function LinkUse(props: {
  readonly settings: LinkSettings
  readonly mayChange: boolean
  readonly onSaved: () => void
}) {
  const { t } = useTranslation()
  const [form, setForm] = useState(() => formOf(props.settings))
  const save = useAct('sync.setSettings')
  const { settings, wrong } = settingsOf(form)
  const change = (part: Partial<LinkForm>) => {
    save.reset()
    setForm({ ...form, ...part })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (settings !== null) save.mutate(settings, { onSuccess: props.onSaved })
  }
  return (
    <form className="card panel" onSubmit={submit}>
      <h2>{t('sync.settings.use')}</h2>
      <Budget form={form} onChange={change} />
      <Originals form={form} onChange={change} />
      <Field id="network-proxy" label={t('sync.settings.proxy')}>
        <Input
          id="network-proxy"
          value={form.proxy}
          maxLength={300}
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby="network-proxy-text"
          onChange={(event) => change({ proxy: event.target.value })}
        />
        <span id="network-proxy-text" className="quiet">
          {t('sync.settings.proxyText')}
        </span>
      </Field>
      {wrong === 'budget' ? <Notice tone="warn">{t('sync.settings.budgetWrong')}</Notice> : null}
      {wrong === 'night' ? <Notice tone="warn">{t('sync.settings.nightWrong')}</Notice> : null}
      {wrong === 'proxy' ? <Notice tone="warn">{t('sync.settings.proxyWrong')}</Notice> : null}
      <ErrorNotice error={save.error} />
      {save.isSuccess ? <Notice tone="good">{t('sync.settings.saved')}</Notice> : null}
      {props.mayChange ? (
        <Button
          className="network-save"
          type="primary"
          htmlType="submit"
          loading={save.isPending}
          disabled={settings === null}
        >
          {t('sync.settings.save')}
        </Button>
      ) : null}
    </form>
  )
}

type PartProps = { readonly form: LinkForm; readonly onChange: (part: Partial<LinkForm>) => void }

function Budget({ form, onChange }: PartProps) {
  const { t } = useTranslation()
  return (
    <fieldset className="network-part">
      <legend>{t('sync.settings.budget')}</legend>
      <Radio.Group value={form.limited} onChange={(event) => onChange({ limited: event.target.value === true })}>
        <Radio value={false}>{t('sync.settings.budgetNone')}</Radio>
        <Radio value={true}>{t('sync.settings.budgetSome')}</Radio>
      </Radio.Group>
      <Input
        className="network-budget"
        inputMode="numeric"
        suffix={t('sync.settings.budgetUnit')}
        aria-label={t('sync.settings.budget')}
        value={form.budget}
        maxLength={7}
        disabled={!form.limited}
        onChange={(event) => onChange({ budget: event.target.value })}
      />
      <p className="quiet">{t('sync.settings.budgetText')}</p>
    </fieldset>
  )
}

function Originals({ form, onChange }: PartProps) {
  const { t } = useTranslation()
  return (
    <fieldset className="network-part">
      <legend>{t('sync.settings.originals')}</legend>
      <Radio.Group
        value={form.originals}
        onChange={(event) => onChange({ originals: event.target.value === 'night' ? 'night' : 'always' })}
      >
        <Radio value="always">{t('sync.settings.originalsAlways')}</Radio>
        <Radio value="night">{t('sync.settings.originalsNight')}</Radio>
      </Radio.Group>
      {form.originals === 'night' ? (
        <span className="network-night">
          <label htmlFor="network-from">{t('sync.settings.from')}</label>
          <Input
            id="network-from"
            inputMode="numeric"
            maxLength={5}
            value={form.nightFrom}
            onChange={(event) => onChange({ nightFrom: event.target.value })}
          />
          <label htmlFor="network-until">{t('sync.settings.until')}</label>
          <Input
            id="network-until"
            inputMode="numeric"
            maxLength={5}
            value={form.nightUntil}
            onChange={(event) => onChange({ nightUntil: event.target.value })}
          />
        </span>
      ) : null}
      <p className="quiet">{t('sync.settings.originalsText')}</p>
    </fieldset>
  )
}
