import { EditOutlined, FileAddOutlined, GroupOutlined, SearchOutlined } from '@ant-design/icons'
import { Input, type InputRef } from 'antd'
import type { TFunction } from 'i18next'
import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { MatterSummary, ThemeSummary } from '../../../preload/contract/views.ts'
import { useAct, useBridge, useCall, useWork } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useHere } from '../../app/session.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { shortMomentOf } from '../../ui/dates.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { type Choice, findChoices } from './find-matters.ts'
import { beginDraft, prepareForm } from './open-draft.ts'
import './picker.css'

/** A matter to take in, as a card. */
function MatterCard(props: {
  readonly matter: MatterSummary
  readonly isChosen: boolean
  readonly isBusy: boolean
  readonly onPick: () => void
  /** It is pointed at: it may be picked next. */
  readonly onLook: () => void
}) {
  const { t } = useTranslation()
  const { matter } = props
  const { days, unit } = matter.promisedLimit
  const limit =
    days === 0 ? t('intake.atOnce') : t(unit === 'workday' ? 'intake.workdays' : 'intake.days', { count: days })
  return (
    <button
      type="button"
      className={props.isChosen ? 'matter-card matter-chosen' : 'matter-card'}
      disabled={props.isBusy}
      onClick={props.onPick}
      onPointerEnter={props.onLook}
      onFocus={props.onLook}
    >
      <span className="matter-name">
        <FileAddOutlined aria-hidden="true" />
        <strong>{matter.name}</strong>
        {matter.sample ? <span className="matter-sample">{t('intake.sample')}</span> : null}
      </span>
      <span className="quiet small matter-facts">
        {limit} · {matter.department}
      </span>
      <span className="quiet small matter-aliases">{matter.aliases.slice(0, 3).join('、')}</span>
    </button>
  )
}

/** Several matters to take in together, as a card: which they are, and which of them is not open. */
function ThemeCard(props: {
  readonly theme: ThemeSummary
  readonly isChosen: boolean
  readonly isBusy: boolean
  readonly onPick: () => void
}) {
  const { t } = useTranslation()
  const { theme } = props
  const open = theme.members.filter(({ isOpen }) => isOpen).map(({ name }) => name)
  const closed = theme.members.filter(({ isOpen }) => !isOpen).map(({ name }) => name)
  return (
    <button
      type="button"
      className={props.isChosen ? 'matter-card matter-chosen' : 'matter-card'}
      disabled={props.isBusy}
      onClick={props.onPick}
    >
      <span className="matter-name">
        <GroupOutlined aria-hidden="true" />
        <strong>{theme.name}</strong>
        <span className="matter-theme">{t('intake.theme')}</span>
        {theme.sample ? <span className="matter-sample">{t('intake.sample')}</span> : null}
      </span>
      <span className="quiet small">{t('intake.themeJoins', { names: open.join('、') })}</span>
      {closed.length === 0 ? null : (
        <span className="small state-warn">{t('intake.themeClosed', { name: closed.join('、') })}</span>
      )}
    </button>
  )
}

