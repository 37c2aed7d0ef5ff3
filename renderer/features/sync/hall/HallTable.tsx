// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are boxes in places of their own; roles say what they are
import { CloudOutlined, HomeOutlined } from '@ant-design/icons'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { HallCase } from '../../../../preload/contract/sync.ts'
import { useHere } from '../../../app/session.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { shortNumber } from '../../../ui/case-words.ts'
import { listMomentOf } from '../../../ui/dates.ts'
import { useVirtualRows } from '../../../ui/use-virtual-rows.ts'
import { takenByOf } from './taken-by.ts'

const rowHeight = 43
const columns = ['number', 'applicant', 'matter', 'window', 'taken', 'where', 'received'] as const

/** The shared queue: ↑ ↓ choose a case. */
export function HallTable(props: {
  readonly total: number
  readonly at: (index: number) => HallCase | undefined
  readonly index: number
  readonly container: RefObject<HTMLDivElement | null>
  readonly onIndex: (index: number) => void
  readonly onShown: (first: number, last: number) => void
}) {
  const { t } = useTranslation()
  const { total, index, container, onIndex, onShown } = props
  useShortcut('↑ ↓', t('sync.hall.rowHelp'), () => undefined)
  const rows = useVirtualRows({ container, total, index, rowHeight, screenful: 10, onIndex, onShown })
  return (
    <div
      ref={container}
      className="panel hall-list"
      role="grid"
      aria-label={t('sync.hall.table')}
      aria-rowcount={total + 1}
      aria-activedescendant={`hall-${index}`}
      tabIndex={0}
      onKeyDown={rows.onKey}
    >
      <div className="hall-row hall-row-head" role="row" tabIndex={-1} aria-rowindex={1}>
        {columns.map((column) => (
          <span key={column} role="columnheader" tabIndex={-1}>
            {t(`sync.hall.column.${column}`)}
          </span>
        ))}
      </div>
      <div className="hall-rows" role="rowgroup" style={{ height: rows.height }}>
        {rows.shown.map((row) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys for all its rows
          <div
            key={row.key}
            id={`hall-${row.index}`}
            className={row.index === index ? 'hall-row hall-row-chosen' : 'hall-row'}
            role="row"
            tabIndex={-1}
            aria-rowindex={row.index + 2}
            aria-selected={row.index === index}
            style={{ height: rowHeight, transform: `translateY(${row.start}px)` }}
            onClick={() => onIndex(row.index)}
          >
            <Cells hallCase={props.at(row.index)} />
          </div>
        ))}
      </div>
    </div>
  )
}

function Cells({ hallCase }: { readonly hallCase: HallCase | undefined }) {
  const { t } = useTranslation()
  const { station } = useHere()
  if (hallCase === undefined) return <span className="case-coming" role="gridcell" tabIndex={-1} />
  const { takenBy, atCentre } = hallCase
  const holder = takenByOf(hallCase, station.stationId)
  const taken = holder === 'nobody' ? t('sync.hall.free') : holder === 'mine' ? t('sync.hall.mine') : takenBy
  const cells = [
    ['number', <span key="v">{shortNumber(hallCase.localNumber)}</span>],
    ['applicant', hallCase.applicantMasked],
    ['matter', hallCase.matterName],
    ['window', hallCase.windowName],
    [
      'taken',
      <span key="v" className={holder === 'nobody' ? 'quiet' : 'hall-taken'}>
        {taken}
      </span>,
    ],
    [
      'where',
      <span key="v">
        <span aria-hidden="true">{atCentre ? <CloudOutlined /> : <HomeOutlined />}</span>{' '}
        {t(atCentre ? 'sync.hall.atCentre' : 'sync.hall.atHall')}
      </span>,
    ],
    ['received', listMomentOf(hallCase.receivedAtUtc, station.todayInShanghai)],
  ] as const
  return (
    <>
      {cells.map(([name, cell]) => (
        <span
          key={name}
          role="gridcell"
          tabIndex={-1}
          className={name === 'number' || name === 'received' ? 'number' : ''}
        >
          {cell}
        </span>
      ))}
    </>
  )
}
