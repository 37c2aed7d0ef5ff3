import { UndoOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from './editor-ground.ts'
import { type JsonValue, type Path, valueAt } from './json-edit.ts'

/** A part that was taken away, and can be put back while what it stood in is as it was left. */
export type Removal = {
  /** Takes something away: what it stands in becomes `next`. */
  readonly remove: (name: string, next: JsonValue) => void
  /** The offer to put it back, beside the place; nothing otherwise. */
  readonly offer: { readonly name: string; readonly undo: () => void } | null
}

/** Taking parts of what stands at a place away, with a way back. */
export function useRemoval(path: Path): Removal {
  const { value: root, change } = useEditor()
  const [gone, setGone] = useState<{
    readonly name: string
    readonly before: JsonValue
    readonly after: JsonValue
  } | null>(null)
  const now = valueAt(root, path)
  const isOffered = gone !== null && gone.after === now
  return {
    remove: (name, after) => {
      setGone({ name, before: now ?? null, after })
      change(path, after)
    },
    offer: isOffered
      ? {
          name: gone.name,
          undo: () => {
            change(path, gone.before)
            setGone(null)
          },
        }
      : null,
  }
}

/** The line that offers to put back what was just taken away. */
export function RemovedLine({ offer }: { readonly offer: Removal['offer'] }) {
  const { t } = useTranslation()
  if (offer === null) return null
  return (
    <p className="edit-removed" role="status">
      {t('standardsDesk.edit.removed', { name: offer.name })}
      <Button icon={<UndoOutlined />} onClick={offer.undo}>
        {t('standardsDesk.edit.putBack')}
      </Button>
    </p>
  )
}
