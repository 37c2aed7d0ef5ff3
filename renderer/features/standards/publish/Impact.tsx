import { useTranslation } from 'react-i18next'
import type { ReleaseChange, ReleasePlan } from '../../../../preload/contract/standards/publishing.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { placeName } from '../target-words.ts'

type Shown = ReleasePlan['impact']

/** Whom a release meets: in the whole county where the centre says so, else at this window, and then it says that. */
export function Impact({
  impact,
  changes,
  isForSome,
}: {
  readonly impact: Shown
  readonly changes: readonly ReleaseChange[]
  readonly isForSome: boolean
}) {
  const { t } = useTranslation()
  const { county, why } = impact
  const has = (kind: ReleaseChange['kind']) => changes.some((one) => one.kind === kind)
  return (
    <section className="plan-impact" aria-label={t('standardsDesk.publish.impact')}>
      <h3>{t('standardsDesk.publish.impact')}</h3>
      {county === null ? (
        <Notice tone="warn">
          {why} {t('standardsDesk.publish.ownOnly')}
        </Notice>
      ) : null}
      <ul>
        {county === null || !isForSome ? null : <Windows county={county} />}
        {has('matter') || impact.cases.length > 0 || impact.drafts.length > 0 ? (
          <>
            <Met impact={impact} what="cases" isForSome={isForSome} />
            <Met impact={impact} what="drafts" isForSome={isForSome} />
          </>
        ) : null}
        {has('theme') || impact.themes.length > 0 ? <Themes themes={impact.themes} /> : null}
        {has('template') ? <li>{t('standardsDesk.publish.templates')}</li> : null}
        {has('calendar') ? <li>{t('standardsDesk.publish.calendars')}</li> : null}
      </ul>
      {county === null || !isForSome || county.towns.length === 0 ? null : <Towns county={county} />}
    </section>
  )
}

function Windows({ county }: { readonly county: NonNullable<Shown['county']> }) {
  const { t } = useTranslation()
  const { meant, enrolled, silent, silentDays } = county
  return (
    <>
      <li>{t('standardsDesk.publish.stations', { count: meant, enrolled })}</li>
      {meant === 0 ? <li className="publish-wrong">{t('standardsDesk.publish.nobody')}</li> : null}
      {silent === 0 ? null : <li>{t('standardsDesk.publish.silent', { count: silent, days: silentDays })}</li>}
    </>
  )
}

/** Open cases stay on their version, drafts are asked about. Of a ring, what is in it, and all of it beside. */
function Met({
  impact,
  what,
  isForSome,
}: {
  readonly impact: Shown
  readonly what: 'cases' | 'drafts'
  readonly isForSome: boolean
}) {
  const { t } = useTranslation()
  const where = impact.county === null ? 'own' : 'county'
  const rows = impact[what]
  if (rows.length === 0) return <li>{t(`standardsDesk.publish.${what}None.${where}`)}</li>
  return rows.map(({ itemId, name, version, count, meant, isGone }) => (
    <li key={`${itemId} ${version}`}>
      {t(`standardsDesk.publish.${isGone && what === 'drafts' ? 'draftsGone' : what}.${where}`, {
        count,
        name,
        version,
      })}
      {isForSome && meant < count ? t('standardsDesk.publish.ofThem', { count: meant }) : null}
    </li>
  ))
}

/** Drafts by theme are counted here alone: the centre keeps them by matter. */
function Themes({ themes }: Pick<Shown, 'themes'>) {
  const { t } = useTranslation()
  if (themes.length === 0) return <li>{t('standardsDesk.publish.themesNone')}</li>
  return themes.map(({ itemId, name, version, count, isGone }) => (
    <li key={`${itemId} ${version}`}>
      {t(`standardsDesk.publish.${isGone ? 'themesGone' : 'themes'}`, { count, name, version })}
    </li>
  ))
}

function Towns({ county }: { readonly county: NonNullable<Shown['county']> }) {
  const { t } = useTranslation()
  return (
    <details className="plan-change">
      <summary>{t('standardsDesk.publish.byTown', { count: county.towns.length })}</summary>
      <table className="impact-towns">
        <thead>
          <tr>
            {(['town', 'windows', 'silentShort', 'casesShort', 'draftsShort'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`standardsDesk.publish.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {county.towns.map(({ code, meant, silent, cases, drafts }) => (
            <tr key={code}>
              <th scope="row">{placeName(code)}</th>
              {Object.entries({ meant, silent, cases, drafts }).map(([column, value]) => (
                <td key={column} className="number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
