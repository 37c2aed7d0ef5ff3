import { useTranslation } from 'react-i18next'
import type { PageComparison } from '../../../../preload/contract/seals.ts'
import type { PageBox } from '../../../../preload/contract/verification.ts'
import { useBridge } from '../../../app/client.ts'

type At = { readonly verificationId: string; readonly seal: number; readonly page: number }
type Side = 'before' | 'after' | 'difference'

/** Room around what a frame holds, so that it cuts no stroke. */
const marginMm = 1.5

/** One page then and now, side by side, or what differs alone. Both scroll together, being one sheet. */
export function ComparedPage(props: {
  readonly at: At
  readonly comparison: PageComparison
  readonly zoom: number
  readonly onlyDifference: boolean
}) {
  const { t } = useTranslation()
  const { comparison, onlyDifference, zoom } = props
  const sides: readonly Side[] = onlyDifference ? ['difference'] : ['before', 'after']
  return (
    <div className={onlyDifference ? 'sheets sheets-one' : 'sheets'}>
      {sides.map((side) => (
        <figure key={side} className="sheet">
          <figcaption>
            {t(
              side === 'before'
                ? 'verify.thenNow.before'
                : side === 'after'
                  ? 'verify.thenNow.after'
                  : 'verify.showDifference',
            )}
          </figcaption>
          <Sheet side={side} at={props.at} comparison={comparison} zoom={zoom} />
        </figure>
      ))}
    </div>
  )
}

function Sheet(props: {
  readonly side: Side
  readonly at: At
  readonly comparison: PageComparison
  readonly zoom: number
}) {
  const { t } = useTranslation()
  const { bytesBase } = useBridge()
  const { side, at, comparison, zoom } = props
  if (side === 'before' && !comparison.before) return <p className="sheet-gone">{t('verify.gone')}</p>
  if (side === 'after' && !comparison.after) return <p className="sheet-gone">{t('verify.goneNow')}</p>
  const { widthMm, heightMm } = comparison
  const url = `${bytesBase}/verifications/${at.verificationId}/${at.seal}/${at.page}/${side}.png`
  return (
    <div className="sheet-scroll">
      <div className="sheet-page" style={{ aspectRatio: `${widthMm} / ${heightMm}`, ...sizeOf(zoom) }}>
        <img
          src={url}
          alt={`${t('verify.page', { page: at.page })} ${t(side === 'before' ? 'verify.thenNow.before' : 'verify.thenNow.after')}`}
        />
        {side === 'difference' ? null : (
          <svg viewBox={`0 0 ${widthMm} ${heightMm}`} aria-hidden="true">
            {comparison.sealBoxes.map((box) => (
              <Frame key={`${box.xMm} ${box.yMm}`} box={box} kind="seal" />
            ))}
            {comparison.boxes.map((box) => (
              <Frame key={`${box.xMm} ${box.yMm}`} box={box} kind="changed" />
            ))}
          </svg>
        )}
      </div>
    </div>
  )
}

/** A whole page at 1; larger ones are so many times as high as the room. */
const sizeOf = (zoom: number) =>
  zoom === 1 ? { maxWidth: '100%', maxHeight: '100%', height: '100%' } : { width: `${zoom * 100}%` }

function Frame({ box, kind }: { readonly box: PageBox; readonly kind: 'seal' | 'changed' }) {
  return (
    <rect
      className={`frame-${kind}`}
      data-frame={kind}
      x={box.xMm - marginMm}
      y={box.yMm - marginMm}
      width={box.widthMm + 2 * marginMm}
      height={box.heightMm + 2 * marginMm}
      rx={1}
    />
  )
}
