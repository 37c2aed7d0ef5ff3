import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  EditOutlined,
  ExclamationCircleFilled,
  QuestionCircleOutlined,
  WarningFilled,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { dateInWords } from '../../../preload/contract/calendar.ts'
import type { Deadline } from '../../../preload/contract/entries.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import { MaterialState } from './MaterialCard.tsx'
import { lackCount } from './what-is-missing.ts'

function ConditionState({ state }: { readonly state: DraftCheck['conditions'][number]['state'] }) {
  const { t } = useTranslation()
  const shown: Record<typeof state, readonly [string, ReactNode, string]> = {
    met: ['state state-good', <CheckCircleFilled key="icon" aria-hidden="true" />, t('intake.conditionMet')],
    unmet: ['state state-bad', <CloseCircleFilled key="icon" aria-hidden="true" />, t('intake.conditionUnmet')],
    unknown: ['state quiet', <ClockCircleOutlined key="icon" aria-hidden="true" />, t('intake.conditionUnknown')],
    ask: ['state quiet', <QuestionCircleOutlined key="icon" aria-hidden="true" />, t('intake.conditionAsk')],
  }
  const [className, icon, words] = shown[state]
  return (
    <span className={className}>
      {icon} {words}
    </span>
  )
}

/** What is empty or wrong in the form; each leads to its field. */
function FormPart({ check, onField }: { readonly check: DraftCheck; readonly onField: (path: string) => void }) {
  const { t } = useTranslation()
  if (check.form.length === 0)
    return (
      <p className="state state-good">
        <CheckCircleFilled aria-hidden="true" /> {t('intake.formDone')}
      </p>
    )
  const wrong = check.form.filter(({ kind }) => kind === 'wrong')
  const missing = check.form.filter(({ kind }) => kind === 'missing')
  return (
    <>
      {wrong.map((item) => (
        <button key={item.path} type="button" className="lack-item lack-wrong" onClick={() => onField(item.path)}>
          <ExclamationCircleFilled aria-hidden="true" />
          <span>
            {item.title}：{item.text}
          </span>
        </button>
      ))}
      {missing.length === 0 ? null : (
        <div className="lack-missing">
          {missing.map((item) => (
            <button
              key={item.path}
              type="button"
              className="lack-chip"
              aria-label={`${item.title}，${t('intake.missing')}`}
              onClick={() => onField(item.path)}
            >
              <EditOutlined aria-hidden="true" /> {item.title}
            </button>
          ))}
        </div>
      )}
    </>
  )
}

/** Conditions in order; of a theme under the name of the matter that they belong to. */
function Conditions({ conditions }: Pick<DraftCheck, 'conditions'>) {
  const matters = [...new Set(conditions.map(({ matterName }) => matterName))]
  return matters.map((matterName) => (
    <div key={matterName}>
      {matterName === '' ? null : <h4 className="lack-matter">{matterName}</h4>}
      <ul>
        {conditions
          .filter((condition) => condition.matterName === matterName)
          .map((condition) => (
            <li key={condition.id} className="lack-line">
              <span>{condition.text}</span>
              <ConditionState state={condition.state} />
            </li>
          ))}
      </ul>
    </div>
  ))
}

/** By when it is promised; of a theme with the matter before it. */
function Promised({ promised, matterName }: { readonly promised: Deadline; readonly matterName?: string }) {
  const { t } = useTranslation()
  const { days, unit, date } = promised
  const length =
    days === 0 ? t('intake.atOnce') : t(unit === 'workday' ? 'intake.workdays' : 'intake.days', { count: days })
  return (
    <p>
      {matterName === undefined ? null : <strong className="lack-matter">{matterName}</strong>}
      {length}
      {'，'}
      {date === null ? t('intake.deadlineUnknown') : t('intake.deadlineDay', { date: dateInWords(date) })}
    </p>
  )
}

/** 还缺什么: everything that stands between this draft and 收件, told at once, living while one types. */
export function CheckPanel(props: {
  readonly check: DraftCheck
  /** Of the standard; null for a theme, whose matters have one each. */
  readonly version: number | null
  readonly onField: (path: string) => void
  readonly onMaterial: (requirementId: string) => void
}) {
  const { t } = useTranslation()
  const { check } = props
  const count = lackCount(check)
  return (
    <aside className="intake-lack panel" aria-label={t('intake.lack')}>
      <h2 className={check.ready ? 'lack-head lack-ready' : 'lack-head'} aria-live="polite">
        {check.ready ? <CheckCircleFilled aria-hidden="true" /> : null}
        <span>{check.ready ? t('intake.ready') : t('intake.lack')}</span>
        {check.ready || count === 0 ? null : <span className="lack-count">{t('intake.lackCount', { count })}</span>}
      </h2>
      <div className="lack-scroll">
        {check.warnings.map((warning) => (
          <p key={`${warning.code} ${warning.text}`} className="lack-warning" role="status">
            <WarningFilled aria-hidden="true" /> {warning.text}
          </p>
        ))}
        <h3>{t('intake.lackForm')}</h3>
        <FormPart check={check} onField={props.onField} />
        <h3>{t('intake.lackConditions')}</h3>
        <Conditions conditions={check.conditions} />
        <h3>{t('intake.lackMaterials')}</h3>
        <ul>
          {check.materials.map((material) => (
            <li key={material.requirementId}>
              <button type="button" className="lack-line" onClick={() => props.onMaterial(material.requirementId)}>
                <span>{material.name}</span>
                <MaterialState checked={material} />
              </button>
            </li>
          ))}
        </ul>
        <h3>{t('intake.deadline')}</h3>
        {check.promises.length === 0 ? <Promised promised={check.promised} /> : null}
        {check.promises.map(({ itemId, matterName, promised }) => (
          <Promised key={itemId} promised={promised} matterName={matterName} />
        ))}
        <p className="quiet small">
          {props.version === null
            ? t('intake.deadlineSources')
            : t('intake.deadlineSource', { version: props.version })}
        </p>
      </div>
    </aside>
  )
}
