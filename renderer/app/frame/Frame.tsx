/**
 * Owns: what stands around every screen behind the login: station bar, left rail, F1 help, the keys that work everywhere.
 * Does not own: the screens, the login.
 * Start here: `Frame`.
 */
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { paths } from '../paths.ts'
import { useShortcut } from '../shortcuts.ts'
import { Help } from './Help.tsx'
import { LeftRail } from './LeftRail.tsx'
import { StationBar } from './StationBar.tsx'
import './frame.css'

/** The bar above, the rail at the left, one screen in the middle. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [help, setHelp] = useState(false)
  useShortcut('F2', t('help.newCase'), () => go(paths.intake))
  useShortcut('F1', t('help.help'), () => setHelp((open) => !open))
  return (
    <div className="frame">
      <StationBar onHelp={() => setHelp(true)} />
      <LeftRail />
      <main className="frame-main">{children}</main>
      {help ? <Help onClose={() => setHelp(false)} /> : null}
    </div>
  )
}
