import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useEditor } from './editor-ground.ts'

/** The head of one part of a list: its number and name, up, down, away. */
export function PartHead(props: {
  readonly name: string
  readonly at: number
  readonly count: number
  readonly onMove: (by: -1 | 1) => void
  readonly onRemove: () => void
}) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  const { name, at, count, onMove, onRemove } = props
  return (
    <header>
      <strong>
        {at + 1}. {name}
      </strong>
      <span className="grow" />
      <Button
        type="text"
        icon={<ArrowUpOutlined />}
        aria-label={t('standardsDesk.edit.up', { name })}
        disabled={isLocked || at === 0}
        onClick={() => onMove(-1)}
      />
      <Button
        type="text"
        icon={<ArrowDownOutlined />}
        aria-label={t('standardsDesk.edit.down', { name })}
        disabled={isLocked || at === count - 1}
        onClick={() => onMove(1)}
      />
      <Button
        type="text"
        danger
        icon={<DeleteOutlined />}
        aria-label={t('standardsDesk.edit.remove', { name })}
        disabled={isLocked}
        onClick={onRemove}
      />
    </header>
  )
}