/** Drafts that wait to be finished. What is typed and picked beside it is none of its concern. */
const Unfinished = memo(function Unfinished() {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { station } = useHere()
  const { data } = useCall('drafts.list', {})
  return (
    <aside className="picker-drafts panel" aria-label={t('intake.goOn')}>
      <h2>{t('intake.goOn')}</h2>
      {data?.drafts.length === 0 ? <p className="quiet">{t('intake.goOnNone')}</p> : null}
      <ul>
        {data?.drafts.map((draft) => (
          <li key={draft.draftId}>
            <button type="button" className="lack-line" onClick={() => go(paths.draft(draft.draftId))}>
              <span>
                <EditOutlined aria-hidden="true" /> {draft.applicantMasked || t('intake.unnamed')}
                <span className="quiet small draft-matter">{draft.matterName}</span>
              </span>
              <span className="quiet small number">{shortMomentOf(draft.updatedAtUtc, station.todayInShanghai)}</span>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  )
})

/** What stands above the cards; nothing is counted (`undefined`) in a list that is still being read. */
function headingOf(t: TFunction, typed: string, count: number | undefined): string {
  if (typed.trim() === '') return t('intake.mostUsed')
  return count === undefined ? t('intake.findLabel') : t('intake.found', { count })
}

/** 来办什么事？ The most used matters as cards; typing finds any by words or pinyin. ↑ ↓ and Enter choose. */
export function MatterPicker() {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const input = useRef<InputRef>(null)
  const matters = useCall('matters.list', {})
  const bridge = useBridge()
  const show = (draftId: string) => go(paths.draft(draftId))
  const create = useWork(async (matter: MatterSummary) => show(await beginDraft(bridge, matter)))
  const createTheme = useAct('drafts.createTheme')
  useEffect(() => input.current?.focus(), [])
  useShortcut('Ctrl+K', t('intake.findLabel'), () => input.current?.focus())
  useShortcut('Esc', t('common.back'), () => (typed === '' ? go(paths.cases) : setTyped('')))

  const found = findChoices(matters.data?.matters ?? [], matters.data?.themes ?? [], typed)
  const chosen = found[at]
  const chosenMatter = chosen?.kind === 'matter' ? chosen.matter : undefined
  useEffect(() => {
    if (chosenMatter !== undefined) prepareForm(bridge, chosenMatter)
  }, [bridge, chosenMatter])
  const isBusy = create.isPending || createTheme.isPending
  const pick = (choice: Choice | undefined) => {
    if (choice === undefined || isBusy) return
    if (choice.kind === 'matter') create.mutate(choice.matter)
    else createTheme.mutate({ themeId: choice.id }, { onSuccess: ({ draftId }) => show(draftId) })
  }
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt(Math.max(0, Math.min(at + step, found.length - 1)))
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) pick(chosen)
  }
  const all = (matters.data?.matters.length ?? 0) + (matters.data?.themes.length ?? 0)
  const more = typed.trim() === '' ? all - found.length : 0
  const heading = headingOf(t, typed, matters.data === undefined ? undefined : found.length)
  return (
    <div className="page picker">
      <header className="page-head">
        <h1>{t('intake.pick')}</h1>
      </header>
      <Input
        ref={input}
        size="large"
        allowClear
        prefix={<SearchOutlined aria-hidden="true" />}
        placeholder={t('intake.find')}
        aria-label={t('intake.findLabel')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setAt(0)
        }}
        onKeyDown={keys}
      />
      <ErrorNotice error={matters.error ?? create.error ?? createTheme.error} onRetry={() => void matters.refetch()} />
      <div className="picker-columns">
        <section className="picker-found" aria-label={heading}>
          <h2 aria-live="polite">
            {heading}
            {more > 0 ? <span className="quiet small picker-more">{t('intake.more', { count: more })}</span> : null}
          </h2>
          {matters.isPending ? <Loading /> : null}
          {matters.data !== undefined && found.length === 0 ? (
            <EmptyState
              title={t(typed.trim() === '' ? 'intake.noMatters' : 'intake.foundNone')}
              text={t(typed.trim() === '' ? 'intake.noMattersText' : 'intake.foundNoneText')}
            />
          ) : null}
          <div className="matter-cards">
            {found.map((choice, index) => {
              const shared = { isChosen: index === at, isBusy, onPick: () => pick(choice) }
              return choice.kind === 'matter' ? (
                <MatterCard
                  key={choice.id}
                  matter={choice.matter}
                  onLook={() => prepareForm(bridge, choice.matter)}
                  {...shared}
                />
              ) : (
                <ThemeCard key={choice.id} theme={choice.theme} {...shared} />
              )
            })}
          </div>
        </section>
        <Unfinished />
      </div>
    </div>
  )
}
