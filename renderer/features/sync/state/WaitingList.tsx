// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are boxes in places of their own; roles say what they are
import { CheckCircleOutlined } from '@ant-design/icons'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { WaitingItem } from '../../../../preload/contract/sync.ts'
import { useCall } from '../../../app/client.ts'
import { isDown, linkWord } from '../../../app/link-state.ts'
import { paths } from '../../../app/paths.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { usePages } from '../../../app/use-pages.ts'
import { sizeInWords } from '../../../ui/dates.ts'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { useVirtualRows } from '../../../ui/use-virtual-rows.ts'
import { WaitingRow } from './WaitingRow.tsx'

/** Bytes of a file under way leave between the desk's events. */
const lookMs = 2000

/** What is still here, in the order in which it leaves, however long the list is. */
export function WaitingList() {
  const { t } = useTranslation()
  const list = usePages(
    'sync.waiting',
    (page) => page,
    ({ items }) => items,
    { everyMs: lookMs },
  )
  const { first } = list
  return (
    <section className="panel waiting">
      <header className="waiting-head">
        <h2>
          {t('sync.waiting.title')}
          {first === undefined || first.total === 0 ? null : (
            <span className="quiet waiting-total">
              {' '}
              {t('sync.waiting.total', { count: first.total, size: sizeInWords(first.totalBytes) })}
            </span>
          )}
        </h2>
        {first === undefined || first.total === 0 ? null : <span className="quiet">{t('sync.waiting.order')}</span>}
      </header>
      <ErrorNotice error={list.error} onRetry={list.retry} />
      {first === undefined && list.error === null ? <Loading /> : null}
      {first?.total === 0 ? (
        <p className="sync-none">
          <CheckCircleOutlined aria-hidden="true" /> {t('sync.waiting.none')}
          <span className="quiet"> {t('sync.waiting.noneText')}</span>
        </p>
      ) : null}
      {first === undefined || first.total === 0 ? null : <Rows total={first.total} at={list.at} onShown={list.show} />}
    </section>
  )
}

const rowHeight = 68

function Rows(props: {
  readonly total: number
  readonly at: (index: number) => WaitingItem | undefined
  readonly onShown: (first: number, last: number) => void
}) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const word = linkWord(useCall('sync.status', {}).data)
  const { total, at } = props
  const container = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState(0)
  const index = Math.min(chosen, total - 1)
  useShortcut('↑ ↓', t('sync.waiting.rowHelp'), () => undefined)
  useShortcut('↵ Enter', t('sync.waiting.enterHelp'), () => undefined)
  const rows = useVirtualRows({
    container,
    total,
    index,
    rowHeight,
    screenful: 5,
    onIndex: setChosen,
    onShown: props.onShown,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the list comes up
  useEffect(() => rows.scrollTo(index), [])
  const open = (row: number) => {
    const caseId = at(row)?.caseId ?? null
    if (caseId !== null) go(paths.oneCase(caseId))
  }
  const onKey = (event: KeyboardEvent) => {
    // With Ctrl it is the screen's own key: send now.
    if (event.key === 'Enter' && !event.ctrlKey) open(index)
    rows.onKey(event)
  }
  return (
    <div
      ref={container}
      className="waiting-list"
      role="grid"
      aria-label={t('sync.waiting.table')}
      aria-rowcount={total}
      aria-activedescendant={`waiting-${index}`}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div className="waiting-rows" role="rowgroup" style={{ height: rows.height }}>
        {rows.shown.map((row) => (
          <WaitingRow
            key={row.key}
            id={`waiting-${row.index}`}
            number={row.index + 1}
            top={row.start}
            height={rowHeight}
            item={at(row.index)}
            isOffline={isDown(word) || word === 'relay'}
            isAtHall={word === 'relay'}
            isChosen={row.index === index}
            onChoose={() => setChosen(row.index)}
            onOpen={() => open(row.index)}
          />
        ))}
      </div>
    </div>
  )
}
