import { FileSyncOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct, useCall } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { Since } from '../../../ui/Countdown.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { DayList } from './DayList.tsx'
import { DayPane } from './DayPane.tsx'
import './days.css'

const shownDays = 30

/** 日清: today in one line or a list of differences, and the days before. */
export function DaysScreen() {
  const { t } = useTranslation()
  const { station } = useHere()
  const today = station.todayInShanghai
  const days = useCall('reconciliation.days', { limit: shownDays })
  const run = useAct('reconciliation.run')
  const [chosen, setChosen] = useState<string>(today)
  const [beganUtc, setBeganUtc] = useState('')
  const check = () => {
    setBeganUtc(new Date().toISOString())
    setChosen(today)
    run.mutate({}, { onSuccess: () => void days.refetch() })
  }
  const known = days.data?.days ?? []
  const result = known.find(({ day }) => day === chosen)
  return (
    <div className="page">
      <ErrorNotice error={days.error} onRetry={() => void days.refetch()} />
      <ErrorNotice error={run.error} />
      {days.data === undefined && days.error === null ? <Loading /> : null}
      {days.data === undefined ? null : (
        <div className="days">
          <DayList days={known} today={today} chosen={chosen} onChoose={setChosen} />
          {result === undefined ? (
            <section className="panel days-pane">
              <EmptyState title={t('sync.days.notYet')} text={t('sync.days.notYetText')} />
            </section>
          ) : (
            <DayPane key={result.day} result={result} isToday={result.day === today} />
          )}
        </div>
      )}
      <ActionBar>
        {run.isPending ? (
          <span role="status">
            {t('sync.days.running')} <Since utc={beganUtc} />
          </span>
        ) : null}
        <MainAction label={t('sync.days.run')} icon={<FileSyncOutlined />} isBusy={run.isPending} onRun={check} />
      </ActionBar>
    </div>
  )
}
