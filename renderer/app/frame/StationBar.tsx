import { LockOutlined, QuestionCircleOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLock } from '../../features/session/lock.ts'
import { useHere } from '../session.ts'
import { LinkState } from './LinkState.tsx'
import { StationCounts } from './StationCounts.tsx'

/** Village and window, clerk, link in words, what is not delivered yet, what came back, notices, lock; in training the word 演练. */
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
      <StationCounts />
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
