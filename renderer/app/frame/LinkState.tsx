import {
  ApartmentOutlined,
  DisconnectOutlined,
  FieldTimeOutlined,
  HourglassOutlined,
  StopOutlined,
  WifiOutlined,
} from '@ant-design/icons'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { SyncStatus } from '../../../preload/contract/views.ts'
import { Since } from '../../ui/Countdown.tsx'
import { useEta } from '../../ui/eta.ts'
import { useCall } from '../client.ts'
import { isDown, type LinkWord, linkWord } from '../link-state.ts'
import { paths } from '../paths.ts'

const icons: { readonly [W in Exclude<LinkWord, 'unknown'>]: ReactNode } = {
  replaced: <StopOutlined />,
  unenrolled: <HourglassOutlined />,
  offline: <DisconnectOutlined />,
  relay: <ApartmentOutlined />,
  slow: <FieldTimeOutlined />,
  retry: <HourglassOutlined />,
  sending: <WifiOutlined />,
  online: <WifiOutlined />,
}

/** The link in one line of words, with an icon; opens the page of what is still here. */
export function LinkState() {
  const { t } = useTranslation()
  const { data } = useCall('sync.status', {})
  const etaWords = useEta()
  const word = linkWord(data)
  if (data === undefined || word === 'unknown') return <span className="bar-link">{t('bar.linkUnknown')}</span>
  const isLoud = isDown(word) || word === 'relay' || word === 'slow'
  return (
    <Link href={paths.sync.state} className={isLoud ? 'bar-link bar-link-off' : 'bar-link'} role="status">
      <span aria-hidden="true">{icons[word]}</span>
      <span className="bar-link-words">
        {word === 'offline' ? (
          <Trans i18nKey="bar.offline" components={{ since: <Since utc={data.sinceUtc} /> }} />
        ) : (
          linkLine(t, word, data, etaWords)
        )}
      </span>
    </Link>
  )
}

/** The words of a link that carries; what has no measured time yet is not promised one. */
function linkLine(t: TFunction, word: LinkWord, status: SyncStatus, etaWords: (seconds: number) => string): string {
  const { textEtaSeconds, filesEtaSeconds } = status
  const text = textEtaSeconds === null || textEtaSeconds === 0 ? null : etaWords(textEtaSeconds)
  const files = filesEtaSeconds === null || filesEtaSeconds === 0 ? null : etaWords(filesEtaSeconds)
  switch (word) {
    case 'replaced':
      return t('bar.replacedShort')
    case 'unenrolled':
      return t('bar.unenrolled')
    case 'relay':
      return t('bar.relay')
    case 'slow':
      if (text !== null && files !== null) return t('bar.slowBoth', { text, files })
      if (text !== null) return t('bar.slowText', { text })
      return files === null ? t('bar.slow') : t('bar.slowFiles', { files })
    case 'retry':
      return t('bar.slowTry')
    default:
      if (files !== null) return t('bar.onlineFiles', { files })
      return t(word === 'sending' ? 'bar.onlineSending' : 'bar.online')
  }
}
