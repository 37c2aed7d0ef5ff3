import { Checkbox, Input, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { DateField } from '../../DateField.tsx'
import { useEditor } from '../editor-ground.ts'
import { numberFrom } from '../json-edit.ts'
import type { EditedQuestion } from '../questions/form-reading.ts'
import type { NodeProps } from './NodeEditor.tsx'
import type { Operand } from './rule-tree.ts'
import { aboutKind, aboutOf, choicesOf, type SimpleNode } from './rule-ways.ts'

/** With what something is compared: a value, a choice, several of them, another answer. */
export function ValueFields({ node, id, questions, onChange }: NodeProps<SimpleNode>) {
  const { t } = useTranslation()
  switch (node.kind) {
    case 'filled':
      return null
    case 'among':
      return <Several node={node} id={id} questions={questions} onChange={onChange} />
    case 'ticked':
      return (
        <OneValue
          id={`${id}-value`}
          about={node.about}
          value={typeof node.value === 'object' ? '' : node.value}
          questions={questions}
          onChange={(value) => onChange({ ...node, value })}
        />
      )
    case 'between':
      return (['low', 'high'] as const).map((bound) => {
        const now = node[bound]
        return (
          <span key={bound} className="edit-literal">
            {bound === 'high' ? t('standardsDesk.rules.upTo') : null}
            <OneValue
              id={`${id}-${bound}`}
              about={node.about}
              value={now.is === 'value' ? now.value : ''}
              questions={questions}
              onChange={(value) => onChange({ ...node, [bound]: { is: 'value', value } })}
            />
          </span>
        )
      })
    case 'compare':
      return <Compared node={node} id={id} questions={questions} onChange={onChange} />
  }
}

/** A value of its own, or what another answer says. */
function Compared({ node, id, questions, onChange }: NodeProps<Extract<SimpleNode, { kind: 'compare' }>>) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { left, right } = node
  const kind = aboutKind(left, questions)
  const others = questions.filter(
    ({ name }) => (left.is !== 'answer' || name !== left.name) && aboutKind({ is: 'answer', name }, questions) === kind,
  )
  const write = (next: Operand) => onChange({ ...node, right: next })
  const canBeOther = ['number', 'date', 'text'].includes(kind) && (others.length > 0 || kind === 'date')
  const key = right.is === 'answer' ? `answers.${right.name}` : right.is
  return (
    <>
      {canBeOther || right.is !== 'value' ? (
        <Select
          aria-label={t('standardsDesk.rules.with')}
          className="condition-way"
          disabled={isLocked}
          value={key}
          showSearch={{ optionFilterProp: 'label' }}
          options={[
            { value: 'value', label: t('standardsDesk.rules.ownValue') },
            ...(kind === 'date' || right.is === 'today'
              ? [{ value: 'today', label: t('standardsDesk.rules.today') }]
              : []),
            ...others.map(({ name, title }) => ({
              value: `answers.${name}`,
              label: t('standardsDesk.rules.answerOf', { title: title || name }),
            })),
          ]}
          onChange={(next: string) => {
            if (next === 'value') write({ is: 'value', value: kind === 'number' ? 0 : '' })
            else if (next === 'today') write({ is: 'today' })
            else write({ is: 'answer', name: next.slice(8) })
          }}
        />
      ) : null}
      {right.is === 'value' ? (
        <OneValue
          id={`${id}-value`}
          about={left}
          value={right.value}
          questions={questions}
          onChange={(value) => write({ is: 'value', value })}
        />
      ) : null}
    </>
  )
}

type Plain = string | number | boolean

/** One value as its kind is written: a choice, yes or no, a date, a number, a text. */
function OneValue({
  id,
  about,
  value,
  questions,
  onChange,
}: {
  readonly id: string
  readonly about: Operand
  readonly value: Plain
  readonly questions: readonly EditedQuestion[]
  readonly onChange: (value: Plain) => void
}) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const kind = aboutKind(about, questions)
  const label = t('standardsDesk.rules.value')
  const values = choicesOf(about, questions)
  if (values.length > 0) {
    const options = optionsOf(about, questions)
    const known = options.some((one) => one.value === String(value))
    return (
      <Select
        id={id}
        aria-label={label}
        className="condition-way"
        disabled={isLocked}
        value={String(value)}
        options={known ? options : [...options, { value: String(value), label: String(value) }]}
        onChange={(next: string) => onChange(values.find((one) => String(one) === next) ?? next)}
      />
    )
  }
  if (kind === 'yesNo')
    return (
      <Radio.Group
        aria-label={label}
        disabled={isLocked}
        value={value === true}
        onChange={(event) => onChange(event.target.value === true)}
        options={[
          { value: true, label: t('standardsDesk.edit.yes') },
          { value: false, label: t('standardsDesk.edit.no') },
        ]}
      />
    )
  if (kind === 'date')
    return (
      <span className="edit-literal">
        <label className="visually-hidden" htmlFor={id}>
          {label}
        </label>
        <DateField id={id} disabled={isLocked} value={String(value)} onChange={onChange} />
      </span>
    )
  const isNumber = kind !== 'text' || typeof value === 'number'
  return (
    <Input
      id={id}
      aria-label={label}
      className={isNumber ? 'edit-number' : 'edit-question-choice'}
      {...(isNumber ? { inputMode: 'numeric' as const } : {})}
      disabled={isLocked}
      value={String(value)}
      onChange={(event) => onChange(isNumber ? (numberFrom(event.target.value) ?? '') : event.target.value)}
    />
  )
}

function optionsOf(about: Operand, questions: readonly EditedQuestion[]) {
  const question = about.is === 'answer' ? questions.find(({ name }) => name === about.name) : undefined
  return (question?.choices ?? []).map(({ value, title }) => ({ value: String(value), label: title || String(value) }))
}

/** One of several values: ticked where there is a list, typed otherwise. */
function Several({ node, id, questions, onChange }: NodeProps<Extract<SimpleNode, { kind: 'among' }>>) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const label = t('standardsDesk.rules.values')
  const options = optionsOf(aboutOf(node), questions)
  const values = choicesOf(node.about, questions)
  if (options.length === 0)
    return (
      <Input
        id={`${id}-values`}
        aria-label={label}
        className="edit-question-choice"
        disabled={isLocked}
        value={node.values.map(String).join('、')}
        onChange={(event) => onChange({ ...node, values: event.target.value.split('、') })}
      />
    )
  const gone = node.values.filter((value) => !values.some((one) => one === value))
  return (
    <Checkbox.Group
      aria-label={label}
      disabled={isLocked}
      value={node.values.map(String)}
      options={[...options, ...gone.map((value) => ({ value: String(value), label: String(value) }))]}
      onChange={(ticked) =>
        onChange({ ...node, values: [...values, ...gone].filter((value) => ticked.includes(String(value))) })
      }
    />
  )
}
