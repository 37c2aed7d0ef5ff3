import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type Paper, type PaperView, paperViewSchema } from '../../../../preload/contract/seals.ts'
import { useAct } from '../../../app/client.ts'
import { useFileDrop } from '../../../app/file-drop.ts'
import type { Uploads } from '../../../app/use-uploads.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { FindField } from '../../../ui/FindField.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { TabBar } from '../../../ui/TabBar.tsx'
import type { Kept } from './kept.ts'
import { PaperRows } from './PaperRows.tsx'
import { PaperUploads } from './PaperUploads.tsx'
import type { Papers } from './use-papers.ts'

type Props = {
  readonly list: Papers
  readonly place: Kept
  readonly uploads: Uploads
  readonly onMove: (change: Partial<Kept>) => void
}

/** The papers that can be sealed, by view, with a find, ticks, and a way to bring in files of one's own. */
export function PaperList({ list, place, uploads, onMove }: Props) {
  const { t } = useTranslation()
  const picker = useRef<HTMLInputElement>(null)
  const drop = useFileDrop(uploads.send)
  return (
    <section className={drop.isOver ? 'papers panel papers-over' : 'papers panel'} {...drop.props}>
      <TabBar
        label={t('sealing.list')}
        active={place.view}
        onChange={(view: PaperView) => onMove({ view, index: 0 })}
        tabs={paperViewSchema.options.map((view) => ({
          key: view,
          label: t(`sealing.view.${view}`),
          count: list.counts?.[view],
          loud: view === 'waiting',
        }))}
      />
      <FindField
        className="papers-find"
        label={t('sealing.find')}
        placeholder={t('sealing.findShort')}
        value={place.query}
        onChange={(query) => onMove({ query, index: 0 })}
      />
      <Body list={list} place={place} onMove={onMove} />
      <PaperUploads uploads={uploads} />
      <div className="papers-foot">
        <Button icon={<PlusOutlined />} onClick={() => picker.current?.click()}>
          {t('sealing.add')}
        </Button>
        <Discard list={list} place={place} onMove={onMove} />
        {list.total === 0 ? <span className="quiet papers-hint">{t('sealing.addHint')}</span> : null}
        <input
          ref={picker}
          type="file"
          hidden
          multiple
          accept="application/pdf,.pdf"
          aria-label={t('sealing.add')}
          onChange={(event) => {
            uploads.send([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
      </div>
    </section>
  )
}

/** Takes papers of one's own that were never sealed off the list. */
function Discard({ list, place, onMove }: Pick<Props, 'list' | 'place' | 'onMove'>) {
  const { t } = useTranslation()
  const discard = useAct('sealing.discardPaper')
  const here = list.at(place.index)
  const chosen = place.ticked.size > 0 ? [...place.ticked.values()] : here === undefined ? [] : [here]
  const own = chosen.filter(({ kind, impressions }) => kind === 'own' && impressions === 0)
  if (own.length === 0 || own.length !== chosen.length) return null
  const run = async () => {
    for (const { documentId } of own) await discard.mutateAsync({ documentId })
    list.reread()
    onMove({ ticked: new Map(), index: 0, shown: 0 })
  }
  return (
    <>
      <Button icon={<DeleteOutlined />} loading={discard.isPending} onClick={() => void run().catch(() => undefined)}>
        {t('sealing.discard')}
      </Button>
      <ErrorNotice error={discard.error} />
    </>
  )
}

function Body({ list, place, onMove }: Pick<Props, 'list' | 'place' | 'onMove'>) {
  const { t } = useTranslation()
  if (list.error !== null) {
    return (
      <div className="papers-message">
        <ErrorNotice error={list.error} onRetry={list.retry} />
      </div>
    )
  }
  if (list.total === undefined) return <Loading />
  if (list.total === 0) {
    const query = place.query.trim()
    if (query !== '')
      return <EmptyState title={t('sealing.empty.find', { query })} text={t('sealing.empty.findText')} />
    const text = { waiting: t('sealing.empty.waitingText'), own: t('sealing.empty.ownText'), sealed: '', all: '' }
    return <EmptyState title={t(`sealing.empty.${place.view}`)} text={text[place.view]} />
  }
  const toggle = (papers: readonly Paper[]) => {
    const ticked = new Map(place.ticked)
    const allIn = papers.every(({ documentId }) => ticked.has(documentId))
    for (const paper of papers) {
      if (allIn) ticked.delete(paper.documentId)
      else ticked.set(paper.documentId, paper)
    }
    onMove({ ticked, shown: Math.max(0, ticked.size - 1) })
  }
  return <PaperRows list={list} place={place} onMove={onMove} onToggle={toggle} />
}
