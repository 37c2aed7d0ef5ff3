import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCall } from '../../../app/client.ts'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { CarryWay } from './CarryWay.tsx'
import { OwnWay } from './OwnWay.tsx'
import { type StickWay, wayOf } from './stick-steps.ts'
import './stick.css'

/** A stick may be plugged in at any moment: it is looked for so often. */
const lookMs = 2000

/** U盘: what waits, carried by hand, in three steps; in a town hall the same three for another village. */
export function StickScreen() {
  const { t } = useTranslation()
  const found = useCall('bundle.sticks', {}, { everyMs: lookMs })
  const [chosenWay, setChosenWay] = useState<StickWay | null>(null)
  const [chosenId, setChosenId] = useState<string | null>(null)
  const sticks = found.data?.sticks ?? []
  const stick = sticks.find(({ stickId }) => stickId === chosenId) ?? sticks[0]
  const way = chosenWay ?? wayOf(stick)
  if (found.data === undefined && found.error === null) return <Loading />
  const head = (
    <>
      <Segmented<StickWay>
        className="stick-ways"
        aria-label={t('sync.stick.way')}
        value={way}
        options={[
          { value: 'own', label: t('sync.stick.own') },
          { value: 'carry', label: t('sync.stick.carry') },
        ]}
        onChange={setChosenWay}
      />
      <p className="stick-intro">{t(way === 'own' ? 'sync.stick.ownIntro' : 'sync.stick.carryIntro')}</p>
      <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
    </>
  )
  const props = { head, sticks, stick, job: found.data?.job ?? null, onStick: setChosenId }
  return <div className="page">{way === 'own' ? <OwnWay {...props} /> : <CarryWay {...props} />}</div>
}
