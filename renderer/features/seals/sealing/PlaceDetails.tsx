import { Input, InputNumber, Segmented, Select } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Placement } from '../../../../preload/contract/seals.ts'
import { type Choices, withPlacement } from './choices.ts'
import type { KnownPaper } from './places.ts'

type Props = {
  readonly placement: Placement
  readonly choices: Choices
  readonly known: KnownPaper | null
  readonly count: number
  readonly isLooking: boolean
  readonly onChange: (next: (choices: Choices) => Choices) => void
}

type Of<K extends Placement['kind']> = Extract<Placement, { kind: K }>

/** What the chosen kind of place still wants to know, and one quiet line on what it does. */
export function PlaceDetails(props: Props) {
  const { t } = useTranslation()
  const { placement, known, onChange } = props
  const set = (next: Placement) => onChange((now) => withPlacement(now, now.active, next))
  return (
    <>
      <p className="quiet">{wordsFor(props, t)}</p>
      {placement.kind === 'anchor' ? <Anchor {...props} placement={placement} onSet={set} /> : null}
      {placement.kind === 'seam' ? <Seam placement={placement} onSet={set} /> : null}
      {placement.kind === 'slot' && (known?.places.slots.length ?? 0) > 0 ? (
        <Select
          className="wide"
          value={placement.field}
          aria-label={t('sealing.kind.slot')}
          options={known?.places.slots.map(({ field }) => ({ value: field, label: field })) ?? []}
          onChange={(field) => set({ kind: 'slot', field })}
        />
      ) : null}
    </>
  )
}

function wordsFor({ placement, known, count }: Props, t: TFunction): string {
  const { kind } = placement
  if (known?.places.certified === true && known.places.slots.length === 0) return t('sealing.closed')
  if (known?.places.certified === true && kind !== 'slot') return t('sealing.certified')
  if (kind === 'date' && known !== null && known.places.date === null) return t('sealing.dateNone')
  if (kind === 'slot' && known !== null && known.places.slots.length === 0) return t('sealing.slotNone')
  if (kind === 'seam' && known !== null && known.places.pages.length < 2) return t('sealing.seamOne')
  if (kind === 'page' && count > 1) return t('sealing.many')
  return t(`sealing.kindText.${kind}`)
}

function Anchor(props: Props & { readonly placement: Of<'anchor'>; readonly onSet: (next: Placement) => void }) {
  const { t } = useTranslation()
  const { placement, known, onSet } = props
  const found = known?.found.length ?? 0
  const isLost = placement.text.trim() !== '' && known !== null && !props.isLooking && found === 0
  const offset = (side: 'rightMm' | 'downMm', label: string) => (
    <label className="place-offset" htmlFor={`place-${side}`}>
      <span>{label}</span>
      <InputNumber
        id={`place-${side}`}
        value={placement[side]}
        min={-300}
        max={300}
        step={1}
        onChange={(value) => onSet({ ...placement, [side]: value ?? 0 })}
      />
    </label>
  )
  return (
    <div className="place-anchor">
      <Input
        value={placement.text}
        maxLength={60}
        autoFocus
        placeholder={t('sealing.anchorText')}
        aria-label={t('sealing.anchorText')}
        status={isLost ? 'error' : ''}
        onChange={(event) => onSet({ ...placement, text: event.target.value })}
      />
      <span className={isLost ? 'place-lost' : 'quiet'} role="status">
        {isLost ? t('sealing.anchorNone') : found > 0 ? t('sealing.anchorFound', { count: found }) : ''}
      </span>
      {found > 1 ? (
        <Segmented
          value={placement.occurrence}
          options={[
            { value: 'first', label: t('sealing.first') },
            { value: 'last', label: t('sealing.last') },
          ]}
          onChange={(occurrence: 'first' | 'last') => onSet({ ...placement, occurrence })}
        />
      ) : null}
      <div className="place-offsets">
        {offset('rightMm', t('sealing.right'))}
        {offset('downMm', t('sealing.down'))}
      </div>
    </div>
  )
}

function Seam(props: { readonly placement: Of<'seam'>; readonly onSet: (next: Placement) => void }) {
  const { t } = useTranslation()
  return (
    <Segmented
      value={props.placement.side}
      aria-label={t('sealing.seamSide')}
      options={[
        { value: 'right', label: t('sealing.rightEdge') },
        { value: 'left', label: t('sealing.leftEdge') },
      ]}
      onChange={(side: 'right' | 'left') => props.onSet({ ...props.placement, side })}
    />
  )
}
