import { CheckOutlined, PictureOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useCaseFiles } from '../app/use-case-files.ts'
import { arrivedOf } from './file-words.ts'
import { percentOf } from './ProgressBar.tsx'
import './files.css'

/** In one line how many of a case's materials have arrived, and how far the one under way is: beside the steps of the case itself. */
export function CaseFiles({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const { data } = useCaseFiles(caseId)
  if (data === undefined || data.files.length === 0) return null
  const { done, all, waiting } = arrivedOf(data.files)
  if (waiting === 0) {
    return (
      <span className="case-files case-files-done">
        <CheckOutlined aria-hidden="true" /> {t('sync.file.photosDone', { all })}
      </span>
    )
  }
  const sending = data.files.find(({ state }) => state === 'sending')
  const parts = [
    done < all ? t('sync.file.photos', { done, all }) : t('sync.file.rest', { count: waiting }),
    sending === undefined ? '' : t('sync.file.sending', { percent: percentOf(sending.sentBytes, sending.sizeBytes) }),
  ]
  return (
    <span className="case-files">
      <PictureOutlined aria-hidden="true" /> {parts.filter((part) => part !== '').join('，')}
    </span>
  )
}
