import { Input } from 'antd'
import { dateFromTyped } from '../../ui/form/typed-text.ts'

/** A date as YYYY-MM-DD: eight digits and the usual ways of writing are made into it when the field is left; what is none stays as it was typed. */
export function DateField(props: {
  readonly id: string
  readonly value: string
  readonly disabled?: boolean
  readonly onChange: (date: string) => void
}) {
  const { id, value, disabled = false, onChange } = props
  const leave = () => {
    const date = dateFromTyped(value)
    if (date !== null && date !== value) onChange(date)
  }
  return (
    <Input
      id={id}
      className="date-field"
      placeholder="2026-12-01"
      maxLength={20}
      disabled={disabled}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onBlur={leave}
    />
  )
}
