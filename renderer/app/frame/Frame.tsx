/**
 * Owns: what stands around every screen behind the login: station bar, an urgent word of the centre, left rail, F1 help, the keys that work everywhere.
 * Does not own: the screens, the login.
 * Start here: `Frame`.
 */
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { giveToVerify } from '../../features/seals/verify/given.ts'
import { Notice } from '../../ui/ErrorNotice.tsx'
import { useBridge } from '../client.ts'
import { useWindowDrop } from '../file-drop.ts'
import { paths } from '../paths.ts'
import { useShortcut } from '../shortcuts.ts'
import { Help } from './Help.tsx'
import { LeftRail } from './LeftRail.tsx'
import { ReplacedBand } from './ReplacedBand.tsx'
import { StationBar } from './StationBar.tsx'
import { UrgentNotice } from './UrgentNotice.tsx'
import './frame.css'

/** The bar above, the rail at the left, one screen in the middle. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const [location, go] = useLocation()
  const [help, setHelp] = useState(false)
  useShortcut('F2', t('help.newCase'), () => go(paths.intake))
  useShortcut('F8', t('help.seal'), () => go(paths.seals.seal))
  useWindowDrop((files) => {
    if (location.startsWith(paths.intake) || files[0] === undefined) return
    giveToVerify(files[0])
    go(paths.seals.verify)
  })
  useShortcut('F1', t('help.help'), () => setHelp((open) => !open))
  return (
    <div className="frame">
      <StationBar onHelp={() => setHelp(true)} />
      <LeftRail />
      <div className="frame-main">
        <ReplacedBand />
        <UrgentNotice />
        <main className="frame-screen">{children}</main>
      </div>
      <RestartedLine />
      {help ? <Help onClose={() => setHelp(false)} /> : null}
    </div>
  )
}

const lineMilliseconds = 20_000

/** One quiet line for a while after the desk was started again. */
function RestartedLine() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [times, setTimes] = useState(0)
  const [isShown, setShown] = useState(false)
  useEffect(() => bridge.on('restarted', () => setTimes((count) => count + 1)), [bridge])
  useEffect(() => {
    if (times === 0) return
    setShown(true)
    const timer = setTimeout(() => setShown(false), lineMilliseconds)
    return () => clearTimeout(timer)
  }, [times])
  if (!isShown) return null
  return (
    <div className="frame-line">
      <Notice tone="good">{t('bar.restarted')}</Notice>
    </div>
  )
}
