import { AutoComplete, Checkbox, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { idOf } from '../FieldFindings.tsx'
import { LabelledInput } from '../LabelledInput.tsx'
import { AnswerSettings } from './AnswerSettings.tsx'
import { ChoicesField } from './ChoicesField.tsx'
import { ConditionField } from './ConditionField.tsx'
import { type QuestionChange, withQuestion } from './form-edit.ts'
import { pointerOfQuestion } from './form-reading.ts'
import { isChoiceKind, questionKinds } from './kinds.ts'
import { NameField } from './NameField.tsx'
import type { CardProps } from './QuestionCard.tsx'

/** What the fields of a question share: where they write, and what their controls are called. */
export type FieldProps = CardProps & {
  readonly put: (change: QuestionChange) => void
  readonly id: (part: string) => string
}

/** Everything that can be written of a question, its kind's own settings in the middle. */
export function QuestionFields(props: CardProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { question, level, onChange, isTop, schemaAt, Columns } = props
  const own: FieldProps = {
    ...props,
    put: (change) => onChange(withQuestion(level, question.name, change)),
    id: (part) => `${idOf(pointerOfQuestion(schemaAt, question))}${part}`,
  }
  const { put, id } = own
  if (question.isInSource) return <p className="quiet">{t('standardsDesk.questions.inSource')}</p>
  return (
    <div className="question-fields">
      <LabelledInput
        id={id('')}
        label={t(isTop ? 'standardsDesk.questions.title' : 'standardsDesk.questions.columnTitle')}
        value={question.title}
        onChange={(title) => put({ title })}
      />
      <div className="edit-pair">
        <div className="edit-field">
          <label htmlFor={id('-kind')}>{t('standardsDesk.questions.kind')}</label>
          <KindField {...own} />
        </div>
        <Checkbox
          disabled={isLocked}
          checked={question.isRequired}
          onChange={(event) => put({ isRequired: event.target.checked })}
        >
          {t('standardsDesk.questions.required')}
        </Checkbox>
      </div>
      {question.kind === 'other' ? <p className="quiet">{t('standardsDesk.questions.kindInSource')}</p> : null}
      {isChoiceKind(question.kind) ? <ChoicesField {...own} /> : null}
      {question.kind === 'table' && Columns !== undefined ? <Columns {...own} /> : null}
      <AnswerSettings {...own} />
      {isTop ? <ConditionField {...own} /> : null}
      <Words {...own} />
      <NameField {...own} />
    </div>
  )
}

function KindField({ question, isTop, put, id }: FieldProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const offered = questionKinds.filter((kind) => isTop || (kind !== 'table' && kind !== 'signature'))
  const isFixed = question.kind === 'other'
  return (
    <Select
      id={id('-kind')}
      disabled={isLocked || isFixed}
      value={question.kind}
      listHeight={400}
      onChange={(kind) => {
        if (kind !== 'other') put({ kind })
      }}
      options={(isFixed ? [question.kind] : offered).map((kind) => ({
        value: kind,
        label: t(`standardsDesk.questions.kinds.${kind}`),
      }))}
    />
  )
}

/** Where it stands in the form and what stands beside it. A cell of a table has no room for either. */
function Words({ question, questions, isTop, put, id }: FieldProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  if (!isTop) return null
  const groups = [...new Set(questions.map(({ group }) => group))].filter((group) => group !== '')
  return (
    <>
      <div className="edit-pair">
        <div className="edit-field">
          <label htmlFor={id('-group')}>{t('standardsDesk.questions.group')}</label>
          <AutoComplete
            id={id('-group')}
            disabled={isLocked}
            value={question.group}
            options={groups.map((value) => ({ value }))}
            onChange={(group: string) => put({ group })}
          />
        </div>
        <LabelledInput
          id={id('-placeholder')}
          label={t('standardsDesk.questions.placeholder')}
          value={question.placeholder}
          onChange={(placeholder) => put({ placeholder })}
        />
      </div>
      <LabelledInput
        id={id('-help')}
        label={t('standardsDesk.questions.help')}
        value={question.help}
        onChange={(help) => put({ help })}
      />
      <Checkbox
        disabled={isLocked}
        checked={question.isWide}
        onChange={(event) => put({ isWide: event.target.checked })}
      >
        {t('standardsDesk.questions.wide')}
      </Checkbox>
    </>
  )
}
