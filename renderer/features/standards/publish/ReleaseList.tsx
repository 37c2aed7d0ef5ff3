import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { KnownRelease } from '../../../../preload/contract/standards/publishing.ts'
import { useAct } from '../../../app/client.ts'
import { momentOf } from '../../../ui/dates.ts'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { useTargetWords } from '../target-words.ts'
import { ToStick } from './ToStick.tsx'

const tones = { here: 'good', sent: 'good', waits: 'warn', refused: 'bad', kept: 'plain' } as const

/** Releases that went out, and those that wait: sent, dropped, written to a stick, gone back to. */
export function ReleaseList({
  releases,
  base,
  onBack,
}: {
  readonly releases: readonly KnownRelease[]
  readonly base: KnownRelease | null
  readonly onBack: (release: number) => void
}) {
  const { t } = useTranslation()
  const send = useAct('standards.send')
  const drop = useAct('standards.drop')
  if (releases.length === 0) return null
  return (
    <section className="panel card" aria-label={t('standardsDesk.publish.history')}>
      <h2>{t('standardsDesk.publish.history')}</h2>
      <ErrorNotice error={send.error ?? drop.error} />
      <ul className="releases">
        {releases.map((one) => (
          <li key={one.sha256} className="release-row">
            <Release release={one} />
            <span className="release-actions">
              {one.state === 'waits' ? (
                <Button loading={send.isPending} onClick={() => send.mutate({ sha256: one.sha256 })}>
                  {t('standardsDesk.publish.send')}
                </Button>
              ) : null}
              {one.state === 'waits' || one.state === 'refused' ? (
                <Button
                  danger
                  disabled={one.perhapsOut}
                  title={t(`standardsDesk.publish.${dropWords(one)}`)}
                  loading={drop.isPending}
                  onClick={() => drop.mutate({ sha256: one.sha256 })}
                >
                  {t('standardsDesk.publish.drop')}
                </Button>
              ) : null}
              {one.state === 'refused' ? null : <ToStick release={one} />}
              {one.state === 'waits' || one.state === 'refused' || one.sha256 === base?.sha256 ? null : (
                <Button onClick={() => onBack(one.release)}>{t('standardsDesk.publish.back')}</Button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function dropWords({ perhapsOut, written }: KnownRelease) {
  if (perhapsOut) return 'perhapsOut'
  return written === null ? 'dropText' : 'dropNot'
}

function Release({ release: one }: { readonly release: KnownRelease }) {
  const { t } = useTranslation()
  const targets = useTargetWords()(one.targets)
  return (
    <span>
      <strong>{t('standardsDesk.publish.historyOf', { release: one.release })}</strong>{' '}
      <span className={`tag tag-${tones[one.state]}`}>{t(`standardsDesk.publish.state.${one.state}`)}</span> {one.note}
      <span className="quiet release-facts">
        {targets} · {t('standardsDesk.publish.whenAt', { time: momentOf(one.effectiveAtUtc) })}
        {one.approvedBy === '' ? '' : ` · ${t('standardsDesk.publish.approved', { name: one.approvedBy })}`}
      </span>
      {one.written === null ? null : (
        <span className="quiet release-facts">
          {t('standardsDesk.publish.written', { ...one.written, time: momentOf(one.written.atUtc) })}
        </span>
      )}
      {one.perhapsOut ? <span className="quiet release-facts">{t('standardsDesk.publish.perhapsOut')}</span> : null}
      {one.said === '' ? null : <span className="release-said">{one.said}</span>}
    </span>
  )
}
