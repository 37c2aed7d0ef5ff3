import { FileAddOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { MatterSummary } from '../../../preload/contract/views.ts'
import { useAct, useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { ActionBar } from '../../ui/ActionBar.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { FindField } from '../../ui/FindField.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { MainAction } from '../../ui/MainAction.tsx'
import { TodayBand } from './changes/TodayBand.tsx'
import { FromStick } from './FromStick.tsx'
import { ReleaseLine } from './ReleaseLine.tsx'
import { StandardTold } from './StandardTold.tsx'

const fits = (matter: MatterSummary, query: string): boolean =>
  [matter.name, matter.code, ...matter.aliases, ...matter.searchKeys].some((text) =>
    text.toLowerCase().includes(query.trim().toLowerCase()),
  )

/** The list of matters, and one of them told; the first where none is chosen. With a version, that one of it, in force or not. */
export function StandardsScreen({
  itemId,
  version,
}: {
  readonly itemId: string | null
  readonly version: number | null
}) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const list = useCall('matters.list', {})
  if (list.data === undefined) {
    return (
      <div className="page">
        {list.error === null ? <Loading /> : <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      </div>
    )
  }
  const matters = list.data.matters
  if (matters.length === 0) return <EmptyState title={t('standards.none')} text={t('standards.noneText')} />
  const found = matters.filter((matter) => fits(matter, query))
  const named = matters.find((matter) => matter.itemId === itemId)
  const isOther = itemId !== null && version !== null && version !== named?.version
  // One that nobody takes in any more is in no list, but cases were taken in by it.
  const chosen = named ?? (isOther ? undefined : found[0])
  return (
    <div className="page">
      <h1 className="visually-hidden">{t('standards.title')}</h1>
      <div className="standards-room">
        <div className="standards-head">
          <ReleaseLine />
          <FromStick />
        </div>
        <TodayBand />
        <div className="standards">
          <div className="standards-list panel">
            <FindField
              label={t('standards.find')}
              placeholder={t('standards.findShort')}
              value={query}
              onChange={setQuery}
            />
            <ul>
              {found.map((matter) => (
                <li key={matter.itemId}>
                  <MatterLink matter={matter} here={matter === chosen} />
                </li>
              ))}
            </ul>
          </div>
          <article className="standards-told panel">
            {isOther ? (
              <StandardTold key={`${itemId}@${version}`} itemId={itemId} version={version} inForce={named} />
            ) : chosen === undefined ? (
              <EmptyState title={t('standards.choose')} />
            ) : (
              <StandardTold key={chosen.itemId} itemId={chosen.itemId} />
            )}
          </article>
        </div>
      </div>
      <Begin matter={isOther ? undefined : chosen} />
    </div>
  )
}

function MatterLink({ matter, here }: { readonly matter: MatterSummary; readonly here: boolean }) {
  const { t } = useTranslation()
  return (
    <Link
      href={paths.standard(matter.itemId)}
      className={here ? 'matter matter-here' : 'matter'}
      aria-current={here ? 'true' : undefined}
    >
      <span>{matter.name}</span>
      {matter.sample ? <span className="tag tag-warn">{t('standards.sample')}</span> : null}
      <span className="quiet small matter-sub">
        {matter.department} · {t('standards.used', { count: matter.timesUsed })}
      </span>
    </Link>
  )
}

function Begin({ matter }: { readonly matter: MatterSummary | undefined }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const create = useAct('drafts.create')
  const run = () => {
    if (matter === undefined) return
    create.mutate({ itemId: matter.itemId }, { onSuccess: (draft) => go(paths.draft(draft.draftId)) })
  }
  return (
    <ActionBar left={<ErrorNotice error={create.error} />}>
      <MainAction
        label={t('standards.start')}
        icon={<FileAddOutlined />}
        isBusy={create.isPending}
        isOff={matter === undefined}
        onRun={run}
      />
    </ActionBar>
  )
}
