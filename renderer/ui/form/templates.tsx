import { CloseOutlined, ExclamationCircleFilled, PlusOutlined } from '@ant-design/icons'
import {
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  type FieldTemplateProps,
  getUiOptions,
  type ObjectFieldTemplateProps,
  orderProperties,
  type RJSFSchema,
  type UiSchema,
} from '@rjsf/utils'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePainted } from '../use-painted.ts'
import type { FormSurroundings } from './form-surroundings.ts'

const wideWidgets = new Set(['textarea', 'division', 'signature'])

/** Whether a field takes the whole width. */
const isWide = (schema: RJSFSchema, ui: UiSchema): boolean => {
  const widget = getUiOptions(ui).widget
  return (
    schema.type === 'array' ||
    schema.type === 'object' ||
    schema.type === 'boolean' ||
    (typeof widget === 'string' && wideWidgets.has(widget)) ||
    getUiOptions(ui).wide === true
  )
}

/** One field: label, control, and one line that says what is wrong with it. */
export function FieldTemplate(props: FieldTemplateProps) {
  const { t } = useTranslation()
  const path = props.fieldPathId.path
  // What is being typed for the first time is not called wrong before one has left the field.
  const [isLeft, setLeft] = useState(props.formData !== undefined)
  const isRoot = path.length === 0
  const isRow = path.length === 2 && props.schema.type === 'object'
  if (props.hidden) return <div hidden>{props.children}</div>
  if (isRoot || isRow) return props.children
  const { marked, told } = props.registry.formContext as FormSurroundings
  const isMissing = path.length === 1 && marked.has(String(path[0]))
  const wrong = isLeft ? (told.get(`/${path.join('/')}`) ?? props.rawErrors?.[0]) : undefined
  const fault = wrong ?? (isMissing ? t('intake.required') : undefined)
  const isCheckbox = props.schema.type === 'boolean'
  const isTable = props.schema.type === 'array' && props.schema.uniqueItems !== true
  const classes = [
    'form-field',
    isWide(props.schema, props.uiSchema ?? {}) ? 'form-wide' : '',
    fault ? 'form-wrong' : '',
  ]
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears that the field inside was left
    <div
      className={classes.filter(Boolean).join(' ')}
      data-answer={path.join('/')}
      onBlur={() => setLeft(props.formData !== undefined)}
    >
      {isCheckbox || isTable ? null : (
        <label className={path.length > 2 ? 'visually-hidden' : 'form-label'} htmlFor={props.id}>
          {props.label}
          {props.required === true ? (
            <span className="form-required" aria-hidden="true">
              *
            </span>
          ) : null}
        </label>
      )}
      {props.children}
      {fault === undefined ? null : (
        <span className="form-fault" id={`${props.id}__error`} role="alert">
          <ExclamationCircleFilled aria-hidden="true" /> {fault}
        </span>
      )}
      {fault === undefined && props.rawHelp !== undefined && (props.formData === undefined || props.formData === '') ? (
        <span className="form-note">{props.rawHelp}</span>
      ) : null}
    </div>
  )
}

type Group = { readonly title: string; readonly fields: ObjectFieldTemplateProps['properties'] }

/** Neighbouring fields with the same `ui:options.group` under one heading, in the form's order. */
function groupsOf(props: ObjectFieldTemplateProps): Group[] {
  const groups: { title: string; fields: ObjectFieldTemplateProps['properties'] }[] = []
  for (const field of props.properties) {
    if (field.hidden) continue
    const named = getUiOptions(props.uiSchema?.[field.name] as UiSchema | undefined).group
    const title = typeof named === 'string' ? named : (groups.at(-1)?.title ?? '')
    const last = groups.at(-1)
    if (last === undefined || last.title !== title) groups.push({ title, fields: [field] })
    else last.fields.push(field)
  }
  return groups
}

type Column = { readonly name: string; readonly title: string; readonly width: number }

