// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are boxes in places of their own; roles say what they are
import { HourglassOutlined, PictureOutlined, SafetyCertificateOutlined } from '@ant-design/icons'
import { type KeyboardEvent, type RefObject, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseSummary } from '../../../preload/contract/views.ts'
import { useHere } from '../../app/session.ts'
import { shortNumber } from '../../ui/case-words.ts'
import { DeliveryDots } from '../../ui/DeliveryDots.tsx'
import { listMomentOf } from '../../ui/dates.ts'
import { StateTag } from '../../ui/StateTag.tsx'
import { TimeLeftBar } from '../../ui/TimeLeftBar.tsx'
import { useVirtualRows } from '../../ui/use-virtual-rows.ts'
import type { Cases } from './use-cases.ts'

const rowHeight = 43
const columns = ['number', 'applicant', 'matter', 'state', 'due', 'delivery', 'received'] as const

type Props = {
  readonly list: Cases
  readonly index: number
  readonly container: RefObject<HTMLDivElement | null>
  readonly onIndex: (index: number) => void
  readonly onOpen: (index: number) => void
}

/** The dense list: of 200,000 rows only those on screen exist. ↑ ↓ choose, Enter opens. */
export function CaseTable({ list, index, container, onIndex, onOpen }: Props) {
  const { t } = useTranslation()
  const total = list.total ?? 0
  const rows = useVirtualRows({ container, total, index, rowHeight, screenful: 10, onIndex, onShown: list.show })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the list comes up
  useEffect(() => rows.scrollTo(index), [])
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.ctrlKey) onOpen(index)
    rows.onKey(event)
  }

  return (
    <div
      ref={container}
      className="queue-list"
      role="grid"
      aria-label={t('queue.table')}
      aria-rowcount={total + 1}
      aria-activedescendant={`case-row-${index}`}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div className="case-row case-row-head" role="row" tabIndex={-1} aria-rowindex={1}>
        {columns.map((column) => (
          <span key={column} className={`case-${column}`} role="columnheader" tabIndex={-1}>
            {t(`queue.column.${column}`)}
          </span>
        ))}
      </div>
      <div className="case-rows" role="rowgroup" style={{ height: rows.height }}>
        {rows.shown.map((row) => (
          <CaseRow
            key={row.key}
            index={row.index}
            top={row.start}
            chosen={row.index === index}
            summary={list.at(row.index)}
            onChoose={onIndex}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  )
}

function CaseRow(props: {
  readonly index: number
  readonly top: number
  readonly chosen: boolean
  readonly summary: CaseSummary | undefined
  readonly onChoose: (index: number) => void
  readonly onOpen: (index: number) => void
}) {
  const { index, summary } = props
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys for all its rows
    <div
      id={`case-row-${index}`}
      className={props.chosen ? 'case-row case-row-chosen' : 'case-row'}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={props.chosen}
      style={{ height: rowHeight, transform: `translateY(${props.top}px)` }}
      onClick={() => props.onChoose(index)}
      onDoubleClick={() => props.onOpen(index)}
    >
      {summary === undefined ? (
        <span className="case-coming" role="gridcell" tabIndex={-1} />
      ) : (
        <Cells summary={summary} />
      )}
    </div>
  )
}

function Cells({ summary }: { readonly summary: CaseSummary }) {
  const { t } = useTranslation()
  const { station } = useHere()
  return (
    <>
      <span role="gridcell" tabIndex={-1} className="case-number number">
        {shortNumber(summary.localNumber, station.stationId)}
      </span>
      <span role="gridcell" tabIndex={-1} className="case-applicant">
        {summary.applicantMasked}
      </span>
      <span role="gridcell" tabIndex={-1} className="case-matter" title={summary.matterName}>
        {summary.matterName}
      </span>
      <span role="gridcell" tabIndex={-1} className="case-state">
        <StateTag summary={summary} />
        {summary.laterOpen > 0 ? <Mark icon="later" word={t('queue.later', { count: summary.laterOpen })} /> : null}
        {summary.sealWaiting ? <Mark icon="seal" word={t('queue.sealWaiting')} /> : null}
      </span>
      <span role="gridcell" tabIndex={-1} className="case-due">
        <TimeLeftBar summary={summary} />
      </span>
      <span role="gridcell" tabIndex={-1} className="case-delivery">
        <DeliveryDots delivery={summary.delivery} />
        {summary.filesWaiting > 0 ? (
          <Mark icon="files" word={t('sync.file.rest', { count: summary.filesWaiting })} />
        ) : null}
      </span>
      <span role="gridcell" tabIndex={-1} className="case-received number quiet">
        {listMomentOf(summary.receivedAtUtc, station.todayInShanghai)}
      </span>
    </>
  )
}

const marks = {
  later: <HourglassOutlined />,
  seal: <SafetyCertificateOutlined />,
  files: <PictureOutlined />,
}

function Mark({ icon, word }: { readonly icon: keyof typeof marks; readonly word: string }) {
  return (
    <span className="case-mark" title={word}>
      <span aria-hidden="true">{marks[icon]}</span>
      <span className="visually-hidden">{word}</span>
    </span>
  )
}
