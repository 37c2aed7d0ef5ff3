import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { textOf } from '../json-edit.ts'
import { fitsPattern, patternChoices } from './patterns.ts'
import type { FieldProps } from './QuestionFields.tsx'

const none = ''
const own = 'own'

/** How a text must be written: one of the usual ways, or a pattern of one's own, with a field to try an example. */
export function PatternField({ question, put, id }: FieldProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const pattern = textOf(question.property.pattern)
  const { maxLength } = question.property
  const longest = typeof maxLength === 'number' ? maxLength : Number.NaN
  const [isOwn, setOwn] = useState(false)
  const usual = patternChoices.find((one) => one.pattern === pattern)
  const chosen = pattern === '' && !isOwn ? none : isOwn || usual === undefined ? own : usual.key
  const write = (next: string) => put({ keywords: { pattern: next === '' ? undefined : next } })
  const choose = (key: string) => {
    setOwn(key === own)
    if (key !== own) write(patternChoices.find((one) => one.key === key)?.pattern ?? '')
  }
  return (
    <div className="edit-pair">
      <div className="edit-field">
        <label htmlFor={id('-way')}>{t('standardsDesk.questions.pattern')}</label>
        <Select
          id={id('-way')}
          disabled={isLocked}
          value={chosen}
          onChange={choose}
          options={[
            { value: none, label: t('standardsDesk.questions.patterns.none') },
            ...patternChoices.map(({ key }) => ({ value: key, label: t(`standardsDesk.questions.patterns.${key}`) })),
            { value: own, label: t('standardsDesk.questions.patterns.own') },
          ]}
        />
      </div>
      {chosen === own ? (
        <div className="edit-field">
          <label htmlFor={id('-pattern')}>{t('standardsDesk.questions.patternOwn')}</label>
          <Input
            id={id('-pattern')}
            className="question-key"
            spellCheck={false}
            disabled={isLocked}
            placeholder="^[A-Z][0-9]{8}$"
            value={pattern}
            onChange={(event) => write(event.target.value)}
          />
        </div>
      ) : null}
      {pattern === '' ? null : <TryOut id={id('-try')} pattern={pattern} longest={longest} />}
    </div>
  )
}

/** An example, and whether it fits. Nothing of it is kept. */
function TryOut({ id, pattern, longest }: { readonly id: string; readonly pattern: string; readonly longest: number }) {
  const { t } = useTranslation()
  const [example, setExample] = useState('')
  const said = fitsPattern(pattern, example, longest)
  return (
    <div className="edit-field">
      <label htmlFor={id}>{t('standardsDesk.questions.try')}</label>
      <Input id={id} spellCheck={false} value={example} onChange={(event) => setExample(event.target.value)} />
      {example === '' && said !== 'refused' ? null : (
        <span className={said === 'fits' ? 'edit-good' : 'edit-fault'} role="status">
          {said === 'fits' ? <CheckCircleFilled aria-hidden="true" /> : <CloseCircleFilled aria-hidden="true" />}{' '}
          {t(`standardsDesk.questions.tried.${said}`)}
        </span>
      )}
    </div>
  )
}
