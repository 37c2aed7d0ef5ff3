import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from './editor-ground.ts'
import { FieldFindings, idOf } from './FieldFindings.tsx'
import { topQuestions } from './form-edit.ts'
import { objectOf, type Path, pointerOf, valueAt, withValueAt } from './json-edit.ts'
import { ageRule, answerRule, literalFrom, literalsOf } from './rule-edit.ts'

/** A condition's rule: told in words, its values to be changed, the usual ones to be added. Others are written in the source. */
export function RuleEditor({ path, label }: { readonly path: Path; readonly label: string }) {
  const { t } = useTranslation()
  const { value: root, change, rules, isLocked } = useEditor()
  const rule = valueAt(root, path)
  const pointer = pointerOf(path)
  const words = rules[Number(path[1])] ?? ''
  return (
    <fieldset className="edit-rule" data-pointer={pointer}>
      <legend>
        {t('standardsDesk.edit.rule')} <span className="visually-hidden">{label}</span>
      </legend>
      {rule === undefined ? <p className="quiet">{t('standardsDesk.edit.ruleNone')}</p> : <p>{words}</p>}
      {literalsOf(rule).map((literal, at) => (
        <span key={pointerOf(literal.path)} className="edit-literal">
          <label htmlFor={`${idOf(pointer)}-${at}`}>{t('standardsDesk.edit.ruleValue', { number: at + 1 })}</label>
          <Input
            id={`${idOf(pointer)}-${at}`}
            className="edit-number"
            disabled={isLocked}
            value={String(literal.value)}
            onChange={(event) =>
              change(path, withValueAt(rule, literal.path, literalFrom(event.target.value, literal.value)))
            }
          />
        </span>
      ))}
      <FieldFindings pointer={pointer} />
      {rule === undefined ? (
        <NewRule path={path} />
      ) : (
        <Button disabled={isLocked} onClick={() => change(path, undefined)}>
          {t('standardsDesk.edit.ruleDrop')}
        </Button>
      )}
    </fieldset>
  )
}

function NewRule({ path }: { readonly path: Path }) {
  const { t } = useTranslation()
  const { value: root, change, isLocked } = useEditor()
  const [isAsking, setAsking] = useState(false)
  const questions = topQuestions(objectOf(root.form)).filter(({ isConditional }) => !isConditional)
  return (
    <span className="edit-new-rule" id={idOf(pointerOf(path))}>
      <Button disabled={isLocked} onClick={() => change(path, ageRule('>=', 60))}>
        {t('standardsDesk.edit.ruleAge')}
      </Button>
      <Button disabled={isLocked} onClick={() => change(path, ageRule('<', 60))}>
        {t('standardsDesk.edit.ruleUnder')}
      </Button>
      <Button disabled={isLocked} onClick={() => setAsking(true)}>
        {t('standardsDesk.edit.ruleAnswer')}
      </Button>
      {isAsking ? (
        <Select
          autoFocus
          defaultOpen
          className="edit-question-choice"
          aria-label={t('standardsDesk.edit.ruleQuestion')}
          placeholder={t('standardsDesk.edit.ruleQuestion')}
          options={questions.map(({ name, title }) => ({ value: name, label: title }))}
          onChange={(name: string) => {
            const first = questions.find((one) => one.name === name)?.choices[0]?.value ?? ''
            change(path, answerRule(name, first))
          }}
        />
      ) : null}
    </span>
  )
}
