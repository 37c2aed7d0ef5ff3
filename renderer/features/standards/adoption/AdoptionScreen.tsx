import {
  CheckCircleFilled,
  ClockCircleFilled,
  CloseCircleFilled,
  DownloadOutlined,
  MinusOutlined,
  RightCircleFilled,
} from '@ant-design/icons'
import { Checkbox, Segmented, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Adoption } from '../../../../preload/contract/catalogue.ts'
import { silentDays } from '../../../../preload/contract/standards/county.ts'
import { CallFailure, useCall } from '../../../app/client.ts'
import { momentOf } from '../../../ui/dates.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { type Town, towns } from '../../../ui/form/divisions.ts'
import { Loading } from '../../../ui/Loading.tsx'
import { placeName } from '../target-words.ts'
import { type Behind, behindOf, isToCome } from './behind.ts'
import { CallList } from './CallList.tsx'
import { type CellState, cellOf, shortVillage } from './cells.ts'
import './adoption.css'

/** The centre is asked again while one looks. */
const everyMs = 10_000

/** When windows were heard of last changes slowly. */
const windowsEveryMs = 60_000

const icons: Readonly<Record<CellState, ReactNode>> = {
  applied: <CheckCircleFilled />,
  newer: <RightCircleFilled />,
  fetched: <DownloadOutlined />,
  waits: <ClockCircleFilled />,
  refused: <CloseCircleFilled />,
  none: <MinusOutlined />,
  empty: null,
}
const legend: readonly CellState[] = ['applied', 'fetched', 'waits', 'refused', 'newer', 'none', 'empty']

/** Who has a release: eighteen towns and their villages, each with its colour, its sign and its word. */
export function AdoptionScreen() {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<number | null>(null)
  const [onlyOpen, setOnlyOpen] = useState(false)
  const [view, setView] = useState<'towns' | 'calls'>('towns')
  const desk = useCall('standards.desk', {})
  const adoption = useCall('catalogue.adoption', chosen === null ? {} : { release: chosen }, {
    everyMs,
    keepPrevious: true,
  })
  const known = useCall('standards.windows', {}, { everyMs: windowsEveryMs })
  if (adoption.data === undefined) {
    const isNone = adoption.error instanceof CallFailure && adoption.error.failure.details.reason === 'not_found'
    if (isNone)
      return <EmptyState title={t('standardsDesk.adoption.none')} text={t('standardsDesk.adoption.noneText')} />
    return (
      <div className="page">
        {adoption.error === null ? (
          <Loading />
        ) : (
          <ErrorNotice error={adoption.error} onRetry={() => void adoption.refetch()} />
        )}
      </div>
    )
  }
  const found = adoption.data
  const windows = known.data?.windows ?? null
  const behind = behindOf(found, windows, new Date())
  const releases = (desk.data?.releases ?? []).filter(({ state }) => state !== 'waits' && state !== 'refused')
  return (
    <div className="page">
      <div className="adoption-head">
        <h2>{t('standardsDesk.adoption.title', { release: found.release, time: momentOf(found.effectiveAtUtc) })}</h2>
        <Select
          aria-label={t('standardsDesk.adoption.of')}
          value={found.release}
          onChange={setChosen}
          options={releases.map(({ release, note }) => ({
            value: release,
            label: `${t('standardsDesk.publish.historyOf', { release })} ${note}`,
          }))}
        />
        <Segmented
          aria-label={t('standardsDesk.adoption.view')}
          value={view}
          onChange={setView}
          options={[
            { value: 'towns', label: t('standardsDesk.adoption.viewTowns') },
            { value: 'calls', label: t('standardsDesk.adoption.viewCalls', { count: behind.length }) },
          ]}
        />
        <Checkbox
          checked={onlyOpen}
          disabled={view === 'calls'}
          onChange={(event) => setOnlyOpen(event.target.checked)}
        >
          {t('standardsDesk.adoption.onlyOpen')}
        </Checkbox>
        <span className="quiet">{t('standardsDesk.adoption.refreshed')}</span>
      </div>
      <ErrorNotice error={adoption.error} />
      <Counts found={found} />
      <div className="page-scroll">
        <Refused found={found} />
        <Silent behind={behind} />
        {view === 'calls' ? (
          <CallList found={found} behind={behind} />
        ) : (
          <Towns found={found} behind={behind} onlyOpen={onlyOpen} />
        )}
      </div>
    </div>
  )
}

