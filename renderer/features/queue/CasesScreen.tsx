/**
 * Owns: the queue 办件: views with counts, find, drafts to go on with, the dense list, the preview.
 * Does not own: one case (features/case), what counts as mine, due or returned (the desk).
 * Start here: `CasesScreen`.
 */
import { FileAddOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type KeyboardEvent, useDeferredValue, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, useLocation } from 'wouter'
import { type CaseView, caseViewSchema } from '../../../preload/contract/views.ts'
import { paths } from '../../app/paths.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { ActionBar } from '../../ui/ActionBar.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { FindField } from '../../ui/FindField.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { TabBar } from '../../ui/TabBar.tsx'
import { CaseTable } from './CaseTable.tsx'
import { DraftStrip } from './DraftStrip.tsx'
import { Preview } from './Preview.tsx'
import { keepPlace, keptPlace } from './place.ts'
import { TrainingGuide, TrainingWay } from './TrainingGuide.tsx'
import { type Cases, useCases } from './use-cases.ts'
import './queue.css'

/** The list of cases; the place in it is kept while a case is looked at. */
export function CasesScreen() {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [place, setPlace] = useState(keptPlace)
  const query = useDeferredValue(place.query)
  const list = useCases(place.view, query.trim())
  const table = useRef<HTMLDivElement>(null)
  const move = (change: Partial<typeof place>) => setPlace(keepPlace({ ...place, ...change }))

  useShortcut('↑ ↓', t('queue.rowHelp'), () => undefined)
  useShortcut('↵ Enter', t('queue.enterHelp'), () => undefined)

  const open = (index: number) => {
    const chosen = list.at(index)
    if (chosen !== undefined) go(paths.oneCase(chosen.caseId))
  }
  const onFindKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      table.current?.focus()
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      if (list.total === 0) move({ view: 'all', index: 0 })
      else open(place.index)
    }
    if (event.key === 'Escape') move({ query: '', index: 0 })
  }

  return (
    <div className="page">
      <h1 className="visually-hidden">{t('queue.title')}</h1>
      <TrainingGuide />
      <DraftStrip />
      <div className="queue panel">
        <div className="queue-head">
          <TabBar
            label={t('queue.title')}
            active={place.view}
            onChange={(view: CaseView) => move({ view, index: 0 })}
            tabs={caseViewSchema.options.map((view) => ({
              key: view,
              label: t(`queue.view.${view}`),
              count: list.counts?.[view],
              loud: view === 'returned',
            }))}
          />
          <FindField
            className="queue-find"
            label={t('queue.find')}
            placeholder={t('queue.findShort')}
            value={place.query}
            onChange={(query) => move({ query, index: 0 })}
            onKeyDown={onFindKey}
          />
        </div>
        <div className={list.total === 0 ? 'queue-body queue-body-empty' : 'queue-body'}>
          <ListBody list={list} place={place} query={query} table={table} onOpen={open} onMove={move} />
          {list.total === 0 ? null : <Preview summary={list.at(place.index)} />}
        </div>
      </div>
      <ActionBar left={<Total list={list} query={query} />}>
        <Button
          type="primary"
          size="large"
          icon={<FileAddOutlined />}
          onClick={() => go(paths.intake)}
          aria-keyshortcuts="F2"
        >
          {t('rail.intake')} <KeyHint keys="F2" />
        </Button>
      </ActionBar>
    </div>
  )
}

/** Opens a view of the queue from elsewhere: the place in the list is its first row. */
export function CasesIn({ view }: { readonly view: string }) {
  useState(() => {
    const known = caseViewSchema.safeParse(view)
    return known.success ? keepPlace({ view: known.data, query: '', index: 0 }) : keptPlace()
  })
  return <Redirect to={paths.cases} replace />
}

type Place = ReturnType<typeof keptPlace>

function Total({ list, query }: { readonly list: Cases; readonly query: string }) {
  const { t } = useTranslation()
  if (list.total === undefined) return null
  return <span role="status">{t(query === '' ? 'queue.total' : 'queue.found', { count: list.total })}</span>
}

function ListBody(props: {
  readonly list: Cases
  readonly place: Place
  readonly query: string
  readonly table: React.RefObject<HTMLDivElement | null>
  readonly onOpen: (index: number) => void
  readonly onMove: (change: Partial<Place>) => void
}) {
  const { t } = useTranslation()
  const { list, query } = props
  if (list.error !== null) {
    return (
      <div className="queue-list queue-message">
        <ErrorNotice error={list.error} onRetry={list.retry} />
      </div>
    )
  }
  if (list.total === undefined) return <Loading />
  if (list.total > 0) {
    return (
      <CaseTable
        list={list}
        index={props.place.index}
        container={props.table}
        onIndex={(index) => props.onMove({ index })}
        onOpen={props.onOpen}
      />
    )
  }
  const nothing = () => {
    if (query !== '') {
      const isEverywhere = props.place.view === 'all'
      const inAll = (
        <Button onClick={() => props.onMove({ view: 'all', index: 0 })}>
          {t('queue.findInAll')} <KeyHint keys="Enter" />
        </Button>
      )
      return (
        <EmptyState
          title={t('queue.emptyFind', { query, view: t(`queue.view.${props.place.view}`) })}
          text={t('queue.emptyFindText')}
          action={isEverywhere ? null : inAll}
        />
      )
    }
    if (list.counts?.all === 0) {
      return <EmptyState title={t('queue.empty.title')} text={t('queue.empty.text')} action={<TrainingWay />} />
    }
    return <EmptyState title={t('queue.emptyView')} />
  }
  return <div className="queue-list">{nothing()}</div>
}
