import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SealView } from '../../../../preload/contract/seals.ts'
import { SealDrawing } from '../SealSketch.tsx'
import type { PaperEditing } from './paper-editing.ts'
import { type Corner, type Mark, nudged, onPage, type PageSize, snapped, toMillimetres } from './places.ts'

type Props = {
  readonly page: number
  readonly size: PageSize
  readonly seal: SealView
  readonly training: boolean
  readonly marks: readonly Mark[]
  readonly editing: PaperEditing
}

/** How a seal hangs at the pointer: where in its square it was taken, in millimetres. */
type Hold = { readonly index: number; readonly offset: Corner }

/** Over a page, exactly as large, in millimetres: the seals as they will show. They follow the pointer and the arrow keys. */
export function SealLayer({ page, size, seal, training, marks, editing }: Props) {
  const { t } = useTranslation()
  const layer = useRef<SVGSVGElement>(null)
  const hold = useRef<Hold | null>(null)
  const [hanging, setHanging] = useState<Corner | null>(null)
  const [aligned, setAligned] = useState({ across: false, down: false })
  const { diameterMm } = seal
  const middle = { xMm: diameterMm / 2, yMm: diameterMm / 2 }

  const pointAt = (event: PointerEvent): Corner => {
    const rect = layer.current?.getBoundingClientRect() ?? { left: 0, top: 0, width: 1, height: 1 }
    return toMillimetres(event, rect, size)
  }
  const cornerAt = (event: PointerEvent, offset: Corner): Corner => {
    const point = pointAt(event)
    const near = snapped({ xMm: point.xMm - offset.xMm, yMm: point.yMm - offset.yMm }, editing.date, page, diameterMm)
    setAligned({ across: near.across, down: near.down })
    return onPage(near.corner, size, diameterMm)
  }
  const onDown = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return
    if (editing.laying) return editing.onSlot(page, pointAt(event))
    if (!editing.following && !editing.canPut) return
    hold.current = { index: editing.active, offset: middle }
    event.currentTarget.setPointerCapture(event.pointerId)
    editing.onMove(editing.active, page, cornerAt(event, middle))
    setHanging(null)
  }
  const onTake = (event: PointerEvent<SVGElement>, mark: Mark) => {
    if (event.button !== 0 || editing.laying || editing.following) return
    event.stopPropagation()
    const point = pointAt(event)
    hold.current = {
      index: mark.index,
      offset: { xMm: point.xMm - mark.corner.xMm, yMm: point.yMm - mark.corner.yMm },
    }
    layer.current?.setPointerCapture(event.pointerId)
    editing.onTake(mark.index)
  }
  const onPointer = (event: PointerEvent) => {
    const held = hold.current
    if (held !== null) return editing.onMove(held.index, page, cornerAt(event, held.offset))
    if (editing.following) setHanging(cornerAt(event, middle))
  }
  const onEnd = () => {
    hold.current = null
    if (!editing.following) setAligned({ across: false, down: false })
  }
  return (
    <svg
      ref={layer}
      className={editing.following || editing.laying ? 'seal-layer seal-layer-taking' : 'seal-layer'}
      viewBox={`0 0 ${size.widthMm} ${size.heightMm}`}
      onPointerDown={onDown}
      onPointerMove={onPointer}
      onPointerUp={onEnd}
      onPointerCancel={onEnd}
      onPointerLeave={() => setHanging(null)}
    >
      <title>{t('sealing.dragHelp')}</title>
      <Slots page={page} editing={editing} />
      <Guides page={page} size={size} editing={editing} aligned={aligned} />
      {marks.map((mark) => (
        <SealMark
          key={mark.index}
          mark={mark}
          size={size}
          seal={seal}
          training={training}
          editing={editing}
          onTake={(event) => onTake(event, mark)}
        />
      ))}
      {editing.following && hanging !== null ? (
        <g className="seal-hanging">
          <Face corner={hanging} seal={seal} training={training} />
        </g>
      ) : null}
    </svg>
  )
}

/** The empty fields that are there, and those that a certifying seal is to lay. */
function Slots({ page, editing }: { readonly page: number; readonly editing: PaperEditing }) {
  const { t } = useTranslation()
  return editing.slots
    .filter((slot) => slot.page === page)
    .map((slot) => (
      <g key={slot.name} className="seal-slot">
        <rect x={slot.xMm} y={slot.yMm} width={slot.widthMm} height={slot.heightMm} rx={1} />
        <text x={slot.xMm + slot.widthMm / 2} y={slot.yMm + slot.heightMm / 2} fontSize={6} textAnchor="middle">
          {slot.name}
        </text>
        <title>{t('sealing.slot', { name: slot.name })}</title>
      </g>
    ))
}

