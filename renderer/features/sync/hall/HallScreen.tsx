import { ApartmentOutlined, DisconnectOutlined, ImportOutlined, RollbackOutlined } from '@ant-design/icons'
import { useDeferredValue, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallOutput } from '../../../../preload/contract/api.ts'
import type { HallCase } from '../../../../preload/contract/sync.ts'
import { useAct } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { usePages } from '../../../app/use-pages.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { clockOf } from '../../../ui/dates.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { FindField } from '../../../ui/FindField.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { HallTable } from './HallTable.tsx'
import { takenByOf } from './taken-by.ts'
import './hall.css'

/** Other windows work on the same queue: it is looked at again so often. */
const lookMs = 5000

/** 大厅: the cases of all windows of the hall over its relay; one takes a case up, so that no other does. */
export function HallScreen() {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const [index, setIndex] = useState(0)
  const sought = useDeferredValue(query.trim())
  const table = useRef<HTMLDivElement>(null)
  const list = usePages(
    'hall.queue',
    (page) => ({ query: sought, ...page }),
    ({ cases }) => cases,
    { everyMs: lookMs },
  )
  const { first } = list
  const found = (words: string) => {
    setQuery(words)
    setIndex(0)
  }
  if (first === undefined) {
    return (
      <div className="page">
        {list.error === null ? <Loading /> : <ErrorNotice error={list.error} onRetry={list.retry} />}
      </div>
    )
  }
  if (first.relay === null) return <EmptyState title={t('sync.hall.none')} text={t('sync.hall.noneText')} />
  return (
    <div className="page">
      <div className="hall-head">
        <Relay relay={first.relay} />
        <FindField
          className="hall-find"
          label={t('sync.hall.find')}
          placeholder={t('sync.hall.findShort')}
          value={query}
          onChange={found}
        />
      </div>
      <ErrorNotice error={list.error} onRetry={list.retry} />
      {first.total === 0 ? (
        <NoCases relay={first.relay} isSearch={sought !== ''} />
      ) : (
        <HallTable
          total={first.total}
          at={list.at}
          index={index}
          container={table}
          onIndex={setIndex}
          onShown={list.show}
        />
      )}
      <TakeUp chosen={list.at(index)} onDone={list.retry} />
    </div>
  )
}

type RelaySeen = NonNullable<CallOutput<'hall.queue'>['relay']>

function Relay({ relay }: { readonly relay: RelaySeen }) {
  const { t } = useTranslation()
  const { reachable, seenUtc } = relay
  return (
    <p role="status">
      <ApartmentOutlined aria-hidden="true" /> {t('sync.hall.relay', { name: relay.name })}{' '}
      {reachable ? (
        <span className="tag tag-good">{t('sync.hall.reachable')}</span>
      ) : (
        <span className="tag tag-warn">
          <DisconnectOutlined aria-hidden="true" />{' '}
          {seenUtc === null ? t('sync.hall.unreachable') : t('sync.hall.lastSeen', { time: clockOf(seenUtc) })}
        </span>
      )}
    </p>
  )
}

/** Nothing to list: there is nothing, nothing was found, or nobody knows since the relay does not answer. */
function NoCases({ relay, isSearch }: { readonly relay: RelaySeen; readonly isSearch: boolean }) {
  const { t } = useTranslation()
  if (!relay.reachable && relay.seenUtc === null)
    return <EmptyState title={t('sync.hall.unknown')} text={t('sync.hall.unknownText')} />
  if (isSearch) return <EmptyState title={t('sync.hall.notFound')} />
  return <EmptyState title={t('sync.hall.empty')} text={t('sync.hall.emptyText')} />
}

/** The one action on the chosen case: take it up, or let go of it; of another window's, a word of whose it is. */
function TakeUp({ chosen, onDone }: { readonly chosen: HallCase | undefined; readonly onDone: () => void }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const take = useAct('hall.take')
  const isMine = chosen !== undefined && takenByOf(chosen, station.stationId) === 'mine'
  const isOthers = chosen !== undefined && takenByOf(chosen, station.stationId) === 'others'
  const run = () => {
    if (chosen !== undefined) take.mutate({ caseId: chosen.caseId, take: !isMine }, { onSettled: onDone })
  }
  return (
    <>
      <ErrorNotice error={take.error} />
      <ActionBar
        left={
          <span role="status" className={isOthers ? '' : 'quiet'}>
            {isOthers ? t('sync.hall.takenOther', { window: chosen.takenBy }) : t('sync.hall.takeText')}
          </span>
        }
      >
        <MainAction
          label={t(isMine ? 'sync.hall.release' : 'sync.hall.take')}
          icon={isMine ? <RollbackOutlined /> : <ImportOutlined />}
          isBusy={take.isPending}
          isOff={chosen === undefined || isOthers}
          onRun={run}
        />
      </ActionBar>
    </>
  )
}
