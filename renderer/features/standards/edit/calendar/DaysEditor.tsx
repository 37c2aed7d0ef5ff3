// Owns: a calendar's year as it is written: a month of days to press, ranges of days below.
// Does not own: what a press does to the lists (days-edit.ts).
// Start here: `DaysEditor`.

import { Input } from 'antd'
import { useState } from 'react'
import { useEditor } from '../editor-ground.ts'
import { FieldFindings } from '../FieldFindings.tsx'
import { listOf, objectOf, textOf } from '../json-edit.ts'
import { wordFor } from '../words-of.ts'
import type { YearDays } from './days-edit.ts'
import { MonthView } from './MonthView.tsx'
import { RangeList } from './RangeList.tsx'
import './calendar.css'

/** A calendar: its year, a month of it to press days in, the days off and the weekend days that are worked. */
export function DaysEditor() {
  const { value, change, isLocked, kind } = useEditor()
  const [month, setMonth] = useState(1)
  const years = objectOf(value.years)
  const [year = ''] = Object.keys(years)
  const written = objectOf(years[year])
  const days: YearDays = { off: listOf(written.off).map(textOf), work: listOf(written.work).map(textOf) }
  return (
    <>
      <div className="edit-field" data-pointer="/years">
        <label htmlFor="edit-year">{wordFor(kind, ['years'])}</label>
        <Input
          id="edit-year"
          className="edit-number"
          inputMode="numeric"
          maxLength={4}
          disabled={isLocked}
          value={year}
          onChange={(event) => change(['years'], { [event.target.value]: written })}
        />
        <FieldFindings pointer="/years" />
      </div>
      {/^\d{4}$/.test(year) ? (
        <MonthView
          year={year}
          month={month}
          days={days}
          onMonth={setMonth}
          onDays={(next) => change(['years', year], { ...written, ...next })}
        />
      ) : null}
      {(['off', 'work'] as const).map((list) => (
        <RangeList
          key={list}
          year={year}
          list={list}
          ranges={days[list]}
          onShow={(day) => setMonth(Number(day.slice(5, 7)))}
          onRanges={(ranges) => change(['years', year, list], ranges)}
        />
      ))}
    </>
  )
}
