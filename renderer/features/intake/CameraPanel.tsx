import {
  CameraFilled,
  CameraOutlined,
  CloseOutlined,
  LeftOutlined,
  RightOutlined,
  RotateRightOutlined,
} from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcut } from '../../app/shortcuts.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Notice } from '../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { type CameraFault, cameraFaultOf, listCameras, openCamera, takePicture, turnPicture } from './camera-device.ts'
import './camera.css'

type Shot = { readonly id: number; readonly picture: Blob; readonly url: string; readonly turns: number }

/** The live view of a camera; the stream ends with the component. */
function useCamera(deviceId: string | null, attempt: number) {
  const [stream, setStream] = useState<MediaStream | null>(null)
  const [fault, setFault] = useState<CameraFault | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens the camera again
  useEffect(() => {
    let isGone = false
    let opened: MediaStream | null = null
    const stop = () => {
      for (const track of opened?.getTracks() ?? []) track.stop()
    }
    const open = async () => {
      setFault(null)
      opened = await openCamera(deviceId)
      if (isGone) stop()
      else setStream(opened)
    }
    open().catch((error) => {
      if (!isGone) setFault(cameraFaultOf(error))
    })
    return () => {
      isGone = true
      stop()
      setStream(null)
    }
  }, [deviceId, attempt])
  return { stream, fault }
}

/** The pictures taken so far, in order; their addresses are given back when the panel closes. */
function useShots() {
  const [shots, setShots] = useState<readonly Shot[]>([])
  const made = useRef<string[]>([])
  useEffect(
    () => () => {
      for (const url of made.current) URL.revokeObjectURL(url)
    },
    [],
  )
  const shotOf = (picture: Blob, id: number): Shot => {
    const url = URL.createObjectURL(picture)
    made.current.push(url)
    return { id, picture, url, turns: 0 }
  }
  return {
    shots,
    add: (picture: Blob, replacing: number | null) =>
      setShots((all) => {
        const id = replacing ?? Math.max(0, ...all.map((shot) => shot.id)) + 1
        const shot = shotOf(picture, id)
        return replacing === null ? [...all, shot] : all.map((one) => (one.id === id ? shot : one))
      }),
    turn: (id: number) =>
      setShots((all) => all.map((shot) => (shot.id === id ? { ...shot, turns: (shot.turns + 1) % 4 } : shot))),
    drop: (id: number) => setShots((all) => all.filter((shot) => shot.id !== id)),
    move: (id: number, by: -1 | 1) =>
      setShots((all) => {
        const from = all.findIndex((shot) => shot.id === id)
        const moved = all[from]
        if (moved === undefined || all[from + by] === undefined) return all
        const rest = all.filter((shot) => shot.id !== id)
        return [...rest.slice(0, from + by), moved, ...rest.slice(from + by)]
      }),
  }
}

