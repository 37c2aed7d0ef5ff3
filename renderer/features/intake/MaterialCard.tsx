import {
  CameraOutlined,
  CheckCircleFilled,
  ClockCircleFilled,
  CloseOutlined,
  ExclamationCircleFilled,
  FilePdfOutlined,
  FolderOpenOutlined,
  MinusCircleOutlined,
} from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateInWords } from '../../../preload/contract/calendar.ts'
import type { Material } from '../../../preload/contract/entries.ts'
import type { MaterialRequirement } from '../../../preload/contract/standard.ts'
import type { Draft, DraftCheck } from '../../../preload/contract/views.ts'
import { useBridge } from '../../app/client.ts'
import type { Upload } from '../../app/use-uploads.ts'
import { useSentence } from '../../messages/use-sentence.ts'
import { Notice } from '../../ui/ErrorNotice.tsx'

type Checked = DraftCheck['materials'][number]

/** What a material's state looks like: an icon and a word, never colour alone. */
export function MaterialState({ checked }: { readonly checked: Checked }) {
  const { t } = useTranslation()
  switch (checked.state) {
    case 'present':
      return (
        <span className="state state-good">
          <CheckCircleFilled aria-hidden="true" /> {t('intake.materialPresent')}
        </span>
      )
    case 'missing':
      return (
        <span className="state state-bad">
          <ExclamationCircleFilled aria-hidden="true" /> {t('intake.materialMissing')}
        </span>
      )
    case 'later':
      return (
        <span className="state state-warn">
          <ClockCircleFilled aria-hidden="true" />{' '}
          {checked.dueDate === null
            ? t('intake.later')
            : t('intake.materialLater', { date: dateInWords(checked.dueDate).replace(/^\d+年/, '') })}
        </span>
      )
    case 'optional':
      return (
        <span className="state quiet">
          <MinusCircleOutlined aria-hidden="true" /> {t('intake.materialOptional')}
        </span>
      )
  }
}

/** A stored file as a thumbnail: opens at a press, with its own button to take it away. */
function Thumbnail(props: { readonly material: Material; readonly onOpen: () => void; readonly onRemove: () => void }) {
  const { t } = useTranslation()
  const { bytesBase } = useBridge()
  const { file } = props.material
  return (
    <li className="thumbnail">
      <button
        type="button"
        className="thumbnail-open"
        aria-label={t('intake.openFile', { name: file.name })}
        title={file.name}
        onClick={props.onOpen}
      >
        {file.mediaType === 'application/pdf' ? (
          <span className="thumbnail-pdf">
            <FilePdfOutlined aria-hidden="true" />
            <span>{file.name}</span>
          </span>
        ) : (
          <img src={`${bytesBase}/files/${file.sha256}`} alt="" loading="lazy" decoding="async" />
        )}
      </button>
      <Button
        className="thumbnail-remove"
        size="small"
        shape="circle"
        icon={<CloseOutlined />}
        aria-label={t('intake.remove', { name: file.name })}
        onClick={props.onRemove}
      />
    </li>
  )
}

/** A file on its way, with its share; or the words of why it was not taken. */
function UploadLine({ upload, onDismiss }: { readonly upload: Upload; readonly onDismiss: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (upload.failure === null) {
    const percent = Math.floor(upload.share * 100)
    return (
      <div className="upload-line">
        <span className="small">{t('intake.uploading', { name: upload.name, percent })}</span>
        <Progress percent={percent} showInfo={false} size="small" aria-label={upload.name} />
        <Button size="small" onClick={onDismiss}>
          {t('intake.cancel')}
        </Button>
      </div>
    )
  }
  const { title, remedy } = sentence(upload.failure)
  const isCut = upload.failure.code === 'DESK_RESTARTING'
  return (
    <Notice
      tone="bad"
      action={
        <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('intake.close')} onClick={onDismiss} />
      }
    >
      <strong>{t('intake.notStored', { name: upload.name })}</strong>{' '}
      {isCut ? t('intake.connectionLost') : `${title}${remedy}`}
    </Notice>
  )
}

