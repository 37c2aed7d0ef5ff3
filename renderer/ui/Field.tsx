import type { ReactNode } from 'react'

/** A label over its field; `id` is the field's. */
export function Field(props: { readonly id: string; readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={props.id}>{props.label}</label>
      {props.children}
    </div>
  )
}
