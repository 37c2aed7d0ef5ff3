import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CheckedSeal, SealedChange } from '../../../../preload/contract/verification.ts'
import { dayOf, momentOf } from '../../../ui/dates.ts'
import { verdictIcons } from './verdict-icons.tsx'

type Props = {
  readonly seal: CheckedSeal
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly onPage: (page: number) => void
}

/** One seal: who, when, how its certificate stands, what came after it. */
export function SealCard(props: Props) {
  const { t } = useTranslation()
  const { seal } = props
  return (
    <article className={props.isChosen ? 'checked panel checked-chosen' : 'checked panel'} aria-label={seal.signer}>
      <button type="button" className="checked-head" aria-pressed={props.isChosen} onClick={props.onChoose}>
        <span className={`checked-icon verdict-ink-${seal.verdict}`} aria-hidden="true">
          {verdictIcons[seal.verdict]}
        </span>
        <span>
          <strong>{seal.signer === '' ? seal.organisation : seal.signer}</strong>
          <span className="checked-verdict">
            {t(`verify.kind.${seal.kind}`)} · {t(`verify.verdict.${seal.verdict}`)}
          </span>
        </span>
      </button>
      <p>{seal.sentence}</p>
      <dl className="facts">
        <dt>{t('verify.when')}</dt>
        <dd>{whenOf(seal, t)}</dd>
        <dt>{t('verify.trust')}</dt>
        <dd>{t(`verify.chain.${seal.chain}`)}</dd>
        {seal.reason === '' ? null : (
          <>
            <dt>{t('verify.reason')}</dt>
            <dd>{seal.reason}</dd>
          </>
        )}
        <dt>{t('verify.place')}</dt>
        <dd>
          <Places seal={seal} onPage={props.onPage} />
        </dd>
        <dt>{t('verify.content')}</dt>
        <dd>{contentOf(seal, t)}</dd>
      </dl>
      <Changes changes={seal.changes} onPage={props.onPage} />
      <Certificate seal={seal} />
    </article>
  )
}

/** When a seal was made, in words: the signer's own clock, and what a timestamp proves. */
export function whenOf(seal: CheckedSeal, t: TFunction): string {
  const claimed = seal.claimedAtUtc === '' ? '' : t('verify.claimed', { moment: momentOf(seal.claimedAtUtc) })
  const proven = seal.provenAtUtc === '' ? '' : t('verify.proven', { moment: momentOf(seal.provenAtUtc) })
  const words = [claimed, proven].filter((word) => word !== '')
  return words.length === 0 ? t('verify.whenUnknown') : words.join('；')
}

/** Whether what was sealed is whole, and whether anything came after it. */
export function contentOf(seal: CheckedSeal, t: TFunction): string {
  if (!seal.intact) return t('verify.broken')
  return seal.changes.length === 0 ? t('verify.untouched') : t('verify.intact')
}

function Places({ seal, onPage }: { readonly seal: CheckedSeal; readonly onPage: (page: number) => void }) {
  const { t } = useTranslation()
  const first = seal.places[0]
  if (first === undefined) return t('verify.invisible')
  const label =
    seal.places.length === 1
      ? t('verify.onPage', { page: first.page })
      : t('verify.onPages', { count: seal.places.length })
  return (
    <button type="button" className="link-button" onClick={() => onPage(first.page)}>
      {label}
    </button>
  )
}

function Changes(props: { readonly changes: readonly SealedChange[]; readonly onPage: (page: number) => void }) {
  const { t } = useTranslation()
  const { changes, onPage } = props
  if (changes.length === 0) return null
  const revisions = [...new Set(changes.map(({ revision }) => revision))]
  return (
    <section className="checked-changes">
      <h3>{t('verify.since')}</h3>
      <ol>
        {revisions.map((revision) => (
          <li key={revision}>
            <span className="quiet">{t('verify.step', { revision })}</span>
            <ul>
              {changes
                .filter((change) => change.revision === revision)
                .map((change, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: what a revision did never moves
                  <li key={index} className={change.allowed ? 'change' : 'change change-bad'}>
                    <Change change={change} onPage={onPage} />
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Change({ change, onPage }: { readonly change: SealedChange; readonly onPage: (page: number) => void }) {
  const { t } = useTranslation()
  const { page } = change
  return (
    <>
      <span className={change.allowed ? 'verdict-ink-valid' : 'verdict-ink-invalid'} aria-hidden="true">
        {change.allowed ? verdictIcons.valid : verdictIcons.changed}
      </span>
      <span>
        <span className="visually-hidden">{t(change.allowed ? 'verify.allowed' : 'verify.notAllowed')}：</span>
        {change.sentence}{' '}
        {page === null ? null : (
          <button type="button" className="link-button" onClick={() => onPage(page)}>
            {t('verify.openPage')}
          </button>
        )}
      </span>
    </>
  )
}

function Certificate({ seal }: { readonly seal: CheckedSeal }) {
  const { t } = useTranslation()
  const { certificate } = seal
  if (certificate === null) return null
  return (
    <details className="checked-certificate">
      <summary>{t('verify.certificate')}</summary>
      <dl className="facts">
        <dt>{t('verify.commonName')}</dt>
        <dd>{certificate.commonName}</dd>
        <dt>{t('verify.organisation')}</dt>
        <dd>{certificate.organisation}</dd>
        <dt>{t('verify.issuer')}</dt>
        <dd>{certificate.issuer}</dd>
        <dt>{t('verify.serial')}</dt>
        <dd className="number">{certificate.serialHex}</dd>
        <dt>{t('verify.validity')}</dt>
        <dd>
          {dayOf(certificate.notBefore)} – {dayOf(certificate.notAfter)}
        </dd>
        <dt>{t('verify.digest')}</dt>
        <dd className="number">{certificate.sha256}</dd>
        <dt>{t('verify.algorithm')}</dt>
        <dd>{seal.algorithm}</dd>
      </dl>
    </details>
  )
}
