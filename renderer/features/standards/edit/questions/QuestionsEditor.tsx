// Owns: the questions of a form as the administrator writes them: a list, one of them open, conditions and tables of rows in it.
// Does not own: what stands for them in JSON Schema (form-reading.ts, form-edit.ts, kinds.ts, condition-edit.ts).
// Start here: `QuestionsEditor`.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { FieldFindings } from '../FieldFindings.tsx'
import { listOf, objectOf } from '../json-edit.ts'
import { questionsIn } from './form-reading.ts'
import { pointerOfQuestion, QuestionList } from './QuestionList.tsx'
import { withRenamedQuestion } from './rename.ts'
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
  const places = questionsIn(form).map((question) => pointerOfQuestion(['form', 'schema'], question))
  const loose = findings.filter(
    ({ pointer }) => pointer.startsWith('/form') && !places.some((place) => pointer.startsWith(place)),
  )
  return (
    <section className="edit-list" data-pointer="/form" aria-label={t('standardsDesk.edit.part.form')}>
      {[...new Set(loose.map(({ pointer }) => pointer))].map((pointer) => (
        <FieldFindings key={pointer} pointer={pointer} />
      ))}
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
      />
      {listOf(value.conditions).length === 0 ? null : <p className="quiet">{t('standardsDesk.questions.rulesToo')}</p>}
    </section>
  )
}
