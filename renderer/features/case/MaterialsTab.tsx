import { FilePdfOutlined, HourglassOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Material } from '../../../preload/contract/entries.ts'
import type { MaterialRequirement } from '../../../preload/contract/standard.ts'
import type { FileState } from '../../../preload/contract/sync.ts'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import { fileUrl } from '../../app/bytes.ts'
import { CallFailure, useAct, useBridge, useCall } from '../../app/client.ts'
import { putMaterial } from '../../app/upload.ts'
import { useCaseFiles } from '../../app/use-case-files.ts'
import { plainDate, sizeInWords } from '../../ui/dates.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { FileProgress } from '../../ui/FileProgress.tsx'
import { isFromElsewhere } from '../../ui/file-words.ts'
import { Loading } from '../../ui/Loading.tsx'
import { FetchFile } from './FetchFile.tsx'

const PdfView = lazy(() => import('../../ui/PdfView.tsx').then((m) => ({ default: m.PdfView })))

/** What was handed in, by requirement; one of them large beside. While the centre asks for corrections, more can be added. */
export function MaterialsTab({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const standard = useCall('matters.get', { itemId: detail.itemId, version: detail.standardVersion })
  const { data: sent } = useCaseFiles(detail.summary.caseId)
  const [chosenId, setChosenId] = useState<string | null>(null)
  const chosen = detail.materials.find((material) => material.materialId === chosenId) ?? detail.materials[0]
  const fetch = useAct('sync.fetchFile')
  /** Whoever opens an original that lies at the centre wants it here. */
  const choose = ({ materialId, file: { sha256 } }: Material) => {
    setChosenId(materialId)
    const there = sent?.files.find((file) => file.sha256 === sha256)
    if (there?.state === 'in-centre') fetch.mutate({ sha256 })
  }
  const adding = detail.actions.includes('supplement')
  const groups = groupsOf(detail, standard.data?.materials ?? [], adding)
  if (groups.length === 0) return <EmptyState title={t('case.materialsEmpty')} text={t('case.materialsEmptyText')} />
  return (
    <div className="case-materials">
      <ul className="materials-list">
        {groups.map((group) => (
          <li key={group.id} className="materials-group">
            <h3>{group.name ?? t('case.other')}</h3>
            {group.dueDate === null ? null : (
              <span className="tag tag-warn">
                <HourglassOutlined aria-hidden="true" />
                {t('case.laterUntil', { date: plainDate(group.dueDate) })}
              </span>
            )}
            <div className="thumbs">
              {group.materials.map((material, index) => (
                <Thumbnail
                  key={material.materialId}
                  material={material}
                  index={index + 1}
                  chosen={material === chosen}
                  sent={sent?.files ?? []}
                  onChoose={() => choose(material)}
                />
              ))}
            </div>
            {adding ? <AddMaterial caseId={detail.summary.caseId} requirementId={group.id} /> : null}
          </li>
        ))}
      </ul>
      <div className="materials-large">
        {chosen === undefined ? null : <Large material={chosen} files={sent?.files ?? []} />}
      </div>
    </div>
  )
}

type Group = {
  readonly id: string
  readonly name: string | null
  readonly dueDate: string | null
  readonly materials: readonly Material[]
}

function groupsOf(detail: CaseDetail, requirements: readonly MaterialRequirement[], all: boolean): readonly Group[] {
  const strangers = detail.materials
    .map((material) => material.requirementId)
    .filter((id, index, ids) => ids.indexOf(id) === index && !requirements.some((known) => known.id === id))
  const groups = [
    ...requirements.map(({ id, name }) => ({ id, name })),
    ...strangers.map((id) => ({ id, name: null })),
  ].map(({ id, name }) => ({
    id,
    name,
    dueDate: detail.later.find((later) => later.requirementId === id)?.dueDate ?? null,
    materials: detail.materials.filter((material) => material.requirementId === id),
  }))
  return all ? groups : groups.filter((group) => group.materials.length > 0 || group.dueDate !== null)
}

function Thumbnail(props: {
  readonly material: Material
  readonly index: number
  readonly chosen: boolean
  readonly sent: readonly FileState[]
  readonly onChoose: () => void
}) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { file } = props.material
  const name = t('case.image', { index: props.index, name: file.name })
  return (
    <button
      type="button"
      className={props.chosen ? 'thumb thumb-chosen' : 'thumb'}
      aria-pressed={props.chosen}
      aria-label={name}
      aria-describedby={`sent-${props.material.materialId}`}
      onClick={props.onChoose}
    >
      {file.mediaType === 'application/pdf' ? (
        <FilePdfOutlined className="thumb-pdf" aria-hidden="true" />
      ) : (
        <img src={fileUrl(bridge, file.sha256, stateOf(props.sent, file.sha256))} alt="" loading="lazy" />
      )}
      <span className="thumb-words" id={`sent-${props.material.materialId}`}>
        <span className="thumb-name">{file.name}</span>
        <span className="quiet">{sizeInWords(file.sizeBytes)}</span>
        <Sent sha256={file.sha256} files={props.sent} />
      </span>
    </button>
  )
}

