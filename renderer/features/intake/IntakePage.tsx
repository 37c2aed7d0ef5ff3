import { CheckCircleFilled, CheckOutlined, FileDoneOutlined, SaveOutlined, WarningFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { useDeferredValue, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useAct } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useHere } from '../../app/session.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { useSentence } from '../../messages/use-sentence.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { fieldsOf, focusAnswer } from '../../ui/form/keyboard.ts'
import { SchemaForm } from '../../ui/form/SchemaForm.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { ChecklistView } from './ChecklistView.tsx'
import { CheckPanel } from './CheckPanel.tsx'
import type { SavingState } from './draft-keeper.ts'
import { MaterialsSection } from './MaterialsSection.tsx'
import type { OpenDraft } from './open-draft.ts'
import { StepsPanel } from './StepsPanel.tsx'
import { lackInWords, missingAnswers, wrongInWords } from './what-is-missing.ts'

/** Whether what was typed is on the disk, in one quiet line. */
function SavingLine({ saving }: { readonly saving: SavingState }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (saving.kind === 'failed')
    return (
      <span className="saving saving-failed" role="alert">
        <WarningFilled aria-hidden="true" /> {t('intake.saveFailed')}：{sentence(saving.failure).title}
      </span>
    )
  if (saving.kind === 'saving') return <span className="saving quiet">{t('intake.saving')}</span>
  const time = saving.at?.toLocaleTimeString('zh-CN', { hourCycle: 'h23', timeZone: 'Asia/Shanghai' })
  return (
    <span className="saving saving-done" data-testid="saved">
      <CheckOutlined aria-hidden="true" /> {time === undefined ? t('intake.savedAll') : t('intake.saved', { time })}
    </span>
  )
}

/** A file dropped beside a material must not take the window away to itself. */
function useHarmlessDrops(): void {
  useEffect(() => {
    const refuse = (event: DragEvent) => {
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none'
    }
    window.addEventListener('dragover', refuse)
    window.addEventListener('drop', refuse)
    return () => {
      window.removeEventListener('dragover', refuse)
      window.removeEventListener('drop', refuse)
    }
  }, [])
}

/** Asks in its place before a draft is thrown away. */
function Discard({ draftId, onGone }: { readonly draftId: string; readonly onGone: () => void }) {
  const { t } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const discard = useAct('drafts.discard')
  if (!isAsking)
    return (
      <Button type="text" onClick={() => setAsking(true)}>
        {t('intake.discard')}
      </Button>
    )
  return (
    <span className="discard" role="alert">
      {t('intake.discardAsk')}
      <Button danger loading={discard.isPending} onClick={() => discard.mutate({ draftId }, { onSuccess: onGone })}>
        {t('intake.discardYes')}
      </Button>
      <Button autoFocus onClick={() => setAsking(false)}>
        {t('intake.discardNo')}
      </Button>
    </span>
  )
}

/** 收件: saves what is unsaved, tells what is in the way, else makes the case. Pressing twice makes one case. */
function useReceive(opened: OpenDraft, onBlocked: () => void) {
  const { draft, keeper, journal } = opened
  const [, go] = useLocation()
  const [isBusy, setBusy] = useState(false)
  const receive = useAct('drafts.receive')
  const run = async () => {
    if (isBusy) return
    setBusy(true)
    try {
      if (!(await keeper.flush())) return
      if (!keeper.current().check.ready) return onBlocked()
      const { caseId } = await receive.mutateAsync({ draftId: draft.draftId })
      await journal?.forget(draft.draftId).catch(() => undefined)
      go(paths.received(caseId), { replace: true })
    } catch {
      // Told below the form through `receive.error`.
    } finally {
      setBusy(false)
    }
  }
  return { run, isBusy, error: receive.error }
}

