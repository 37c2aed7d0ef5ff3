import { DownloadOutlined, FileAddOutlined, ImportOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { TableImport } from '../../../../preload/contract/standards/tables.ts'
import { useAct } from '../../../app/client.ts'
import { useFileDrop, useWindowDrop } from '../../../app/file-drop.ts'
import { paths } from '../../../app/paths.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { ProgressBar, percentOf } from '../../../ui/ProgressBar.tsx'
import { TabBar } from '../../../ui/TabBar.tsx'
import { canTake, chosenOf, inOrder, replacesCopy, turnedOver, wishOf } from './choice.ts'
import { FileList } from './FileList.tsx'
import { FindingTable } from './FindingTable.tsx'
import { FoundTable } from './FoundTable.tsx'
import { type ImportStep, useImport } from './use-import.ts'
import { useWritten } from './use-written.ts'
import './tables.css'

/** What the file dialog offers; what a file really is, the desk says. */
const accepted = '.xlsx,.json,.csv,.tsv,.txt,.zip'

/** Files of standards brought in: what is in them beside what is in force and being written, what must be mended, then one press. */
export function ImportScreen() {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const importing = useImport()
  const { found, step, notSent, error, isLost, drop } = importing
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const take = useAct('standards.takeTables')
  const add = (files: readonly File[]) => {
    take.reset()
    importing.add(files)
  }
  const { isOver, props } = useFileDrop(add)
  useWindowDrop(add)
  const { field, choose } = useFilePicker(add)
  const template = useWritten()
  const chosen = chosenOf(found?.documents ?? [], turned)
  const back = () => go(paths.standardsDesk.edit)
  const takeOver = () => take.mutate({ documents: chosen.map(wishOf) }, { onSuccess: () => setTurned(new Set()) })
  useShortcut('Esc', t('tables.back'), back)
  return (
    <div className={isOver ? 'page tables tables-over' : 'page tables'} {...props}>
      <div className="desk-tools">
        {field}
        {found === null ? null : (
          <Button icon={<FileAddOutlined />} onClick={choose}>
            {t('tables.chooseMore')}
          </Button>
        )}
        <Button
          icon={<DownloadOutlined />}
          loading={template.isBusy}
          onClick={() => template.write({ form: 'template', what: { of: 'release' } })}
        >
          {t('tables.template')}
        </Button>
        {found === null ? null : <span className="quiet">{t('tables.dropHere')}</span>}
      </div>
      <ErrorNotice error={template.error} />
      {step === null ? null : <Step step={step} onStop={() => void drop()} />}
      {isLost ? <Notice tone="warn">{t('tables.lost')}</Notice> : null}
      <ErrorNotice error={error} />
      <ErrorNotice error={take.error} />
      {take.data === undefined ? null : (
        <Notice
          tone="good"
          action={<Button onClick={() => go(paths.standardsDesk.publish)}>{t('standardsDesk.list.toPublish')}</Button>}
        >
          {t('tables.taken', { count: take.data.copyIds.length })}
        </Notice>
      )}
      <FileList files={found?.files ?? []} notSent={notSent} />
      {found === null ? <Explained /> : <Found found={found} turned={turned} onTurn={setTurned} />}
      <ActionBar
        left={
          <>
            <Button onClick={back} aria-keyshortcuts="Escape">
              {t('tables.back')} <KeyHint keys="Esc" />
            </Button>
            {found === null ? null : (
              <Button type="text" onClick={() => void drop()}>
                {t('tables.drop')}
              </Button>
            )}
          </>
        }
      >
        {found === null ? (
          <MainAction
            label={t('tables.choose')}
            icon={<FileAddOutlined />}
            isBusy={false}
            isOff={step !== null}
            onRun={choose}
          />
        ) : (
          <MainAction
            label={t('tables.take', { count: chosen.length })}
            icon={<ImportOutlined />}
            isBusy={take.isPending}
            isOff={chosen.length === 0 || step !== null}
            onRun={takeOver}
          />
        )}
      </ActionBar>
    </div>
  )
}

/** The file dialog: the field that stands for it, and what opens it. */
function useFilePicker(onFiles: (files: readonly File[]) => void) {
  const picker = useRef<HTMLInputElement>(null)
  const field = (
    <input
      ref={picker}
      type="file"
      accept={accepted}
      multiple
      hidden
      onChange={({ target }) => {
        const files = [...(target.files ?? [])]
        // The same file may be chosen again after it was mended.
        target.value = ''
        if (files.length > 0) onFiles(files)
      }}
    />
  )
  return { field, choose: () => picker.current?.click() }
}

function Step({ step, onStop }: { readonly step: ImportStep; readonly onStop: () => void }) {
  const { t } = useTranslation()
  const words = t(`tables.${step.kind}`, { file: step.file, percent: percentOf(step.share, 1) })
  return (
    <div className="tables-step" role="status">
      <span>{words}</span>
      <ProgressBar share={step.share} label={words} />
      <Button onClick={onStop}>{t('tables.stop')}</Button>
    </div>
  )
}

/** What may be brought in, before anything was. */
function Explained() {
  const { t } = useTranslation()
  return (
    <div className="page-scroll panel tables-explained">
      <strong>{t('tables.none')}</strong>
      <ul>
        {(['workbook', 'json', 'national', 'zip'] as const).map((form) => (
          <li key={form}>{t(`tables.explained.${form}`)}</li>
        ))}
      </ul>
      <span>{t('tables.safe')}</span>
    </div>
  )
}

function Found(props: {
  readonly found: TableImport
  readonly turned: ReadonlySet<string>
  readonly onTurn: (turned: ReadonlySet<string>) => void
}) {
  const { t } = useTranslation()
  const { found, turned, onTurn } = props
  const [tab, setTab] = useState<'documents' | 'findings' | null>(null)
  const takeable = found.documents.filter(canTake)
  const shown = tab ?? (found.documents.length === 0 && found.findings.length > 0 ? 'findings' : 'documents')
  const faulty = found.files.flatMap((file) => file.faulty.map((name) => ({ file: file.name, name })))
  const all = found.documents.length + faulty.length
  const count = (state: TableImport['documents'][number]['state']) =>
    found.documents.filter((one) => one.state === state).length
  return (
    <>
      <p className="tables-sum" role="status">
        {t('tables.sum', { all, new: count('new'), changed: count('changed') })}
        {t('tables.sumMore', { same: count('same'), faulty: faulty.length })}
      </p>
      <TabBar
        label={t('tables.tabs')}
        active={shown}
        onChange={setTab}
        tabs={[
          { key: 'documents', label: t('tables.documents'), count: all },
          { key: 'findings', label: t('tables.findings'), count: found.findings.length, loud: faulty.length > 0 },
        ]}
      />
      {shown === 'documents' ? (
        <FoundTable
          documents={inOrder(found.documents)}
          faulty={faulty}
          chosen={new Set(chosenOf(found.documents, turned).map(({ key }) => key))}
          onTurn={(keys) => onTurn(turnedOver(turned, keys))}
          replacing={takeable.filter(replacesCopy).map(({ key }) => key)}
        />
      ) : (
        <FindingTable findings={found.findings} more={found.moreFindings} />
      )}
    </>
  )
}
