// biome-ignore-all lint/a11y/useSemanticElements: of a virtual list only the rows on screen exist, so it is no table
import { CheckSquareFilled } from '@ant-design/icons'
import type { TFunction } from 'i18next'
import { type KeyboardEvent, type MouseEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { needsSeal } from '../../../../preload/contract/papers.ts'
import type { Paper } from '../../../../preload/contract/seals.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { shortNumber } from '../../../ui/case-words.ts'
import { sizeInWords } from '../../../ui/dates.ts'
import { useVirtualRows } from '../../../ui/use-virtual-rows.ts'
import type { Kept } from './kept.ts'
import type { Papers } from './use-papers.ts'

const rowHeight = 58

type Props = {
  readonly list: Papers
  readonly place: Kept
  readonly onMove: (change: Partial<Kept>) => void
  readonly onToggle: (papers: readonly Paper[]) => void
}

/** The list itself: ↑ ↓ move, Space ticks, Ctrl+A ticks all, Shift with a click ticks a range. */
export function PaperRows({ list, place, onMove, onToggle }: Props) {
  const { t } = useTranslation()
  const container = useRef<HTMLDivElement>(null)
  const total = list.total ?? 0
  const moveTo = (index: number) => onMove({ index, shown: shownOf(list.at(index), place) })
  const rows = useVirtualRows({
    container,
    total,
    index: place.index,
    rowHeight,
    screenful: 8,
    onIndex: moveTo,
    onShown: list.show,
  })
  useShortcut('↑ ↓', t('sealing.listHelp'), () => undefined)
  useShortcut('␣ Space', t('sealing.tickHelp'), () => undefined)
  useShortcut('Ctrl+ A', t('sealing.tickAll'), () => undefined)

  const onKey = (event: KeyboardEvent) => {
    const here = list.at(place.index)
    if (event.key === ' ' && here !== undefined) {
      event.preventDefault()
      onToggle([here])
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      event.preventDefault()
      void list.all().then((papers) => onMove({ ticked: new Map(papers.map((paper) => [paper.documentId, paper])) }))
    }
    rows.onKey(event)
  }
  const range = (index: number): readonly Paper[] => {
    const [from, until] = [Math.min(place.index, index), Math.max(place.index, index)]
    return Array.from({ length: until - from + 1 }, (_, by) => list.at(from + by)).filter((one) => one !== undefined)
  }
  const onRow = (event: MouseEvent, index: number) => {
    if (event.shiftKey) {
      const papers = range(index)
      return onMove({
        index,
        ticked: new Map([...place.ticked, ...papers.map((one) => [one.documentId, one] as const)]),
      })
    }
    const clicked = list.at(index)
    if (clicked === undefined) return moveTo(index)
    if (event.ctrlKey || event.metaKey || (place.ticked.size > 0 && !place.ticked.has(clicked.documentId))) {
      onMove({ index })
      return onToggle([clicked])
    }
    moveTo(index)
  }
  return (
    <div
      ref={container}
      className="papers-list"
      role="grid"
      aria-multiselectable="true"
      aria-rowcount={total}
      aria-label={t('sealing.list')}
      aria-activedescendant={`paper-row-${place.index}`}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div className="papers-rows" role="rowgroup" style={{ height: rows.height }}>
        {rows.shown.map((row) => (
          <PaperRow
            key={row.key}
            paper={list.at(row.index)}
            index={row.index}
            top={row.start}
            isHere={row.index === place.index}
            isTicked={place.ticked.has(list.at(row.index)?.documentId ?? '')}
            onRow={(event) => onRow(event, row.index)}
            onTick={(paper) => {
              onMove({ index: row.index })
              onToggle([paper])
            }}
          />
        ))}
      </div>
    </div>
  )
}

/** Which of the papers in hand a row is: its number among the ticked ones, else the one that was shown. */
function shownOf(paper: Paper | undefined, place: Kept): number {
  const at = [...place.ticked.keys()].indexOf(paper?.documentId ?? '')
  return at < 0 ? place.shown : at
}

function PaperRow(props: {
  readonly paper: Paper | undefined
  readonly index: number
  readonly top: number
  readonly isHere: boolean
  readonly isTicked: boolean
  readonly onRow: (event: MouseEvent) => void
  readonly onTick: (paper: Paper) => void
}) {
  const { t } = useTranslation()
  const { paper, isHere, isTicked } = props
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys for all its rows
    <div
      id={`paper-row-${props.index}`}
      className={isHere ? 'paper-row paper-row-here' : 'paper-row'}
      role="row"
      tabIndex={-1}
      aria-rowindex={props.index + 1}
      aria-selected={isTicked || isHere}
      style={{ height: rowHeight, transform: `translateY(${props.top}px)` }}
      onClick={props.onRow}
    >
      {paper === undefined ? null : (
        <>
          <span role="gridcell" tabIndex={-1}>
            <button
              type="button"
              className={isTicked ? 'paper-tick paper-tick-on' : 'paper-tick'}
              tabIndex={-1}
              aria-label={t('sealing.tick', { title: paper.title })}
              aria-pressed={isTicked}
              onClick={(event) => {
                event.stopPropagation()
                props.onTick(paper)
              }}
            >
              {isTicked ? <CheckSquareFilled aria-hidden="true" /> : <span className="paper-box" aria-hidden="true" />}
            </button>
          </span>
          <span className="paper-words" role="gridcell" tabIndex={-1}>
            <strong title={paper.title}>{paper.title}</strong>
            <span className="quiet">{aboutPaper(paper, t)}</span>
          </span>
        </>
      )}
    </div>
  )
}

function aboutPaper(paper: Paper, t: TFunction): string {
  const whose =
    paper.kind === 'own'
      ? [t('sealing.own'), sizeInWords(paper.sizeBytes)]
      : [shortNumber(paper.localNumber), paper.applicantMasked]
  const pages = paper.pages === null ? [] : [t('sealing.pages', { count: paper.pages })]
  return [stateOf(paper, t), ...whose, ...pages].join(' · ')
}

function stateOf({ kind, impressions }: Paper, t: TFunction): string {
  if (impressions > 0) return t('sealing.impressions', { count: impressions })
  return t(needsSeal(kind) ? 'sealing.waits' : 'papers.signedByHand')
}
