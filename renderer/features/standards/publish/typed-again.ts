import { useEffect, useState } from 'react'
import { failureOf } from '../../../ui/ErrorNotice.tsx'

/**
 * The field whose text was refused: the publisher's PIN, or what the second person gave; null for another failure.
 * @param second what the ids of the second person's fields begin with.
 */
export function refusedField(error: unknown, second: string): string | null {
  const { code } = failureOf(error)
  if (code === 'PUBLISHER_PIN_WRONG') return 'publish-pin'
  if (code === 'PIN_WRONG') return `${second}-pin`
  return code === 'PUBLISH_APPROVER_UNFIT' || code === 'ACCOUNT_UNKNOWN' ? `${second}-account` : null
}

/** Gives what puts the cursor into a field (its id) whose text was refused, all of it selected: the next key replaces it. */
export function useTypedAgain(): (id: string | null) => void {
  const [refused, setRefused] = useState<{ readonly id: string | null }>({ id: null })
  // With the next painting: what was off while the answer was awaited takes the cursor again.
  useEffect(() => {
    const field = refused.id === null ? null : document.getElementById(refused.id)
    if (!(field instanceof HTMLInputElement)) return
    field.scrollIntoView({ block: 'center' })
    field.focus({ preventScroll: true })
    field.select()
  }, [refused])
  return (id) => setRefused({ id })
}
