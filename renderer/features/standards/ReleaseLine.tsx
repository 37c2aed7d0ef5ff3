import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CatalogueStatus } from '../../../preload/contract/catalogue.ts'
import { useCall } from '../../app/client.ts'
import { momentOf } from '../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'

/** Which release is in force, which one waits until when, what has no room here, and what was refused and why. */
export function ReleaseLine() {
  const { t } = useTranslation()
  const found = useCall('catalogue.status', {})
  if (found.error !== null) return <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
  if (found.data === undefined) return null
  const { inForce, waiting, noRoom, refused } = found.data
  const newest = refused.find(({ release }) => release > (inForce?.release ?? 0))
  return (
    <>
      <p className="release-line" role="status">
        <span>{inForceInWords(t, inForce)}</span>
        {waiting.map((one) => (
          <span key={one.sha256} className="release-waits">
            {waitingInWords(t, one)}
          </span>
        ))}
      </p>
      {noRoom ? <Notice tone="warn">{t('standards.release.noRoom')}</Notice> : null}
      {newest === undefined ? null : (
        <Notice tone="warn">
          {t('standards.release.refused', { release: newest.release })} {newest.title} {newest.remedy}
        </Notice>
      )}
    </>
  )
}

function inForceInWords(t: TFunction, inForce: CatalogueStatus['inForce']): string {
  if (inForce === null) return t('standards.release.none')
  const { release, sinceUtc, note, changes } = inForce
  const since = t('standards.release.inForce', { release, since: momentOf(sinceUtc) })
  const changed = changes.length === 0 ? '' : t('standards.release.changed', { count: changes.length })
  return [since, changed, note].filter((text) => text !== '').join(' · ')
}

function waitingInWords(
  t: TFunction,
  { release, effectiveAtUtc, state, changes, ...one }: CatalogueStatus['waiting'][number],
): string {
  const at = momentOf(effectiveAtUtc)
  if (state === 'here') return t('standards.release.waits', { release, at, count: changes.length })
  if (one.totalBytes === 0) return t('standards.release.told', { release, at })
  const percent = Math.floor((one.fetchedBytes / one.totalBytes) * 100)
  return t('standards.release.fetching', { release, at, percent })
}
