import { SearchOutlined } from '@ant-design/icons'
import { Input, type InputRef } from 'antd'
import { type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcut } from '../app/shortcuts.ts'
import { KeyHint } from './KeyHint.tsx'

/** What a list is searched with, letter by letter; Ctrl+K goes to it from anywhere on the screen. */
export function FindField(props: {
  /** In full, for screen readers. */
  readonly label: string
  /** What stands in the empty field: short, for the key stands beside it. */
  readonly placeholder: string
  readonly className?: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onKeyDown?: (event: KeyboardEvent) => void
}) {
  const { t } = useTranslation()
  const field = useRef<InputRef>(null)
  useShortcut('Ctrl+K', t('help.find'), () => field.current?.focus({ cursor: 'all' }))
  return (
    <Input
      ref={field}
      className={`find ${props.className ?? ''}`}
      type="search"
      allowClear
      prefix={<SearchOutlined aria-hidden="true" />}
      suffix={<KeyHint keys="Ctrl+K" />}
      placeholder={props.placeholder}
      aria-label={props.label}
      aria-keyshortcuts="Control+K"
      value={props.value}
      maxLength={100}
      onChange={(event) => props.onChange(event.target.value)}
      {...(props.onKeyDown === undefined ? {} : { onKeyDown: props.onKeyDown })}
    />
  )
}
