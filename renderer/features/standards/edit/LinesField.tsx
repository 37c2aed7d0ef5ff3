import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GrowingText } from '../../../ui/GrowingText.tsx'

/** A list of texts, one a line. Empty lines count for nothing but stay while one types. */
export function LinesField(props: {
  readonly id: string
  readonly disabled: boolean
  readonly value: readonly string[]
  readonly onChange: (lines: string[]) => void
}) {
  const { t } = useTranslation()
  const told = props.value.join('\n')
  const [typed, setTyped] = useState(told)
  const linesOf = (text: string) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  // What was typed is shown as long as it says what the document says.
  const shown = linesOf(typed).join('\n') === told ? typed : told
  return (
    <GrowingText
      id={props.id}
      disabled={props.disabled}
      placeholder={t('standardsDesk.edit.lines')}
      value={shown}
      onChange={(event) => {
        setTyped(event.target.value)
        props.onChange(linesOf(event.target.value))
      }}
    />
  )
}
