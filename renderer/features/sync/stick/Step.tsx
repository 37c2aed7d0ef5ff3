import { CheckCircleFilled } from '@ant-design/icons'
import { Radio } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Stick } from '../../../../preload/contract/sync.ts'
import { sizeInWords } from '../../../ui/dates.ts'

/** One of the three steps: its number and name large, whether it is done or to be done now, and what belongs to it. */
export function Step(props: {
  readonly number: 1 | 2 | 3
  readonly now: 1 | 2 | 3
  readonly title: string
  readonly children: ReactNode
}) {
  const { t } = useTranslation()
  const { number, now } = props
  const look = number < now ? 'done' : number === now ? 'now' : 'later'
  return (
    <li className={`panel stick-step stick-step-${look}`} aria-current={look === 'now' ? 'step' : undefined}>
      <h2>
        <span className="stick-number" aria-hidden="true">
          {look === 'done' ? <CheckCircleFilled /> : number}
        </span>
        <span className="visually-hidden">{t('sync.stick.step', { count: number })} </span>
        {props.title}
        {look === 'later' ? null : (
          <span className={look === 'done' ? 'tag tag-good' : 'tag tag-info'}>
            {t(look === 'done' ? 'sync.stick.stepDone' : 'sync.stick.stepNow')}
          </span>
        )}
      </h2>
      <div className="stick-step-body">{props.children}</div>
    </li>
  )
}

/** The first step of both ways: the stick, and which one where several are plugged in. */
export function InsertStep(props: {
  readonly now: 1 | 2 | 3
  readonly sticks: readonly Stick[]
  readonly stick: Stick | undefined
  readonly onStick: (stickId: string) => void
}) {
  const { t } = useTranslation()
  const { sticks, stick } = props
  const told = (one: Stick) => t('sync.stick.found', { name: one.label, free: sizeInWords(one.freeBytes) })
  return (
    <Step number={1} now={props.now} title={t('sync.stick.insert')}>
      {stick === undefined ? (
        <>
          <p>{t('sync.stick.insertText')}</p>
          <p className="stick-waits" role="status">
            <span className="spinner" aria-hidden="true" /> {t('sync.stick.insertWait')}
          </p>
        </>
      ) : null}
      {stick !== undefined && sticks.length === 1 ? <p role="status">{told(stick)}</p> : null}
      {sticks.length < 2 ? null : (
        <Radio.Group
          className="stick-choice"
          aria-label={t('sync.stick.choose')}
          value={stick?.stickId}
          onChange={(event) => props.onStick(String(event.target.value))}
          options={sticks.map((one) => ({ value: one.stickId, label: told(one) }))}
        />
      )}
    </Step>
  )
}
