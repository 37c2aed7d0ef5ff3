import { Input } from 'antd'
import type { ReactNode } from 'react'
import { useEditor } from './editor-ground.ts'
import { type JsonValue, numberFrom, plainText } from './json-edit.ts'

/** One line of text with its words above it. */
export function LabelledInput(props: {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly placeholder?: string
  readonly isDisabled?: boolean
  readonly className?: string
  readonly onLeave?: () => void
  /** What is to be known of it, below. */
  readonly children?: ReactNode
}) {
  const { isLocked } = useEditor()
  return (
    <div className="edit-field">
      <label htmlFor={props.id}>{props.label}</label>
      <Input
        id={props.id}
        className={props.className ?? ''}
        disabled={isLocked || props.isDisabled === true}
        placeholder={props.placeholder ?? ''}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        {...(props.onLeave === undefined ? {} : { onBlur: props.onLeave, onPressEnter: props.onLeave })}
      />
      {props.children}
    </div>
  )
}

/** A number with its words above it; empty is none. What is no number stays as it was typed, for the check to name. */
export function LabelledNumber(props: {
  readonly id: string
  readonly label: string
  readonly value: JsonValue | undefined
  readonly onChange: (value: number | string | undefined) => void
}) {
  const { isLocked } = useEditor()
  return (
    <div className="edit-field edit-number-field">
      <label htmlFor={props.id}>{props.label}</label>
      <Input
        id={props.id}
        className="edit-number"
        inputMode="numeric"
        disabled={isLocked}
        value={plainText(props.value)}
        onChange={(event) => props.onChange(numberFrom(event.target.value))}
      />
    </div>
  )
}
