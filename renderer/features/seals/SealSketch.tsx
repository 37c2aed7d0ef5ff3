import { useTranslation } from 'react-i18next'

const star = Array.from({ length: 10 }, (_, index) => {
  const angle = (Math.PI / 5) * index - Math.PI / 2
  const radius = index % 2 === 0 ? 13 : 5
  return `${(60 + radius * Math.cos(angle)).toFixed(2)},${(60 + radius * Math.sin(angle)).toFixed(2)}`
}).join(' ')

/** A sketch of a round seal for recognising it on the screen; the real impression is drawn by the desk into the PDF. */
export function SealSketch({ name, training }: { readonly name: string; readonly training: boolean }) {
  const { t } = useTranslation()
  const characters = [...name]
  const spread = Math.min(270, characters.length * 20)
  const size = Math.min(13, 240 / Math.max(12, characters.length))
  return (
    <figure className="seal-sketch">
      <svg viewBox="0 0 120 120" role="img" aria-label={`${t('seals.preview')}：${name}`}>
        <circle cx="60" cy="60" r="56" fill="none" stroke="currentColor" strokeWidth="3" />
        <polygon points={star} fill="currentColor" />
        {characters.map((character, index) => {
          const angle = characters.length === 1 ? 0 : -spread / 2 + (spread / (characters.length - 1)) * index
          return (
            <text
              // biome-ignore lint/suspicious/noArrayIndexKey: a character's place is what it is
              key={index}
              x="60"
              y="21"
              fontSize={size}
              textAnchor="middle"
              fill="currentColor"
              transform={`rotate(${angle} 60 60)`}
            >
              {character}
            </text>
          )
        })}
        {training ? (
          <text x="60" y="92" fontSize="12" textAnchor="middle" fill="currentColor">
            {t('common.training')}
          </text>
        ) : null}
      </svg>
      <figcaption className="quiet small">{t('seals.preview')}</figcaption>
    </figure>
  )
}
