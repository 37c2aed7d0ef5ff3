import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Material } from '../../../preload/contract/entries.ts'
import { useBridge } from '../../app/client.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { Loading } from '../../ui/Loading.tsx'
import './camera.css'

const PdfView = lazy(() => import('../../ui/PdfView.tsx').then((module) => ({ default: module.PdfView })))

/** A material's file as large as the window allows, over the page that asked for it. Esc goes back. */
export function MaterialViewer(props: { readonly material: Material; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { bytesBase } = useBridge()
  useShortcut('Esc', t('intake.close'), props.onClose)
  const { file } = props.material
  const url = `${bytesBase}/files/${file.sha256}`
  return (
    <section className="camera" role="dialog" aria-label={file.name}>
      <header className="camera-head">
        <h2>{file.name}</h2>
        <Button icon={<CloseOutlined />} autoFocus onClick={props.onClose}>
          {t('intake.close')} <KeyHint keys="Esc" />
        </Button>
      </header>
      <div className="camera-live">
        {file.mediaType === 'application/pdf' ? (
          <Suspense fallback={<Loading text={t('intake.pdfLoading')} />}>
            <PdfView url={url} title={file.name} fileName={file.name} />
          </Suspense>
        ) : (
          <img className="viewer-image" src={url} alt={file.name} />
        )}
      </div>
    </section>
  )
}
