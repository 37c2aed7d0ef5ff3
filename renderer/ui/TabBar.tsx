import type { KeyboardEvent } from 'react'

type Tab<K extends string> = {
  readonly key: K
  readonly label: string
  readonly count?: number | undefined
  /** Shown so that it cannot be overlooked while its count is not 0. */
  readonly loud?: boolean
}

/** Tabs with counts: one Tab stop, ← and → between them. */
export function TabBar<K extends string>(props: {
  readonly label: string
  readonly tabs: readonly Tab<K>[]
  readonly active: K
  readonly onChange: (key: K) => void
}) {
  const step = (event: KeyboardEvent<HTMLButtonElement>, index: number) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = props.tabs[(index + by + props.tabs.length) % props.tabs.length]
    if (by === 0 || next === undefined) return
    event.preventDefault()
    props.onChange(next.key)
    const buttons = event.currentTarget.parentElement?.querySelectorAll<HTMLButtonElement>('[role=tab]')
    buttons?.[props.tabs.indexOf(next)]?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label={props.label}>
      {props.tabs.map((tab, index) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          className="tab"
          aria-selected={tab.key === props.active}
          tabIndex={tab.key === props.active ? 0 : -1}
          onClick={() => props.onChange(tab.key)}
          onKeyDown={(event) => step(event, index)}
        >
          {tab.label}
          {tab.count === undefined ? null : (
            <span className={tab.loud === true && tab.count > 0 ? 'tab-count tab-count-loud' : 'tab-count'}>
              {tab.count}
            </span>
          )}
        </button>
      ))}
    </div>
  )
}
