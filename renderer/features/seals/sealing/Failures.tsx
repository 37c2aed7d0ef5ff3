import { AimOutlined, ReloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Paper, SealingItem } from '../../../../preload/contract/seals.ts'

const mostShown = 50

/** The papers that were not sealed, each with the reason, and two ways on: as it was, or at another place. */
export function Failures(props: {
  readonly failed: readonly SealingItem[]
  /** Papers of a job from before the last start are not in hand: they wait in the list. */
  readonly inHand: readonly Paper[]
  readonly onRetry: (documentIds: readonly string[]) => void
  readonly onChange: (documentIds: readonly string[]) => void
  readonly onShow: (documentId: string) => void
}) {
  const { t } = useTranslation()
  const { failed, inHand } = props
  const here = new Set(inHand.map(({ documentId }) => documentId))
  const again = failed.map(({ documentId }) => documentId).filter((id) => here.has(id))
  return (
    <section className="sealing-failures" aria-label={t('sealing.failures')}>
      <h3>{t('sealing.failures')}</h3>
      <p className="quiet">{t('sealing.failuresSafe')}</p>
      {again.length > 1 ? (
        <span className="sealing-again">
          <Button icon={<ReloadOutlined />} onClick={() => props.onRetry(again)}>
            {t('sealing.retryAll', { count: again.length })}
          </Button>
          <Button icon={<AimOutlined />} onClick={() => props.onChange(again)}>
            {t('sealing.changeAll', { count: again.length })}
          </Button>
        </span>
      ) : null}
      <ul>
        {failed.slice(0, mostShown).map(({ documentId, title, why }) => (
          <li key={documentId}>
            <button type="button" className="link-button" onClick={() => props.onShow(documentId)}>
              {title}
            </button>
            <span>{why}</span>
            {here.has(documentId) ? (
              <span className="sealing-again">
                <Button icon={<ReloadOutlined />} onClick={() => props.onRetry([documentId])}>
                  {t('sealing.retry')}
                </Button>
                <Button icon={<AimOutlined />} onClick={() => props.onChange([documentId])}>
                  {t('sealing.change')}
                </Button>
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {failed.length > mostShown ? (
        <p className="quiet">{t('sealing.moreFailures', { count: failed.length - mostShown })}</p>
      ) : null}
    </section>
  )
}
