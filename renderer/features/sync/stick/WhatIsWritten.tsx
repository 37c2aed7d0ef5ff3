import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Stick } from '../../../../preload/contract/sync.ts'
import type { SyncStatus } from '../../../../preload/contract/views.ts'
import { momentOf, sizeInWords } from '../../../ui/dates.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import type { StickBundle } from './stick-steps.ts'

/** Bytes that a stick lacks for text and files; 0 or less where they fit. */
const missingBytes = (sync: SyncStatus, stick: Stick | undefined): number =>
  stick === undefined ? 0 : sync.unsentFileBytes + sync.textBytes - stick.freeBytes

/** Whether files go along: wanted, there are some, and they fit. */
export function willTakeFiles(sync: SyncStatus, stick: Stick | undefined, wanted: boolean): boolean {
  return wanted && sync.unsentFiles > 0 && missingBytes(sync, stick) <= 0
}

/** What would be written to the stick, what is on it already, and whether the photos go along. */
export function WhatIsWritten(props: {
  readonly sync: SyncStatus | undefined
  readonly stick: Stick | undefined
  readonly out: StickBundle | null
  readonly wanted: boolean
  readonly onWanted: (wanted: boolean) => void
}) {
  const { t } = useTranslation()
  const { sync, stick, out } = props
  if (sync === undefined) return null
  const hasFiles = sync.unsentFiles > 0
  const missing = missingBytes(sync, stick)
  if (sync.unsentEntries === 0 && !hasFiles) return <p>{t('sync.stick.writeNothing')}</p>
  if (out?.state === 'ready') {
    return <p>{t('sync.stick.written', { time: momentOf(out.madeAtUtc), size: sizeInWords(out.sizeBytes) })}</p>
  }
  const facts = { cases: sync.unsentCases, files: sync.unsentFiles, size: sizeInWords(sync.unsentFileBytes) }
  return (
    <>
      {out?.state === 'torn' ? <Notice tone="warn">{t('sync.stick.torn')}</Notice> : null}
      <p>{t(hasFiles ? 'sync.stick.writeWhat' : 'sync.stick.writeOne', facts)}</p>
      <p className="quiet">{t('sync.stick.writeText')}</p>
      {hasFiles ? (
        <Checkbox
          checked={willTakeFiles(sync, stick, props.wanted)}
          disabled={missing > 0}
          onChange={(event) => props.onWanted(event.target.checked)}
        >
          {t('sync.stick.withFiles', { size: facts.size })}
        </Checkbox>
      ) : null}
      {hasFiles && missing > 0 ? (
        <Notice tone="warn">{t('sync.stick.tooSmall', { size: sizeInWords(missing) })}</Notice>
      ) : null}
    </>
  )
}
