import { BulbOutlined, CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseSummary } from '../../../preload/contract/views.ts'
import { useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useHere } from '../../app/session.ts'
import { trainingStep } from './training-step.ts'

const putAway = 'cunchuang.training-guide'

/** In training, one line of what to try next; gone once all of it was tried, or for good when put away. */
export function TrainingGuide() {
  const { station } = useHere()
  const [isAway, setAway] = useState(() => localStorage.getItem(putAway) !== null)
  if (station.mode !== 'training' || isAway) return null
  const leave = () => {
    localStorage.setItem(putAway, 'away')
    setAway(true)
  }
  return <Guide onLeave={leave} />
}

/** Whether the centre has decided on a case; 受理 at the window is no answer of the centre. */
const isAnswered = ({ state, delivery }: CaseSummary): boolean =>
  delivery === 'accepted-by-centre' || (state !== 'received' && state !== 'accepted')

function Guide({ onLeave }: { readonly onLeave: () => void }) {
  const { t } = useTranslation()
  const seals = useCall('seals.status', {})
  const sync = useCall('sync.status', {})
  const cases = useCall('cases.list', { view: 'all', query: '', offset: 0, limit: 100 })
  if (seals.data === undefined || sync.data === undefined || cases.data === undefined) return null
  const listed = cases.data.cases
  const step = trainingStep({
    cases: cases.data.total,
    answered: listed.some(isAnswered),
    waitingDocuments: seals.data.waitingDocuments,
    linkOn: sync.data.linkOn,
    unsentCases: sync.data.unsentCases,
  })
  // The empty list tells the whole way by itself.
  if (step === 'done' || step === 'receive') return null
  const target = {
    seal: paths.seals.seal,
    unplug: paths.sync.state,
    plug: paths.sync.state,
    'receive-offline': paths.intake,
    answer: null,
  }
  const href = target[step]
  const number = listed.find(({ state }) => state === 'received')?.localNumber ?? ''
  return (
    <section className="guide" aria-label={t('queue.guide.title')}>
      <BulbOutlined aria-hidden="true" />
      <span className="guide-words" role="status">
        <strong>{t('queue.guide.title')}</strong>
        {t(`queue.guide.${step}`)}
        {step === 'answer' ? <code>{`npm run central -- decide ${number} accepted`}</code> : null}
      </span>
      {href === null ? null : <Link href={href}>{t('queue.guide.go')}</Link>}
      <Button
        type="text"
        icon={<CloseOutlined />}
        aria-label={t('queue.guide.leave')}
        title={t('queue.guide.leave')}
        onClick={onLeave}
      />
    </section>
  )
}

/** The whole way to try in training, for the empty list. */
export function TrainingWay() {
  const { t } = useTranslation()
  const { station } = useHere()
  if (station.mode !== 'training') return null
  return (
    <ol className="guide-way">
      <li>{t('queue.guide.receive')}</li>
      <li>{t('queue.guide.seal')}</li>
      <li>{t('queue.guide.unplug')}</li>
      <li>{t('queue.guide.plug')}</li>
    </ol>
  )
}
