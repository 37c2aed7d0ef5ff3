import { EditOutlined, FileDoneOutlined, UndoOutlined } from '@ant-design/icons'
import type { WidgetProps } from '@rjsf/utils'
import { Button } from 'antd'
import { type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  longestSignature,
  type StrokePoint,
  signatureField,
  signatureOf,
  signedOnPaper,
} from '../../../preload/contract/standards/signature.ts'
import { SignatureView } from './SignatureView.tsx'

/** Points nearer than this, in units, add nothing that is seen. */
const nearest = 2

/**
 * 签名: strokes by mouse, pen or finger, kept as a line; or a word that the paper was signed, for whoever cannot sign on
 * a screen (and the way by keyboard). A stroke for which there is no room any more is not taken, and is told.
 */
export function SignatureWidget(props: WidgetProps) {
  const { t } = useTranslation()
  const [stroke, setStroke] = useState<readonly StrokePoint[]>([])
  const [isFull, setFull] = useState(false)
  const text = typeof props.value === 'string' ? props.value : ''
  const isDisabled = props.disabled === true || props.readonly === true
  const change = (next: string) => {
    setFull(false)
    props.onChange(next === '' ? undefined : next)
  }
  const end = () => {
    const next = text + signatureOf([stroke])
    setStroke([])
    if (next.length > longestSignature) setFull(true)
    else change(next)
  }
  const isOnPaper = text === signedOnPaper
  return (
    <div className="form-signature">
      {isOnPaper ? (
        <p className="form-signature-paper">
          <FileDoneOutlined aria-hidden="true" /> {t('intake.signedOnPaper')}
        </p>
      ) : (
        <SignaturePad
          id={props.id}
          label={props.label}
          text={text}
          stroke={stroke}
          isDisabled={isDisabled}
          onPoint={setStroke}
          onEnd={end}
        />
      )}
      <div className="form-signature-keys">
        <Button
          icon={<UndoOutlined />}
          disabled={isDisabled || isOnPaper || text === ''}
          onClick={() => change(text.slice(0, Math.max(0, text.lastIndexOf('M'))))}
        >
          {t('intake.signUndo')}
        </Button>
        <Button disabled={isDisabled || isOnPaper || text === ''} onClick={() => change('')}>
          {t('intake.signAgain')}
        </Button>
        <Button
          icon={isOnPaper ? <EditOutlined /> : <FileDoneOutlined />}
          disabled={isDisabled}
          onClick={() => change(isOnPaper ? '' : signedOnPaper)}
        >
          {t(isOnPaper ? 'intake.signHere' : 'intake.signOnPaper')}
        </Button>
      </div>
      {isFull ? (
        <span className="form-fault" role="alert">
          {t('intake.signFull')}
        </span>
      ) : null}
    </div>
  )
}

/** The field on which one signs. */
function SignaturePad(props: {
  readonly id: string
  readonly label: string
  readonly text: string
  readonly stroke: readonly StrokePoint[]
  readonly isDisabled: boolean
  readonly onPoint: (stroke: readonly StrokePoint[]) => void
  readonly onEnd: () => void
}) {
  const { t } = useTranslation()
  const pad = useRef<HTMLDivElement>(null)
  const isDown = useRef(false)
  const pointOf = (event: PointerEvent): StrokePoint => {
    const box = pad.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return { x: 0, y: 0 }
    return {
      x: ((event.clientX - box.left) / box.width) * signatureField.width,
      y: ((event.clientY - box.top) / box.height) * signatureField.height,
    }
  }
  const down = (event: PointerEvent<HTMLDivElement>) => {
    if (props.isDisabled || event.button !== 0) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    isDown.current = true
    props.onPoint([pointOf(event)])
  }
  const move = (event: PointerEvent) => {
    if (!isDown.current) return
    const point = pointOf(event)
    const last = props.stroke.at(-1)
    if (last === undefined || Math.hypot(point.x - last.x, point.y - last.y) >= nearest)
      props.onPoint([...props.stroke, point])
  }
  const up = () => {
    if (!isDown.current) return
    isDown.current = false
    props.onEnd()
  }
  const isEmpty = props.text === '' && props.stroke.length === 0
  return (
    <div
      ref={pad}
      id={props.id}
      className="form-signature-pad"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
    >
      <SignatureView text={props.text + signatureOf([props.stroke])} label={props.label} />
      {isEmpty ? <span className="form-signature-hint">{t('intake.signHint')}</span> : null}
    </div>
  )
}
