import { ImportOutlined, UsbOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BundleJob, Stick } from '../../../../preload/contract/sync.ts'
import { useAct, useCall } from '../../../app/client.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { momentOf } from '../../../ui/dates.ts'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { JobProgress, JobResult } from './JobProgress.tsx'
import { InsertStep, Step } from './Step.tsx'
import { isRunning, ownBundles, stepOf } from './stick-steps.ts'
import { WhatIsWritten, willTakeFiles } from './WhatIsWritten.tsx'

/** What both ways are given: the sticks that are plugged in, the one that is used, and the job on it. */
export type WayProps = {
  readonly head: ReactNode
  readonly sticks: readonly Stick[]
  readonly stick: Stick | undefined
  readonly job: BundleJob | null
  readonly onStick: (stickId: string) => void
}

/** Our own cases out of the house: insert, write, take away and read the answer in. */
export function OwnWay({ head, sticks, stick, job, onStick }: WayProps) {
  const { t } = useTranslation()
  const { data: sync } = useCall('sync.status', {})
  const write = useAct('bundle.export')
  const apply = useAct('bundle.apply')
  const [wanted, setWanted] = useState(true)
  const running = isRunning(job) && job.job !== 'carry' ? job : null
  const { out, answer } = stick === undefined ? { out: null, answer: null } : ownBundles(stick)
  const now = running === null ? stepOf('own', stick) : running.job === 'export' ? 2 : 3
  const isBusy = write.isPending || apply.isPending || isRunning(job)
  const isNothing = sync === undefined || (sync.unsentEntries === 0 && sync.unsentFiles === 0)
  const writeNow = () => {
    if (stick === undefined || sync === undefined) return
    write.mutate({ stickId: stick.stickId, withFiles: willTakeFiles(sync, stick, wanted) })
  }
  return (
    <>
      <div className="page-scroll stick">
        {head}
        <ol className="stick-steps">
          <InsertStep now={now} sticks={sticks} stick={stick} onStick={onStick} />
          <Step number={2} now={now} title={t('sync.stick.write')}>
            {running?.job === 'export' ? (
              <JobProgress job={running} />
            ) : (
              <WhatIsWritten sync={sync} stick={stick} out={out} wanted={wanted} onWanted={setWanted} />
            )}
            {job?.job === 'export' && (job.state !== 'done' || now === 3) ? <JobResult job={job} /> : null}
            <ErrorNotice error={write.error} />
            {now === 3 && out?.state === 'ready' && !isNothing ? (
              <Button disabled={isBusy} onClick={writeNow}>
                {t('sync.stick.writeAgain')}
              </Button>
            ) : null}
          </Step>
          <Step number={3} now={now} title={t('sync.stick.take')}>
            {answer === null ? (
              <p>{t('sync.stick.takeText')}</p>
            ) : (
              <p>{t('sync.stick.takeReady', { time: momentOf(answer.madeAtUtc) })}</p>
            )}
            {running?.job === 'apply' ? <JobProgress job={running} /> : null}
            {job?.job === 'apply' ? <JobResult job={job} /> : null}
            <ErrorNotice error={apply.error} />
          </Step>
        </ol>
      </div>
      <ActionBar>
        {now === 3 ? (
          <MainAction
            label={t('sync.stick.takeNow')}
            icon={<ImportOutlined />}
            isBusy={apply.isPending}
            isOff={answer === null || stick === undefined || isBusy}
            onRun={() => stick && answer && apply.mutate({ stickId: stick.stickId, file: answer.file })}
          />
        ) : (
          <MainAction
            label={t(out?.state === 'torn' ? 'sync.stick.writeOn' : 'sync.stick.writeNow')}
            icon={<UsbOutlined />}
            isBusy={write.isPending}
            isOff={stick === undefined || isNothing || isBusy}
            onRun={writeNow}
          />
        )}
      </ActionBar>
    </>
  )
}
