import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Change, Mark } from '../../preload/contract/standards/findings.ts'
import './changes.css'

const tones = { added: 'good', removed: 'bad', changed: 'info', moved: 'plain' } as const

/** What tells one change from the others of a comparison. */
export const keyOfChange = ({ kind, pointer, words }: Change): string => `${kind} ${pointer} ${words}`

/** Marks with a name each: where it begins in the woven text. */
export function placedMarks(marks: readonly Mark[]): (Mark & { readonly key: string })[] {
  let begin = 0
  return marks.map((mark) => {
    const key = `${mark.kind} ${begin}`
    begin += mark.text.length
    return { ...mark, key }
  })
}

/** Each change as a sentence, longer ones with the text woven: what went is struck out, what came is underlined. */
export function ChangeWords({ changes }: { readonly changes: readonly Change[] }) {
  const { t } = useTranslation()
  return (
    <ul className="change-words">
      {changes.map((change) => (
        <li key={keyOfChange(change)}>
          <span className={`tag tag-${tones[change.kind]}`}>{t(`standardsDesk.changes.${change.kind}`)}</span>
          <span>
            {change.words}
            {change.kind === 'changed' && change.marks.length > 1 ? <Woven change={change} /> : null}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Woven({ change }: { readonly change: Change }) {
  return (
    <span className="change-woven">
      {placedMarks(change.marks).map(({ kind, text, key }) => {
        if (kind === 'added') return <ins key={key}>{text}</ins>
        return kind === 'removed' ? <del key={key}>{text}</del> : <Fragment key={key}>{text}</Fragment>
      })}
    </span>
  )
}
