import { Input } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'

/** Somebody who is to work here, as far as was typed. */
export type Person = { readonly displayName: string; readonly account: string; readonly pin: string }

/** A login PIN has at least so many digits or letters; the desk checks again. */
export const shortestPin = 6

/** Whether all is there, and looks as the desk wants it. */
export function isComplete({ displayName, account, pin }: Person): boolean {
  return /^[a-z][a-z0-9-]{1,29}$/.test(account) && displayName.trim() !== '' && pin.length >= shortestPin
}

/**
 * Name, account and first PIN.
 * @param props.id what the fields' own ids begin with.
 * @param props.children more fields, before the PIN.
 */
export function PersonFields(props: {
  readonly id: string
  readonly person: Person
  readonly onChange: (part: Partial<Person>) => void
  readonly children?: ReactNode
}) {
  const { t } = useTranslation()
  const { id, person, onChange } = props
  return (
    <>
      <Field id={`${id}-name`} label={t('people.name')}>
        <Input
          id={`${id}-name`}
          value={person.displayName}
          maxLength={30}
          onChange={(event) => onChange({ displayName: event.target.value })}
        />
      </Field>
      <Field id={`${id}-account`} label={t('people.account')}>
        <Input
          id={`${id}-account`}
          value={person.account}
          maxLength={30}
          autoCapitalize="none"
          onChange={(event) => onChange({ account: event.target.value.toLowerCase() })}
        />
      </Field>
      {props.children}
      <Field id={`${id}-pin`} label={t('people.pin')}>
        <Input.Password
          id={`${id}-pin`}
          value={person.pin}
          maxLength={64}
          autoComplete="new-password"
          visibilityToggle={false}
          onChange={(event) => onChange({ pin: event.target.value })}
        />
      </Field>
    </>
  )
}
