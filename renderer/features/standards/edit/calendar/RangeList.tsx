import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateInWords } from '../../../../../preload/contract/calendar.ts'
import { isRealDate } from '../../../../../preload/contract/identity.ts'
import { DateField } from '../../DateField.tsx'
import { useEditor } from '../editor-ground.ts'
import { FieldFindings, idOf } from '../FieldFindings.tsx'
import { pointerOf } from '../json-edit.ts'
import { RemovedLine, useRemoval } from '../Removed.tsx'
import { wordFor } from '../words-of.ts'
import { isRangeOf, rangeFacts, weekdayOf, withRange } from './days-edit.ts'

/** The days off, or the weekend days that are worked, range by range with their weekdays. */
export function RangeList(props: {
  readonly year: string
  readonly list: 'off' | 'work'
  readonly ranges: readonly string[]
  /** Brings the month of a day into sight. */
  readonly onShow: (day: string) => void
  readonly onRanges: (ranges: readonly string[]) => void
}) {
  const { t } = useTranslation()
  const { isLocked, kind } = useEditor()
  const { year, list, ranges, onShow, onRanges } = props
  const path = ['years', year, list]
  const pointer = pointerOf(path)
  const removal = useRemoval(path)
  const inWords = (day: string) =>
    isRealDate(day) ? `${dateInWords(day).slice(5)}（${t(`standardsDesk.days.long.${weekdayOf(day)}`)}）` : day
  const told = (range: string) => {
    const { first, last, count } = rangeFacts(range)
    return first === last
      ? inWords(first)
      : t('standardsDesk.days.range', { first: inWords(first), last: inWords(last), count })
  }
  return (
    <section className="edit-list" data-pointer={pointer} aria-label={wordFor(kind, ['years', list])}>
      <h3>{wordFor(kind, ['years', list])}</h3>
      <FieldFindings pointer={pointer} />
      <ul className="ranges">
        {ranges.map((range, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same days may stand twice while they are written
          <li key={`${range} ${at}`} data-pointer={`${pointer}/${at}`}>
            <button type="button" className="range-show" onClick={() => onShow(rangeFacts(range).first)}>
              {told(range)}
            </button>
            <Button
              type="text"
              danger
              icon={<DeleteOutlined />}
              aria-label={t('standardsDesk.edit.remove', { name: told(range) })}
              disabled={isLocked}
              onClick={() => removal.remove(told(range), ranges.toSpliced(at, 1))}
            />
            <FieldFindings pointer={`${pointer}/${at}`} />
          </li>
        ))}
      </ul>
      <RemovedLine offer={removal.offer} />
      <NewRange year={year} id={idOf(pointer)} onNew={(first, last) => onRanges(withRange(ranges, first, last))} />
    </section>
  )
}

function NewRange({
  year,
  id,
  onNew,
}: {
  readonly year: string
  readonly id: string
  readonly onNew: (first: string, last: string) => void
}) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const [typed, setTyped] = useState({ first: '', last: '' })
  const last = typed.last === '' ? typed.first : typed.last
  const isRight = isRangeOf(year, typed.first, last)
  const add = () => {
    onNew(typed.first, last)
    setTyped({ first: '', last: '' })
    document.getElementById(`${id}-first`)?.focus()
  }
  return (
    <div className="edit-limit">
      {(['first', 'last'] as const).map((end) => (
        <span key={end} className="edit-literal">
          <label htmlFor={`${id}-${end}`}>{t(`standardsDesk.days.${end}`)}</label>
          <DateField
            id={`${id}-${end}`}
            disabled={isLocked}
            value={typed[end]}
            onChange={(date) => setTyped((before) => ({ ...before, [end]: date }))}
          />
        </span>
      ))}
      <Button icon={<PlusOutlined />} disabled={isLocked || !isRight} onClick={add}>
        {t('standardsDesk.days.add')}
      </Button>
      {typed.first === '' || isRight ? null : <span className="quiet">{t('standardsDesk.days.notYet', { year })}</span>}
    </div>
  )
}
