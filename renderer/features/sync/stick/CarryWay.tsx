import { CloudUploadOutlined } from '@ant-design/icons'
import { Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '../../../app/client.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { momentOf, sizeInWords } from '../../../ui/dates.ts'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { divisionOfStation } from '../../../ui/station-words.ts'
import { JobProgress, JobResult } from './JobProgress.tsx'
import type { WayProps } from './OwnWay.tsx'
import { InsertStep, Step } from './Step.tsx'
import { isRunning, othersBundles, type StickBundle, stepOf } from './stick-steps.ts'

/** Town hall: another village's stick to the centre, and the centre's answer back onto it. */
export function CarryWay({ head, sticks, stick, job, onStick }: WayProps) {
  const { t } = useTranslation()
  const carry = useAct('bundle.carry')
  const [chosenFile, setChosenFile] = useState<string | null>(null)
  const running = isRunning(job) && job.job === 'carry' ? job : null
  const bundles = stick === undefined ? [] : othersBundles(stick)
  const ready = bundles.filter(({ state }) => state === 'ready')
  const chosen = ready.find(({ file }) => file === chosenFile) ?? ready[0]
  const now = running === null ? stepOf('carry', stick) : 2
  return (
    <>
      <div className="page-scroll stick">
        {head}
        <ol className="stick-steps">
          <InsertStep now={now} sticks={sticks} stick={stick} onStick={onStick} />
          <Step number={2} now={now} title={t('sync.stick.carryNow')}>
            {running === null ? (
              <Bundles bundles={bundles} chosen={chosen} hasStick={stick !== undefined} onChoose={setChosenFile} />
            ) : (
              <JobProgress job={running} />
            )}
            <ErrorNotice error={carry.error} />
          </Step>
          <Step number={3} now={now} title={t('sync.stick.back')}>
            <p>{t(now === 3 ? 'sync.stick.backText' : 'sync.stick.backWait')}</p>
            {job?.job === 'carry' ? <JobResult job={job} /> : null}
          </Step>
        </ol>
      </div>
      <ActionBar>
        <MainAction
          label={t('sync.stick.carryNow')}
          icon={<CloudUploadOutlined />}
          isBusy={carry.isPending}
          isOff={chosen === undefined || isRunning(job)}
          onRun={() => stick && chosen && carry.mutate({ stickId: stick.stickId, file: chosen.file })}
        />
      </ActionBar>
    </>
  )
}

function Bundles(props: {
  readonly bundles: readonly StickBundle[]
  readonly chosen: StickBundle | undefined
  readonly hasStick: boolean
  readonly onChoose: (file: string) => void
}) {
  const { t } = useTranslation()
  const { bundles } = props
  if (!props.hasStick) return <p className="quiet">{t('sync.stick.carryText')}</p>
  if (bundles.length === 0) return <p>{t('sync.stick.carryNone')}</p>
  const told = (bundle: StickBundle) =>
    t('sync.stick.carryOf', {
      station: divisionOfStation(bundle.stationId),
      time: momentOf(bundle.madeAtUtc),
      size: sizeInWords(bundle.sizeBytes),
    })
  return (
    <>
      <p>{t('sync.stick.carryText')}</p>
      <Radio.Group
        className="stick-choice"
        aria-label={t('sync.stick.carryChoose')}
        value={props.chosen?.file}
        onChange={(event) => props.onChoose(String(event.target.value))}
        options={bundles.map((bundle) => ({
          value: bundle.file,
          disabled: bundle.state !== 'ready',
          label: `${told(bundle)} · ${t(`sync.stick.state.${bundle.state}`)}`,
        }))}
      />
    </>
  )
}
