import { CheckCircleFilled, FileDoneOutlined, SaveOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Answers } from '../../../preload/contract/entries.ts'
import type { Draft } from '../../../preload/contract/views.ts'
import { useAct } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useHere } from '../../app/session.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { fieldsOf, focusAnswer } from '../../ui/form/keyboard.ts'
import { SchemaForm } from '../../ui/form/SchemaForm.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { usePainted } from '../../ui/use-painted.ts'
import { ChecklistView } from './ChecklistView.tsx'
import { CheckPanel } from './CheckPanel.tsx'
import { ClosedNotice } from './ClosedNotice.tsx'
import { Discard, SavingLine } from './draft-parts.tsx'
import { useFreshDraft } from './fresh-draft.ts'
import { MaterialsSection } from './MaterialsSection.tsx'
import { MoveBack } from './MoveBack.tsx'
import type { DraftStandard, OpenDraft } from './open-draft.ts'
import { StepsPanel } from './StepsPanel.tsx'
import { ThemePanel, useChoice } from './ThemePanel.tsx'
import { lackInWords, missingAnswers, wrongInWords } from './what-is-missing.ts'

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

type Shown = {
  readonly opened: OpenDraft
  readonly onMovedBack: () => void
  /** Another window moved, took in or threw away the draft. */
  readonly onElse: () => void
}

/** The page of one draft: steps, form and materials, what is missing; 收件 in the corner. */
export function IntakePage({ opened, onMovedBack, onElse }: Shown) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { station } = useHere()
  const { keeper } = opened
  const { draft, standard, choose, error: choiceError } = useChoice(opened)
  const kept = useSyncExternalStore(keeper.subscribe, keeper.current)
  const [isBlocked, setBlocked] = useState(false)
  const [showsChecklist, setShowsChecklist] = useState(false)
  // The form is painted first, one can type; what stands below and beside it follows in the next frames.
  const showsRest = usePainted()
  const middle = useRef<HTMLDivElement>(null)
  const primary = useRef<HTMLButtonElement>(null)

  const isClosed = kept.check.closed.length > 0
  const told = useMemo(() => wrongInWords(kept.check), [kept.check])
  const missing = useMemo(() => missingAnswers(kept.check), [kept.check])
  const take = useCallback((answers: Answers) => keeper.change({ answers }), [keeper])
  const toReceive = useCallback(() => primary.current?.focus(), [])
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
    const { closed, form, materials } = keeper.current().check
    // Nothing that could be filled in would help.
    if (closed.length > 0) return
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
  useFreshDraft(opened, onElse)
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
      {draft.theme === null ? null : (
        <ThemePanel theme={draft.theme} error={choiceError} onChoose={(itemIds) => void choose(itemIds)} />
      )}
      <ClosedNotice check={kept.check} chosen={draft.theme?.members.filter(({ wanted }) => wanted).length ?? 1} />
      <div className="intake-columns">
        <StepsPanel standard={standard} check={kept.check} />
        <div className="intake-middle panel" ref={middle}>
          <SchemaForm
            key={standard.form.applicant.idNumber}
            form={standard.form}
            {...(standard.people === undefined ? {} : { people: standard.people })}
            answers={kept.answers}
            today={station.todayInShanghai}
            marked={isBlocked && !isClosed ? missing : noneMarked}
            told={told}
            ownDivision={station.stationId.slice(0, 12)}
            onChange={take}
            onEnd={toReceive}
          />
          {showsRest ? (
            <MaterialsSection
              draftId={draft.draftId}
              requirements={standard.materials}
              neededBy={(requirement) => neededBy(draft, standard, requirement)}
              stored={draft.materials}
              lost={draft.lostPhotos}
              check={kept.check}
              onCheck={keeper.takeCheck}
            />
          ) : null}
        </div>
        {showsRest ? (
          <CheckPanel
            check={kept.check}
            version={draft.theme === null ? standard.version : null}
            onField={field}
            onMaterial={material}
          />
        ) : (
          <div className="intake-lack panel" />
        )}
      </div>
      <ErrorNotice error={receive.error} />
      {isBlocked && isClosed ? (
        <Notice tone="warn">
          <strong>{t('intake.closed.blocked')}</strong>
        </Notice>
      ) : isBlocked && !kept.check.ready ? (
        <Notice tone="warn">
          <strong>{t('intake.notReady', { what: lackInWords(kept.check) })}</strong>
          {t('intake.notReadySafe')}
        </Notice>
      ) : null}
      <footer className="intake-foot">
        <SavingLine saving={kept.saving} />
        <Discard draftId={draft.draftId} onGone={() => go(paths.cases)} />
        <MoveBack opened={opened} onMoved={onMovedBack} />
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

/** The names of a theme's chosen matters that ask for a material; none for a draft of one matter. */
function neededBy({ theme }: Draft, { materials }: DraftStandard, requirementId: string): string[] {
  const itemIds = materials.find(({ id }) => id === requirementId)?.itemIds ?? []
  return (theme?.members ?? []).filter(({ itemId }) => itemIds.includes(itemId)).map(({ name }) => name)
}