/** A column of a table, as wide as what it holds: identity numbers are long, amounts short. */
function columnOf(name: string, schema: RJSFSchema | boolean | undefined, ui: UiSchema | undefined): Column {
  const { title = name, type } = typeof schema === 'object' ? schema : {}
  const isNumber = type === 'number' || type === 'integer'
  return { name, title, width: getUiOptions(ui).widget === 'idNumber' ? 1.9 : isNumber ? 0.9 : 1 }
}

/** A table's columns in the order in which its cells are shown. */
function columnsOf(props: ArrayFieldTemplateProps): Column[] {
  const { items } = props.schema
  const properties = typeof items === 'object' && !Array.isArray(items) ? (items.properties ?? {}) : {}
  const ui = (props.uiSchema?.items ?? {}) as UiSchema
  const order = orderProperties(Object.keys(properties), getUiOptions(ui).order)
  return order.map((name) => columnOf(name, properties[name], ui[name]))
}

const tracksOf = (columns: readonly Column[]): string => columns.map(({ width }) => `minmax(0, ${width}fr)`).join(' ')

/** The whole form in groups; a row of a table as its cells. */
export function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const path = props.fieldPathId.path
  if (path.length === 2) {
    const columns = props.properties.map(({ name }) =>
      columnOf(name, props.schema.properties?.[name], props.uiSchema?.[name] as UiSchema | undefined),
    )
    return (
      <div className="form-cells" style={{ gridTemplateColumns: tracksOf(columns) }}>
        {props.properties.map(({ content }) => content)}
      </div>
    )
  }
  if (path.length > 0) return <div className="form-grid">{props.properties.map(({ content }) => content)}</div>
  return <Groups groups={groupsOf(props)} />
}

/** So many fields are in the first frame: one types in the first of them while the others follow in the next. */
const firstFields = 8

/** A whole form, group by group. */
function Groups({ groups }: { readonly groups: readonly Group[] }) {
  const isPainted = usePainted()
  const shown = isPainted ? groups : firstOf(groups, firstFields)
  return shown.map((group, index) => (
    <section key={group.title} className="form-group" id={`form-group-${index}`} aria-label={group.title}>
      {group.title === '' ? null : <h3>{group.title}</h3>}
      <div className="form-grid">{group.fields.map(({ content }) => content)}</div>
    </section>
  ))
}

/** The first fields of the groups, under their headings. */
function firstOf(groups: readonly Group[], count: number): Group[] {
  let left = count
  return groups.flatMap(({ title, fields }) => {
    const first = fields.slice(0, Math.max(0, left))
    left -= first.length
    return first.length === 0 ? [] : [{ title, fields: first }]
  })
}

/** A list of people or things as a table: one line each, headed by the fields' titles. */
export function ArrayFieldTemplate(props: ArrayFieldTemplateProps) {
  const { t } = useTranslation()
  const addLabel = getUiOptions(props.uiSchema).addLabel
  const columns = columnsOf(props)
  return (
    <fieldset className="form-table" id={props.fieldPathId.$id}>
      <legend>
        {props.title}
        {props.required === true ? (
          <span className="form-required" aria-hidden="true">
            *
          </span>
        ) : null}
      </legend>
      {props.items.length === 0 ? null : (
        <div className="form-row form-row-head" aria-hidden="true">
          <div className="form-cells" style={{ gridTemplateColumns: tracksOf(columns) }}>
            {columns.map((column) => (
              <span key={column.name}>{column.title}</span>
            ))}
          </div>
          <span />
        </div>
      )}
      {props.items}
      {props.canAdd === true ? (
        <Button type="dashed" icon={<PlusOutlined />} onClick={props.onAddClick} className="form-add">
          {typeof addLabel === 'string' ? addLabel : t('intake.addRow')}
        </Button>
      ) : null}
    </fieldset>
  )
}

/** One line of such a table, with its button to take it away. */
export function ArrayFieldItemTemplate(props: ArrayFieldItemTemplateProps) {
  const { t } = useTranslation()
  return (
    <div className="form-row">
      {props.children}
      <Button
        type="text"
        icon={<CloseOutlined />}
        aria-label={t('intake.removeRow', { number: props.index + 1 })}
        onClick={props.buttonsProps.onRemoveItem}
      />
    </div>
  )
}
