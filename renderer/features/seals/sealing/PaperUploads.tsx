import { CloseOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Upload, Uploads } from '../../../app/use-uploads.ts'
import { useSentence } from '../../../messages/use-sentence.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'

/** The files on their way, each with its share, and those that were refused, each with the reason. */
export function PaperUploads({ uploads }: { readonly uploads: Uploads }) {
  if (uploads.all.length === 0) return null
  return (
    <ul className="papers-uploads">
      {uploads.all.map((upload) => (
        <li key={upload.id}>
          <UploadLine upload={upload} onDismiss={() => uploads.dismiss(upload.id)} />
        </li>
      ))}
    </ul>
  )
}

function UploadLine({ upload, onDismiss }: { readonly upload: Upload; readonly onDismiss: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (upload.failure !== null) {
    const { title, remedy } = sentence(upload.failure)
    return (
      <Notice
        tone="bad"
        action={<Button type="text" icon={<CloseOutlined />} aria-label={t('sealing.putAway')} onClick={onDismiss} />}
      >
        <strong>{t('sealing.notAdded', { name: upload.name })}</strong> {title}
        {remedy}
      </Notice>
    )
  }
  const percent = Math.floor(upload.share * 100)
  return (
    <div className="papers-upload">
      <span>{t('sealing.adding', { name: upload.name, percent })}</span>
      <Progress percent={percent} showInfo={false} size="small" aria-label={upload.name} />
      <Button onClick={onDismiss}>{t('sealing.stopAdding')}</Button>
    </div>
  )
}
