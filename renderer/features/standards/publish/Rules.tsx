import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StandardsDesk } from '../../../../preload/contract/standards/publishing.ts'
import { useAct } from '../../../app/client.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Field } from '../../../ui/Field.tsx'
import { SecondPerson } from './Steps.tsx'
import { refusedField, useTypedAgain } from './typed-again.ts'

/** The publisher's key, and whether two people are asked. */
export function Rules({ desk }: { readonly desk: StandardsDesk }) {
  return (
    <div className="publish-rules">
      <Key publisher={desk.publisher} />
      <TwoPeople secondPerson={desk.secondPerson} />
    </div>
  )
}

function Key({ publisher }: Pick<StandardsDesk, 'publisher'>) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [pin, setPin] = useState('')
  const make = useAct('standards.makeKey')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate({ name, pin }, { onSettled: () => setPin('') })
  }
  return (
    <section className="panel card" aria-label={t('standardsDesk.publish.key')}>
      <h2>{t('standardsDesk.publish.key')}</h2>
      {publisher === null ? (
        <form onSubmit={submit} className="publish-form">
          <p>{t('standardsDesk.publish.keyNone')}</p>
          <Field id="key-name" label={t('standardsDesk.publish.keyName')}>
            <Input id="key-name" value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field id="key-pin" label={t('standardsDesk.publish.keyPin')}>
            <Input.Password
              id="key-pin"
              autoComplete="new-password"
              visibilityToggle={false}
              value={pin}
              maxLength={64}
              onChange={(event) => setPin(event.target.value)}
            />
          </Field>
          <ErrorNotice error={make.error} />
          <Button htmlType="submit" loading={make.isPending} disabled={name.trim() === '' || pin.length < 6}>
            {t('standardsDesk.publish.keyMake')}
          </Button>
        </form>
      ) : (
        <>
          <p>{t('standardsDesk.publish.keyHere', publisher)}</p>
          {publisher.counts ? null : <Notice tone="warn">{t('standardsDesk.publish.keyForeign')}</Notice>}
        </>
      )}
      {make.data === undefined ? null : (
        <Notice tone="good">
          {t('standardsDesk.publish.keyMade')}
          <span className="publish-key number">{make.data.publicKey}</span>
        </Notice>
      )}
    </section>
  )
}

function TwoPeople({ secondPerson }: Pick<StandardsDesk, 'secondPerson'>) {
  const { t } = useTranslation()
  const [second, setSecond] = useState<{ account: string; pin: string } | null>(null)
  const set = useAct('standards.setSecondPerson')
  const setRefused = useTypedAgain()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (second === null) return
    set.mutate(
      { on: !secondPerson, approval: second },
      { onSuccess: () => setSecond(null), onError: (error) => setRefused(refusedField(error, 'rule-second')) },
    )
  }
  return (
    <section className="panel card" aria-label={t('standardsDesk.publish.second')}>
      <h2>{t('standardsDesk.publish.second')}</h2>
      <p>{t(secondPerson ? 'standardsDesk.publish.twoOn' : 'standardsDesk.publish.twoOff')}</p>
      {second === null ? (
        <Button onClick={() => setSecond({ account: '', pin: '' })}>
          {t(secondPerson ? 'standardsDesk.publish.twoSwitchOff' : 'standardsDesk.publish.twoSwitchOn')}
        </Button>
      ) : (
        <form onSubmit={submit} className="publish-form">
          <p className="quiet">{t('standardsDesk.publish.twoText')}</p>
          <SecondPerson second={second} onChange={setSecond} id="rule-second" />
          <ErrorNotice error={set.error} />
          <Button htmlType="submit" loading={set.isPending} disabled={second.account === '' || second.pin === ''}>
            {t('standardsDesk.publish.twoAgree')}
          </Button>
        </form>
      )}
    </section>
  )
}
