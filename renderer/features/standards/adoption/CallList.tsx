import { CopyOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { Adoption } from '../../../../preload/contract/catalogue.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { momentOf } from '../../../ui/dates.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { windowLabel } from '../target-words.ts'
import type { Behind } from './behind.ts'
import { copyText } from './copy-text.ts'

/** The windows where a release is not in force yet, by town, to call them one after the other: on the screen, on paper, or copied. */
export function CallList({ found, behind }: { readonly found: Adoption; readonly behind: readonly Behind[] }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<boolean | null>(null)
  const title = t('standardsDesk.adoption.title', { release: found.release, time: momentOf(found.effectiveAtUtc) })
  const print = () => window.print()
  useShortcut('F9', t('standardsDesk.adoption.print'), print, behind.length > 0)
  if (behind.length === 0) return <EmptyState title={t('standardsDesk.adoption.openNone')} />
  const copy = () => setCopied(copyText([title, ...behind.map((one) => rowOf(one, t).join('\t'))].join('\n')))
  return (
    <section className="panel card adoption-calls" aria-label={t('standardsDesk.adoption.calls')}>
      <div className="adoption-head">
        <h3>{t('standardsDesk.adoption.callsCount', { count: behind.length })}</h3>
        <Button icon={<CopyOutlined />} onClick={copy}>
          {t('standardsDesk.adoption.copy')}
        </Button>
        <Button icon={<PrinterOutlined />} aria-keyshortcuts="F9" onClick={print}>
          {t('standardsDesk.adoption.print')} <KeyHint keys="F9" />
        </Button>
        {copied === null ? null : (
          <Notice tone={copied ? 'good' : 'bad'}>
            {t(copied ? 'standardsDesk.adoption.copied' : 'standardsDesk.adoption.copyFailed')}
          </Notice>
        )}
      </div>
      <Table behind={behind} />
      {createPortal(
        <article className="calls-print">
          <h1>{title}</h1>
          <p>{t('standardsDesk.adoption.callsCount', { count: behind.length })}</p>
          <Table behind={behind} />
        </article>,
        document.body,
      )}
    </section>
  )
}

function Table({ behind }: { readonly behind: readonly Behind[] }) {
  const { t } = useTranslation()
  return (
    <table className="calls">
      <thead>
        <tr>
          {(['town', 'window', 'standing', 'seen', 'why'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`standardsDesk.adoption.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {behind.map((one) => {
          const [town, ...rest] = rowOf(one, t)
          return (
            <tr key={one.stationId}>
              <th scope="row">{town}</th>
              {rest.map((text, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                <td key={column}>{text}</td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** A window's row: the same on the screen, on paper and in what is copied. */
function rowOf(one: Behind, t: TFunction): readonly string[] {
  return [
    one.town,
    windowLabel(one.stationId, one.windowName),
    t(`standardsDesk.adoption.state.${one.state}`),
    seenOf(one, t),
    [
      one.reason,
      t(one.inForce === 0 ? 'standardsDesk.adoption.inUseNone' : 'standardsDesk.adoption.inUse', {
        release: one.inForce,
      }),
    ]
      .filter((text) => text !== '')
      .join('；'),
  ]
}

function seenOf({ lastSeenUtc, isSilent }: Behind, t: TFunction): string {
  if (lastSeenUtc === undefined) return t('standardsDesk.adoption.seenUnknown')
  if (lastSeenUtc === null) return t('standardsDesk.adoption.seenNever')
  const time = momentOf(lastSeenUtc)
  return isSilent ? t('standardsDesk.adoption.seenLong', { time }) : time
}
