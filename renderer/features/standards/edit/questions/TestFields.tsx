import { Checkbox, Input, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FormTest } from '../../../../../preload/contract/standards/form-conditions.ts'
import { useEditor } from '../editor-ground.ts'
import { numberFrom } from '../json-edit.ts'
import type { EditedQuestion } from './form-reading.ts'
import { firstTest, type TestWay, waysOf } from './tests-of.ts'

type TestProps = {
  readonly test: FormTest
  /** Undefined where the form has no such question any more. */
  readonly question: EditedQuestion | undefined
  readonly id: string
  readonly onChange: (test: FormTest) => void
}

/** What one answer must be for the question to be asked. */
export function TestFields(props: TestProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { test, question, id, onChange } = props
  const ways = question === undefined ? [] : waysOf(question)
  const offered = ways.includes(test.asks) ? ways : [test.asks, ...ways]
  return (
    <>
      {offered.length < 2 ? null : (
        <Select
          aria-label={t('standardsDesk.questions.way')}
          className="condition-way"
          disabled={isLocked}
          value={test.asks}
          options={offered.map((way) => ({ value: way, label: t(`standardsDesk.questions.ways.${way}`) }))}
          onChange={(way: TestWay) => {
            if (question !== undefined && way !== test.asks) onChange(firstTest(question, way))
          }}
        />
      )}
      {test.asks === 'is' ? <Values {...props} test={test} /> : null}
      {test.asks === 'between'
        ? (['least', 'most'] as const).map((bound) => (
            <span key={bound} className="edit-literal">
              <label htmlFor={`${id}-${bound}`}>{t(`standardsDesk.questions.${bound}`)}</label>
              <Input
                id={`${id}-${bound}`}
                className="edit-number"
                inputMode="numeric"
                disabled={isLocked}
                value={test[bound] === undefined ? '' : String(test[bound])}
                onChange={(event) => {
                  const typed = numberFrom(event.target.value)
                  const { [bound]: _before, ...rest } = test
                  // Without any bound nothing would be asked of the number: the last one stays.
                  if (typed === undefined && Object.keys(rest).length > 2) onChange(rest)
                  else if (typeof typed === 'number') onChange({ ...rest, [bound]: typed })
                }}
              />
            </span>
          ))
        : null}
    </>
  )
}

/** The answers that make it asked: ticked where there is a list, typed otherwise. */
function Values({ test, question, onChange }: TestProps & { readonly test: Extract<FormTest, { asks: 'is' }> }) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { values } = test
  if (question?.kind === 'yesNo')
    return (
      <Radio.Group
        aria-label={t('standardsDesk.questions.testAnswers')}
        disabled={isLocked}
        value={values[0] === true}
        onChange={(event) => onChange({ ...test, values: [event.target.value === true] })}
        options={[
          { value: true, label: t('standardsDesk.edit.yes') },
          { value: false, label: t('standardsDesk.edit.no') },
        ]}
      />
    )
  const choices = question?.choices ?? []
  if (choices.length === 0)
    return (
      <Input
        className="edit-question-choice"
        aria-label={t('standardsDesk.questions.testAnswers')}
        disabled={isLocked}
        value={values.map(String).join('、')}
        onChange={(event) => onChange({ ...test, values: event.target.value.split('、') })}
      />
    )
  const gone = values.filter((value) => !choices.some((choice) => choice.value === value))
  return (
    <Checkbox.Group
      aria-label={t('standardsDesk.questions.testAnswers')}
      disabled={isLocked}
      value={values.map(String)}
      options={[
        ...choices.map(({ value, title }) => ({ value: String(value), label: title })),
        ...gone.map((value) => ({ value: String(value), label: String(value) })),
      ]}
      onChange={(ticked) => {
        const chosen = [...choices.map(({ value }) => value), ...gone].filter((value) => ticked.includes(String(value)))
        // Without any answer nobody would ever be asked: the last one stays.
        if (chosen.length > 0) onChange({ ...test, values: chosen as typeof values })
      }}
    />
  )
}
