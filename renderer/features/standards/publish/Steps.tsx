import { Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import type { OutChange } from '../../../../preload/contract/standards/publishing.ts'
import { useHere } from '../../../app/session.ts'
import { Field } from '../../../ui/Field.tsx'
import { GrowingText } from '../../../ui/GrowingText.tsx'
import { DateField } from '../DateField.tsx'
import { WaitsNotice } from './OutList.tsx'
import { Step, type StepProps } from './Step.tsx'
import { effectiveOf, type PublishForm } from './wish.ts'

/** 什么时候: at once, or at a time in Asia/Shanghai; what waits for a later time is told of. */
export function WhenStep({ form, now, onChange, out }: StepProps & { readonly out: readonly OutChange[] }) {
  const { t } = useTranslation()
  const isWrong = form.when === 'later' && form.date !== '' && effectiveOf(form, new Date()) === undefined
  return (
    <Step number={2} now={now} title={t('standardsDesk.publish.when')}>
      <Radio.Group
        className="publish-choice"
        value={form.when}
        onChange={(event) => onChange({ when: event.target.value === 'later' ? 'later' : 'now' })}
        options={[
          { value: 'now', label: t('standardsDesk.publish.whenNow') },
          { value: 'later', label: t('standardsDesk.publish.whenLater') },
        ]}
      />
      {form.when === 'now' ? null : (
        <div className="publish-time">
          <Field id="publish-date" label={t('standardsDesk.publish.whenDate')}>
            <DateField id="publish-date" value={form.date} onChange={(date) => onChange({ date })} />
          </Field>
          <Field id="publish-clock" label={t('standardsDesk.publish.whenTime')}>
            <Input
              id="publish-clock"
              placeholder="00:00"
              maxLength={5}
              value={form.time}
              onChange={(event) => onChange({ time: event.target.value })}
            />
          </Field>
        </div>
      )}
      {isWrong ? (
        <p className="publish-wrong" role="alert">
          {t('standardsDesk.publish.whenWrong')}
        </p>
      ) : null}
      <WaitsNotice out={out} effectiveAtUtc={effectiveOf(form, new Date())} onChange={onChange} />
      <p className="quiet">{t('standardsDesk.publish.whenText')}</p>
    </Step>
  )
}

/** 说明并签名: what changed in words, the publisher's PIN, and the second person where the rule asks for one. */
export function SignIt({ form, now, onChange, secondPerson }: StepProps & { readonly secondPerson: boolean }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const { second } = form
  return (
    <Step number={3} now={now} title={t('standardsDesk.publish.sign')}>
      <Field id="publish-note" label={t('standardsDesk.publish.note')}>
        <GrowingText
          id="publish-note"
          maxLength={1000}
          placeholder={t('standardsDesk.publish.notePlaceholder')}
          value={form.note}
          // A release's words are one line.
          onChange={(event) => onChange({ note: event.target.value.replaceAll(/\s*\n\s*/gu, ' ') })}
        />
      </Field>
      <Field id="publish-pin" label={t('standardsDesk.publish.pin')}>
        <Input.Password
          id="publish-pin"
          autoComplete="off"
          visibilityToggle={false}
          maxLength={64}
          value={form.pin}
          onChange={(event) => onChange({ pin: event.target.value })}
        />
        {station.training === null || station.training.publisherPin === '' ? null : (
          <span className="quiet">
            {t('standardsDesk.publish.trainingPin')}
            <span className="number">{station.training.publisherPin}</span>
          </span>
        )}
      </Field>
      {secondPerson ? (
        <fieldset className="publish-second">
          <legend>{t('standardsDesk.publish.second')}</legend>
          <SecondPerson second={second} onChange={(next) => onChange({ second: next })} id="publish-second" />
        </fieldset>
      ) : null}
    </Step>
  )
}

/** Account and login PIN of another administrator. */
export function SecondPerson({
  second,
  onChange,
  id,
}: {
  readonly second: PublishForm['second']
  readonly onChange: (second: PublishForm['second']) => void
  readonly id: string
}) {
  const { t } = useTranslation()
  return (
    <div className="publish-time">
      <Field id={`${id}-account`} label={t('standardsDesk.publish.secondAccount')}>
        <Input
          id={`${id}-account`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={60}
          value={second.account}
          onChange={(event) => onChange({ ...second, account: event.target.value })}
        />
      </Field>
      <Field id={`${id}-pin`} label={t('standardsDesk.publish.secondPin')}>
        <Input.Password
          id={`${id}-pin`}
          autoComplete="off"
          visibilityToggle={false}
          maxLength={64}
          value={second.pin}
          onChange={(event) => onChange({ ...second, pin: event.target.value })}
        />
      </Field>
    </div>
  )
}
