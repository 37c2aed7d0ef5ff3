import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type KeyboardEvent, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { addDays, dateInWords } from '../../../../../preload/contract/calendar.ts'
import { useEditor } from '../editor-ground.ts'
import { type DayKind, dayKind, pressed, shownWeekdays, weekdayOf, weeksOf, type YearDays } from './days-edit.ts'

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** One month: each day a button that tells what the day is; arrows go from day to day, over the month's end too. */
export function MonthView(props: {
  readonly year: string
  readonly month: number
  readonly days: YearDays
  readonly onMonth: (month: number) => void
  readonly onDays: (days: YearDays) => void
}) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { year, month, days, onMonth, onDays } = props
  const table = useRef<HTMLTableElement>(null)
  const first = `${year}-${String(month).padStart(2, '0')}-01`
  const [chosen, setChosen] = useState(first)
  const stop = chosen.slice(0, 7) === first.slice(0, 7) ? chosen : first
  const go = (event: KeyboardEvent, day: string) => {
    const by = steps[event.key]
    if (by === undefined) return
    event.preventDefault()
    const next = addDays(day, by)
    if (!next.startsWith(year)) return
    // At once, so that a key pressed right after it finds the day.
    flushSync(() => {
      setChosen(next)
      onMonth(Number(next.slice(5, 7)))
    })
    table.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus()
  }
  return (
    <section className="month" aria-label={t('standardsDesk.days.month')}>
      <header>
        <Button
          icon={<LeftOutlined />}
          aria-label={t('standardsDesk.days.before')}
          disabled={month === 1}
          onClick={() => onMonth(month - 1)}
        />
        <strong aria-live="polite">{t('standardsDesk.days.monthOf', { year, month })}</strong>
        <Button
          icon={<RightOutlined />}
          aria-label={t('standardsDesk.days.after')}
          disabled={month === 12}
          onClick={() => onMonth(month + 1)}
        />
      </header>
      <table ref={table}>
        <thead>
          <tr>
            {shownWeekdays.map((weekday) => (
              <th key={weekday} scope="col">
                {t(`standardsDesk.days.short.${weekday}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(year, month).map((week) => (
            <tr key={week.find((day) => day !== null)}>
              {week.map((day, at) => (
                <td key={day ?? at}>
                  {day === null ? null : (
                    <button
                      type="button"
                      className={`day day-${dayKind(day, days)}`}
                      data-day={day}
                      tabIndex={day === stop ? 0 : -1}
                      disabled={isLocked}
                      aria-label={t('standardsDesk.days.dayIs', {
                        day: dateInWords(day),
                        weekday: t(`standardsDesk.days.long.${weekdayOf(day)}`),
                        kind: t(`standardsDesk.days.kind.${dayKind(day, days)}`),
                      })}
                      onFocus={() => setChosen(day)}
                      onKeyDown={(event) => go(event, day)}
                      onClick={() => onDays(pressed(day, days))}
                    >
                      {Number(day.slice(8))}
                      <DayMark kind={dayKind(day, days)} />
                    </button>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">{t('standardsDesk.days.text')}</p>
    </section>
  )
}

/** The word on a day that is not as its weekday says. */
function DayMark({ kind }: { readonly kind: DayKind }) {
  const { t } = useTranslation()
  return (
    <span className="day-kind">{kind === 'off' || kind === 'work' ? t(`standardsDesk.days.mark.${kind}`) : null}</span>
  )
}
