import { CheckOutlined, SendOutlined, WarningFilled } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Finding } from '../../../../preload/contract/standards/findings.ts'
import { callKey, useAct, useBridge } from '../../../app/client.ts'
import { paths } from '../../../app/paths.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import type { Saving } from '../../../app/typed-keeper.ts'
import { useSentence } from '../../../messages/use-sentence.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { type OpenCopy, openCopy } from './copy-keeper.ts'
import { EditorProvider } from './editor-ground.ts'
import { objectOf, parseObject, plainText, stepsOf, textOf, withValueAt } from './json-edit.ts'
import { PartEditor } from './PartEditor.tsx'
import { type PartKey, partOfField, partsOf } from './parts.ts'
import { LeftBehind, Restored } from './Recovered.tsx'
import { type Side, SidePanel } from './SidePanel.tsx'
import { afterPaper } from './template-words.ts'
import './edit.css'

/** One working copy: parts at the left, fields in the middle, at the right the form, the comparison and the check. */
export function EditorScreen({ copyId }: { readonly copyId: string }) {
  const bridge = useBridge()
  const queries = useQueryClient()
  const [opened, setOpened] = useState<OpenCopy | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens the copy again
  useEffect(() => {
    let isGone = false
    let keeping: OpenCopy | null = null
    setError(null)
    openCopy(bridge, copyId).then(
      (found) => {
        keeping = found
        if (isGone) found.keeper.stop()
        else setOpened(found)
      },
      (failure: unknown) => {
        if (!isGone) setError(failure)
      },
    )
    return () => {
      isGone = true
      keeping?.keeper.stop()
      // Nobody tells of what is saved keystroke by keystroke: list and plan are read again once.
      void keeping?.keeper.flush().then(async (isSaved) => {
        // What was only looked at is no change; what waits in the journal is one.
        if (isSaved && keeping?.leftBehind === null) await bridge.call('standards.leave', { copyId })
        for (const name of ['standards.desk', 'standards.plan'] as const)
          void queries.invalidateQueries({ queryKey: callKey(name) })
      })
    }
  }, [bridge, copyId, attempt, queries])
  if (error !== null)
    return (
      <div className="page">
        <ErrorNotice error={error} onRetry={() => setAttempt(attempt + 1)} />
      </div>
    )
  if (opened === null) return <Loading />
  return <Editor opened={opened} />
}

function Editor({ opened }: { readonly opened: OpenCopy }) {
  const { copy, keeper } = opened
  const { t } = useTranslation()
  const [, go] = useLocation()
  const kept = useSyncExternalStore(keeper.subscribe, keeper.current)
  const parts = useMemo(() => partsOf(copy.kind), [copy.kind])
  const before = useMemo(() => (copy.before === null ? undefined : parseObject(copy.before.text)), [copy.before])
  const [chosen, setChosen] = useState<PartKey>(parts[0]?.key ?? 'json')
  const [side, setSide] = useState<Side>(copy.kind === 'calendar' ? 'compare' : 'preview')
  const middle = useRef<HTMLElement>(null)
  const { value, check } = kept
  const part = parts.find(({ key }) => key === (value === undefined ? 'json' : chosen)) ?? parts[0]
  const partOf = (finding: Finding): PartKey => {
    const [first] = stepsOf(finding.pointer)
    return first === undefined ? 'json' : partOfField(copy.kind, String(first))
  }
  const leave = async () => {
    await keeper.flush()
    go(paths.standardsDesk.edit)
  }
  const toPublish = async () => {
    await keeper.flush()
    go(paths.standardsDesk.publish)
  }
  const jump = (finding: Finding) => {
    setChosen(partOf(finding))
    requestAnimationFrame(() => focusPlace(middle.current, finding.pointer))
  }
  useShortcut('Esc', t('standardsDesk.edit.back'), () => void leave())
  if (part === undefined) return null
  return (
    <div className="page edit">
      <header className="page-head">
        <h1>{textOf(value?.name) || t(`standardsDesk.kind.${copy.kind}`)}</h1>
        <span className="quiet">
          {t(`standardsDesk.kind.${copy.kind}`)} ·{' '}
          {copy.kind === 'calendar'
            ? t('standardsDesk.history.year', { year: Object.keys(objectOf(value?.years))[0] ?? '' })
            : t('standardsDesk.list.version_of', { version: plainText(value?.version) })}
        </span>
        <span className="grow" />
        {opened.isRestored ? <Restored /> : null}
        <SavingLine saving={kept.saving} />
      </header>
      {copy.wentOutWith === null ? null : (
        <Notice tone="warn">{t('standardsDesk.edit.wentOut', { release: copy.wentOutWith })}</Notice>
      )}
      <LeftBehind opened={opened} />
      {value === undefined ? <Notice tone="warn">{t('standardsDesk.edit.notReadable')}</Notice> : null}
      <EditorProvider
        value={{
          ...{ copyId: copy.copyId, kind: copy.kind, value: value ?? {}, before },
          ...{ findings: check.findings, revision: check.revision },
          isLocked: copy.wentOutWith !== null,
          change: (path, next) => {
            const now = objectOf(keeper.current().value)
            const whole = objectOf(withValueAt(now, path, next))
            keeper.change(copy.kind === 'template' ? afterPaper(now, whole) : whole)
          },
          changeWhole: (next) => keeper.change(next),
        }}
      >
        <div className="edit-columns">
          <nav className="edit-parts" aria-label={t('standardsDesk.edit.parts')}>
            <ul>
              {parts.map(({ key }) => (
                <li key={key}>
                  <PartButton
                    part={key}
                    here={key === part.key}
                    findings={check.findings.filter((finding) => partOf(finding) === key)}
                    onChoose={() => setChosen(key)}
                  />
                </li>
              ))}
            </ul>
          </nav>
          <section className="edit-fields panel" ref={middle} aria-label={t(`standardsDesk.edit.part.${part.key}`)}>
            <h2>{t(`standardsDesk.edit.part.${part.key}`)}</h2>
            <PartEditor part={part} text={kept.text} onText={keeper.changeText} />
          </section>
          <SidePanel
            copyId={copy.copyId}
            isNew={copy.before === null}
            value={value}
            kind={copy.kind}
            findings={check.findings}
            side={side}
            onSide={setSide}
            onJump={jump}
          />
        </div>
      </EditorProvider>
      <ActionBar
        left={
          <>
            <Button onClick={() => void leave()} aria-keyshortcuts="Escape">
              {t('standardsDesk.edit.back')} <KeyHint keys="Esc" />
            </Button>
            <Discard
              copyId={copy.copyId}
              isLocked={copy.wentOutWith !== null}
              onGone={() => {
                void opened.forget()
                go(paths.standardsDesk.edit)
              }}
            />
          </>
        }
      >
        <MainAction
          label={t('standardsDesk.edit.toPublish')}
          icon={<SendOutlined />}
          isBusy={false}
          onRun={() => void toPublish()}
        />
      </ActionBar>
    </div>
  )
}