/** The page of one draft: steps, form and materials, what is missing; 收件 in the corner. */
export function IntakePage({ opened }: { readonly opened: OpenDraft }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { station } = useHere()
  const { draft, standard, keeper } = opened
  const kept = useSyncExternalStore(keeper.subscribe, keeper.current)
  const [isBlocked, setBlocked] = useState(false)
  const [showsChecklist, setShowsChecklist] = useState(false)
  // The form is painted first, one can type; what stands below and beside it follows in the next frames.
  const showsRest = useDeferredValue(true, false)
  const middle = useRef<HTMLDivElement>(null)
  const primary = useRef<HTMLButtonElement>(null)

  const told = useMemo(() => wrongInWords(kept.check), [kept.check])
  useEffect(() => {
    const first = middle.current === null ? undefined : fieldsOf(middle.current)[0]
    first?.focus({ preventScroll: true })
  }, [])

  const field = (path: string) => middle.current !== null && focusAnswer(middle.current, path)
  const material = (requirementId: string) => {
    const card = document.getElementById(`material-${requirementId}`)
    card?.scrollIntoView({ block: 'center' })
    card?.querySelector('button')?.focus()
  }
  const receive = useReceive(opened, () => {
    setBlocked(true)
    const { form, materials } = keeper.current().check
    const missing = materials.find(({ state }) => state === 'missing')
    if (form[0] !== undefined) field(form[0].path)
    else if (missing !== undefined) material(missing.requirementId)
  })
  const leave = async () => {
    await keeper.flush()
    go(paths.cases)
  }
  const checklist = async () => {
    await keeper.flush()
    setShowsChecklist(true)
  }
  useHarmlessDrops()
  useShortcut('Ctrl+Enter', t('intake.receive'), () => void receive.run(), !showsChecklist)
  useShortcut('Esc', t('intake.leave'), () => void leave(), !showsChecklist)

  return (
    <div className="page intake">
      <header className="page-head">
        <h1>{standard.name}</h1>
        <span className="quiet">
          {standard.department} · {t('intake.version', { version: standard.version })}
        </span>
        {standard.sample ? <span className="matter-sample">{t('intake.sampleLong')}</span> : null}
        <span className="grow" />
        {opened.restored > 0 ? (
          <span className="restored" role="status">
            <CheckCircleFilled aria-hidden="true" /> {t('intake.restored')}
          </span>
        ) : null}
        {opened.unreadable > 0 ? (
          <span className="quiet">{t('intake.unreadable', { count: opened.unreadable })}</span>
        ) : null}
      </header>
      <div className="intake-columns">
        <StepsPanel standard={standard} check={kept.check} />
        <div className="intake-middle panel" ref={middle}>
          <SchemaForm
            form={standard.form}
            answers={kept.answers}
            today={station.todayInShanghai}
            marked={isBlocked ? missingAnswers(kept.check) : noneMarked}
            told={told}
            ownDivision={station.stationId.slice(0, 12)}
            onChange={keeper.change}
            onEnd={() => primary.current?.focus()}
          />
          {showsRest ? (
            <MaterialsSection
              draftId={draft.draftId}
              requirements={standard.materials}
              stored={draft.materials}
              lost={draft.lostPhotos}
              check={kept.check}
              onCheck={keeper.takeCheck}
            />
          ) : null}
        </div>
        {showsRest ? (
          <CheckPanel check={kept.check} version={standard.version} onField={field} onMaterial={material} />
        ) : (
          <div className="intake-lack panel" />
        )}
      </div>
      <ErrorNotice error={receive.error} />
      {isBlocked && !kept.check.ready ? (
        <Notice tone="warn">
          <strong>{t('intake.notReady', { what: lackInWords(kept.check) })}</strong>
          {t('intake.notReadySafe')}
        </Notice>
      ) : null}
      <footer className="intake-foot">
        <SavingLine saving={kept.saving} />
        <Discard draftId={draft.draftId} onGone={() => go(paths.cases)} />
        <span className="grow" />
        <Button icon={<FileDoneOutlined />} onClick={() => void checklist()}>
          {t('intake.checklist')}
        </Button>
        <Button icon={<SaveOutlined />} aria-keyshortcuts="Escape" onClick={() => void leave()}>
          {t('intake.leave')} <KeyHint keys="Esc" />
        </Button>
        <Button
          ref={primary}
          type="primary"
          size="large"
          className="intake-receive"
          loading={receive.isBusy}
          aria-keyshortcuts="Control+Enter"
          onClick={() => void receive.run()}
        >
          {receive.isBusy ? t('intake.receiving') : t('intake.receive')} <KeyHint keys="Ctrl+Enter" />
        </Button>
      </footer>
      {showsChecklist ? <ChecklistView draftId={draft.draftId} onClose={() => setShowsChecklist(false)} /> : null}
    </div>
  )
}

const noneMarked: ReadonlySet<string> = new Set()
