import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { MaterialRequirement, MatterStandard } from '../../../preload/contract/standard.ts'
import { placeDigits } from '../../../preload/contract/standards/scope.ts'
import type { MatterSummary } from '../../../preload/contract/views.ts'
import { useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { plainDate } from '../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { placeName } from './target-words.ts'

/** One standard in plain words: who, what to bring, how long, what it costs, by which law. With a version, it says that this is not the one in force. */
export function StandardTold(props: {
  readonly itemId: string
  readonly version?: number
  readonly inForce?: MatterSummary | undefined
}) {
  const { t } = useTranslation()
  const { itemId, version, inForce } = props
  const found = useCall('matters.get', version === undefined ? { itemId } : { itemId, version })
  if (found.error !== null) return <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
  if (found.data === undefined) return <Loading />
  const standard = found.data
  return (
    <>
      <header className="told-head">
        <h2 className="told-name">{standard.name}</h2>
        <span className="quiet">
          {t('standards.version', { version: standard.version, date: plainDate(standard.effectiveFrom) })}
        </span>
      </header>
      {version === undefined ? null : (
        <Notice tone="warn">
          <strong>{t('standards.notInForce', { version })}</strong>{' '}
          {inForce === undefined ? (
            t('standards.noneInForce')
          ) : (
            <Link href={paths.standard(itemId)}>{t('standards.seeInForce', { version: inForce.version })}</Link>
          )}
        </Notice>
      )}
      {standard.aliases.length === 0 ? null : <p className="quiet">{standard.aliases.join('、')}</p>}
      {standard.sample ? <Notice tone="warn">{t('standards.sampleText', { source: standard.source })}</Notice> : null}
      <div className="told-columns">
        <div>
          <Part title={t('standards.conditions')}>
            <ol className="told-numbered">
              {standard.conditions.map((condition) => (
                <li key={condition.id}>{condition.text}</li>
              ))}
            </ol>
          </Part>
          <Part title={t('standards.materials')}>
            <ul className="told-materials">
              {standard.materials.map((requirement) => (
                <li key={requirement.id}>
                  <Requirement requirement={requirement} />
                </li>
              ))}
            </ul>
          </Part>
        </div>
        <div>
          <Limits standard={standard} />
          <Part title={t('standards.basis')}>
            {standard.basis.length === 0 ? <p className="quiet">{t('standards.noBasis')}</p> : null}
            <ul className="told-list">
              {standard.basis.map((basis) => (
                <li key={`${basis.title} ${basis.clause}`}>
                  《{basis.title.replace(/^《|》$/g, '')}》{basis.clause}
                </li>
              ))}
            </ul>
          </Part>
          <Questions standard={standard} />
        </div>
      </div>
    </>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="told-part">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

const sources = { 10: 'applicant', 20: 'publicBody', 99: 'other' } as const
const necessities = { 1: 'needed', 2: 'notNeeded', 3: 'later' } as const

function Requirement({ requirement }: { readonly requirement: MaterialRequirement }) {
  const { t } = useTranslation()
  const tone = requirement.necessity === 1 ? 'info' : requirement.necessity === 3 ? 'warn' : 'plain'
  const facts = [
    requirement.originals > 0 ? t('standards.originals', { count: requirement.originals }) : '',
    requirement.copies > 0 ? t('standards.copies', { count: requirement.copies }) : '',
    t(`standards.sourceOf.${sources[requirement.source]}`),
    requirement.issuer,
    requirement.spec,
    requirement.laterWithinWorkdays === undefined
      ? ''
      : t('standards.laterWithin', { count: requirement.laterWithinWorkdays }),
  ]
  return (
    <>
      <span className={`tag tag-${tone}`}>{t(`standards.necessity.${necessities[requirement.necessity]}`)}</span>
      <span>
        <strong>{requirement.name}</strong>
        <span className="quiet told-sub">{facts.filter((fact) => fact !== '').join(' · ')}</span>
        <Note text={requirement.notes} />
        {requirement.acceptancePoints.map((point) => (
          <span key={point} className="told-sub">
            {point}
          </span>
        ))}
      </span>
    </>
  )
}

function Limits({ standard }: { readonly standard: MatterStandard }) {
  const { t } = useTranslation()
  const words = (limit: MatterStandard['legalLimit']) => {
    if (limit === null) return t('standards.noLimit')
    if (limit.days === 0 && limit.unit === 'workday') return t('standards.atOnce')
    return t(`standards.limit.${limit.unit}`, { count: limit.days })
  }
  const divisionName = (code: string) =>
    placeDigits(code).length <= 6 ? t('standardsDesk.edit.wholeCounty') : placeName(placeDigits(code))
  return (
    <Part title={t('standards.limits')}>
      <dl className="facts">
        <dt>{t('standards.promised')}</dt>
        <dd>
          <strong>{words(standard.promisedLimit)}</strong>
          <Note text={standard.promisedLimitNote} />
        </dd>
        <dt>{t('standards.legal')}</dt>
        <dd>
          {words(standard.legalLimit)}
          <Note text={standard.legalLimitNote} />
        </dd>
        <Fact
          label={t('standards.specialProcedures')}
          text={standard.specialProcedures.map(({ name, limit }) =>
            limit === null ? name : `${name}（${words(limit)}）`,
          )}
        />
        <dt>{t('standards.fee')}</dt>
        <dd>
          {standard.fee.charged ? standard.fee.text : t('standards.free')}
          {standard.fees.map(({ item, standard: rate }) => (
            <Note key={item} text={`${item}：${rate}`} />
          ))}
        </dd>
        <dt>{t('standards.acceptance')}</dt>
        <dd>{t(standard.acceptanceBy === 'station' ? 'standards.byStation' : 'standards.byCentre')}</dd>
        <dt>{t('standards.steps')}</dt>
        <dd>{standard.steps.map((step) => step.name).join(' → ')}</dd>
        <dt>{t('standards.results')}</dt>
        <dd>{standard.results.map((result) => result.name).join('、') || '—'}</dd>
        <dt>{t('standards.department')}</dt>
        <dd>{standard.department}</dd>
        <dt>{t('standards.audience')}</dt>
        <dd>{standard.audience}</dd>
        <dt>{t('standards.scope')}</dt>
        <dd>{standard.scope}</dd>
        <Fact label={t('standards.divisions')} text={[standard.divisions.map(divisionName).join('、')]} />
        <Fact
          label={t('standards.visits')}
          text={standard.visits === null ? [] : [t('standards.visitCount', { count: standard.visits })]}
        />
        <Fact label={t('standards.places')} text={standard.places.map(placeInWords)} />
        <Fact label={t('standards.enquiry')} text={[standard.enquiry]} />
        <Fact label={t('standards.complaint')} text={[standard.complaint]} />
        <dt>{t('standards.code')}</dt>
        <dd className="number">{standard.code}</dd>
      </dl>
    </Part>
  )
}

const placeInWords = ({ name, address, hours, phone }: MatterStandard['places'][number]) =>
  [name, address, hours, phone].filter((part) => part !== '').join('，')

/** A fact with its label; nothing where the standard does not tell it. */
function Fact({ label, text }: { readonly label: string; readonly text: readonly string[] }) {
  const told = text.filter((line) => line !== '')
  if (told.length === 0) return null
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {told.map((line) => (
          <span key={line} className="told-line">
            {line}
          </span>
        ))}
      </dd>
    </>
  )
}

function Note({ text }: { readonly text: string }) {
  return text === '' ? null : <span className="quiet told-sub">{text}</span>
}

function Questions({ standard }: { readonly standard: MatterStandard }) {
  const { t } = useTranslation()
  if (standard.questions.length === 0) return null
  return (
    <Part title={t('standards.questions')}>
      <dl className="told-questions">
        {standard.questions.map(({ question, answer }) => (
          <div key={question}>
            <dt>{question}</dt>
            <dd>{answer}</dd>
          </div>
        ))}
      </dl>
    </Part>
  )
}
