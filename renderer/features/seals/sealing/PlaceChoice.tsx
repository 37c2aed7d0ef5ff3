import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Placement } from '../../../../preload/contract/seals.ts'
import {
  activePlacement,
  type Choices,
  mostPlacements,
  withOneMore,
  withoutPlacement,
  withPlacement,
} from './choices.ts'
import { PlaceDetails } from './PlaceDetails.tsx'
import { type KnownPaper, lowerRight } from './places.ts'

const kinds = ['usual', 'date', 'page', 'anchor', 'slot', 'seam'] as const

type Props = {
  readonly choices: Choices
  readonly known: KnownPaper | null
  readonly diameterMm: number
  /** How many papers are in hand. */
  readonly count: number
  readonly isLooking: boolean
  readonly onChange: (next: (choices: Choices) => Choices) => void
}

/** How the active seal finds its place, and the list of places where there are several. */
export function PlaceChoice(props: Props) {
  const { t } = useTranslation()
  const { choices, known, diameterMm, onChange } = props
  const placement = activePlacement(choices)
  const choose = (kind: Placement['kind']) =>
    onChange((now) => ({
      ...withPlacement(now, now.active, freshPlacement(kind, known, diameterMm)),
      following: kind === 'page',
      laying: false,
    }))
  const isOff = (kind: Placement['kind']) =>
    known !== null &&
    ((known.places.certified && kind !== 'slot') ||
      (props.count === 1 &&
        ((kind === 'date' && known.places.date === null) ||
          (kind === 'slot' && known.places.slots.length === 0) ||
          (kind === 'seam' && known.places.pages.length < 2))))
  return (
    <fieldset className="sealing-group">
      <legend>{t('sealing.how')}</legend>
      <Chips {...props} />
      <div className="place-kinds" role="radiogroup" aria-label={t('sealing.how')}>
        {kinds.map((kind) => (
          <label key={kind} className={placement.kind === kind ? 'place-kind place-kind-on' : 'place-kind'}>
            <input
              type="radio"
              name="sealing-place"
              checked={placement.kind === kind}
              disabled={isOff(kind)}
              onChange={() => choose(kind)}
              onClick={() => (placement.kind === kind && kind === 'page' ? choose(kind) : undefined)}
            />
            {t(`sealing.kind.${kind}`)}
          </label>
        ))}
      </div>
      <PlaceDetails {...props} placement={placement} />
    </fieldset>
  )
}

function freshPlacement(kind: Placement['kind'], known: KnownPaper | null, diameterMm: number): Placement {
  const last = known?.places.pages.length ?? 1
  const size = known?.places.pages[last - 1] ?? { widthMm: 210, heightMm: 297 }
  switch (kind) {
    case 'page':
      return { kind, page: last, ...lowerRight(size, diameterMm) }
    case 'anchor':
      return { kind, text: '', occurrence: 'last', rightMm: 0, downMm: 0 }
    case 'slot':
      return { kind, field: known?.places.slots[0]?.field ?? '' }
    case 'seam':
      return { kind, side: 'right', yMm: null }
    default:
      return { kind }
  }
}

/** The places one by one, the active one marked, each removable; and one more, up to four. */
function Chips({ choices, known, diameterMm, onChange }: Props) {
  const { t } = useTranslation()
  const { placements, active } = choices
  const hasSeam = placements.some(({ kind }) => kind === 'seam')
  const another = hasSeam || (known?.places.pages.length ?? 1) < 2 ? 'page' : 'seam'
  const more = (
    <Button
      icon={<PlusOutlined />}
      disabled={placements.length >= mostPlacements}
      className="place-more"
      onClick={() => onChange((now) => withOneMore(now, freshPlacement(another, known, diameterMm)))}
    >
      {t('sealing.more')}
    </Button>
  )
  if (placements.length === 1) return more
  return (
    <ul className="place-chips" aria-label={t('sealing.places')}>
      {placements.map((placement, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a place is its number
        <li key={index} className={index === active ? 'place-chip place-chip-on' : 'place-chip'}>
          <button
            type="button"
            aria-pressed={index === active}
            onClick={() => onChange((now) => ({ ...now, active: index, following: false }))}
          >
            {index + 1} {placeWords(placement, t)}
          </button>
          <button
            type="button"
            aria-label={t('sealing.remove', { number: index + 1 })}
            title={t('sealing.remove', { number: index + 1 })}
            onClick={() => onChange((now) => withoutPlacement(now, index))}
          >
            <CloseOutlined aria-hidden="true" />
          </button>
        </li>
      ))}
      <li>{more}</li>
    </ul>
  )
}

function placeWords(placement: Placement, t: TFunction): string {
  switch (placement.kind) {
    case 'page':
      return t('sealing.placeOf.page', { page: placement.page })
    case 'anchor':
      return placement.text === '' ? t('sealing.kind.anchor') : t('sealing.placeOf.anchor', { text: placement.text })
    case 'slot':
      return t('sealing.placeOf.slot', { name: placement.field })
    default:
      return t(`sealing.placeOf.${placement.kind}`)
  }
}
