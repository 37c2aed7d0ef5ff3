import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from './editor-ground.ts'
import { FieldFindings, idOf } from './FieldFindings.tsx'
import { type JsonValue, listOf, movedBy, type Path, pointerOf, valueAt } from './json-edit.ts'
import { PartHead } from './PartHead.tsx'
import type { EditField, Look } from './parts.ts'
import { type Removal, RemovedLine, useRemoval } from './Removed.tsx'
import { nameOfPart } from './words-of.ts'

type ListLook = Extract<Look, { as: 'list' }>

/** How a field of a part is drawn: lists hold fields, fields hold lists. */
type DrawnField = ComponentType<{ readonly field: EditField; readonly at: Path }>

/** A list of parts, each with its fields; they can be added, taken away and ordered. */
export function ListEditor({
  look,
  path,
  title,
  isOnly,
  Field,
}: {
  readonly look: ListLook
  readonly path: Path
  readonly title: string
  /** Its part has no other field: the heading of the part is enough. */
  readonly isOnly: boolean
  readonly Field: DrawnField
}) {
  const { t } = useTranslation()
  const { value: root, change, isLocked } = useEditor()
  const list = listOf(valueAt(root, path))
  const pointer = pointerOf(path)
  const removal = useRemoval(path)
  const add = () => {
    change([...path, list.length], look.blank())
    // The first field of the new part is drawn with the next frame.
    requestAnimationFrame(() =>
      document.getElementById(idOf(pointerOf([...path, list.length, look.fields[0]?.name ?? ''])))?.focus(),
    )
  }
  return (
    <section className="edit-list" data-pointer={pointer} aria-label={title}>
      {isOnly ? null : <h3>{title}</h3>}
      <FieldFindings pointer={pointer} />
      {list.map((one, at) => (
        // A part has no name that would stay while it is written.
        // biome-ignore lint/suspicious/noArrayIndexKey: its place is what it is known by
        <Part key={at} {...{ one, at, look, path, list, Field }} count={list.length} onRemove={removal.remove} />
      ))}
      <RemovedLine offer={removal.offer} />
      <Button icon={<PlusOutlined />} onClick={add} disabled={isLocked}>
        {t('standardsDesk.edit.add')}
      </Button>
    </section>
  )
}

function Part(props: {
  readonly one: JsonValue
  readonly at: number
  readonly count: number
  readonly look: ListLook
  readonly path: Path
  readonly list: readonly JsonValue[]
  readonly Field: DrawnField
  readonly onRemove: Removal['remove']
}) {
  const { t } = useTranslation()
  const { change } = useEditor()
  const { one, at, count, look, path, list, Field } = props
  const own = [...path, at]
  const name = nameOfPart(one) || t('standardsDesk.edit.unnamed', { number: at + 1 })
  // A step of format 1 is its name alone.
  const isText = typeof one === 'string'
  return (
    <article className="edit-part" data-pointer={pointerOf(own)} aria-label={name}>
      <PartHead
        {...{ name, at, count }}
        onMove={(by) => change(path, movedBy(list, at, by))}
        onRemove={() =>
          props.onRemove(
            name,
            list.filter((_, index) => index !== at),
          )
        }
      />
      <FieldFindings pointer={pointerOf(own)} />
      {isText ? <NameAlone path={own} name={one} /> : null}
      {isText ? null : look.fields.map((field) => <Field key={field.name} field={field} at={own} />)}
    </article>
  )
}

function NameAlone({ path, name }: { readonly path: Path; readonly name: string }) {
  const { t } = useTranslation()
  const { change, isLocked } = useEditor()
  return (
    <Button disabled={isLocked} onClick={() => change(path, { name })}>
      {t('standardsDesk.edit.moreFields')}
    </Button>
  )
}
