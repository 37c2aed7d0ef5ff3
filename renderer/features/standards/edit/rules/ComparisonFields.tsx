import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { ruleInWords } from '../../../../../preload/contract/standards/rule-words.ts'
import { useEditor } from '../editor-ground.ts'
import { type EditedQuestion, propertiesByName } from '../questions/form-reading.ts'
import type { NodeProps } from './NodeEditor.tsx'
import { type Operand, writeOperand, writeRule } from './rule-tree.ts'
import { aboutKind, aboutOf, nodeOf, type RuleWay, type SimpleNode, wayOf, waysOf } from './rule-ways.ts'
import { ValueFields } from './ValueFields.tsx'

/** One comparison in a line: what is looked at, how, and with what. */
export function ComparisonFields({ node, id, questions, onChange }: NodeProps<SimpleNode>) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const about = aboutOf(node)
  const kind = aboutKind(about, questions)
  const [way, ways] = [wayOf(node), waysOf(kind)]
  const offered = ways.includes(way) ? ways : [way, ...ways]
  const isSpan = kind === 'age' || kind === 'months'
  // A side that only the source can write, or a comparison that begins with a value, is told and left.
  if (about.is === 'source' || about.is === 'value' || (node.kind === 'compare' && node.right.is === 'source'))
    return (
      <p className="rule-source">
        {ruleInWords(writeRule(node), propertiesByName(questions))}{' '}
        <span className="quiet">{t('standardsDesk.rules.inSource')}</span>
      </p>
    )
  return (
    <div className="rule-line">
      <AboutField
        id={`${id}-about`}
        label={t('standardsDesk.rules.about')}
        about={about}
        questions={questions}
        onChange={(next) => {
          const nextWays = waysOf(aboutKind(next, questions))
          const stays = nextWays.includes(way) && aboutKind(next, questions) === kind && kind !== 'choice'
          onChange(nodeOf(next, stays ? way : (nextWays[0] ?? 'eq'), questions, stays ? node : undefined))
        }}
      />
      {about.is === 'months' ? (
        <MonthsFields
          id={id}
          about={about}
          questions={questions}
          onChange={(next) => onChange(nodeOf(next, way, questions, node))}
        />
      ) : null}
      <Select
        aria-label={t('standardsDesk.rules.way')}
        className="condition-way"
        disabled={isLocked}
        value={way}
        options={offered.map((one) => ({
          value: one,
          label: t(`standardsDesk.rules.${isSpan ? 'spanWays' : kind === 'date' ? 'dateWays' : 'ways'}.${one}`),
        }))}
        onChange={(next: RuleWay) => onChange(nodeOf(about, next, questions, node))}
      />
      <ValueFields node={node} id={id} questions={questions} onChange={onChange} />
      {kind === 'age' ? <span>{t('standardsDesk.rules.years')}</span> : null}
      {kind === 'months' ? <span>{t('standardsDesk.rules.months')}</span> : null}
    </div>
  )
}

const keyOf = (operand: Operand): string => (operand.is === 'answer' ? `answers.${operand.name}` : operand.is)

type AboutProps = {
  readonly id: string
  readonly label: string
  readonly about: Operand
  readonly questions: readonly EditedQuestion[]
  readonly onChange: (about: Operand) => void
}

/** What is looked at: the age, an answer, the months between two dates. */
function AboutField({ id, label, about, questions, onChange }: AboutProps) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const asked = questions.filter(({ kind }) => kind !== 'table' && kind !== 'other' && kind !== 'signature')
  const dates = questions.filter(({ kind }) => kind === 'date')
  const [firstDate] = dates
  const options = [
    { value: 'age', label: t('standardsDesk.rules.age') },
    ...(firstDate === undefined && about.is !== 'months'
      ? []
      : [{ value: 'months', label: t('standardsDesk.rules.monthsBetween') }]),
    ...asked.map(({ name, title }) => ({ value: `answers.${name}`, label: title || name })),
  ]
  const known = options.some(({ value }) => value === keyOf(about))
  return (
    <Select
      id={id}
      aria-label={label}
      className="edit-question-choice"
      disabled={isLocked}
      value={keyOf(about)}
      showSearch={{ optionFilterProp: 'label' }}
      options={known ? options : [...options, { value: keyOf(about), label: keyOf(about) }]}
      onChange={(key: string) => {
        if (key === 'age') onChange({ is: 'age' })
        else if (key === 'months')
          onChange({ is: 'months', from: { is: 'answer', name: firstDate?.name ?? '' }, to: { is: 'today' } })
        else onChange({ is: 'answer', name: key.slice(8) })
      }}
    />
  )
}

/** From which date to which. */
function MonthsFields({
  id,
  about,
  questions,
  onChange,
}: {
  readonly id: string
  readonly about: Extract<Operand, { is: 'months' }>
  readonly questions: readonly EditedQuestion[]
  readonly onChange: (about: Operand) => void
}) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const dates = questions.filter(({ kind }) => kind === 'date')
  const options = [
    ...dates.map(({ name, title }) => ({ value: `answers.${name}`, label: title || name })),
    { value: 'today', label: t('standardsDesk.rules.today') },
  ]
  return (['from', 'to'] as const).map((side) => {
    const now = about[side]
    const shown = ['answer', 'today'].includes(now.is) ? keyOf(now) : JSON.stringify(writeOperand(now))
    const known = options.some(({ value }) => value === shown)
    return (
      <span key={side} className="edit-literal">
        <label htmlFor={`${id}-${side}`}>{t(`standardsDesk.rules.${side}`)}</label>
        <Select
          id={`${id}-${side}`}
          className="condition-way"
          disabled={isLocked}
          value={shown}
          options={known ? options : [...options, { value: shown, label: shown }]}
          onChange={(key: string) => {
            if (key === 'today') onChange({ ...about, [side]: { is: 'today' } })
            else if (key.startsWith('answers.')) onChange({ ...about, [side]: { is: 'answer', name: key.slice(8) } })
          }}
        />
      </span>
    )
  })
}
