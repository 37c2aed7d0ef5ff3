import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useShortcut } from '../app/shortcuts.ts'
import { KeyHint } from './KeyHint.tsx'

/** A screen's one action: the large button at the lower right, also by Ctrl+Enter. While it is busy or off, neither does anything. */
export function MainAction(props: {
  readonly label: string
  readonly icon: ReactNode
  readonly isBusy: boolean
  readonly isOff?: boolean
  /** Another key that does the same, for the hint; the screen gives it its meaning. */
  readonly alsoKey?: string
  readonly onRun: () => void
}) {
  const { label, icon, isBusy, isOff = false, onRun } = props
  const run = () => {
    if (!isBusy && !isOff) onRun()
  }
  useShortcut('Ctrl+Enter', label, run)
  return (
    <Button
      type="primary"
      size="large"
      icon={icon}
      loading={isBusy}
      disabled={isOff}
      onClick={run}
      aria-keyshortcuts="Control+Enter"
    >
      {label} {props.alsoKey === undefined ? null : <KeyHint keys={props.alsoKey} />} <KeyHint keys="Ctrl+Enter" />
    </Button>
  )
}