/** The line through the date onto which a seal was drawn, and the words when it lies on it. */
function Guides(props: {
  readonly page: number
  readonly size: PageSize
  readonly editing: PaperEditing
  readonly aligned: { readonly across: boolean; readonly down: boolean }
}) {
  const { t } = useTranslation()
  const { date } = props.editing
  const { across, down } = props.aligned
  if (date === null || date.page !== props.page || (!across && !down)) return null
  const [x, y] = [date.xMm + date.widthMm / 2, date.yMm + date.heightMm / 2]
  return (
    <g className="seal-guides">
      {across ? <line x1={x} y1={0} x2={x} y2={props.size.heightMm} /> : null}
      {down ? <line x1={0} y1={y} x2={props.size.widthMm} y2={y} /> : null}
      {across && down ? (
        <text x={x} y={y + 27 > props.size.heightMm ? y - 42 : y + 26} fontSize={7.5} textAnchor="middle">
          {t('sealing.aligned')}
        </text>
      ) : null}
    </g>
  )
}

function SealMark(props: {
  readonly mark: Mark
  readonly size: PageSize
  readonly seal: SealView
  readonly training: boolean
  readonly editing: PaperEditing
  readonly onTake: (event: PointerEvent<SVGElement>) => void
}) {
  const { t } = useTranslation()
  const { mark, size, seal, editing } = props
  const { xMm, yMm } = mark.corner
  const onKey = (event: KeyboardEvent) => {
    const next = nudged(mark.corner, event, size, seal.diameterMm)
    if (next === null) return
    event.preventDefault()
    event.stopPropagation()
    editing.onMove(mark.index, mark.page, next)
  }
  const place = { page: mark.page, x: Math.round(xMm), y: Math.round(yMm) }
  const isActive = mark.index === editing.active && !editing.following
  return (
    // biome-ignore lint/a11y/useSemanticElements: within a drawing there is no button
    <g
      className={isActive ? 'seal-mark seal-mark-active' : 'seal-mark'}
      role="button"
      tabIndex={0}
      aria-label={t('sealing.markLabel', { name: seal.name, ...place })}
      onPointerDown={props.onTake}
      onKeyDown={onKey}
      onFocus={() => editing.onTake(mark.index)}
    >
      {mark.strip === null ? (
        <Face corner={mark.corner} seal={seal} training={props.training} />
      ) : (
        <Strip mark={mark} strip={mark.strip} seal={seal} training={props.training} />
      )}
    </g>
  )
}

type FaceProps = { readonly corner: Corner; readonly seal: SealView; readonly training: boolean }

function Face({ corner, seal, training }: FaceProps) {
  const { t } = useTranslation()
  const radius = seal.diameterMm / 2
  return (
    <>
      <circle className="seal-hit" cx={corner.xMm + radius} cy={corner.yMm + radius} r={radius} />
      <g transform={`translate(${corner.xMm + radius} ${corner.yMm + radius}) scale(${seal.diameterMm / 42})`}>
        <SealDrawing face={seal} training={training} />
      </g>
      <text className="seal-caption" x={corner.xMm + radius} y={corner.yMm - 1.6} fontSize={6.5} textAnchor="middle">
        {t('sealing.markShort')}
      </text>
    </>
  )
}

/** A page's strip of a 骑缝章 at the paper's edge. */
function Strip(props: {
  readonly mark: Mark
  readonly strip: NonNullable<Mark['strip']>
  readonly seal: SealView
  readonly training: boolean
}) {
  const { corner } = props.mark
  const { index, count } = props.strip
  const { diameterMm } = props.seal
  const widthMm = diameterMm / count
  return (
    <svg
      x={corner.xMm}
      y={corner.yMm}
      width={widthMm}
      height={diameterMm}
      viewBox={`${-21 + (index * 42) / count} -21 ${42 / count} 42`}
      aria-hidden="true"
    >
      <rect className="seal-hit" x={-21} y={-21} width={42} height={42} />
      <SealDrawing face={props.seal} training={props.training} />
    </svg>
  )
}
