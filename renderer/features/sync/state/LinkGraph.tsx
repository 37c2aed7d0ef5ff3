import { useTranslation } from 'react-i18next'
import { useCall } from '../../../app/client.ts'
import { clockOf, sizeInWords } from '../../../ui/dates.ts'
import { type Bar, barsOf, hourOf } from './link-hour.ts'

const places = 60
const barWidth = 7
const height = 44
const strip = 18
const width = places * barWidth
const refreshMs = 20_000

/** The link in the last hour: a bar a minute for what it carried, a sign a minute for up, cut, down or nothing; the same in words below. */
export function LinkGraph() {
  const { t } = useTranslation()
  const { data } = useCall('sync.history', {}, { everyMs: refreshMs })
  if (data === undefined) return null
  const hour = hourOf(data.minutes)
  return (
    <figure className="graph">
      <figcaption>
        <h3>{t('sync.graph.title')}</h3>
        <Legend />
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height + strip}`} aria-hidden="true" preserveAspectRatio="none">
        <line className="graph-base" x1="0" x2={width} y1={height} y2={height} />
        {barsOf(data.minutes, places).map((bar) => (
          <Minute key={bar.key} bar={bar} />
        ))}
      </svg>
      <div className="graph-ends quiet" aria-hidden="true">
        <span>{t('sync.graph.lower')}</span>
        <span>{hour.peakBytes === 0 ? null : t('sync.graph.peak', { size: sizeInWords(hour.peakBytes) })}</span>
        <span>{t('sync.graph.now')}</span>
      </div>
      <p className="number">
        {t(hour.cut === 0 ? 'sync.graph.summary' : 'sync.graph.summaryCut', {
          ...hour,
          up: sizeInWords(hour.upBytes),
          down: sizeInWords(hour.downBytes),
        })}{' '}
        {hour.lastBadUtc === null
          ? t('sync.graph.neverBad')
          : t('sync.graph.lastBad', { time: clockOf(hour.lastBadUtc) })}
      </p>
    </figure>
  )
}

function Minute({ bar }: { readonly bar: Bar }) {
  const x = bar.index * barWidth
  const tall = bar.height * (height - 4)
  return (
    <g>
      <rect className="graph-bar" x={x + 1} width={barWidth - 2} y={height - tall} height={tall} />
      <Sign state={bar.state} x={x} y={height + 3} />
    </g>
  )
}

/** Told apart by form as well as by colour: a full block, one with a notch, a cross, a low dot. */
function Sign({ state, x, y }: { readonly state: Bar['state']; readonly x: number; readonly y: number }) {
  const wide = barWidth - 0.5
  if (state === 'good') return <rect className="graph-good" x={x} y={y} width={wide} height={12} />
  if (state === 'cut')
    return <path className="graph-good" d={`M${x} ${y}h${wide}v4h-${wide}z m0 8h${wide}v4h-${wide}z`} />
  if (state === 'none') return <circle className="graph-none" cx={x + barWidth / 2} cy={y + 6} r={1.4} />
  return <path className="graph-bad" d={`M${x + 1} ${y + 3.5}l5 5m0 -5l-5 5`} />
}

function Legend() {
  const { t } = useTranslation()
  return (
    <span className="graph-legend" aria-hidden="true">
      <span>
        <svg aria-hidden="true" width="9" height="18" viewBox="0 0 7 18">
          <rect className="graph-bar" x={1} y={2} width={5} height={14} />
        </svg>
        {t('sync.graph.bytes')}
      </span>
      {(['good', 'cut', 'bad', 'none'] as const).map((state) => (
        <span key={state}>
          <svg aria-hidden="true" width="9" height="18" viewBox="0 0 7 18">
            <Sign state={state} x={0} y={3} />
          </svg>
          {t(`sync.graph.${state}`)}
        </span>
      ))}
    </span>
  )
}
