import type { ReactNode } from 'react'

/** The bottom bar: what is quiet at the left, the one primary action at the right, in the same corner of every screen. */
export function ActionBar({ left, children }: { readonly left?: ReactNode; readonly children?: ReactNode }) {
  return (
    <footer className="action-bar panel">
      <div className="action-bar-left">{left}</div>
      {children}
    </footer>
  )
}
