import type { ReactNode } from 'react'

/** An empty screen: what it is for, and what to do first. */
export function EmptyState(props: { readonly title: string; readonly text?: string; readonly action?: ReactNode }) {
  return (
    <div className="empty-state">
      <strong>{props.title}</strong>
      {props.text === undefined ? null : <span>{props.text}</span>}
      {props.action}
    </div>
  )
}
