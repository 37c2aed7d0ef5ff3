import { AutoComplete, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCall } from '../../../app/client.ts'
import { useEditor } from './editor-ground.ts'
import { idOf } from './FieldFindings.tsx'
import { type Path, pointerOf, textOf, valueAt } from './json-edit.ts'

type KnownProps = { readonly path: Path; readonly label: string }

/** A template by its name: those for the paper that is chosen beside it, or blank forms. */
export function TemplateField({ path, label, isBlankForm }: KnownProps & { readonly isBlankForm: boolean }) {
  const { t } = useTranslation()
  const { value: root, change, isLocked } = useEditor()
  const known = useCall('standards.known', {})
  const chosen = textOf(valueAt(root, path))
  const paper = isBlankForm ? 'form' : textOf(valueAt(root, [...path.slice(0, -1), 'paper']))
  const fitting = (known.data?.templates ?? []).filter((one) => one.paper === paper)
  const isStranger = chosen !== '' && !fitting.some(({ id }) => id === chosen)
  return (
    <>
      <Select
        id={idOf(pointerOf(path))}
        aria-label={label}
        disabled={isLocked}
        value={chosen}
        options={[
          { value: '', label: t(isBlankForm ? 'standardsDesk.edit.notTold' : 'standardsDesk.edit.choose') },
          ...fitting.map(({ id, name }) => ({ value: id, label: name })),
          ...(isStranger ? [{ value: chosen, label: chosen }] : []),
        ]}
        onChange={(next: string) => change(path, next)}
      />
      {fitting.length === 0 ? <span className="quiet">{t('standardsDesk.edit.templatesNone')}</span> : null}
    </>
  )
}

/** A reuse key that other matters have for the same kind of paper, or a new one. */
export function ReuseKeyField({ path, label }: KnownProps) {
  const { t } = useTranslation()
  const { value: root, change, isLocked } = useEditor()
  const known = useCall('standards.known', {})
  const typed = textOf(valueAt(root, path))
  const keys = known.data?.reuseKeys ?? []
  const here = keys.find(({ key }) => key === typed)
  return (
    <>
      <AutoComplete
        id={idOf(pointerOf(path))}
        aria-label={label}
        disabled={isLocked}
        value={typed}
        showSearch={{
          filterOption: (text, option) => String(option?.label ?? '').includes(text.trim()),
        }}
        options={keys.map(({ key, names }) => ({ value: key, label: `${names.slice(0, 2).join('、')}（${key}）` }))}
        onChange={(next: string) => change(path, next === '' ? undefined : next)}
      />
      <span className="quiet">
        {here === undefined
          ? t('standardsDesk.edit.reuseKey')
          : t('standardsDesk.edit.reuseKeyOf', { names: here.names.join('、') })}
      </span>
    </>
  )
}