/** How far the original has come; while it has not arrived, that the readable copy has. */
function Sent({ sha256, files }: { readonly sha256: string; readonly files: readonly FileState[] }) {
  const { t } = useTranslation()
  const original = files.find((file) => file.sha256 === sha256)
  if (original === undefined) return null
  const copy = files.find((file) => file.copyOf === sha256)
  const isReadable = original.state !== 'at-centre' && copy?.state === 'at-centre'
  return (
    <>
      <FileProgress file={original} />
      {isReadable ? <span className="quiet">{t('sync.file.copyThere')}</span> : null}
    </>
  )
}

/** In which state a file of another machine's case is: its picture is read again when that changes. */
function stateOf(files: readonly FileState[], sha256: string): string | undefined {
  return files.find((file) => file.sha256 === sha256 && isFromElsewhere(file))?.state
}

/** One material; of one that lies at the centre its readable copy where that is here, and the way to have the original brought. */
function Large({ material, files }: { readonly material: Material; readonly files: readonly FileState[] }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [isMissing, setMissing] = useState(false)
  const { sha256, mediaType, name } = material.file
  const state = stateOf(files, sha256)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another file or state is another try
  useEffect(() => setMissing(false), [sha256, state])
  const fetch = <FetchFile file={files.find((file) => file.sha256 === sha256)} />
  const isAway = state !== undefined && state !== 'fetched'
  if (isAway && (isMissing || mediaType === 'application/pdf')) {
    return <EmptyState title={t('case.fetchNone')} action={fetch} />
  }
  const url = fileUrl(bridge, sha256, state)
  if (mediaType !== 'application/pdf') {
    return (
      <>
        {fetch}
        <img src={url} alt={name} onError={() => setMissing(isAway)} />
      </>
    )
  }
  return (
    <Suspense fallback={<Loading />}>
      <PdfView url={url} title={material.file.name} fileName={material.file.name} />
    </Suspense>
  )
}

function AddMaterial({ caseId, requirementId }: { readonly caseId: string; readonly requirementId: string }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const picker = useRef<HTMLInputElement>(null)
  const [under, setUnder] = useState<{ readonly name: string; readonly share: number } | null>(null)
  const [error, setError] = useState<CallFailure | null>(null)
  const stopping = useRef(new AbortController())

  const put = async (files: readonly File[]) => {
    setError(null)
    for (const file of files) {
      setUnder({ name: file.name, share: 0 })
      const target = { case: caseId, requirement: requirementId }
      const progress = (share: number) => setUnder({ name: file.name, share })
      const transfer = { bytesBase: bridge.bytesBase, progress, signal: stopping.current.signal }
      const reply = await putMaterial(target, file, transfer)
      if (!reply.ok) setError(new CallFailure(reply.error))
    }
    setUnder(null)
  }
  return (
    <div className="materials-add">
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept="image/jpeg,image/png,application/pdf"
        onChange={(event) => {
          void put([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      <Button icon={<PlusOutlined />} onClick={() => picker.current?.click()} disabled={under !== null}>
        {t('case.addMaterial')}
      </Button>
      {under === null ? null : (
        <span role="status">{t('case.uploading', { name: under.name, percent: Math.round(under.share * 100) })}</span>
      )}
      <ErrorNotice error={error} />
    </div>
  )
}
