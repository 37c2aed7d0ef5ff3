import { CheckCircleFilled, ClockCircleOutlined, WarningFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { DayResult } from '../../../../preload/contract/sync.ts'
import { plainDate } from '../../../ui/dates.ts'

/** Today and the days before, each with its result in an icon and a word. */
export function DayList(props: {
  readonly days: readonly DayResult[]
  readonly today: string
  readonly chosen: string
  readonly onChoose: (day: string) => void
}) {
  const { t } = useTranslation()
  const { days, today } = props
  const rows: readonly (readonly [string, DayResult | undefined])[] = [
    ...(days.some(({ day }) => day === today) ? [] : [[today, undefined] as const]),
    ...days.map((result) => [result.day, result] as const),
  ]
  return (
    <nav className="panel days-list" aria-label={t('sync.days.list')}>
      <h2>{t('sync.days.list')}</h2>
      <ul>
        {rows.map(([day, result]) => (
          <li key={day}>
            <button
              type="button"
              className={day === props.chosen ? 'days-day days-day-chosen' : 'days-day'}
              aria-pressed={day === props.chosen}
              onClick={() => props.onChoose(day)}
            >
              <span className="number">{day === today ? t('sync.days.today') : plainDate(day)}</span>
              <Verdict result={result} />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Verdict({ result }: { readonly result: DayResult | undefined }) {
  const { t } = useTranslation()
  if (result === undefined)
    return (
      <span className="quiet">
        <ClockCircleOutlined aria-hidden="true" /> {t('sync.days.open')}
      </span>
    )
  if (result.agreed)
    return (
      <span className="days-same">
        <CheckCircleFilled aria-hidden="true" /> {t('sync.days.same')}
      </span>
    )
  return (
    <span className="days-differs">
      <WarningFilled aria-hidden="true" />{' '}
      {t('sync.days.count', { count: result.differences.length + result.moreDifferences })}
    </span>
  )
}
