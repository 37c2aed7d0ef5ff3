import {
  CloudSyncOutlined,
  FileAddOutlined,
  InboxOutlined,
  ReadOutlined,
  SafetyCertificateOutlined,
  SettingOutlined,
} from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { useCall } from '../client.ts'
import { paths } from '../paths.ts'
import { useShortcut } from '../shortcuts.ts'

const items = [
  { name: 'cases', path: paths.cases, icon: <InboxOutlined /> },
  { name: 'intake', path: paths.intake, icon: <FileAddOutlined /> },
  { name: 'seals', path: paths.seals.seal, icon: <SafetyCertificateOutlined /> },
  { name: 'standards', path: paths.standards, icon: <ReadOutlined /> },
  { name: 'sync', path: paths.sync.state, icon: <CloudSyncOutlined /> },
  { name: 'settings', path: paths.settings, icon: <SettingOutlined /> },
] as const

type Item = (typeof items)[number]

/** The sections, only those that exist, each with its Alt+digit. */
export function LeftRail() {
  const { t } = useTranslation()
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      {items.map((item, index) => (
        <RailLink key={item.name} item={item} keys={`Alt+${index + 1}`} />
      ))}
    </nav>
  )
}

function RailLink({ item, keys }: { readonly item: Item; readonly keys: string }) {
  const { t } = useTranslation()
  const [location, go] = useLocation()
  const word = t(`rail.${item.name}`)
  useShortcut(keys, word, () => go(item.path))
  const here = location === item.path || location.startsWith(`${item.path}/`)
  return (
    <Link
      href={item.path}
      className={here ? 'rail-item rail-item-here' : 'rail-item'}
      aria-current={here ? 'page' : undefined}
      aria-keyshortcuts={keys}
    >
      <span className="rail-icon" aria-hidden="true">
        {item.icon}
      </span>
      <span>{word}</span>
      {item.name === 'seals' ? <WaitingSeals /> : null}
      <KeyHint keys={keys} />
    </Link>
  )
}

function WaitingSeals() {
  const { t } = useTranslation()
  const { data } = useCall('seals.status', {})
  const count = data?.waitingDocuments ?? 0
  if (count === 0) return null
  return (
    <span className="rail-count">
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden">{t('seals.waiting', { count })}</span>
    </span>
  )
}
