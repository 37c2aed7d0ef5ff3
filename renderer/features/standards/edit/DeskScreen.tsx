import {
  CopyOutlined,
  EditOutlined,
  ExportOutlined,
  ImportOutlined,
  PlusOutlined,
  SendOutlined,
} from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { documentKinds } from '../../../../preload/contract/standards/documents.ts'
import type { DeskDocument } from '../../../../preload/contract/standards/publishing.ts'
import { useAct, useCall } from '../../../app/client.ts'
import { useFileDrop, useWindowDrop } from '../../../app/file-drop.ts'
import { paths } from '../../../app/paths.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { FindField } from '../../../ui/FindField.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { OthersBand } from '../publish/Others.tsx'
import { giveFiles } from '../tables/given-files.ts'
import '../tables/tables.css'
import './edit.css'

const tones = { same: 'plain', edited: 'info', new: 'good', broken: 'bad', removed: 'warn' } as const
/** What is being changed comes first, then what is changed most; within these by name, as people look for it. */
const places = { broken: 0, edited: 1, new: 1, removed: 1, same: 2 } as const
const kindPlaces = { matter: 0, theme: 1, template: 2, calendar: 3 } as const

/** The standards of the newest release and those being changed: one is begun, gone on with, or new; files are brought in by a button or dropped on the list. */
export function DeskScreen() {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [query, setQuery] = useState('')
  const desk = useCall('standards.desk', {})
  const begin = useAct('standards.begin')
  const like = useAct('standards.beginLike')
  const remove = useAct('standards.remove')
  const keep = useAct('standards.discard')
  const follow = useFollowedRow(desk.data?.documents)
  const bringIn = (files: readonly File[]) => {
    giveFiles(files)
    go(paths.standardsDesk.bringIn)
  }
  const { isOver, props } = useFileDrop(bringIn)
  useWindowDrop(bringIn)
  if (desk.data === undefined)
    return (
      <div className="page">
        {desk.error === null ? <Loading /> : <ErrorNotice error={desk.error} onRetry={() => void desk.refetch()} />}
      </div>
    )
  const { documents, base } = desk.data
  const shown = documents
    .filter(({ name, department, id }) =>
      [name, department, id].some((text) => text.toLowerCase().includes(query.trim().toLowerCase())),
    )
    .toSorted(
      (a, b) =>
        places[a.state] - places[b.state] ||
        kindPlaces[a.kind] - kindPlaces[b.kind] ||
        a.name.localeCompare(b.name, 'zh-CN') ||
        a.version - b.version,
    )
  const open = ({ copyId, kind, id, version }: DeskDocument) => {
    if (copyId !== null) go(paths.standardsDesk.copy(copyId))
    else begin.mutate({ kind, id, version }, { onSuccess: (made) => go(paths.standardsDesk.copy(made.copyId)) })
  }
  const copy = ({ copyId, kind, id, version }: DeskDocument) => {
    if (!like.isPending)
      like.mutate({ kind, id, version, copyId }, { onSuccess: (made) => go(paths.standardsDesk.copy(made.copyId)) })
  }
  const turn = (one: DeskDocument) => {
    const { copyId, kind, id, version } = one
    // The row goes to another place of the list: whoever works by keys goes with it.
    const onSuccess = () => follow(one)
    if (copyId === null) remove.mutate({ kind, id, version }, { onSuccess })
    else keep.mutate({ copyId }, { onSuccess })
  }
  const editing = documents.filter(({ copyId }) => copyId !== null).length
  return (
    <div className={isOver ? 'page tables-over' : 'page'} {...props}>
      <div className="desk-tools">
        <FindField
          label={t('standardsDesk.list.find')}
          placeholder={t('standardsDesk.list.find')}
          value={query}
          onChange={setQuery}
        />
        <NewOne />
        <Button icon={<ImportOutlined />} onClick={() => go(paths.standardsDesk.bringIn)}>
          {t('tables.bringIn')}
        </Button>
        <Button icon={<ExportOutlined />} onClick={() => go(paths.standardsDesk.takeOut)}>
          {t('tables.takeOut')}
        </Button>
        <span className="quiet">
          {base === null ? t('standardsDesk.list.baseNone') : t('standardsDesk.list.base', { release: base.release })}
        </span>
      </div>
      <ErrorNotice error={begin.error ?? like.error ?? remove.error ?? keep.error} />
      <OthersBand desk={desk.data} />
      <div className="page-scroll panel">
        {documents.length === 0 ? (
          <EmptyState title={t('standardsDesk.list.none')} text={t('standardsDesk.list.noneText')} />
        ) : (
          <Rows documents={shown} onOpen={open} onTurn={turn} onCopy={copy} />
        )}
      </div>
      <ActionBar left={<span>{t('standardsDesk.list.editing', { count: editing })}</span>}>
        <MainAction
          label={t('standardsDesk.list.toPublish')}
          icon={<SendOutlined />}
          isBusy={false}
          onRun={() => go(paths.standardsDesk.publish)}
        />
      </ActionBar>
    </div>
  )
}

