/**
 * Owns: 盖章: the papers, the page with the seal on it, what is to be sealed how, and how the sealing goes.
 * Does not own: sealing itself (the desk), checking (../verify), custody and register (..).
 * Start here: `SealingScreen`, then use-sealing-screen.ts.
 */
import { SafetyCertificateOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { needsSeal } from '../../../../preload/contract/papers.ts'
import { useCall } from '../../../app/client.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { rowsOfPage } from '../../../app/use-pages.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import type { Lack } from './choices.ts'
import type { Kept } from './kept.ts'
import { LeftOver } from './LeftOver.tsx'
import { PaperList } from './PaperList.tsx'
import { PaperPreview } from './PaperPreview.tsx'
import { SidePanel } from './SidePanel.tsx'
import { TakeAway } from './TakeAway.tsx'
import { type SealingState, useSealingScreen } from './use-sealing-screen.ts'
import './sealing.css'

/** 盖章; with a case its documents stand in the list, those that wait for a seal ticked. */
export function SealingScreen({ caseId }: { readonly caseId: string | null }) {
  return caseId === null ? <Sealing start={{}} /> : <SealingOfCase caseId={caseId} />
}

function SealingOfCase({ caseId }: { readonly caseId: string }) {
  const found = useCall('cases.get', { caseId })
  const query = found.data?.summary.localNumber ?? ''
  const papers = useCall(
    'sealing.papers',
    { view: 'all', query, ...rowsOfPage(0) },
    { enabled: found.data !== undefined },
  )
  const error = found.error ?? papers.error
  if (error !== null) return <ErrorNotice error={error} />
  if (papers.data === undefined) return <Loading />
  const waiting = papers.data.papers.filter(
    (paper) => paper.caseId === caseId && paper.impressions === 0 && needsSeal(paper.kind),
  )
  const ticked = new Map(waiting.map((paper) => [paper.documentId, paper]))
  return <Sealing start={{ view: 'all', query, index: 0, ticked, shown: 0, jobId: null }} />
}

function Sealing({ start }: { readonly start: Partial<Kept> }) {
  const state = useSealingScreen(start)
  return (
    <div className="sealing">
      <LeftOver state={state} />
      <div className="sealing-columns">
        <PaperList list={state.list} place={state.listPlace} uploads={state.uploads} onMove={state.listMove} />
        <Preview state={state} />
        <SidePanel state={state} />
      </div>
      <ErrorNotice error={state.sealing.error} />
      <Actions state={state} />
    </div>
  )
}

function Preview({ state }: { readonly state: SealingState }) {
  const { t } = useTranslation()
  const { shown, shownIndex, inHand, move } = state
  if (shown === undefined) {
    return (
      <section className="sealing-paper">
        <EmptyState title={t('sealing.paperNone')} />
      </section>
    )
  }
  return (
    <PaperPreview
      key={shown.documentId}
      paper={shown}
      revision={`${shown.impressions} ${state.watched?.jobId ?? ''} ${state.watched?.state ?? ''}`}
      known={state.paper.known}
      seal={state.watched === undefined ? state.seal : undefined}
      choices={state.place.choices}
      editing={state.editing}
      shown={{ index: shownIndex, count: inHand.length, onShow: (index) => move({ shown: index }) }}
    />
  )
}

const fieldOf: { readonly [L in Lack]?: string } = { reason: 'sealing-reason', pin: 'sealing-pin' }

function Actions({ state }: { readonly state: SealingState }) {
  const { t } = useTranslation()
  const { inHand, lack, watched, sealing, moveOn, sealed } = state
  const isRunning = watched?.state === 'running'
  const next = () => {
    if (!isRunning) moveOn({})
  }
  const go = () => {
    if (watched !== undefined) next()
    else if (lack === null) state.run(inHand)
    else document.getElementById(fieldOf[lack] ?? '')?.focus()
  }
  useShortcut('F8', t('sealing.run'), go)
  if (watched !== undefined) {
    return (
      <ActionBar left={<About state={state} />}>
        <TakeAway key={watched.jobId} papers={sealed} />
        <Button size="large" type="primary" disabled={isRunning} aria-keyshortcuts="F8" onClick={next}>
          {t('sealing.next')} <KeyHint keys="F8" />
        </Button>
      </ActionBar>
    )
  }
  return (
    <ActionBar left={<About state={state} />}>
      <TakeAway key={inHand[0]?.documentId ?? ''} papers={sealed} />
      {lack === null || sealing.isBusy ? null : <span className="quiet">{t(`sealing.lack.${lack}`)}</span>}
      <MainAction
        label={inHand.length > 1 ? t('sealing.runMany', { count: inHand.length }) : t('sealing.run')}
        icon={<SafetyCertificateOutlined />}
        isBusy={sealing.isBusy}
        isOff={lack !== null}
        alsoKey="F8"
        onRun={() => state.run(inHand)}
      />
    </ActionBar>
  )
}

/** How many papers are ticked, and the way to untick them; else how many there are. */
function About({ state }: { readonly state: SealingState }) {
  const { t } = useTranslation()
  const count = state.listPlace.ticked.size
  if (count === 0 || state.watched !== undefined)
    return <span role="status">{t('sealing.total', { count: state.list.total ?? 0 })}</span>
  return (
    <>
      <span role="status">{t('sealing.ticked', { count })}</span>
      <button type="button" className="link-button" onClick={() => state.move({ ticked: new Map(), shown: 0 })}>
        {t('sealing.untick')}
      </button>
    </>
  )
}
