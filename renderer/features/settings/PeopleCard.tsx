import { UserAddOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Role, roleSchema } from '../../../preload/contract/views.ts'
import { useAct, useCall } from '../../app/client.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { Field } from '../../ui/Field.tsx'
import { isComplete, PersonFields, shortestPin } from './PersonFields.tsx'
import './people.css'

/** Who works here; administrators add people and give new PINs. */
export function PeopleCard() {
  const { t } = useTranslation()
  const people = useCall('accounts.list', {})
  const [renewing, setRenewing] = useState<string | null>(null)
  return (
    <section className="card panel people">
      <h2>{t('people.title')}</h2>
      <ErrorNotice error={people.error} />
      <ul>
        {(people.data?.accounts ?? []).map(({ account, displayName, role }) => (
          <li key={account} className="people-row">
            <span className="people-name">
              {displayName} · {t(`login.role.${role}`)} <span className="quiet">{account}</span>
            </span>
            {renewing === account ? null : <Button onClick={() => setRenewing(account)}>{t('people.newPin')}</Button>}
            {renewing === account ? (
              <NewPin account={account} name={displayName} onDone={() => setRenewing(null)} />
            ) : null}
          </li>
        ))}
      </ul>
      <AddPerson />
    </section>
  )
}

function NewPin(props: { readonly account: string; readonly name: string; readonly onDone: () => void }) {
  const { t } = useTranslation()
  const [pin, setPin] = useState('')
  const set = useAct('accounts.setPin')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (pin.length >= shortestPin) set.mutate({ account: props.account, pin }, { onSettled: () => setPin('') })
  }
  if (set.isSuccess) return <Notice tone="good">{t('people.pinSet', { name: props.name })}</Notice>
  return (
    <form className="people-form" onSubmit={submit}>
      <ErrorNotice error={set.error} />
      <Field id="people-new-pin" label={t('people.newPinFor', { name: props.name })}>
        <Input.Password
          id="people-new-pin"
          value={pin}
          maxLength={64}
          autoFocus
          autoComplete="new-password"
          visibilityToggle={false}
          onChange={(event) => setPin(event.target.value)}
        />
      </Field>
      <div className="people-line">
        <Button type="primary" htmlType="submit" loading={set.isPending} disabled={pin.length < shortestPin}>
          {t('people.save')}
        </Button>
        <Button onClick={props.onDone}>{t('people.cancel')}</Button>
      </div>
    </form>
  )
}

const nobody = { account: '', displayName: '', role: 'clerk' as Role, pin: '' }

function AddPerson() {
  const { t } = useTranslation()
  const [person, setPerson] = useState(nobody)
  const [added, setAdded] = useState<string | null>(null)
  const create = useAct('accounts.create')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isComplete(person)) return
    setAdded(null)
    const then = {
      onSuccess: () => {
        setAdded(person.displayName)
        setPerson(nobody)
      },
    }
    create.mutate(person, then)
  }
  const change = (part: Partial<typeof person>) => setPerson({ ...person, ...part })
  return (
    <form className="people-form" onSubmit={submit}>
      <h3>{t('people.add')}</h3>
      <PersonFields id="people" person={person} onChange={change}>
        <Field id="people-role" label={t('people.role')}>
          <Select
            id="people-role"
            value={person.role}
            options={roleSchema.options.map((role) => ({ value: role, label: t(`login.role.${role}`) }))}
            onChange={(role: Role) => change({ role })}
          />
        </Field>
      </PersonFields>
      <ErrorNotice error={create.error} />
      {added === null ? null : <Notice tone="good">{t('people.created', { name: added })}</Notice>}
      <Button htmlType="submit" icon={<UserAddOutlined />} loading={create.isPending} disabled={!isComplete(person)}>
        {t('people.create')}
      </Button>
    </form>
  )
}