function PartButton({
  part,
  here,
  findings,
  onChoose,
}: {
  readonly part: PartKey
  readonly here: boolean
  readonly findings: readonly Finding[]
  readonly onChoose: () => void
}) {
  const { t } = useTranslation()
  const must = findings.filter(({ severity }) => severity === 'must').length
  return (
    <button
      type="button"
      className={here ? 'edit-part-link edit-part-here' : 'edit-part-link'}
      aria-current={here ? 'true' : undefined}
      onClick={onChoose}
    >
      <span>{t(`standardsDesk.edit.part.${part}`)}</span>
      {must > 0 ? (
        <span className="tag tag-bad" title={t('standardsDesk.list.must', { count: must })}>
          {must}
        </span>
      ) : null}
      {must === 0 && findings.length > 0 ? <span className="tag tag-warn">{findings.length}</span> : null}
    </button>
  )
}

/** Brings a place into sight and the cursor into its first field; where the place is not drawn, the nearest one around it. */
function focusPlace(holder: HTMLElement | null, pointer: string): void {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = holder?.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(at)}"]`)
    if (place) {
      // What is folded shows its fields with the next frame.
      place.querySelector<HTMLElement>(':scope > * > [aria-expanded="false"]')?.click()
      requestAnimationFrame(() => focusFirst(place))
      return
    }
    if (at === '') return
  }
}

function focusFirst(place: HTMLElement): void {
  place.scrollIntoView({ block: 'center' })
  const field = place.querySelector<HTMLElement>('input, textarea')
  const any = field ?? place.querySelector<HTMLElement>('button, [tabindex="0"]')
  any?.focus({ preventScroll: true })
}

function SavingLine({ saving }: { readonly saving: Saving }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (saving.kind === 'failed')
    return (
      <span className="saving saving-failed" role="alert">
        <WarningFilled aria-hidden="true" /> {t('standardsDesk.edit.saveFailed')}：{sentence(saving.failure).title}
      </span>
    )
  if (saving.kind === 'saving') return <span className="saving quiet">{t('standardsDesk.edit.saving')}</span>
  const time = saving.at?.toLocaleTimeString('zh-CN', { hourCycle: 'h23', timeZone: 'Asia/Shanghai' })
  return (
    <span className="saving saving-done" data-testid="copy-saved">
      <CheckOutlined aria-hidden="true" />{' '}
      {time === undefined ? t('standardsDesk.edit.savedAll') : t('standardsDesk.edit.saved', { time })}
    </span>
  )
}

function Discard({
  copyId,
  isLocked,
  onGone,
}: {
  readonly copyId: string
  readonly isLocked: boolean
  readonly onGone: () => void
}) {
  const { t } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const discard = useAct('standards.discard')
  if (!isAsking)
    return (
      <Button type="text" disabled={isLocked} onClick={() => setAsking(true)}>
        {t('standardsDesk.edit.discard')}
      </Button>
    )
  return (
    <span className="discard" role="alert">
      {t('standardsDesk.edit.discardAsk')}
      <Button danger loading={discard.isPending} onClick={() => discard.mutate({ copyId }, { onSuccess: onGone })}>
        {t('standardsDesk.edit.discardYes')}
      </Button>
      <Button autoFocus onClick={() => setAsking(false)}>
        {t('standardsDesk.edit.discardNo')}
      </Button>
    </span>
  )
}
