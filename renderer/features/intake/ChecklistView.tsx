import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useBridge } from '../../app/client.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { Loading } from '../../ui/Loading.tsx'
import './camera.css'

const PdfView = lazy(() => import('../../ui/PdfView.tsx').then((module) => ({ default: module.PdfView })))

/** 一次性告知单: the slip that lists everything missing, to print and hand out. Esc goes back to the form. */
export function ChecklistView(props: { readonly draftId: string; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { bytesBase } = useBridge()
  useShortcut('Esc', t('intake.close'), props.onClose)
  return (
    <section className="camera" role="dialog" aria-label={t('intake.checklist')}>
      <header className="camera-head">
        <h2>{t('intake.checklist')}</h2>
        <Button icon={<CloseOutlined />} autoFocus onClick={props.onClose}>
          {t('intake.close')} <KeyHint keys="Esc" />
        </Button>
      </header>
      <div className="camera-live">
        <Suspense fallback={<Loading text={t('intake.pdfLoading')} />}>
          <PdfView
            url={`${bytesBase}/drafts/${props.draftId}/checklist.pdf`}
            title={t('intake.checklist')}
            fileName={`${t('intake.checklist')}.pdf`}
          />
        </Suspense>
      </div>
    </section>
  )
}