/** Each picture as a file named after its material and page: `居民身份证-1.jpg`. Rejects where one cannot be turned. */
async function filesOf(shots: readonly Shot[], name: string): Promise<File[]> {
  const base = name
    .replaceAll(/[\\/:*?"<>|（）()]/g, ' ')
    .trim()
    .slice(0, 40)
  const files: File[] = []
  // One after the other: a picture that is turned takes some 90 MB meanwhile.
  for (const { picture, turns } of shots) {
    const turned = await turnPicture(picture, turns)
    files.push(new File([turned], `${base}-${files.length + 1}.jpg`, { type: 'image/jpeg' }))
  }
  return files
}

/** One picture taken: its buttons do what the clerk may want with it. */
function ShotCard(props: {
  readonly shot: Shot
  readonly number: number
  readonly isRetaken: boolean
  /** While the pages are stored none of them changes. */
  readonly isOff: boolean
  readonly onTurn: () => void
  readonly onRetake: () => void
  readonly onDrop: () => void
  readonly onMove: (by: -1 | 1) => void
}) {
  const { t } = useTranslation()
  const name = t('intake.cameraPage', { number: props.number })
  const button = (icon: React.ReactNode, label: string, act: () => void) => (
    <Button
      type="text"
      icon={icon}
      aria-label={`${name}：${label}`}
      title={label}
      disabled={props.isOff}
      onClick={act}
    />
  )
  return (
    <li className={props.isRetaken ? 'camera-shot camera-retaken' : 'camera-shot'}>
      <img
        src={props.shot.url}
        alt={name}
        style={{ transform: `rotate(${props.shot.turns * 90}deg) scale(${props.shot.turns % 2 === 1 ? 0.7 : 1})` }}
      />
      <div className="camera-shot-tools">
        {button(<LeftOutlined />, t('intake.cameraForward'), () => props.onMove(-1))}
        {button(<RotateRightOutlined />, t('intake.cameraTurn'), props.onTurn)}
        {button(<CameraOutlined />, t('intake.cameraRetake'), props.onRetake)}
        {button(<CloseOutlined />, t('intake.cameraDrop'), props.onDrop)}
        {button(<RightOutlined />, t('intake.cameraBackward'), () => props.onMove(1))}
      </div>
    </li>
  )
}

/** Asks in its place what becomes of pages that were taken and not stored, so that closing loses none. */
function Unstored(props: {
  readonly count: number
  readonly isOff: boolean
  readonly onStore: () => void
  readonly onDrop: () => void
}) {
  const { t } = useTranslation()
  return (
    <span className="discard" role="alert">
      {t('intake.cameraAsk', { count: props.count })}
      <Button danger disabled={props.isOff} onClick={props.onDrop}>
        {t('intake.cameraDrop')}
      </Button>
      <Button autoFocus loading={props.isOff} onClick={props.onStore}>
        {t('intake.cameraStore', { count: props.count })}
      </Button>
    </span>
  )
}

/**
 * Photographs one material: live view, one key to take, pages that can be turned, ordered and retaken.
 * @param props.onStore gets the pages as JPEG files in order.
 */
export function CameraPanel(props: {
  readonly materialName: string
  readonly onStore: (files: readonly File[]) => void
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [deviceId, setDeviceId] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)
  const [cameras, setCameras] = useState<readonly { readonly deviceId: string; readonly label: string }[]>([])
  const [retaken, setRetaken] = useState<number | null>(null)
  const [isStoring, setStoring] = useState(false)
  const [isTaking, setTaking] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [failed, setFailed] = useState<'taking' | 'storing' | null>(null)
  const { stream, fault } = useCamera(deviceId, attempt)
  const { shots, add, turn, drop, move } = useShots()
  const video = useRef<HTMLVideoElement>(null)
  const taking = useRef<HTMLButtonElement>(null)
  const isLeft = useRef(false)
  useEffect(() => {
    isLeft.current = false
    return () => {
      isLeft.current = true
    }
  }, [])

  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream
    if (stream === null) return
    taking.current?.focus()
    void listCameras().then(setCameras)
  }, [stream])

  const take = async () => {
    if (isTaking || isStoring || video.current === null) return
    setTaking(true)
    setFailed(null)
    try {
      add(await takePicture(video.current), retaken)
      setRetaken(null)
      setAsking(false)
    } catch {
      setFailed('taking')
    } finally {
      setTaking(false)
    }
  }
  const close = () => (shots.length === 0 ? props.onClose() : setAsking(true))
  const store = async () => {
    // A picture that is being taken belongs to the pages.
    if (shots.length === 0 || isStoring || isTaking) return
    setStoring(true)
    setFailed(null)
    try {
      const files = await filesOf(shots, props.materialName)
      if (isLeft.current) return
      props.onStore(files)
      props.onClose()
    } catch {
      setFailed('storing')
    } finally {
      setStoring(false)
    }
  }
  useShortcut('F4', t('intake.cameraTake'), () => void take(), stream !== null)
  // Not given up while storing: the key would be the screen's below, and leave it with the pages.
  useShortcut('Esc', t('intake.cameraClose'), () => {
    if (isStoring) return
    if (isAsking) setAsking(false)
    else close()
  })
  useShortcut('Ctrl+Enter', t('intake.cameraStore', { count: shots.length }), () => void store())
  const faults = {
    none: [t('intake.cameraNone'), t('intake.cameraNoneText')],
    denied: [t('intake.cameraDenied'), t('intake.cameraDeniedText')],
    busy: [t('intake.cameraBusy'), t('intake.cameraBusyText')],
  } as const

  return (
    <section className="camera" role="dialog" aria-label={t('intake.cameraFor', { name: props.materialName })}>
      <header className="camera-head">
        <h2>{t('intake.cameraFor', { name: props.materialName })}</h2>
        {cameras.length > 1 ? (
          <Select
            aria-label={t('intake.cameraDevice')}
            value={deviceId ?? cameras[0]?.deviceId ?? null}
            options={cameras.map(({ deviceId: value, label }) => ({ value, label }))}
            onChange={setDeviceId}
          />
        ) : null}
        {isAsking ? (
          <Unstored count={shots.length} isOff={isStoring} onStore={() => void store()} onDrop={props.onClose} />
        ) : (
          <Button icon={<CloseOutlined />} disabled={isStoring} onClick={close}>
            {t('intake.cameraClose')} <KeyHint keys="Esc" />
          </Button>
        )}
      </header>
      <div className="camera-live">
        {fault !== null ? (
          <EmptyState
            title={faults[fault][0]}
            text={faults[fault][1]}
            action={<Button onClick={() => setAttempt(attempt + 1)}>{t('common.retry')}</Button>}
          />
        ) : (
          <>
            {stream === null ? <Loading text={t('intake.cameraStarting')} /> : null}
            <video ref={video} autoPlay muted playsInline hidden={stream === null} aria-label={t('intake.camera')} />
          </>
        )}
      </div>
      {failed === null ? null : <Notice tone="bad">{t(`intake.cameraFailed.${failed}`)}</Notice>}
      <footer className="camera-foot">
        <ol className="camera-shots" aria-label={t('intake.cameraPages', { count: shots.length })}>
          {shots.length === 0 ? <li className="quiet">{t('intake.cameraEmpty')}</li> : null}
          {shots.map((shot, index) => (
            <ShotCard
              key={shot.id}
              shot={shot}
              number={index + 1}
              isRetaken={retaken === shot.id}
              isOff={isStoring}
              onTurn={() => turn(shot.id)}
              onRetake={() => setRetaken(shot.id)}
              onDrop={() => drop(shot.id)}
              onMove={(by) => move(shot.id, by)}
            />
          ))}
        </ol>
        <Button
          ref={taking}
          size="large"
          icon={<CameraFilled />}
          disabled={stream === null || isStoring}
          loading={isTaking}
          onClick={() => void take()}
        >
          {t('intake.cameraTake')} <KeyHint keys={t('intake.cameraKeys')} />
        </Button>
        <Button
          type="primary"
          size="large"
          disabled={shots.length === 0 || isTaking}
          loading={isStoring}
          onClick={() => void store()}
        >
          {t('intake.cameraStore', { count: shots.length })} <KeyHint keys="Ctrl+Enter" />
        </Button>
      </footer>
    </section>
  )
}
