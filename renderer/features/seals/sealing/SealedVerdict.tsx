import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useCall } from '../../../app/client.ts'
import { paths } from '../../../app/paths.ts'
import { momentOf } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'

/** What checking a paper that was just sealed gives, its title where it is one of many: one line, the seals below it, the way to the whole result. */
export function SealedVerdict({ documentId, title }: { readonly documentId: string; readonly title: string }) {
  const { t } = useTranslation()
  const checked = useCall('verification.ofDocument', { documentId })
  if (checked.error !== null) return <ErrorNotice error={checked.error} onRetry={() => void checked.refetch()} />
  if (checked.data === undefined) return <Loading text={t('sealing.checking')} />
  const { verdict } = checked.data
  const details = <Link href={paths.seals.verifyDocument(documentId)}>{t('sealing.details')}</Link>
  // A practice root is trusted by nobody else: the desk's own sentence says so where the verdict is not plainly good.
  const isGood = verdict.verdict === 'valid'
  return (
    <Notice tone={isGood ? 'good' : 'warn'}>
      <strong>{isGood ? t('sealing.valid') : verdict.sentence}</strong> {title}
      <ul className="sealing-verdict">
        {verdict.seals.map((seal) => (
          <li key={`${seal.field} ${seal.revision}`}>
            {seal.signer} ·{' '}
            <span className="number">{seal.claimedAtUtc === '' ? '' : momentOf(seal.claimedAtUtc)}</span>
          </li>
        ))}
      </ul>
      {details}
    </Notice>
  )
}
