import { Checkbox, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { type JsonValue, plainText } from '../json-edit.ts'
import { LabelledInput, LabelledNumber } from '../LabelledInput.tsx'
import { PatternField } from './PatternField.tsx'
import type { FieldProps } from './QuestionFields.tsx'

const bounds = {
  text: ['minLength', 'maxLength'],
  textarea: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum'],
  several: ['minItems', 'maxItems'],
  table: ['minItems', 'maxItems'],
} as const
type BoundedKind = keyof typeof bounds
const isBounded = (kind: string): kind is BoundedKind => Object.hasOwn(bounds, kind)

/** What an answer of its kind may be: bounds, the way a text is written, what stands there at first. */
export function AnswerSettings(props: FieldProps) {
  const { question } = props
  const { kind } = question
  return (
    <>
      {isBounded(kind) ? <Bounds {...props} kind={kind} /> : null}
      {kind === 'text' || kind === 'textarea' ? <PatternField {...props} /> : null}
      <StartField {...props} />
    </>
  )
}

function Bounds({ question, put, id, kind }: FieldProps & { readonly kind: BoundedKind }) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  return (
    <div className="edit-pair">
      {bounds[kind].map((keyword) => (
        <LabelledNumber
          key={keyword}
          id={id(`-${keyword}`)}
          label={t(`standardsDesk.questions.bounds.${keyword}`)}
          value={question.property[keyword]}
          onChange={(value) => put({ keywords: { [keyword]: value } })}
        />
      ))}
      {kind === 'number' ? (
        <Checkbox
          disabled={isLocked}
          checked={question.property.type === 'integer'}
          onChange={(event) => put({ keywords: { type: event.target.checked ? 'integer' : 'number' } })}
        >
          {t('standardsDesk.questions.whole')}
        </Checkbox>
      ) : null}
    </div>
  )
}

/** What stands there before anybody answers. */
function StartField({ question, put, id, isTop }: FieldProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { kind, choices, property } = question
  const start = property.default
  const label = t('standardsDesk.questions.start')
  const write = (value: JsonValue | undefined) => put({ keywords: { default: value } })
  if (!isTop) return null
  if (kind === 'text' || kind === 'textarea')
    return (
      <LabelledInput
        id={id('-start')}
        label={label}
        value={typeof start === 'string' ? start : ''}
        onChange={(text) => write(text === '' ? undefined : text)}
      />
    )
  if (kind === 'number') return <LabelledNumber id={id('-start')} label={label} value={start} onChange={write} />
  if (kind !== 'radio' && kind !== 'select') return null
  const none = '\u0000'
  return (
    <div className="edit-field">
      <label htmlFor={id('-start')}>{label}</label>
      <Select
        id={id('-start')}
        disabled={isLocked}
        value={start === undefined ? none : plainText(start)}
        onChange={(chosen: string) => write(choices.find(({ value }) => String(value) === chosen)?.value)}
        options={[
          { value: none, label: t('standardsDesk.questions.startNone') },
          ...choices.map(({ value, title }) => ({ value: String(value), label: title })),
        ]}
      />
    </div>
  )
}
