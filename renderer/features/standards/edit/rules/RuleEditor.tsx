// Owns: a condition's rule as the administrator builds it: comparisons, groups, cases, told in words and tried with answers.
// Does not own: what stands for it in JsonLogic (rule-tree.ts, rule-ways.ts), its words (preload/contract/standards/rule-words.ts).
// Start here: `RuleEditor`.
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ruleInWords } from '../../../../../preload/contract/standards/rule-words.ts'
import { useEditor } from '../editor-ground.ts'
import { FieldFindings, idOf } from '../FieldFindings.tsx'
import { type JsonValue, objectOf, type Path, pointerOf, valueAt } from '../json-edit.ts'
import { propertiesByName, questionsIn } from '../questions/form-reading.ts'
import { NodeEditor } from './NodeEditor.tsx'
import { RuleTryOut } from './RuleTryOut.tsx'
import { type RuleNode, readRule, writeRule } from './rule-tree.ts'
import { nodeOf } from './rule-ways.ts'
import './rules.css'

/** A condition's rule: told in words, built of comparisons and groups, tried with answers that nobody keeps. */
export function RuleEditor({ path, label }: { readonly path: Path; readonly label: string }) {
  const { t } = useTranslation()
  const { value: root, change, isLocked, findings } = useEditor()
  const rule = valueAt(root, path)
  const pointer = pointerOf(path)
  const questions = questionsIn(objectOf(root.form))
  const write = (node: RuleNode) => change(path, writeRule(node))
  const below = findings.filter((one) => one.pointer.startsWith(`${pointer}/`)).map((one) => one.pointer)
  return (
    <fieldset className="edit-rule" data-pointer={pointer}>
      <legend>
        {t('standardsDesk.rules.rule')} <span className="visually-hidden">{label}</span>
      </legend>
      {rule === undefined ? (
        <p className="quiet">{t('standardsDesk.rules.none')}</p>
      ) : (
        <p className="rule-words">{ruleInWords(rule, propertiesByName(questions))}</p>
      )}
      {[pointer, ...new Set(below)].map((one) => (
        <FieldFindings key={one} pointer={one} />
      ))}
      {rule === undefined ? (
        <NewRule id={idOf(pointer)} onNew={write} />
      ) : (
        <>
          <Whole rule={rule} id={idOf(pointer)} onChange={write} />
          <span className="edit-pair">
            <Button disabled={isLocked} onClick={() => change(path, undefined)}>
              {t('standardsDesk.rules.drop')}
            </Button>
          </span>
          <RuleTryOut rule={rule} id={`${idOf(pointer)}-try`} questions={questions} />
        </>
      )}
    </fieldset>
  )
}

/** The rule itself; one comparison alone can be joined by another. */
function Whole({
  rule,
  id,
  onChange,
}: {
  readonly rule: JsonValue
  readonly id: string
  readonly onChange: (node: RuleNode) => void
}) {
  const { t } = useTranslation()
  const { value: root, isLocked } = useEditor()
  const questions = questionsIn(objectOf(root.form))
  const node = readRule(rule)
  const join = () => onChange({ kind: 'group', join: 'and', parts: [node, nodeOf({ is: 'age' }, 'ge', questions)] })
  return (
    <>
      <NodeEditor node={node} id={id} questions={questions} onChange={onChange} />
      {node.kind === 'group' ? null : (
        <span className="edit-pair">
          <Button disabled={isLocked} onClick={join}>
            {t('standardsDesk.rules.addOne')}
          </Button>
        </span>
      )}
    </>
  )
}

/** What rules usually begin with. */
function NewRule({ id, onNew }: { readonly id: string; readonly onNew: (node: RuleNode) => void }) {
  const { t } = useTranslation()
  const { value: root, isLocked } = useEditor()
  const questions = questionsIn(objectOf(root.form))
  const [choice] = questions.filter(({ kind }) => kind === 'radio' || kind === 'select').slice(-1)
  const first = choice ?? questions.at(-1)
  const [date] = questions.filter(({ kind, name }) => kind === 'date' && name !== 'birthDate')
  return (
    <span className="edit-new-rule" id={id}>
      <Button disabled={isLocked} onClick={() => onNew(nodeOf({ is: 'age' }, 'ge', questions))}>
        {t('standardsDesk.rules.newAge')}
      </Button>
      {first === undefined ? null : (
        <Button
          disabled={isLocked}
          onClick={() => onNew(nodeOf({ is: 'answer', name: first.name }, choice ? 'eq' : 'filled', questions))}
        >
          {t('standardsDesk.rules.newAnswer')}
        </Button>
      )}
      {date === undefined ? null : (
        <Button
          disabled={isLocked}
          onClick={() =>
            onNew(
              nodeOf({ is: 'months', from: { is: 'answer', name: date.name }, to: { is: 'today' } }, 'ge', questions),
            )
          }
        >
          {t('standardsDesk.rules.newMonths')}
        </Button>
      )}
    </span>
  )
}
