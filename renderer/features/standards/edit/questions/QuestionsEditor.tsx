// Owns: the questions of a form as the administrator writes them: a list, one of them open, conditions and tables of rows in it.
// Does not own: what stands for them in JSON Schema (form-reading.ts, form-edit.ts, kinds.ts, condition-edit.ts).
// Start here: `QuestionsEditor`.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { FieldFindings } from '../FieldFindings.tsx'
import { listOf, objectOf, pointerOf, textOf } from '../json-edit.ts'
import { LabelledInput } from '../LabelledInput.tsx'
import { ApplicantFields } from './ApplicantFields.tsx'
import { pointerOfQuestion, questionsIn } from './form-reading.ts'
import { QuestionList } from './QuestionList.tsx'
import { withRenamedQuestion } from './rename.ts'
import { TableColumns } from './TableColumns.tsx'
import './questions.css'

/** The form's questions one below the other: what is asked, how it is answered, on which answers of others. */
export function QuestionsEditor() {
  const { t } = useTranslation()
  const { value, before, change, changeWhole, findings } = useEditor()
  const form = objectOf(value.form)
  const namesBefore = useMemo(
    () => new Set(questionsIn(objectOf(before?.form)).map(({ name }) => name)),
    [before?.form],
  )
  const shown = [
    ...questionsIn(form).flatMap((question) => [
      pointerOfQuestion(['form', 'schema'], question),
      pointerOf(['form', 'ui', question.name]),
    ]),
    ...['name', 'idNumber', 'phone'].map((part) => pointerOf(['form', 'applicant', part])),
  ]
  const loose = findings
    .map(({ pointer }) => pointer)
    .filter((pointer) => pointer === '/form' || pointer.startsWith('/form/'))
    .filter((pointer) => !shown.some((place) => pointer === place || pointer.startsWith(`${place}/`)))
  return (
    <section className="edit-list" data-pointer="/form" aria-label={t('standardsDesk.edit.part.form')}>
      {[...new Set(loose)].map((pointer) => (
        <FieldFindings key={pointer} pointer={pointer} />
      ))}
      <LabelledInput
        id="edit-form-title"
        label={t('standardsDesk.questions.formTitle')}
        value={textOf(objectOf(form.schema).title)}
        onChange={(title) => change(['form', 'schema', 'title'], title === '' ? undefined : title)}
      />
      <QuestionList
        level={form}
        root={['form']}
        schemaAt={['form', 'schema']}
        uiAt={['form', 'ui']}
        stem="question"
        namesBefore={namesBefore}
        onChange={(next) => change(['form'], next)}
        onRename={(from, to) => changeWhole(withRenamedQuestion(value, from, to))}
        isTop
        Columns={TableColumns}
      />
      <ApplicantFields form={form} />
      {listOf(value.conditions).length === 0 ? null : <p className="quiet">{t('standardsDesk.questions.rulesToo')}</p>}
    </section>
  )
}
