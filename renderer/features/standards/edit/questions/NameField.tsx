import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LabelledInput } from '../LabelledInput.tsx'
import type { FieldProps } from './QuestionFields.tsx'
import { nameFault } from './rename.ts'

/** The name under which an answer is kept: free while the question is new, fixed once drafts have answers under it. */
export function NameField({ question, level, namesBefore, onRename, id, isTop }: FieldProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(question.name)
  const isInForce = namesBefore.has(question.name)
  const fault = nameFault(level, question.name, typed)
  const leave = () => {
    if (fault === undefined && typed !== question.name) onRename(question.name, typed)
  }
  return (
    <LabelledInput
      id={id('-name')}
      label={t('standardsDesk.questions.name')}
      className="question-key"
      isDisabled={isInForce}
      value={isInForce ? question.name : typed}
      onChange={setTyped}
      // It is taken when it is left: half a name would be a name too.
      onLeave={leave}
    >
      <span className={fault === undefined || isInForce ? 'quiet' : 'edit-fault'} role="status">
        {isInForce
          ? t(isTop ? 'standardsDesk.questions.nameInForce' : 'standardsDesk.questions.columnInForce')
          : t(`standardsDesk.questions.nameSaid.${fault ?? 'free'}`)}
      </span>
    </LabelledInput>
  )
}
