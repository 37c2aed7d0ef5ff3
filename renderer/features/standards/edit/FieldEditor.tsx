import { Checkbox, Input, Radio, Select } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { GrowingText } from '../../../ui/GrowingText.tsx'
import { DateField } from '../DateField.tsx'
import { type EditorGround, useEditor } from './editor-ground.ts'
import { FieldFindings, idOf } from './FieldFindings.tsx'
import { type JsonValue, listOf, objectOf, type Path, plainText, pointerOf, textOf, valueAt } from './json-edit.ts'
import { ReuseKeyField, TemplateField } from './KnownFields.tsx'
import { LinesField } from './LinesField.tsx'
import { ListEditor } from './ListEditor.tsx'
import { PlacesField } from './PlacesField.tsx'
import type { EditField, Look } from './parts.ts'
import { RuleEditor } from './rules/RuleEditor.tsx'
import { MembersEditor } from './theme/MembersEditor.tsx'
import { SharedMaterials } from './theme/SharedMaterials.tsx'
import { codeWordsOf, wordFor } from './words-of.ts'

/** One field with its words, its control, and what is wrong in it. */
export function FieldEditor({ field, at }: { readonly field: EditField; readonly at: Path }) {
  const ground = useEditor()
  const path = [...at, field.name]
  const pointer = pointerOf(path)
  const label = wordFor(ground.kind, path)
  if (field.look.as === 'list')
    return <ListEditor look={field.look} path={path} title={label} isOnly={at.length === 0} Field={FieldEditor} />
  if (field.look.as === 'rule') return <RuleEditor path={path} label={label} />
  if (field.look.as === 'members') return <MembersEditor />
  if (field.look.as === 'shared') return <SharedMaterials label={label} />
  if (field.look.as === 'group') {
    return (
      <fieldset className="edit-group" data-pointer={pointer}>
        <legend>{label}</legend>
        {field.look.fields.map((inner) => (
          <FieldEditor key={inner.name} field={inner} at={path} />
        ))}
      </fieldset>
    )
  }
  return (
    <div className="edit-field" data-pointer={pointer}>
      <label htmlFor={idOf(pointer)}>{label}</label>
      <Control field={field} path={path} label={label} ground={ground} />
      <FieldFindings pointer={pointer} />
    </div>
  )
}

type ControlProps = {
  readonly field: EditField
  readonly path: Path
  readonly label: string
  readonly ground: EditorGround
}

function Control({ field, path, label, ground }: ControlProps) {
  const { value: root, change, isLocked } = ground
  const value = valueAt(root, path)
  const common = { id: idOf(pointerOf(path)), disabled: isLocked }
  const put = (next: JsonValue) => change(path, field.may === true && next === '' ? undefined : next)
  const { look } = field
  switch (look.as) {
    case 'text':
      return <Input {...common} value={textOf(value)} onChange={(event) => put(event.target.value)} />
    case 'area':
      return <GrowingText {...common} value={textOf(value)} onChange={(event) => put(event.target.value)} />
    case 'date':
      return <DateField {...common} value={textOf(value)} onChange={put} />
    case 'fixed':
      return <output id={common.id}>{plainText(value)}</output>
    case 'number':
      return (
        <Input
          {...common}
          className="edit-number"
          inputMode="numeric"
          value={plainText(value)}
          onChange={(event) => change(path, wholeNumber(event.target.value, look.may === true))}
        />
      )
    case 'lines':
      return <LinesField {...common} value={listOf(value).map(textOf)} onChange={(next) => change(path, next)} />
    case 'flag':
      return (
        <Checkbox {...common} checked={value === true} onChange={(event) => put(event.target.checked)}>
          {label}
        </Checkbox>
      )
    case 'template':
    case 'blankForm':
      return <TemplateField path={path} label={label} isBlankForm={look.as === 'blankForm'} />
    case 'divisions':
      return <PlacesField path={path} label={label} />
    case 'reuseKey':
      return <ReuseKeyField path={path} label={label} />
    default:
      return <Choice look={look} path={path} label={label} ground={ground} />
  }
}

function Choice({ look, path, label, ground }: { readonly look: Look } & Omit<ControlProps, 'field'>) {
  const { t } = useTranslation()
  const { value: root, change, isLocked } = ground
  const value = valueAt(root, path)
  const common = { id: idOf(pointerOf(path)), disabled: isLocked }
  switch (look.as) {
    case 'choice':
      return (
        <Select
          {...common}
          aria-label={label}
          value={plainText(value)}
          onChange={(next: string) => change(path, look.numeric === true ? Number(next) : next)}
          options={[
            ...(look.may === true ? [{ value: '', label: t('standardsDesk.edit.notTold') }] : []),
            ...Object.entries(codeWordsOf(look.of)).map(([code, word]) => ({ value: code, label: word })),
          ]}
        />
      )
    case 'codes':
      return (
        <Checkbox.Group
          disabled={isLocked}
          value={listOf(value).map(textOf)}
          onChange={(next) => change(path, next.map(String).toSorted())}
          options={Object.entries(codeWordsOf(look.of)).map(([code, word]) => ({ value: code, label: word }))}
        />
      )
    case 'yesOrNo':
      return (
        <Radio.Group
          disabled={isLocked}
          aria-label={label}
          value={value ?? null}
          onChange={(event) => change(path, event.target.value as JsonValue)}
          options={[
            { value: true, label: t('standardsDesk.edit.yes') },
            { value: false, label: t('standardsDesk.edit.no') },
            { value: null as never, label: t('standardsDesk.edit.notTold') },
          ]}
        />
      )
    case 'limit':
      return <LimitControl path={path} label={label} ground={ground} />
    default:
      return null as ReactNode
  }
}

function LimitControl({ path, label, ground }: Omit<ControlProps, 'field'>) {
  const { t } = useTranslation()
  const { value: root, change, isLocked } = ground
  const value = valueAt(root, path)
  const { days, unit } = objectOf(value)
  const put = (next: { days?: JsonValue; unit?: string }) =>
    change(path, { days: next.days ?? days ?? 0, unit: next.unit ?? textOf(unit) ?? 'workday' })
  const number = wholeNumber
  return (
    <span className="edit-limit">
      <Input
        id={idOf(pointerOf(path))}
        className="edit-number"
        inputMode="numeric"
        disabled={isLocked}
        value={plainText(days)}
        onChange={(event) => {
          const typed = number(event.target.value, true)
          if (typed === undefined) change(path, null)
          else put({ days: typed, unit: textOf(unit) === '' ? 'workday' : textOf(unit) })
        }}
      />
      <Radio.Group
        disabled={isLocked || value === null || value === undefined}
        aria-label={label}
        value={textOf(unit)}
        onChange={(event) => put({ unit: String(event.target.value) })}
        options={[
          { value: 'workday', label: t('standardsDesk.edit.workday') },
          { value: 'day', label: t('standardsDesk.edit.day') },
        ]}
      />
      {value === null || value === undefined ? <span className="quiet">{t('standardsDesk.edit.noLimit')}</span> : null}
    </span>
  )
}

/** A typed number; what is none stays as it was typed, for the check to name. */
function wholeNumber(typed: string, may: boolean): JsonValue | undefined {
  const trimmed = typed.trim()
  if (trimmed === '') return may ? undefined : ''
  return /^-?\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed
}
