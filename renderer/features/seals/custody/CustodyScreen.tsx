/**
 * Owns: 印章保管: which seals are here, who may use them for what, their leases, adding and stopping them, timestamps.
 * Does not own: using a seal (../sealing), the record of its uses (../register), the rules' force (the desk).
 * Start here: `CustodyScreen`.
 */
import { ClockCircleOutlined, PlusOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SealStatus } from '../../../../preload/contract/seals.ts'
import { useCall } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { SealSketch } from '../SealSketch.tsx'
import { AddSeal } from './AddSeal.tsx'
import { SealPane } from './SealPane.tsx'
import { StateTag } from './StateTag.tsx'
import { TimestampPane } from './TimestampPane.tsx'
import './custody.css'

/** What the right half shows: a seal by its id, or one of the two pages that belong to none. */
type Shown = { readonly sealId: string } | 'add' | 'timestamps'

/** The keeping of the station's seals: the list at the left, the chosen one at the right. */
export function CustodyScreen() {
  const { t } = useTranslation()
  const status = useCall('seals.status', {})
  const [chosen, setChosen] = useState<Shown | null>(null)
  if (status.data === undefined) {
    return status.error === null ? (
      <Loading />
    ) : (
      <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
    )
  }
  const { seals } = status.data
  const first = seals[0]
  const shown = chosen ?? (first === undefined ? 'add' : { sealId: first.sealId })
  const seal = typeof shown === 'object' ? seals.find(({ sealId }) => sealId === shown.sealId) : undefined
  return (
    <div className="custody">
      <h1 className="visually-hidden">{t('custody.title')}</h1>
      <SealList seals={seals} shown={shown} onChoose={setChosen} />
      <div className="custody-pane">
        {seal === undefined ? null : <SealPane key={seal.sealId} seal={seal} status={status.data} />}
        {shown === 'add' ? <AddSeal onAdded={(sealId) => setChosen({ sealId })} /> : null}
        {shown === 'timestamps' ? <TimestampPane timestamps={status.data.timestamps} /> : null}
      </div>
    </div>
  )
}

function SealList(props: {
  readonly seals: SealStatus['seals']
  readonly shown: Shown
  readonly onChoose: (shown: Shown) => void
}) {
  const { t } = useTranslation()
  const { session, station } = useHere()
  const { shown, onChoose } = props
  const isSeal = (sealId: string) => typeof shown === 'object' && shown.sealId === sealId
  return (
    <nav className="custody-list panel" aria-label={t('custody.list')}>
      {props.seals.map((seal) => (
        <button
          key={seal.sealId}
          type="button"
          className="custody-item"
          aria-current={isSeal(seal.sealId)}
          onClick={() => onChoose({ sealId: seal.sealId })}
        >
          <SealSketch face={seal} training={station.mode === 'training'} bare />
          <span className="custody-item-words">
            <strong>{seal.name}</strong>
            <StateTag state={seal.state} />
          </span>
        </button>
      ))}
      {session.role === 'administrator' ? (
        <div className="custody-more">
          <ListAction
            icon={<PlusOutlined />}
            label={t('custody.add')}
            isShown={shown === 'add'}
            onRun={() => onChoose('add')}
          />
          <ListAction
            icon={<ClockCircleOutlined />}
            label={t('custody.timestamps')}
            isShown={shown === 'timestamps'}
            onRun={() => onChoose('timestamps')}
          />
        </div>
      ) : null}
    </nav>
  )
}

function ListAction(props: {
  readonly icon: React.ReactNode
  readonly label: string
  readonly isShown: boolean
  readonly onRun: () => void
}) {
  return (
    <button type="button" className="custody-item" aria-current={props.isShown} onClick={props.onRun}>
      <span className="custody-item-icon" aria-hidden="true">
        {props.icon}
      </span>
      {props.label}
    </button>
  )
}
