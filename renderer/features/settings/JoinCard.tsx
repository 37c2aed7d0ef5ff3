import { ApartmentOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallOutput } from '../../../preload/contract/api.ts'
import { useAct, useBridge } from '../../app/client.ts'
import { momentOf } from '../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { Field } from '../../ui/Field.tsx'
import { isComplete, type Person, PersonFields } from './PersonFields.tsx'

type Asked = CallOutput<'station.askCode'>
type Place = { readonly centreUrl: string; readonly code: string }

/** 登记到中心: address and code as they are read over the phone, then whose window it becomes, then the first who works there. */
export function JoinCard() {
  const { t } = useTranslation()
  const [place, setPlace] = useState<Place>({ centreUrl: '', code: '' })
  const ask = useAct('station.askCode')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask.mutate(place)
  }
  return (
    <section className="card panel">
      <h2>{t('join.title')}</h2>
      <p>{t('join.text')}</p>
      {ask.data === undefined ? (
        <form className="people-form" onSubmit={submit}>
          <Field id="join-centre" label={t('join.centre')}>
            <Input
              id="join-centre"
              value={place.centreUrl}
              maxLength={300}
              autoCapitalize="none"
              placeholder="http://10.0.0.5:8080"
              onChange={(event) => setPlace({ ...place, centreUrl: event.target.value })}
            />
          </Field>
          <Field id="join-code" label={t('join.code')}>
            <Input
              id="join-code"
              className="number"
              value={place.code}
              maxLength={64}
              autoCapitalize="characters"
              placeholder="XXXXX-XXXXX-XXXXX-XXXXX"
              onChange={(event) => setPlace({ ...place, code: event.target.value.toUpperCase() })}
            />
          </Field>
          <ErrorNotice error={ask.error} />
          <Button
            htmlType="submit"
            icon={<ApartmentOutlined />}
            loading={ask.isPending}
            disabled={place.centreUrl.trim() === '' || place.code.trim().length < 8}
          >
            {t('join.ask')}
          </Button>
        </form>
      ) : (
        <Confirm asked={ask.data} place={place} onBack={() => ask.reset()} />
      )}
    </section>
  )
}

const nobody: Person = { displayName: '', account: '', pin: '' }

function Confirm(props: { readonly asked: Asked; readonly place: Place; readonly onBack: () => void }) {
  const { t } = useTranslation()
  const { asked, place } = props
  const [windowName, setWindowName] = useState('')
  const [person, setPerson] = useState(nobody)
  const join = useAct('station.join')
  const isTraining = asked.replaces?.mode === 'training'
  const isReady = isTraining || isComplete(person)
  useReloadAfter(join.isSuccess)
  if (join.data !== undefined) return <Notice tone="good">{t('join.done', { ...join.data })}</Notice>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) join.mutate({ ...place, windowName: windowName.trim(), person: isTraining ? null : person })
  }
  return (
    <form className="people-form" onSubmit={submit}>
      <Facts asked={asked} />
      <Field id="join-window" label={t('join.window')}>
        <Input
          id="join-window"
          value={windowName}
          maxLength={60}
          onChange={(event) => setWindowName(event.target.value)}
        />
      </Field>
      {isTraining ? null : (
        <>
          <p>{t('join.person')}</p>
          <PersonFields
            id="join"
            person={person}
            onChange={(part) => setPerson((before) => ({ ...before, ...part }))}
          />
        </>
      )}
      <Notice tone="warn">{t(asked.replaces === null ? 'join.aside' : 'join.asideReplaces')}</Notice>
      <ErrorNotice error={join.error} />
      <div className="people-line">
        <Button htmlType="submit" loading={join.isPending} disabled={!isReady}>
          {t(asked.replaces === null ? 'join.run' : 'join.runReplaces')}
        </Button>
        <Button onClick={props.onBack}>{t('join.back')}</Button>
      </div>
    </form>
  )
}

function Facts({ asked }: { readonly asked: Asked }) {
  const { t } = useTranslation()
  const { replaces } = asked
  return (
    <dl className="facts">
      <dt>{t('join.centreName')}</dt>
      <dd>{asked.centreName}</dd>
      <dt>{t('join.becomes')}</dt>
      <dd>
        {asked.townName} {asked.villageName} <span className="number">{asked.stationId}</span>
      </dd>
      {replaces === null ? null : (
        <>
          <dt>{t('join.replaces')}</dt>
          <dd>
            {replaces.windowName} <span className="number">{replaces.stationId}</span>{' '}
            {replaces.lastSeenAtUtc === null ? null : (
              <span className="quiet">{t('join.lastSeen', { time: momentOf(replaces.lastSeenAtUtc) })}</span>
            )}
          </dd>
        </>
      )}
    </dl>
  )
}

/** The desk starts again as another station: the page begins anew with it. */
function useReloadAfter(isJoined: boolean) {
  const bridge = useBridge()
  useEffect(() => {
    if (!isJoined) return
    // Another station, another queue: it begins there.
    return bridge.on('restarted', () => {
      window.location.hash = '#/'
      window.location.reload()
    })
  }, [bridge, isJoined])
}
