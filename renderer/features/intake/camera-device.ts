/** Why there is no picture: nothing connected, not allowed, or in use by another program. */
export type CameraFault = 'none' | 'denied' | 'busy'

/** Tells a refused camera apart by the browser's error name (Media Capture and Streams §10). */
export function cameraFaultOf(error: unknown): CameraFault {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none'
  return navigator.mediaDevices === undefined ? 'none' : 'busy'
}

/** Opens a camera at the highest resolution that it gives, the back one where there are two. Rejects as `getUserMedia` does. */
export function openCamera(deviceId: string | null): Promise<MediaStream> {
  const which = deviceId === null ? { facingMode: { ideal: 'environment' } } : { deviceId: { exact: deviceId } }
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { ...which, width: { ideal: 3840 }, height: { ideal: 2880 } },
  })
}

/** The cameras that are connected, by the names that the system gives. */
export async function listCameras(): Promise<readonly { readonly deviceId: string; readonly label: string }[]> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  return devices.filter(({ kind }) => kind === 'videoinput').map(({ deviceId, label }) => ({ deviceId, label }))
}

const jpegQuality = 0.9

/** A camera that was pulled out gives none. */
const firstPictureMs = 5_000

const jpegOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture could not be made')) : resolve(blob)),
      'image/jpeg',
      jpegQuality,
    ),
  )

/** The present picture of a live view, in the camera's own resolution; the first one where none has come yet. Rejects where none comes. */
export async function takePicture(video: HTMLVideoElement): Promise<Blob> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
    await new Promise((resolve, reject) => {
      video.addEventListener('loadeddata', resolve, { once: true })
      setTimeout(() => reject(new Error(`the camera gave no picture within ${firstPictureMs} ms`)), firstPictureMs)
    })
  }
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  return jpegOf(canvas)
}

/** A picture turned clockwise by quarter turns (0 to 3). */
export async function turnPicture(picture: Blob, quarterTurns: number): Promise<Blob> {
  if (quarterTurns % 4 === 0) return picture
  const bitmap = await createImageBitmap(picture)
  const isSideways = quarterTurns % 2 === 1
  const canvas = document.createElement('canvas')
  canvas.width = isSideways ? bitmap.height : bitmap.width
  canvas.height = isSideways ? bitmap.width : bitmap.height
  const context = canvas.getContext('2d')
  context?.translate(canvas.width / 2, canvas.height / 2)
  context?.rotate((quarterTurns * Math.PI) / 2)
  context?.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2)
  bitmap.close()
  return jpegOf(canvas)
}
