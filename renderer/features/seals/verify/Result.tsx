import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Verification } from '../../../../preload/contract/seals.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Compared } from './Compared.tsx'
import { sealToShow } from './page-order.ts'
import { SealCard } from './SealCard.tsx'
import { verdictIcons } from './verdict-icons.tsx'

/** What came of a check: one sentence in large type, the seals, and the pages then and now. */
export function Result({ verification }: { readonly verification: Verification }) {
  const { t } = useTranslation()
  const { verdict } = verification
  const [chosen, setChosen] = useState(() => sealToShow(verdict))
  const [asked, setAsked] = useState<{ readonly page: number } | null>(null)
  const seal = verdict.seals[chosen]
  const tone = verdict.seals.length === 0 ? 'unknown' : verdict.verdict
  return (
    <>
      <div className={`verdict verdict-${tone}`} role="status">
        <span className="verdict-icon" aria-hidden="true">
          {verdictIcons[tone]}
        </span>
        <div>
          <p className="verdict-word">
            {verdict.seals.length === 0 ? t('verify.noSeals') : t(`verify.verdict.${verdict.verdict}`)}
          </p>
          <p>{verdict.sentence}</p>
        </div>
        <span className="verdict-facts quiet number">
          {t('verify.facts', { seals: verdict.seals.length, pages: verdict.pages, revisions: verdict.revisions })}
        </span>
      </div>
      {seal === undefined ? (
        <div className="verify-none panel">
          <EmptyState title={t('verify.noSealsNext')} text={t('verify.noSealsText')} />
        </div>
      ) : (
        <div className="verify-columns">
          <section className="verify-seals" aria-label={t('verify.seals')}>
            {verdict.seals.map((one, index) => (
              <SealCard
                key={`${one.field} ${one.revision}`}
                seal={one}
                isChosen={index === chosen}
                onChoose={() => {
                  setChosen(index)
                  setAsked(null)
                }}
                onPage={(page) => {
                  setChosen(index)
                  setAsked({ page })
                }}
              />
            ))}
          </section>
          <Compared key={chosen} verification={verification} index={chosen} seal={seal} asked={asked} />
        </div>
      )}
    </>
  )
}