function Rows({
  documents,
  onOpen,
  onTurn,
  onCopy,
}: Turning & {
  readonly documents: readonly DeskDocument[]
}) {
  const { t } = useTranslation()
  return (
    <table className="desk-list" aria-label={t('standardsDesk.list.table')}>
      <thead>
        <tr>
          {(['kind', 'name', 'version', 'department', 'state'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`standardsDesk.list.${column}`)}
            </th>
          ))}
          <th scope="col">
            <span className="visually-hidden">{t('standardsDesk.list.edit')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {documents.map((one) => {
          return (
            <tr
              key={one.copyId ?? `${one.kind} ${one.id} ${one.version}`}
              className={one.copyId === null ? undefined : 'desk-edited'}
            >
              <td>{t(`standardsDesk.kind.${one.kind}`)}</td>
              <td>
                <strong>{one.name || one.id}</strong>
              </td>
              <td className="number">
                {one.kind === 'calendar' ? one.version : t('standardsDesk.list.version_of', { version: one.version })}
              </td>
              <td>{one.department}</td>
              <td>
                <span className={`tag tag-${tones[one.state]}`}>{t(`standardsDesk.state.${one.state}`)}</span>{' '}
                {one.must > 0 ? (
                  <span className="tag tag-bad">{t('standardsDesk.list.must', { count: one.must })}</span>
                ) : null}
              </td>
              <td>
                <Actions {...{ one, onOpen, onTurn, onCopy }} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

type Turning = Readonly<Record<'onOpen' | 'onTurn' | 'onCopy', (one: DeskDocument) => void>>

/** To write it, to begin another one like it, or to take it out of the next release; what is to go is only kept after all. */
function Actions({ one, onOpen, onTurn, onCopy }: Turning & { readonly one: DeskDocument }) {
  const { t } = useTranslation()
  const name = one.name || one.id
  if (one.state === 'removed')
    return (
      <Button id={rowId(one)} onClick={() => onTurn(one)} aria-label={t('standardsDesk.out.keepName', { name })}>
        {t('standardsDesk.out.keep')}
      </Button>
    )
  const action = t(one.copyId === null ? 'standardsDesk.list.edit' : 'standardsDesk.list.goOn')
  return (
    <span className="desk-actions">
      <Button
        id={rowId(one)}
        icon={<EditOutlined />}
        onClick={() => onOpen(one)}
        aria-label={t('standardsDesk.list.open', { action, name })}
      >
        {action}
      </Button>
      {one.copyId === null ? (
        <Button
          onClick={() => onTurn(one)}
          title={t('standardsDesk.out.removeText')}
          aria-label={t('standardsDesk.out.removeName', { name })}
        >
          {t('standardsDesk.out.remove')}
        </Button>
      ) : null}
      {one.kind === 'calendar' ? null : (
        <Button
          type="text"
          icon={<CopyOutlined />}
          onClick={() => onCopy(one)}
          title={t('standardsDesk.list.copyText')}
          aria-label={t('standardsDesk.list.copyOf', { name })}
        >
          {t('standardsDesk.list.copy')}
        </Button>
      )}
    </span>
  )
}

const rowId = ({ kind, id, version }: DeskDocument) => `desk-row ${kind} ${id} ${version}`

/** Gives what puts the cursor on a row's first button wherever the row comes to stand. */
function useFollowedRow(documents: readonly DeskDocument[] | undefined): (one: DeskDocument) => void {
  const [followed, setFollowed] = useState<DeskDocument | null>(null)
  useEffect(() => {
    if (followed === null) return
    const now = documents?.find((one) => rowId(one) === rowId(followed))
    if (now === undefined || now.copyId === followed.copyId) return
    const button = document.getElementById(rowId(now))
    // The head of the list would cover what is brought only just into sight.
    button?.scrollIntoView({ block: 'center' })
    button?.focus({ preventScroll: true })
    setFollowed(null)
  }, [documents, followed])
  return setFollowed
}

function NewOne() {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const blank = useAct('standards.beginBlank')
  return (
    <>
      <Dropdown
        autoFocus
        trigger={['click']}
        menu={{
          items: documentKinds.map((kind) => ({
            key: kind,
            label: t('standardsDesk.list.blankOf', { kind: t(`standardsDesk.kind.${kind}`) }),
          })),
          onClick: ({ key }) => {
            const kind = documentKinds.find((one) => one === key)
            if (kind !== undefined)
              blank.mutate({ kind }, { onSuccess: ({ copyId }) => go(paths.standardsDesk.copy(copyId)) })
          },
        }}
      >
        <Button icon={<PlusOutlined />} loading={blank.isPending}>
          {t('standardsDesk.list.blank')}
        </Button>
      </Dropdown>
      <ErrorNotice error={blank.error} />
    </>
  )
}
