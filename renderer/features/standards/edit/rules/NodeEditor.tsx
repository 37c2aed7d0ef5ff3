import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Radio } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ruleInWords } from '../../../../../preload/contract/standards/rule-words.ts'
import { useEditor } from '../editor-ground.ts'
import { type EditedQuestion, propertiesByName } from '../questions/form-reading.ts'
import { ComparisonFields } from './ComparisonFields.tsx'
import { type RuleNode, writeRule } from './rule-tree.ts'
import { nodeOf } from './rule-ways.ts'

/** What every part of a rule's editor is given. */
export type NodeProps<N extends RuleNode = RuleNode> = {
  readonly node: N
  readonly id: string
  readonly questions: readonly EditedQuestion[]
  readonly onChange: (node: RuleNode) => void
}

/** A part of a rule: a comparison in a line, groups and cases with their parts below. */
export function NodeEditor({ node, ...rest }: NodeProps) {
  const { t } = useTranslation()
  switch (node.kind) {
    case 'group':
      return <GroupEditor node={node} {...rest} />
    case 'cases':
      return <CasesEditor node={node} {...rest} />
    case 'not':
      return (
        <div className="rule-part">
          <span>{t('standardsDesk.rules.not')}</span>
          <NodeEditor
            {...rest}
            id={`${rest.id}-not`}
            node={node.part}
            onChange={(part) => rest.onChange({ kind: 'not', part })}
          />
        </div>
      )
    case 'fixed':
      return <FixedEditor node={node} {...rest} />
    case 'source':
      return <InSource node={node} {...rest} />
    default:
      return <ComparisonFields node={node} {...rest} />
  }
}

/** Several parts: all of them, or one of them. */
function GroupEditor({ node, id, questions, onChange }: NodeProps<Extract<RuleNode, { kind: 'group' }>>) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { parts } = node
  const write = (next: readonly RuleNode[]) => {
    const [only] = next
    onChange(next.length === 1 && only !== undefined ? only : { ...node, parts: next })
  }
  const fresh = nodeOf({ is: 'age' }, 'ge', questions)
  const other = node.join === 'and' ? 'or' : 'and'
  return (
    <fieldset className="rule-group">
      <legend className="visually-hidden">{t('standardsDesk.rules.group')}</legend>
      <Radio.Group
        aria-label={t('standardsDesk.rules.join')}
        disabled={isLocked}
        value={node.join}
        onChange={(event) => onChange({ ...node, join: event.target.value === 'or' ? 'or' : 'and' })}
        options={[
          { value: 'and', label: t('standardsDesk.rules.and') },
          { value: 'or', label: t('standardsDesk.rules.or') },
        ]}
      />
      {parts.map((part, at) => (
        // A part has no name: its place is what it is known by.
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <Removable key={at} number={at + 1} onRemove={() => write(parts.filter((_, index) => index !== at))}>
          <NodeEditor
            node={part}
            id={`${id}-${at}`}
            questions={questions}
            onChange={(next) => onChange({ ...node, parts: parts.with(at, next) })}
          />
        </Removable>
      ))}
      <span className="edit-pair">
        <Button
          icon={<PlusOutlined />}
          disabled={isLocked}
          onClick={() => onChange({ ...node, parts: [...parts, fresh] })}
        >
          {t('standardsDesk.rules.addOne')}
        </Button>
        <Button
          icon={<PlusOutlined />}
          disabled={isLocked}
          onClick={() =>
            onChange({ ...node, parts: [...parts, { kind: 'group', join: other, parts: [fresh, fresh] }] })
          }
        >
          {t('standardsDesk.rules.addGroup')}
        </Button>
      </span>
    </fieldset>
  )
}

/** A part with its button to take it away. */
function Removable({
  number,
  onRemove,
  children,
}: {
  readonly number: number
  readonly onRemove: () => void
  readonly children: ReactNode
}) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  return (
    <div className="rule-part">
      {children}
      <Button
        type="text"
        danger
        icon={<DeleteOutlined />}
        aria-label={t('standardsDesk.rules.removePart', { number })}
        disabled={isLocked}
        onClick={onRemove}
      />
    </div>
  )
}

/** 如果…，要…: cases one after the other, and what holds where none is met. */
function CasesEditor({ node, id, questions, onChange }: NodeProps<Extract<RuleNode, { kind: 'cases' }>>) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { cases, otherwise } = node
  const fresh = nodeOf({ is: 'age' }, 'ge', questions)
  return (
    <div className="rule-cases">
      {cases.map(({ when, ask }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a case has no name
        <div key={at} className="rule-case">
          <span>{t('standardsDesk.rules.when', { number: at + 1 })}</span>
          <NodeEditor
            node={when}
            id={`${id}-${at}-when`}
            questions={questions}
            onChange={(next) => onChange({ ...node, cases: cases.with(at, { when: next, ask }) })}
          />
          <span>{t('standardsDesk.rules.ask')}</span>
          <NodeEditor
            node={ask}
            id={`${id}-${at}-ask`}
            questions={questions}
            onChange={(next) => onChange({ ...node, cases: cases.with(at, { when, ask: next }) })}
          />
          {cases.length < 2 ? null : (
            <Button
              icon={<DeleteOutlined />}
              disabled={isLocked}
              onClick={() => onChange({ ...node, cases: cases.filter((_, index) => index !== at) })}
            >
              {t('standardsDesk.rules.removeCase', { number: at + 1 })}
            </Button>
          )}
        </div>
      ))}
      {otherwise === undefined ? null : (
        <div className="rule-case">
          <span>{t('standardsDesk.rules.otherwise')}</span>
          <NodeEditor
            node={otherwise}
            id={`${id}-otherwise`}
            questions={questions}
            onChange={(next) => onChange({ ...node, otherwise: next })}
          />
        </div>
      )}
      <span className="edit-pair">
        <Button
          icon={<PlusOutlined />}
          disabled={isLocked}
          onClick={() => onChange({ ...node, cases: [...cases, { when: fresh, ask: fresh }] })}
        >
          {t('standardsDesk.rules.addCase')}
        </Button>
      </span>
    </div>
  )
}

function FixedEditor({ node, onChange }: NodeProps<Extract<RuleNode, { kind: 'fixed' }>>) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  return (
    <Radio.Group
      aria-label={t('standardsDesk.rules.fixed')}
      disabled={isLocked}
      value={node.value}
      onChange={(event) => onChange({ kind: 'fixed', value: event.target.value === true })}
      options={[
        { value: true, label: t('standardsDesk.rules.always') },
        { value: false, label: t('standardsDesk.rules.never') },
      ]}
    />
  )
}

/** What cannot be shown stays as it is written, with its words. */
function InSource({ node, questions }: NodeProps<Extract<RuleNode, { kind: 'source' }>>) {
  const { t } = useTranslation()
  const words = ruleInWords(writeRule(node), propertiesByName(questions))
  return (
    <p className="rule-source">
      {words} <span className="quiet">{t('standardsDesk.rules.inSource')}</span>
    </p>
  )
}
