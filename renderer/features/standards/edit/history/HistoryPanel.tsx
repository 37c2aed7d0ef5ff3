// Owns: earlier versions of a document: which releases brought them, what is different between any two, beginning again from one.
// Does not own: the comparison itself (the desk), how differences look (changes/ChangeList.tsx).
// Start here: `HistoryPanel`.
import { HistoryOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KnownVersion } from '../../../../../preload/contract/standards/writing.ts'
import { callDesk, useBridge, useCall } from '../../../../app/client.ts'
import { momentOf } from '../../../../ui/dates.ts'
import { ErrorNotice } from '../../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../../ui/Loading.tsx'
import { ChangeList } from '../../changes/ChangeList.tsx'
import { useEditor } from '../editor-ground.ts'
import { parseObject } from '../json-edit.ts'
import { RemovedLine, useRemoval } from '../Removed.tsx'
import { useFresh } from '../use-fresh.ts'
import { beginFrom } from './begin-from.ts'
import { useVersionWords } from './version-words.ts'
import './history.css'

/** The versions of this document that are known here. */
export function HistoryPanel() {
  const { t } = useTranslation()
  const { copyId } = useEditor()
  const history = useCall('standards.history', { copyId })
  const [pair, setPair] = useState<readonly [from: string, to: string] | null>(null)
  if (history.error !== null) return <ErrorNotice error={history.error} />
  if (history.data === undefined) return <Loading />
  const { versions } = history.data
  const [newest] = versions
  if (newest === undefined) return <p className="quiet">{t('standardsDesk.history.none')}</p>
  const [from, to] = pair ?? [newest.sha256, 'copy']
  return (
    <>
      <p className="quiet">{t('standardsDesk.history.text')}</p>
      <ol className="versions">
        {versions.map((one, at) => (
          <Version
            key={`${one.release}`}
            version={one}
            isNewest={at === 0}
            before={versions[at + 1]}
            onCompare={(before) => setPair([before, one.sha256])}
          />
        ))}
      </ol>
      <Compared versions={versions} from={from} to={to} onPair={setPair} />
    </>
  )
}

function Version(props: {
  readonly version: KnownVersion
  readonly isNewest: boolean
  readonly before: KnownVersion | undefined
  readonly onCompare: (before: string) => void
}) {
  const { t } = useTranslation()
  const { version: one, isNewest, before, onCompare } = props
  const version = useVersionWords()(one.version)
  return (
    <li>
      <strong>{version}</strong>{' '}
      {isNewest ? <span className="tag tag-good">{t('standardsDesk.history.newest')}</span> : null} {one.note}
      <span className="quiet version-facts">
        {t('standardsDesk.history.facts', {
          release: one.release,
          made: momentOf(one.madeAtUtc),
          effective: momentOf(one.effectiveAtUtc),
          publisher: one.publisher,
        })}
        {one.approvedBy === '' ? '' : ` · ${t('standardsDesk.publish.approved', { name: one.approvedBy })}`}
      </span>
      <span className="edit-pair">
        {before === undefined ? null : (
          <Button
            onClick={() => onCompare(before.sha256)}
            aria-label={t('standardsDesk.history.whatChangedIn', { version })}
          >
            {t('standardsDesk.history.whatChanged')}
          </Button>
        )}
        <BeginFrom version={one} />
      </span>
    </li>
  )
}

/** Puts an old version's content into what is being written, under its own number: published, it is a newer one. */
function BeginFrom({ version: { sha256, version } }: { readonly version: KnownVersion }) {
  const { t } = useTranslation()
  const words = useVersionWords()
  const { copyId, value, isLocked } = useEditor()
  const bridge = useBridge()
  const removal = useRemoval([])
  const [error, setError] = useState<unknown>(null)
  const begin = async () => {
    setError(null)
    const { text } = await callDesk(bridge, 'standards.versionText', { copyId, sha256 })
    const old = parseObject(text)
    if (old !== undefined) removal.remove(t('standardsDesk.history.written'), beginFrom(old, value))
  }
  return (
    <>
      <Button
        icon={<HistoryOutlined />}
        disabled={isLocked}
        onClick={() => void begin().catch(setError)}
        aria-label={t('standardsDesk.history.beginFromOf', { version: words(version) })}
      >
        {t('standardsDesk.history.beginFrom')}
      </Button>
      <ErrorNotice error={error} />
      <RemovedLine offer={removal.offer} />
    </>
  )
}

/** Any two versions beside each other, the one being written among them. */
function Compared({
  versions,
  from,
  to,
  onPair,
}: {
  readonly versions: readonly KnownVersion[]
  readonly from: string
  readonly to: string
  readonly onPair: (pair: readonly [from: string, to: string]) => void
}) {
  const { t } = useTranslation()
  const { copyId } = useEditor()
  const words = useVersionWords()
  const compared = useFresh('standards.compareVersions', { copyId, from, to })
  const options = [
    { value: 'copy', label: t('standardsDesk.history.thisOne') },
    ...[...new Map(versions.map((one) => [one.sha256, one])).values()].map((one) => ({
      value: one.sha256,
      label: t('standardsDesk.history.versionIn', { version: words(one.version), release: one.release }),
    })),
  ]
  return (
    <section className="edit-list" aria-label={t('standardsDesk.history.compare')}>
      <h3>{t('standardsDesk.history.compare')}</h3>
      <div className="edit-pair">
        <Select
          className="version-choice"
          aria-label={t('standardsDesk.history.from')}
          value={from}
          options={options}
          onChange={(next: string) => onPair([next, to])}
        />
        <span>→</span>
        <Select
          className="version-choice"
          aria-label={t('standardsDesk.history.to')}
          value={to}
          options={options}
          onChange={(next: string) => onPair([from, next])}
        />
      </div>
      {compared.error === null ? null : <ErrorNotice error={compared.error} />}
      {compared.data === undefined ? <Loading /> : <ChangeList changes={compared.data.changes} />}
    </section>
  )
}
