import { useTranslation } from 'react-i18next'
import type { ReleaseChange } from '../../../../preload/contract/standards/publishing.ts'
import { useCall } from '../../../app/client.ts'
import { ChangeWords } from '../../../ui/ChangeWords.tsx'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import './changes.css'

/** The release whose band was folded: it stays so until the next one, also when another screen was looked at meanwhile. */
let foldedRelease: number | null | undefined

/** What changed today with its differences in words, and which calendar is missing; nothing where there is nothing to tell. */
export function TodayBand() {
  const { t } = useTranslation()
  const { data } = useCall('standards.updates', {})
  if (data === undefined) return null
  const { updates, begun, ended, unknownYears, release, note } = data
  return (
    <>
      {unknownYears.length === 0 ? null : (
        <Notice tone="warn">{t('standardsDesk.today.unknownYear', { years: unknownYears.join('、') })}</Notice>
      )}
      {ended.length === 0 ? null : (
        <Notice tone="warn">{t('standardsDesk.today.ended', { names: ended.join('、') })}</Notice>
      )}
      {begun.length === 0 ? null : (
        <Notice tone="good">{t('standardsDesk.today.begun', { names: begun.join('、') })}</Notice>
      )}
      {updates.length === 0 ? null : (
        <details
          className="today panel"
          open={foldedRelease !== release}
          onToggle={({ currentTarget }) => {
            foldedRelease = currentTarget.open ? undefined : release
          }}
        >
          <summary>
            <h2>{t('standardsDesk.today.title', { count: updates.length })}</h2>{' '}
            <span className="quiet">
              {release === null ? '' : t('standardsDesk.today.release', { release })}
              {note === '' ? '' : ` · ${note}`}
            </span>
          </summary>
          <p className="quiet">{t('standardsDesk.today.safe')}</p>
          {updates.map((one) => (
            <section key={`${one.kind} ${one.id} ${one.toVersion ?? one.fromVersion}`} className="today-one">
              <h3>
                {one.name} <Versions change={one} />
              </h3>
              {one.toVersion === null ? <p>{t(`standardsDesk.out.whole.${one.kind}`)}</p> : null}
              {one.changes.length === 0 ? null : <ChangeWords changes={one.changes} />}
            </section>
          ))}
        </details>
      )}
    </>
  )
}

/** From which version to which, in words. */
export function Versions({ change }: { readonly change: ReleaseChange }) {
  const { t } = useTranslation()
  const { kind, fromVersion, toVersion } = change
  const words = () => {
    if (toVersion === null) return t(`standardsDesk.out.goneNow.${kind}`)
    if (kind === 'calendar') return t('standardsDesk.today.calendar')
    if (fromVersion === null) return t('standardsDesk.today.added', { to: toVersion })
    return t('standardsDesk.today.versions', { from: fromVersion, to: toVersion })
  }
  return <span className="quiet">{words()}</span>
}
