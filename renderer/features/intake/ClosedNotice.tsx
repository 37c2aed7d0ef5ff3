import { useTranslation } from 'react-i18next'
import { dateInWords } from '../../../preload/contract/calendar.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import { Notice } from '../../ui/ErrorNotice.tsx'

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
