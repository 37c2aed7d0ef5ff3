import { DeleteOutlined, PlusOutlined, WarningFilled } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { isAnswerName } from '../../../../../preload/contract/standards/form-limits.ts'
import type { MergedThemeView } from '../../../../../preload/contract/standards/writing.ts'
import { useEditor } from '../editor-ground.ts'
import type { JsonObject } from '../json-edit.ts'
import { freeName, type RenamedQuestion, renamedOf, withRenamedQuestions } from './theme-edit.ts'

/** Questions of one matter that are not the same thing as those of the others: asked in the theme under names of their own. */
export function RenamedQuestions({
  member,
  at,
  merged,
}: {
  readonly member: JsonObject
  readonly at: number
  readonly merged: MergedThemeView | undefined
}) {
  const { t } = useTranslation()
  const { change, isLocked } = useEditor()
  const matter = merged?.matters.find((one) => one.at === at)
  const conflicts = merged?.conflicts.filter((one) => one.at === at) ?? []
  const renamed = renamedOf(member)
  const taken = new Set((merged?.matters ?? []).flatMap(({ questions }) => questions.map(({ name }) => name)))
  for (const [, asked] of renamed) taken.add(asked)
  const write = (next: readonly RenamedQuestion[]) => change(['members', at], withRenamedQuestions(member, next))
  const ownName = (asked: string) => renamed.find(([, name]) => name === asked)?.[0] ?? asked
  const titleOf = (name: string) => matter?.questions.find((one) => one.name === name)?.title ?? name
  const part = (own: string) => {
    const others = renamed.filter(([name]) => name !== own)
    write([...others, [own, freeName(own, taken)]])
  }
  const free = (matter?.questions ?? []).filter(({ name }) => !renamed.some(([own]) => own === name))
  const [first] = free
  return (
    <fieldset className="edit-group">
      <legend>{t('standardsDesk.theme.renamed')}</legend>
      <span className="quiet">{t('standardsDesk.theme.renamedText')}</span>
      {conflicts.map(({ name, withMatter }) => (
        <p key={name} className="theme-conflict" role="status">
          <span className="edit-fault">
            <WarningFilled aria-hidden="true" />{' '}
            {t('standardsDesk.theme.conflict', { title: titleOf(ownName(name)), matter: withMatter })}
          </span>
          <Button disabled={isLocked} onClick={() => part(ownName(name))}>
            {t('standardsDesk.theme.part')}
          </Button>
        </p>
      ))}
      {renamed.length === 0 ? null : (
        <div className="theme-renamed theme-renamed-head" aria-hidden="true">
          <span>{t('standardsDesk.theme.own')}</span>
          <span>{t('standardsDesk.theme.asked')}</span>
        </div>
      )}
      {renamed.map(([own, asked], index) => (
        <div key={own} className="theme-renamed">
          <Select
            aria-label={t('standardsDesk.theme.question', { number: index + 1 })}
            disabled={isLocked}
            value={own}
            showSearch={{ optionFilterProp: 'label' }}
            options={[{ name: own, title: titleOf(own) }, ...free].map(({ name, title }) => ({
              value: name,
              label: title,
            }))}
            onChange={(next: string) => write(renamed.with(index, [next, asked]))}
          />
          <Input
            aria-label={t('standardsDesk.theme.askedAs', { title: titleOf(own) })}
            className="question-key"
            spellCheck={false}
            disabled={isLocked}
            status={isAnswerName(asked) ? '' : 'error'}
            value={asked}
            onChange={(event) => write(renamed.with(index, [own, event.target.value]))}
          />
          <Button
            type="text"
            danger
            icon={<DeleteOutlined />}
            aria-label={t('standardsDesk.theme.together', { title: titleOf(own) })}
            disabled={isLocked}
            onClick={() => write(renamed.filter((_, place) => place !== index))}
          />
        </div>
      ))}
      {first === undefined ? null : (
        <Button icon={<PlusOutlined />} disabled={isLocked} onClick={() => part(first.name)}>
          {t('standardsDesk.theme.addRenamed')}
        </Button>
      )}
    </fieldset>
  )
}
