import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { dateInWords } from '../../../preload/contract/calendar.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import { callDesk, useBridge } from '../../app/client.ts'
import { Notice } from '../../ui/ErrorNotice.tsx'
import type { OpenDraft } from './open-draft.ts'

/** Has the draft judged again when standards change: what was open as it was opened may be closed now, and open again later. */
export function useFreshCheck({ draft: { draftId }, keeper }: OpenDraft): void {
  const bridge = useBridge()
  useEffect(
    () =>
      bridge.on('changed', ({ topics }) => {
        if (!topics.includes('matters')) return
        // A draft that is gone, a desk that is away: the next save or 收件 tells.
        callDesk(bridge, 'drafts.get', { draftId }).then(
          ({ check }) => keeper.takeCheck(check),
          () => undefined,
        )
      }),
    [bridge, draftId, keeper],
  )
}

/** Which matters of a draft cannot be taken in now and why, and that nothing of it is lost. */
export function ClosedNotice({ check, chosen }: { readonly check: DraftCheck; readonly chosen: number }) {
  const { t } = useTranslation()
  const { closed } = check
  if (closed.length === 0) return null
  const mayGoOn = closed.length < chosen
  return (
    <Notice tone="warn">
      {closed.map(({ itemId, name, why, date }) => (
        <strong key={itemId}>
          {t(`intake.closed.${why}`, { name, date: date === null ? '' : dateInWords(date) })}{' '}
        </strong>
      ))}
      {t('intake.closed.safe')}
      {mayGoOn ? ` ${t('intake.closed.others')}` : ''}
    </Notice>
  )
}
