import { useTranslation } from 'react-i18next'
import type { SealFace } from '../../../preload/contract/seals.ts'

/** What of a seal's face is drawn. */
export type SketchedFace = Pick<SealFace, 'name' | 'organisation' | 'purposeLine' | 'code' | 'emblem'>

const starAround = (x: number, y: number, outer: number): string =>
  Array.from({ length: 10 }, (_, index) => {
    const angle = (Math.PI / 5) * index - Math.PI / 2
    const radius = index % 2 === 0 ? outer : outer * 0.382
    return `${(x + radius * Math.cos(angle)).toFixed(2)},${(y + radius * Math.sin(angle)).toFixed(2)}`
  }).join(' ')

/** Characters along an arc around the middle, the first at the left: above (`radius` to their feet) or, upside in, below. */
function ArcText(props: {
  readonly text: string
  readonly radius: number
  readonly size: number
  readonly most: number
  readonly below?: boolean
}) {
  const { text, radius, size, most, below = false } = props
  const characters = [...text.replace(/\s/gu, '')]
  const natural = ((size * (below ? 1.1 : 1.42)) / radius) * (180 / Math.PI)
  const step = characters.length > 1 ? Math.min(natural, most / (characters.length - 1)) : 0
  const fitted = Math.min(size, characters.length > 1 ? ((step * Math.PI) / 180) * radius * 0.98 : size)
  return characters.map((character, index) => {
    const angle = (index - (characters.length - 1) / 2) * step * (below ? -1 : 1)
    return (
      <text
        // biome-ignore lint/suspicious/noArrayIndexKey: a character's place is what it is
        key={index}
        x={0}
        y={below ? radius : -radius}
        fontSize={fitted}
        textAnchor="middle"
        transform={`rotate(${angle.toFixed(2)})`}
      >
        {character}
      </text>
    )
  })
}

/** Five stars over a gate in a ring: enough to tell it from the plain star; the desk draws the real one. */
function NationalEmblem() {
  return (
    <>
      <circle r={7} fill="none" stroke="currentColor" strokeWidth={0.7} />
      <polygon points={starAround(0, -3.2, 2.1)} />
      {[-4, -2, 2, 4].map((x) => (
        <polygon key={x} points={starAround(x, Math.abs(x) > 3 ? -1.2 : 0, 0.8)} />
      ))}
      <path d="M-4 4.4v-1.4h1v-1.2h6v1.2h1v1.4z M-2.6 1.4l0.6-0.8h4l0.6 0.8z" />
    </>
  )
}

/** A round seal in a square of 42 units around the middle, in the present colour: ring, emblem, name, line and code. */
export function SealDrawing({ face, training }: { readonly face: SketchedFace; readonly training: boolean }) {
  const { t } = useTranslation()
  const line = face.purposeLine === '' && training ? t('common.training') : face.purposeLine
  return (
    <g className="seal-drawing" fill="currentColor" fontFamily="inherit">
      <circle r={20.4} fill="none" stroke="currentColor" strokeWidth={1.2} />
      {face.emblem === 'national' ? <NationalEmblem /> : <polygon points={starAround(0, 0, 7)} />}
      <ArcText text={face.organisation} radius={13.6} size={5} most={line === '' ? 268 : 238} />
      {line === '' ? null : (
        <text
          y={12}
          fontSize={3.8}
          textAnchor="middle"
          {...(line.length > 6 ? { textLength: 24, lengthAdjust: 'spacingAndGlyphs' as const } : {})}
        >
          {line}
        </text>
      )}
      <ArcText text={face.code} radius={18.6} size={1.9} most={100} below />
    </g>
  )
}

/** A sketch of a round seal for recognising it on the screen; the real impression is drawn by the desk into the PDF. */
export function SealSketch(props: {
  readonly face: SketchedFace
  readonly training: boolean
  /** Without the words below, for a small one. */
  readonly bare?: boolean
}) {
  const { t } = useTranslation()
  const { face, training, bare = false } = props
  return (
    <figure className={bare ? 'seal-sketch seal-sketch-bare' : 'seal-sketch'}>
      <svg viewBox="-21 -21 42 42" role="img" aria-label={`${t('seals.preview')}：${face.name}`}>
        <SealDrawing face={face} training={training} />
      </svg>
      {bare ? null : <figcaption className="quiet small">{t('seals.preview')}</figcaption>}
    </figure>
  )
}
