import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormCondition, FormTest } from '../../../../../preload/contract/standards/form-conditions.ts'
import { useEditor } from '../editor-ground.ts'
import { askableBefore, withCondition } from './condition-edit.ts'
import { askedOn, askedTogether, type EditedQuestion } from './form-reading.ts'
import type { FieldProps } from './QuestionFields.tsx'
import { TestFields } from './TestFields.tsx'
import { firstTest } from './tests-of.ts'

/** 只在…时问: always, or when answers before it are so and so. */
export function ConditionField(props: FieldProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { question, questions, level, onChange, shown } = props
  const asked = askedOn(level, question)
  const others = asked.on === 'answers' ? askedTogether(questions, question).filter((one) => one !== question) : []
  const [isTogether, setTogether] = useState(true)
  const names = [question.name, ...(isTogether ? others.map(({ name }) => name) : [])]
  const offered = askableBefore(level, question.name)
  const put = (condition: FormCondition | undefined) => onChange(withCondition(level, names, condition))
  if (asked.on === 'source')
    return (
      <p className="quiet">
        {t('standardsDesk.questions.conditionInSource')} <code>{JSON.stringify(asked.written)}</code>
      </p>
    )
  const begin = () => {
    const [nearest] = offered.toReversed().filter(({ choices }) => choices.length > 0)
    const first = nearest ?? offered.at(-1)
    if (first !== undefined) put([firstTest(first)])
  }
  return (
    <fieldset className="edit-group">
      <legend>{t('standardsDesk.questions.when')}</legend>
      <Radio.Group
        aria-label={t('standardsDesk.questions.whenOf', { name: shown })}
        disabled={isLocked || (asked.on === 'always' && offered.length === 0)}
        value={asked.on}
        onChange={(event) => (event.target.value === 'always' ? put(undefined) : begin())}
        options={[
          { value: 'always', label: t('standardsDesk.questions.always') },
          { value: 'answers', label: t('standardsDesk.questions.onAnswers') },
        ]}
      />
      {asked.on === 'always' && offered.length === 0 ? (
        <span className="quiet">{t('standardsDesk.questions.noneBefore')}</span>
      ) : null}
      {asked.on === 'answers' ? (
        <>
          {others.length === 0 ? null : (
            <Checkbox disabled={isLocked} checked={isTogether} onChange={(event) => setTogether(event.target.checked)}>
              {t('standardsDesk.questions.together', {
                names: others.map(({ title, name }) => title || name).join('、'),
              })}
            </Checkbox>
          )}
          <Tests {...props} condition={asked.condition} offered={offered} onCondition={put} />
        </>
      ) : null}
    </fieldset>
  )
}

type TestsProps = FieldProps & {
  readonly condition: FormCondition
  readonly offered: readonly EditedQuestion[]
  readonly onCondition: (condition: FormCondition) => void
}

/** The answers that it depends on, all of them. */
function Tests({ questions, condition, offered, onCondition, id }: TestsProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const write = (at: number, test: FormTest) => onCondition(condition.map((one, index) => (index === at ? test : one)))
  const taken = new Set(condition.map(({ name }) => name))
  const [fresh] = offered.filter(({ name }) => !taken.has(name)).toReversed()
  return (
    <>
      {condition.map((test, at) => {
        const asked = questions.find(({ name }) => name === test.name)
        const free = offered.filter(({ name }) => name === test.name || !taken.has(name))
        const known = asked === undefined || free.includes(asked) ? free : [...free, asked]
        return (
          <div key={test.name} className="condition-test">
            {at === 0 ? null : <strong>{t('standardsDesk.questions.and')}</strong>}
            <Select
              id={id(`-test-${at}`)}
              aria-label={t('standardsDesk.questions.testQuestion', { number: at + 1 })}
              className="edit-question-choice"
              disabled={isLocked}
              value={test.name}
              showSearch={{ optionFilterProp: 'label' }}
              options={known.map(({ name, title }) => ({ value: name, label: title || name }))}
              onChange={(name: string) => {
                const chosen = known.find((one) => one.name === name)
                if (chosen !== undefined && name !== test.name) write(at, firstTest(chosen))
              }}
            />
            <TestFields test={test} question={asked} id={id(`-test-${at}`)} onChange={(next) => write(at, next)} />
            {condition.length < 2 ? null : (
              <Button
                type="text"
                danger
                icon={<DeleteOutlined />}
                aria-label={t('standardsDesk.questions.testRemove', { number: at + 1 })}
                disabled={isLocked}
                onClick={() => onCondition(condition.filter((_, index) => index !== at))}
              />
            )}
          </div>
        )
      })}
      {fresh === undefined ? null : (
        <Button
          icon={<PlusOutlined />}
          disabled={isLocked}
          onClick={() => onCondition([...condition, firstTest(fresh)])}
        >
          {t('standardsDesk.questions.testAdd')}
        </Button>
      )}
    </>
  )
}