/** One material that the matter asks for: what to look at, what is there, and the ways to add a page. */
export function MaterialCard(props: {
  readonly requirement: MaterialRequirement
  /** Of a theme, the names of its matters that ask for it. */
  readonly neededBy: readonly string[]
  readonly checked: Checked
  readonly materials: readonly Material[]
  /** Photographs that stayed at a machine that was lost: they are to be taken again. */
  readonly lost: Draft['lostPhotos']
  readonly uploads: readonly Upload[]
  readonly onFiles: (files: readonly File[]) => void
  readonly onCamera: () => void
  readonly onOpen: (material: Material) => void
  readonly onRemove: (material: Material) => void
  readonly onLater: (later: boolean) => void
  readonly onDismiss: (id: number) => void
}) {
  const { t } = useTranslation()
  const picker = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const { requirement, checked } = props
  const necessity = { 1: t('intake.necessary'), 2: t('intake.unnecessary'), 3: t('intake.mayFollow') }[
    requirement.necessity
  ]
  const drop = (event: DragEvent) => {
    event.preventDefault()
    event.stopPropagation()
    setOver(false)
    props.onFiles([...event.dataTransfer.files])
  }
  const { neededBy } = props
  const facts = [
    necessity,
    ...(neededBy.length === 0 ? [] : [t('intake.neededBy', { names: neededBy.join('、') })]),
    ...(requirement.originals > 0 ? [t('intake.originals', { count: requirement.originals })] : []),
    ...(requirement.copies > 0 ? [t('intake.copies', { count: requirement.copies })] : []),
    ...(requirement.acceptancePoints.length > 0 ? [requirement.acceptancePoints.join('；')] : []),
  ]
  const isPromised = checked.state === 'later'
  return (
    <article
      className={isOver ? 'material material-over' : 'material'}
      id={`material-${requirement.id}`}
      aria-label={requirement.name}
      onDragOver={(event) => {
        event.preventDefault()
        event.stopPropagation()
        event.dataTransfer.dropEffect = 'copy'
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <header className="material-head">
        <strong>{requirement.name}</strong>
        <MaterialState checked={checked} />
      </header>
      <p className="quiet small material-facts">{facts.join(' · ')}</p>
      {props.materials.length === 0 ? null : (
        <ul className="thumbnails">
          {props.materials.map((material) => (
            <Thumbnail
              key={material.materialId}
              material={material}
              onOpen={() => props.onOpen(material)}
              onRemove={() => props.onRemove(material)}
            />
          ))}
        </ul>
      )}
      {props.materials.length > 0 || props.lost.length === 0 ? null : (
        <Notice tone="warn">{t('intake.lostPhotos', { names: props.lost.map(({ name }) => name).join('、') })}</Notice>
      )}
      {props.uploads.map((upload) => (
        <UploadLine key={upload.id} upload={upload} onDismiss={() => props.onDismiss(upload.id)} />
      ))}
      <div className="material-tools">
        <Button icon={<CameraOutlined />} onClick={props.onCamera}>
          {t('intake.takePhoto')}
        </Button>
        <Button icon={<FolderOpenOutlined />} onClick={() => picker.current?.click()}>
          {t('intake.pickFile')}
        </Button>
        {requirement.necessity === 3 && checked.state !== 'present' ? (
          <Button aria-pressed={isPromised} onClick={() => props.onLater(!isPromised)}>
            {isPromised
              ? t('intake.laterUndo')
              : requirement.laterWithinWorkdays === undefined
                ? t('intake.later')
                : t('intake.laterWithin', { count: requirement.laterWithinWorkdays })}
          </Button>
        ) : null}
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          accept="image/jpeg,image/png,application/pdf,.jpg,.jpeg,.png,.pdf"
          aria-label={`${t('intake.pickFile')}：${requirement.name}`}
          onChange={(event) => {
            props.onFiles([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
      </div>
    </article>
  )
}
