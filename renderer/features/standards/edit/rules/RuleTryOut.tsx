import { CheckCircleFilled, CloseCircleFilled, QuestionCircleFilled } from '@ant-design/icons'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { variablesOf } from '../../../../../preload/contract/standards/rule-check.ts'
import { judgeRule } from '../../../../../preload/contract/standards/rule-judge.ts'
import { useHere } from '../../../../app/session.ts'
import { DateField } from '../../DateField.tsx'
import { type JsonValue, numberFrom, plainText } from '../json-edit.ts'
import type { EditedQuestion } from '../questions/form-reading.ts'

const icons = {
  met: <CheckCircleFilled aria-hidden="true" />,
  unmet: <CloseCircleFilled aria-hidden="true" />,
  unknown: <QuestionCircleFilled aria-hidden="true" />,
}
const tones = { met: 'edit-good', unmet: 'edit-fault', unknown: 'edit-advice' } as const

/** The rule with answers of one's own, judged as a window judges it. Nothing of it is kept. */
export function RuleTryOut({
  rule,
  id,
  questions,
}: {
  readonly rule: JsonValue
  readonly id: string
  readonly questions: readonly EditedQuestion[]
}) {
  const { t } = useTranslation()
  const { station } = useHere()
  const [given, setGiven] = useState<Readonly<Record<string, JsonValue>>>({})
  const names = [...new Set(variablesOf(rule))]
  const told: Readonly<Record<string, JsonValue>> = { today: station.todayInShanghai, ...given }
  const answers = Object.fromEntries(
    questions.flatMap(({ name }) => {
      const value = told[`answers.${name}`]
      return value === undefined || value === '' ? [] : [[name, value] as const]
    }),
  )
  const verdict = judgeRule(rule, {
    answers,
    age: typeof told.age === 'number' ? told.age : null,
    today: plainText(told.today),
  })
  return (
    <details className="rule-try">
      <summary>{t('standardsDesk.rules.try')}</summary>
      <div className="edit-pair">
        {names.map((name, at) => (
          <GivenField
            key={name}
            id={`${id}-${at}`}
            name={name}
            question={questions.find((one) => `answers.${one.name}` === name)}
            value={told[name]}
            onChange={(value) => setGiven({ ...given, [name]: value })}
          />
        ))}
      </div>
      <p className={tones[verdict]} role="status">
        {icons[verdict]} {t(`standardsDesk.rules.verdict.${verdict}`)}
      </p>
    </details>
  )
}

function GivenField(props: {
  readonly id: string
  readonly name: string
  readonly question: EditedQuestion | undefined
  readonly value: JsonValue | undefined
  readonly onChange: (value: JsonValue) => void
}) {
  const { t } = useTranslation()
  const { id, name, question, value, onChange } = props
  const label =
    name === 'age'
      ? t('standardsDesk.rules.age')
      : name === 'today'
        ? t('standardsDesk.rules.today')
        : question?.title || name
  const isNumber = name === 'age' || question?.kind === 'number'
  const isDate = name === 'today' || question?.kind === 'date'
  const choices =
    question?.kind === 'yesNo'
      ? [
          { value: true, title: t('standardsDesk.edit.yes') },
          { value: false, title: t('standardsDesk.edit.no') },
        ]
      : (question?.choices ?? [])
  return (
    <div className="edit-field">
      <label htmlFor={id}>{label}</label>
      {choices.length > 0 ? (
        <Select
          id={id}
          allowClear
          {...(question?.kind === 'several' ? { mode: 'multiple' as const } : {})}
          placeholder={t('standardsDesk.rules.notGiven')}
          options={choices.map((choice, at) => ({ value: String(at), label: choice.title }))}
          onChange={(chosen: string | string[] | undefined) => {
            const at = (key: string) => choices[Number(key)]?.value ?? ''
            onChange(Array.isArray(chosen) ? chosen.map(at) : chosen === undefined ? '' : at(chosen))
          }}
        />
      ) : isDate ? (
        <DateField id={id} value={plainText(value)} onChange={onChange} />
      ) : (
        <Input
          id={id}
          {...(isNumber ? { inputMode: 'numeric' as const } : {})}
          value={plainText(value)}
          onChange={(event) => onChange(isNumber ? (numberFrom(event.target.value) ?? '') : event.target.value)}
        />
      )}
    </div>
  )
}
