/** What can be typed into or chosen in a form, in reading order; of a radio group its chosen one, else its first. */
export function fieldsOf(form: HTMLElement): HTMLElement[] {
  const controls = [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')].filter(
    (control) => !control.disabled && control.type !== 'hidden' && control.offsetParent !== null,
  )
  return controls.filter((control) => {
    if (control.type !== 'radio') return true
    const group = controls.filter((other) => other.type === 'radio' && other.name === control.name)
    const chosen = group.find((other) => other instanceof HTMLInputElement && other.checked)
    return control === (chosen ?? group[0])
  })
}

const isSameStop = (field: HTMLElement, current: HTMLElement): boolean =>
  field === current ||
  (field instanceof HTMLInputElement &&
    current instanceof HTMLInputElement &&
    field.type === 'radio' &&
    field.name === current.name)

/** Focuses the field after `current`, whose own choices count as one stop. False at the last one. */
export function focusNextField(form: HTMLElement, current: HTMLElement): boolean {
  const fields = fieldsOf(form)
  const at = fields.findIndex((field) => isSameStop(field, current))
  const next = fields[at + 1]
  if (at < 0 || next === undefined) return false
  next.focus()
  if (next instanceof HTMLInputElement && next.type === 'text') next.select()
  return true
}

/** Focuses the field of an answer, e.g. one that 还缺什么 names. `path` as in DraftCheck: `/bankAccount`. */
export function focusAnswer(form: HTMLElement, path: string): void {
  const holder = form.querySelector<HTMLElement>(`[data-answer="${CSS.escape(path.replace(/^\//, ''))}"]`)
  if (holder === null) return
  const target = fieldsOf(holder)[0] ?? holder.querySelector<HTMLElement>('button')
  target?.focus({ preventScroll: true })
  holder.scrollIntoView({ block: 'center' })
}