function Counts({ found }: { readonly found: Adoption }) {
  const { t } = useTranslation()
  const isDone = found.targeted > 0 && found.applied >= found.targeted
  const isReady = isToCome(found, new Date()) && found.targeted > 0 && found.applied + found.fetched >= found.targeted
  return (
    <>
      <Notice tone={isDone || isReady ? 'good' : found.refused > 0 ? 'bad' : 'warn'}>
        {t('standardsDesk.adoption.counts', found)} {isDone ? t('standardsDesk.adoption.allDone') : null}
        {isReady && !isDone ? t('standardsDesk.adoption.allReady', { time: momentOf(found.effectiveAtUtc) }) : null}
      </Notice>
      <ul className="adoption-legend">
        {legend.map((state) => (
          <li key={state} className={`adoption-cell adoption-${state}`}>
            <span aria-hidden="true">{icons[state]}</span> {t(`standardsDesk.adoption.state.${state}`)}
          </li>
        ))}
      </ul>
    </>
  )
}

function Refused({ found }: { readonly found: Adoption }) {
  const { t } = useTranslation()
  const refused = found.each.filter(({ state }) => state === 'refused')
  if (refused.length === 0) return null
  return (
    <Notice tone="bad">
      <strong>{t('standardsDesk.adoption.reasons')}</strong>
      <ul>
        {refused.map(({ stationId, reason }) => (
          <li key={stationId}>{t('standardsDesk.adoption.reason', { station: placeName(stationId), reason })}</li>
        ))}
      </ul>
    </Notice>
  )
}

/** Those of which nothing was heard for long: the link alone will not do. */
function Silent({ behind }: { readonly behind: readonly Behind[] }) {
  const { t } = useTranslation()
  const count = behind.filter(({ isSilent }) => isSilent).length
  if (count === 0) return null
  return <Notice tone="warn">{t('standardsDesk.adoption.silent', { count, days: silentDays })}</Notice>
}

function Towns({
  found,
  behind,
  onlyOpen,
}: {
  readonly found: Adoption
  readonly behind: readonly Behind[]
  readonly onlyOpen: boolean
}) {
  const { t } = useTranslation()
  const silent = new Set(behind.filter(({ isSilent }) => isSilent).map(({ stationId }) => stationId.slice(0, 12)))
  const isOpen = (state: CellState) => state === 'fetched' || state === 'waits' || state === 'refused'
  const shown = towns.map((town) => ({
    town,
    cells: town.villages
      .map(({ code, name }) => ({ code, name, state: cellOf(found.each, code) }))
      .filter(({ state }) => !onlyOpen || isOpen(state)),
  }))
  const visible = shown.filter(({ cells }) => cells.length > 0)
  if (visible.length === 0) return <EmptyState title={t('standardsDesk.adoption.openNone')} />
  return (
    <div className="adoption-towns">
      {visible.map(({ town, cells }) => (
        <section key={town.code} className="panel adoption-town" aria-label={town.name}>
          <TownHead town={town} found={found} />
          <ul>
            {cells.map(({ code, name, state }) => (
              <li
                key={code}
                className={`adoption-cell adoption-${state}`}
                title={t('standardsDesk.adoption.cell', {
                  village: name,
                  state: t(`standardsDesk.adoption.state.${state}`),
                })}
              >
                <span aria-hidden="true">{icons[state]}</span> {shortVillage(name)}
                {silent.has(code) ? ` · ${t('standardsDesk.adoption.silentShort')}` : null}
                <span className="visually-hidden">：{t(`standardsDesk.adoption.state.${state}`)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function TownHead({ town, found }: { readonly town: Town; readonly found: Adoption }) {
  const { t } = useTranslation()
  const counts = found.towns.find(({ code }) => code === town.code)
  return (
    <h3>
      {town.name}{' '}
      <span className="quiet">
        {counts === undefined ? t('standardsDesk.adoption.state.empty') : null}
        {counts?.targeted === 0 ? t('standardsDesk.adoption.townNone') : null}
        {counts !== undefined && counts.targeted > 0 ? t('standardsDesk.adoption.townCounts', counts) : null}
      </span>
    </h3>
  )
}
