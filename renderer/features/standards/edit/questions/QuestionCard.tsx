import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  BranchesOutlined,
  CopyOutlined,
  DeleteOutlined,
  DownOutlined,
  PlusOutlined,
  RightOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { conditionInWords } from '../../../../../preload/contract/standards/form-conditions.ts'
import { useEditor } from '../editor-ground.ts'
import { FieldFindings } from '../FieldFindings.tsx'
import { pointerOf } from '../json-edit.ts'
import { askedOn, type EditedQuestion, pointerOfQuestion, propertiesByName } from './form-reading.ts'
import { QuestionFields } from './QuestionFields.tsx'
import type { LevelProps } from './QuestionList.tsx'

/** What a question's card knows beside its level. */
export type CardProps = LevelProps & {
  readonly questions: readonly EditedQuestion[]
  readonly question: EditedQuestion
  /** What it is called: its words, or its number. */
  readonly shown: string
  readonly at: number
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
  readonly onMove: (by: -1 | 1) => void
  readonly onCopy: () => void
  readonly onRemove: () => void
  readonly onAddBehind: () => void
}

/** One question: a line that tells it, its fields when it is open, what is wrong with it in any case. */
export function QuestionCard(props: CardProps) {
  const { t } = useTranslation()
  const { isLocked, findings } = useEditor()
  const { question, shown, at, isOpen, schemaAt, uiAt } = props
  const place = pointerOfQuestion(schemaAt, question)
  const look = pointerOf([...uiAt, question.name])
  const own = findings.filter(({ pointer }) =>
    [place, look].some((one) => pointer === one || pointer.startsWith(`${one}/`)),
  )
  return (
    <li className="question-card" data-pointer={place} data-open={isOpen}>
      <div className="question-line">
        <button
          type="button"
          className="question-name"
          aria-expanded={isOpen}
          aria-label={t('standardsDesk.questions.open', { name: shown })}
          onClick={() => props.onOpen(!isOpen)}
        >
          {isOpen ? <DownOutlined aria-hidden="true" /> : <RightOutlined aria-hidden="true" />}
          <span>
            <strong>
              {at + 1}. {shown}
            </strong>{' '}
            <span className="quiet">
              {t(`standardsDesk.questions.kinds.${question.kind}`)}
              {question.isRequired ? ` · ${t('standardsDesk.questions.required')}` : ''}
            </span>
            <AskedLine {...props} />
          </span>
        </button>
        <Steps {...props} isLocked={isLocked} />
      </div>
      {[...new Set(own.map(({ pointer }) => pointer))].map((pointer) => (
        <FieldFindings key={pointer} pointer={pointer} />
      ))}
      {isOpen ? <QuestionFields {...props} /> : null}
      {isOpen ? (
        <Button className="question-next" icon={<PlusOutlined />} disabled={isLocked} onClick={props.onAddBehind}>
          {t('standardsDesk.questions.addBehind')}
        </Button>
      ) : null}
    </li>
  )
}

/** On which answers it is asked, where it is not always. */
function AskedLine({ level, question, questions }: CardProps) {
  const { t } = useTranslation()
  const asked = askedOn(level, question)
  if (asked.on === 'always') return null
  const words =
    asked.on === 'source'
      ? t('standardsDesk.questions.askedInSource')
      : conditionInWords(asked.condition, propertiesByName(questions))
  return (
    <span className="question-asked">
      <BranchesOutlined aria-hidden="true" /> {t('standardsDesk.questions.askedOnly', { words })}
    </span>
  )
}

function Steps({
  shown,
  at,
  questions,
  question,
  isLocked,
  onMove,
  onCopy,
  onRemove,
}: CardProps & { readonly isLocked: boolean }) {
  const { t } = useTranslation()
  /** The card goes to its new place with its button, and the focus with it. */
  const move = (by: -1 | 1) => (event: MouseEvent<HTMLElement>) => {
    const button = event.currentTarget
    onMove(by)
    requestAnimationFrame(() => button.focus())
  }
  return (
    <span className="question-steps">
      <Button
        type="text"
        icon={<ArrowUpOutlined />}
        aria-label={t('standardsDesk.edit.up', { name: shown })}
        disabled={isLocked || at === 0}
        onClick={move(-1)}
      />
      <Button
        type="text"
        icon={<ArrowDownOutlined />}
        aria-label={t('standardsDesk.edit.down', { name: shown })}
        disabled={isLocked || at === questions.length - 1}
        onClick={move(1)}
      />
      <Button
        type="text"
        icon={<CopyOutlined />}
        aria-label={t('standardsDesk.questions.copy', { name: shown })}
        disabled={isLocked || question.isInSource}
        onClick={onCopy}
      />
      <Button
        type="text"
        danger
        icon={<DeleteOutlined />}
        aria-label={t('standardsDesk.edit.remove', { name: shown })}
        disabled={isLocked || question.isInSource}
        onClick={onRemove}
      />
    </span>
  )
}
