import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { objectOf, textOf } from '../json-edit.ts'
import { LabelledInput } from '../LabelledInput.tsx'
import { rowsOf, withRows } from './form-edit.ts'
import { questionsIn } from './form-reading.ts'
import type { FieldProps } from './QuestionFields.tsx'
import { QuestionList } from './QuestionList.tsx'
import { withRenamed } from './rename.ts'

/** The columns of a table, each a question of every row, and the words of the button that adds a row. */
export function TableColumns(props: FieldProps) {
  const { t } = useTranslation()
  const { before } = useEditor()
  const { question, level, onChange, put, id, root, schemaAt, uiAt } = props
  const rows = rowsOf(question)
  const namesBefore = useMemo(() => {
    const old = questionsIn(objectOf(before?.form)).find(({ name }) => name === question.name)
    return new Set(old === undefined ? [] : questionsIn(rowsOf(old)).map(({ name }) => name))
  }, [before, question.name])
  return (
    <fieldset className="edit-group" aria-label={t('standardsDesk.questions.columnsOf', { name: props.shown })}>
      <legend>{t('standardsDesk.questions.columns')}</legend>
      <QuestionList
        level={rows}
        root={root}
        schemaAt={[...schemaAt, ...question.home, 'properties', question.name, 'items']}
        uiAt={[...uiAt, question.name, 'items']}
        stem="column"
        namesBefore={namesBefore}
        onChange={(next) => onChange(withRows(level, question.name, next))}
        onRename={(from, to) => onChange(withRows(level, question.name, withRenamed(rows, from, to)))}
        isTop={false}
      />
      <LabelledInput
        id={id('-add')}
        label={t('standardsDesk.questions.addLabel')}
        value={textOf(objectOf(question.look['ui:options']).addLabel)}
        onChange={(addLabel) => put({ addLabel })}
      />
    </fieldset>
  )
}
