import {
  CheckCircleFilled,
  CloudDownloadOutlined,
  CloudOutlined,
  CloudUploadOutlined,
  HourglassOutlined,
  WarningFilled,
} from '@ant-design/icons'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { FileState } from '../../preload/contract/sync.ts'
import { useHere } from '../app/session.ts'
import { clockOf, shortMomentOf } from './dates.ts'
import { goesOnByItself, isFromElsewhere } from './file-words.ts'
import { ProgressBar, percentOf } from './ProgressBar.tsx'
import './files.css'

const icons = {
  'at-centre': <CheckCircleFilled />,
  sending: <CloudUploadOutlined />,
  waiting: <HourglassOutlined />,
  night: <HourglassOutlined />,
  sealing: <HourglassOutlined />,
  failed: <WarningFilled />,
  'at-hall': <HourglassOutlined />,
  'in-centre': <CloudOutlined />,
  'fetch-waiting': <HourglassOutlined />,
  fetching: <CloudDownloadOutlined />,
  fetched: <CheckCircleFilled />,
  absent: <WarningFilled />,
} as const

/** How far one file has come to the centre, or from it: an icon, words, and while some of it is there a bar; why it stopped and that it goes on by itself. */
export function FileProgress({ file }: { readonly file: FileState }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const percent = percentOf(file.sentBytes, file.sizeBytes)
  const isPart = file.state !== 'at-centre' && file.state !== 'fetched' && file.sentBytes > 0
  const label = t(isFromElsewhere(file) ? 'sync.file.fetchProgress' : 'sync.file.progress', { name: file.name })
  return (
    <span className={`file-progress file-progress-${file.state}`}>
      <span>
        <span aria-hidden="true">{icons[file.state]}</span> {words(t, file, percent, station.todayInShanghai)}
      </span>
      {isPart ? <ProgressBar share={file.sentBytes / file.sizeBytes} label={label} /> : null}
      {goesOnByItself(file) ? (
        <span className="quiet">
          {t('sync.file.resumes')}
          {file.nextTryUtc === null ? null : ` · ${t('sync.file.nextTry', { time: clockOf(file.nextTryUtc) })}`}
        </span>
      ) : null}
    </span>
  )
}

function words(t: TFunction, file: FileState, percent: number, today: string): string {
  switch (file.state) {
    case 'at-centre':
      return t('sync.file.at-centre', {
        time: file.arrivedAtUtc === null ? '' : shortMomentOf(file.arrivedAtUtc, today),
      })
    case 'failed':
      return t('sync.file.failed', { percent, why: file.lastError })
    case 'fetch-waiting':
      return file.lastError === '' ? t('sync.file.fetch-waiting', { percent }) : t('sync.file.fetchBroken', { percent })
    case 'waiting':
      return t(percent > 0 ? 'sync.file.waitingPart' : 'sync.file.waiting', { percent })
    default:
      return t(`sync.file.${file.state}`, { percent })
  }
}
