import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useEditor } from './editor-ground.ts'
import { FieldFindings, idOf } from './FieldFindings.tsx'
import {
  choicesFrom,
  questionKinds,
  type TopQuestion,
  topQuestions,
  withNewQuestion,
  withoutQuestion,
  withQuestion,
  withQuestionMoved,
} from './form-edit.ts'
import { objectOf, pointerOf } from './json-edit.ts'
import { LinesField } from './LinesField.tsx'

/** The form's questions one below the other: what is asked, how it is answered, what may be chosen. */
export function QuestionsEditor() {
  const { t } = useTranslation()
  const { value, change, isLocked, findings } = useEditor()
  const form = objectOf(value.form)
  const questions = topQuestions(form)
  const add = () => {
    const made = withNewQuestion(form, '')
    change(['form'], made.form)
    requestAnimationFrame(() => document.getElementById(idOf(placeOf(made.name)))?.focus())
  }
  const loose = findings.filter(
    ({ pointer }) => pointer.startsWith('/form') && !questions.some(({ name }) => pointer.startsWith(placeOf(name))),
  )
  return (
    <section className="edit-list" data-pointer="/form" aria-label={t('standardsDesk.edit.part.form')}>
      {[...new Set(loose.map(({ pointer }) => pointer))].map((pointer) => (
        <FieldFindings key={pointer} pointer={pointer} />
      ))}
      {questions.map((question, at) => (
        <OneQuestion key={question.name} question={question} at={at} count={questions.length} />
      ))}
      <Button icon={<PlusOutlined />} onClick={add} disabled={isLocked}>
        {t('standardsDesk.edit.questionAdd')}
      </Button>
    </section>
  )
}

const placeOf = (name: string): string => pointerOf(['form', 'schema', 'properties', name])

function OneQuestion({
  question,
  at,
  count,
}: {
  readonly question: TopQuestion
  readonly at: number
  readonly count: number
}) {
  const { t } = useTranslation()
  const { value, change, isLocked, findings } = useEditor()
  const form = objectOf(value.form)
  const { name, title } = question
  const shown = title || t('standardsDesk.edit.unnamed', { number: at + 1 })
  const put = (next: Partial<TopQuestion>) => change(['form'], withQuestion(form, name, next))
  const own = findings.filter(
    ({ pointer }) => pointer.startsWith(placeOf(name)) || pointer.startsWith(pointerOf(['form', 'ui', name])),
  )
  return (
    <article className="edit-part" data-pointer={placeOf(name)} aria-label={shown}>
      <header>
        <strong>
          {at + 1}. {shown}
        </strong>
        <span className="grow" />
        <Button
          type="text"
          icon={<ArrowUpOutlined />}
          aria-label={t('standardsDesk.edit.up', { name: shown })}
          disabled={isLocked || at === 0}
          onClick={() => change(['form'], withQuestionMoved(form, name, -1))}
        />
        <Button
          type="text"
          icon={<ArrowDownOutlined />}
          aria-label={t('standardsDesk.edit.down', { name: shown })}
          disabled={isLocked || at === count - 1}
          onClick={() => change(['form'], withQuestionMoved(form, name, 1))}
        />
        <Button
          type="text"
          danger
          icon={<DeleteOutlined />}
          aria-label={t('standardsDesk.edit.remove', { name: shown })}
          disabled={isLocked || question.isConditional}
          onClick={() => change(['form'], withoutQuestion(form, name))}
        />
      </header>
      {[...new Set(own.map(({ pointer }) => pointer))].map((pointer) => (
        <FieldFindings key={pointer} pointer={pointer} />
      ))}
      {question.isConditional ? (
        <p className="quiet">{t('standardsDesk.edit.questionConditional')}</p>
      ) : (
        <QuestionFields question={question} put={put} />
      )}
    </article>
  )
}

function QuestionFields({
  question,
  put,
}: {
  readonly question: TopQuestion
  readonly put: (next: Partial<TopQuestion>) => void
}) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { name, kind, choices } = question
  const id = (part: string) => `${idOf(placeOf(name))}${part}`
  const isFixed = kind === 'table' || kind === 'other'
  return (
    <>
      <div className="edit-field">
        <label htmlFor={id('')}>{t('standardsDesk.edit.questionTitle')}</label>
        <Input
          id={id('')}
          disabled={isLocked}
          value={question.title}
          onChange={(event) => put({ title: event.target.value })}
        />
      </div>
      <div className="edit-pair">
        <div className="edit-field">
          <label htmlFor={id('-kind')}>{t('standardsDesk.edit.questionKind')}</label>
          <Select
            id={id('-kind')}
            disabled={isLocked || isFixed}
            value={kind}
            onChange={(next) => put({ kind: next })}
            options={(isFixed ? [kind] : questionKinds).map((one) => ({
              value: one,
              label: t(`standardsDesk.edit.questionKinds.${one}`),
            }))}
          />
        </div>
        <Checkbox
          disabled={isLocked}
          checked={question.isRequired}
          onChange={(event) => put({ isRequired: event.target.checked })}
        >
          {t('standardsDesk.edit.questionRequired')}
        </Checkbox>
      </div>
      {kind === 'radio' || kind === 'select' ? (
        <div className="edit-field">
          <label htmlFor={id('-choices')}>{t('standardsDesk.edit.questionChoices')}</label>
          <LinesField
            id={id('-choices')}
            disabled={isLocked}
            value={choices.map(({ title }) => title)}
            onChange={(lines) => put({ choices: choicesFrom(lines, choices) })}
          />
        </div>
      ) : null}
      <div className="edit-pair">
        <div className="edit-field">
          <label htmlFor={id('-group')}>{t('standardsDesk.edit.questionGroup')}</label>
          <Input
            id={id('-group')}
            disabled={isLocked}
            value={question.group}
            onChange={(event) => put({ group: event.target.value })}
          />
        </div>
        <div className="edit-field">
          <label htmlFor={id('-help')}>{t('standardsDesk.edit.questionHelp')}</label>
          <Input
            id={id('-help')}
            disabled={isLocked}
            value={question.help}
            onChange={(event) => put({ help: event.target.value })}
          />
        </div>
      </div>
    </>
  )
}
