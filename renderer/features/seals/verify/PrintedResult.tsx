import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { Verification } from '../../../../preload/contract/seals.ts'
import { useHere } from '../../../app/session.ts'
import { momentOf } from '../../../ui/dates.ts'
import { contentOf, whenOf } from './SealCard.tsx'

/** The result on one plain page: not on the screen, and all that is there on paper. */
export function PrintedResult({ verification }: { readonly verification: Verification }) {
  const { t } = useTranslation()
  const { station, session } = useHere()
  const { verdict } = verification
  return createPortal(
    <article className="verdict-print">
      <h1>{t('verify.printTitle')}</h1>
      {station.mode === 'training' ? <p>{t('common.trainingLong')}</p> : null}
      <p className="verdict-print-word">
        {verdict.seals.length === 0 ? t('verify.noSeals') : t(`verify.verdict.${verdict.verdict}`)}
      </p>
      <p>{verdict.sentence}</p>
      <dl>
        <dt>{t('verify.printFile')}</dt>
        <dd>{verification.name}</dd>
        <dt>{t('verify.printChecked')}</dt>
        <dd>{momentOf(verification.checkedAtUtc)}</dd>
        <dt>{t('verify.printAt')}</dt>
        <dd>
          {station.townName}
          {station.villageName} {station.windowName} · {session.displayName}
        </dd>
      </dl>
      {verdict.seals.map((seal) => (
        <section key={`${seal.field} ${seal.revision}`}>
          <h2>
            {seal.signer} · {t(`verify.kind.${seal.kind}`)} · {t(`verify.verdict.${seal.verdict}`)}
          </h2>
          <p>{seal.sentence}</p>
          <dl>
            <dt>{t('verify.when')}</dt>
            <dd>{whenOf(seal, t)}</dd>
            <dt>{t('verify.trust')}</dt>
            <dd>{t(`verify.chain.${seal.chain}`)}</dd>
            <dt>{t('verify.content')}</dt>
            <dd>{contentOf(seal, t)}</dd>
            {seal.certificate === null ? null : (
              <>
                <dt>{t('verify.digest')}</dt>
                <dd>{seal.certificate.sha256}</dd>
              </>
            )}
          </dl>
          <ul>
            {seal.changes.map((change, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what a revision did never moves
              <li key={index}>
                {t('verify.step', { revision: change.revision })}：{change.sentence}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </article>,
    document.body,
  )
}
