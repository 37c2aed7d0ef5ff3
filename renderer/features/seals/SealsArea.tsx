/**
 * Owns: the four screens behind 印章 and the tabs between them.
 * Does not own: how a seal is made, checked or kept (the desk), the pages of a case (features/case).
 * Start here: `SealsArea`, then sealing/SealingScreen.tsx and verify/VerifyScreen.tsx.
 */
import { lazy, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { paths } from '../../app/paths.ts'
import { Loading } from '../../ui/Loading.tsx'
import { TabBar } from '../../ui/TabBar.tsx'
import { SealingScreen } from './sealing/SealingScreen.tsx'
import './seals.css'

const CustodyScreen = lazy(() => import('./custody/CustodyScreen.tsx').then((m) => ({ default: m.CustodyScreen })))
const RegisterScreen = lazy(() => import('./register/RegisterScreen.tsx').then((m) => ({ default: m.RegisterScreen })))
const VerifyScreen = lazy(() => import('./verify/VerifyScreen.tsx').then((m) => ({ default: m.VerifyScreen })))

const tabs = ['seal', 'verify', 'register', 'custody'] as const

/** The screens of the area. */
export type SealsTab = 'seal' | 'verify' | 'register' | 'custody'

type Props = { readonly tab: SealsTab; readonly caseId?: string; readonly documentId?: string | null }

/** One of the screens behind 印章, under the tabs. */
export function SealsArea({ tab, caseId, documentId }: Props) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  return (
    <div className="seals-area">
      <h1 className="visually-hidden">{t(`sealing.area.${tab}`)}</h1>
      <TabBar
        label={t('sealing.area.label')}
        active={tab}
        onChange={(next: SealsTab) => go(paths.seals[next])}
        tabs={tabs.map((key) => ({ key, label: t(`sealing.area.${key}`) }))}
      />
      <div className="seals-area-screen" role="tabpanel" aria-label={t(`sealing.area.${tab}`)}>
        <Suspense fallback={<Loading />}>{screenOf(tab, caseId ?? null, documentId ?? null)}</Suspense>
      </div>
    </div>
  )
}

function screenOf(tab: SealsTab, caseId: string | null, documentId: string | null): ReactNode {
  switch (tab) {
    case 'seal':
      return <SealingScreen caseId={caseId} />
    case 'verify':
      return <VerifyScreen documentId={documentId} />
    case 'register':
      return <RegisterScreen />
    case 'custody':
      return <CustodyScreen />
  }
}
