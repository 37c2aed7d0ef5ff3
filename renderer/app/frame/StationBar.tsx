import {
  CheckCircleOutlined,
  CloudUploadOutlined,
  DisconnectOutlined,
  HourglassOutlined,
  LockOutlined,
  QuestionCircleOutlined,
  WifiOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useLock } from '../../features/session/lock.ts'
import { Since } from '../../ui/Countdown.tsx'
import { useCall } from '../client.ts'
import { linkWord } from '../link-state.ts'
import { paths } from '../paths.ts'
import { useHere } from '../session.ts'

/** Village and window, clerk, link in words, what is not delivered yet, lock; in training the word 演练. */
export function StationBar({ onHelp }: { readonly onHelp: () => void }) {
  const { t } = useTranslation()
  const { station, session } = useHere()
  const lock = useLock()
  return (
    <header className="bar">
      {station.mode === 'training' ? (
        <span className="tag tag-training" title={t('common.trainingLong')}>
          {t('common.training')}
        </span>
      ) : null}
      <strong className="bar-place">
        <span className="bar-town">{station.townName} </span>
        {station.villageName}
        <span className="bar-window"> · {station.windowName}</span>
      </strong>
      <span className="bar-grow" />
      <LinkState />
      <Unsent />
      <span className="bar-clerk">{session.displayName}</span>
      <Button
        className="bar-button"
        icon={<QuestionCircleOutlined />}
        onClick={onHelp}
        aria-label={`${t('bar.help')} F1`}
        title={`${t('bar.help')} F1`}
        aria-keyshortcuts="F1"
      >
        <span className="bar-word">{t('bar.help')} F1</span>
      </Button>
      <Button
        className="bar-button"
        icon={<LockOutlined />}
        onClick={lock}
        aria-label={t('bar.lock')}
        title={t('bar.lock')}
      >
        <span className="bar-word">{t('bar.lock')}</span>
      </Button>
    </header>
  )
}

function LinkState() {
  const { t } = useTranslation()
  const { data } = useCall('sync.status', {})
  const word = linkWord(data)
  if (data === undefined || word === 'unknown') return <span className="bar-link">{t('bar.linkUnknown')}</span>
  if (word === 'offline') {
    return (
      <Link href={paths.sync} className="bar-link bar-link-off" role="status">
        <DisconnectOutlined aria-hidden="true" />
        <span className="bar-offline">
          <Trans i18nKey="bar.offline" components={{ since: <Since utc={data.sinceUtc} /> }} />
        </span>
      </Link>
    )
  }
  const icon = word === 'retry' ? <HourglassOutlined /> : <WifiOutlined />
  const text = word === 'retry' ? t('bar.slowTry') : word === 'sending' ? t('bar.onlineSending') : t('bar.online')
  return (
    <Link href={paths.sync} className="bar-link">
      <span aria-hidden="true">{icon}</span>
      <span>{text}</span>
    </Link>
  )
}

function Unsent() {
  const { t } = useTranslation()
  const { data } = useCall('sync.status', {})
  if (data === undefined) return null
  return (
    <Link href={paths.sync} className={data.unsentCases > 0 ? 'bar-link bar-link-unsent' : 'bar-link'}>
      <span aria-hidden="true">{data.unsentCases > 0 ? <CloudUploadOutlined /> : <CheckCircleOutlined />}</span>
      <span>{data.unsentCases > 0 ? t('bar.unsent', { count: data.unsentCases }) : t('bar.allSent')}</span>
    </Link>
  )
}
