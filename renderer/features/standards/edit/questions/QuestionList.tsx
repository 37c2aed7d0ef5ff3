import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ComponentType, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { idOf } from '../FieldFindings.tsx'
import type { Path } from '../json-edit.ts'
import { RemovedLine, useRemoval } from '../Removed.tsx'
import { withCopyOf, withNewQuestion, withoutQuestion, withQuestionMoved } from './form-edit.ts'
import { type EditedQuestion, type Level, pointerOfQuestion, questionsIn } from './form-reading.ts'
import { QuestionCard } from './QuestionCard.tsx'
import type { FieldProps } from './QuestionFields.tsx'

/** Where a list of questions stands, and what happens when it changes. */
export type LevelProps = {
  readonly level: Level
  /** Where all of it stands in the document: what taking a question away is undone in. */
  readonly root: Path
  readonly schemaAt: Path
  readonly uiAt: Path
  /** New questions are named by it and a number. */
  readonly stem: string
  /** Names that the version in force has. */
  readonly namesBefore: ReadonlySet<string>
  readonly onChange: (next: Level) => void
  readonly onRename: (from: string, to: string) => void
  /** The form's own questions; otherwise columns of a table. */
  readonly isTop: boolean
  /** How the columns of a table among them are drawn; none where there is no table in a table. */
  readonly Columns?: ComponentType<FieldProps>
}

/** Questions one below the other, one of them open; new ones, copies, another order, taking one away. */
export function QuestionList(props: LevelProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const [open, setOpen] = useState<string | null>(null)
  const { level, onChange, stem, isTop, schemaAt } = props
  const questions = questionsIn(level)
  const removal = useRemoval(props.root)
  /** Opens a question that was just made and goes into its words. */
  const enter = (next: Level, name: string) => {
    onChange(next)
    setOpen(name)
    const made = questionsIn(next).find((one) => one.name === name)
    if (made !== undefined)
      requestAnimationFrame(() => document.getElementById(idOf(pointerOfQuestion(schemaAt, made)))?.focus())
  }
  const addBehind = (after?: string) => {
    const made = withNewQuestion(level, after === undefined ? { stem } : { stem, after })
    enter(made.level, made.name)
  }
  const takeAway = (question: EditedQuestion, shown: string) => {
    if (isTop) removal.remove(shown, withoutQuestion(level, question.name))
    else onChange(withoutQuestion(level, question.name))
  }
  return (
    <>
      <ol className="question-list">
        {questions.map((question, at) => {
          const shown = question.title || t('standardsDesk.edit.unnamed', { number: at + 1 })
          return (
            <QuestionCard
              key={question.name}
              {...props}
              questions={questions}
              question={question}
              shown={shown}
              at={at}
              isOpen={open === question.name}
              onRename={(from, to) => {
                props.onRename(from, to)
                setOpen(to)
              }}
              onOpen={(isOpen) => setOpen(isOpen ? question.name : null)}
              onMove={(by) => onChange(withQuestionMoved(level, question.name, by))}
              onCopy={() => {
                const made = withCopyOf(level, question.name)
                enter(made.level, made.name)
              }}
              onRemove={() => takeAway(question, shown)}
              onAddBehind={() => addBehind(question.name)}
            />
          )
        })}
      </ol>
      {isTop ? <RemovedLine offer={removal.offer} /> : null}
      <Button icon={<PlusOutlined />} onClick={() => addBehind()} disabled={isLocked}>
        {t(isTop ? 'standardsDesk.questions.add' : 'standardsDesk.questions.addColumn')}
      </Button>
    </>
  )
}
