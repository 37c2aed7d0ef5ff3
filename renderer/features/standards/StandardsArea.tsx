/**
 * Owns: the screens behind 事项标准: those in force in plain words for everybody; writing, publishing and adoption for administrators.
 * Does not own: what is right or in force (the desk), the form as one answers it (ui/form, features/intake).
 * Start here: `StandardsArea`; StandardsScreen.tsx to read, edit/ to write, tables/ for files in and out, publish/ to publish, adoption/ to follow, changes/ for differences.
 */
import { lazy, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useHere } from '../../app/session.ts'
import { Loading } from '../../ui/Loading.tsx'
import { TabBar } from '../../ui/TabBar.tsx'
import { StandardsScreen } from './StandardsScreen.tsx'
import './standards.css'

const DeskScreen = lazy(() => import('./edit/DeskScreen.tsx').then((m) => ({ default: m.DeskScreen })))
const EditorScreen = lazy(() => import('./edit/EditorScreen.tsx').then((m) => ({ default: m.EditorScreen })))
const ImportScreen = lazy(() => import('./tables/ImportScreen.tsx').then((m) => ({ default: m.ImportScreen })))
const ExportScreen = lazy(() => import('./tables/ExportScreen.tsx').then((m) => ({ default: m.ExportScreen })))
const PublishScreen = lazy(() => import('./publish/PublishScreen.tsx').then((m) => ({ default: m.PublishScreen })))
const AdoptionScreen = lazy(() => import('./adoption/AdoptionScreen.tsx').then((m) => ({ default: m.AdoptionScreen })))

/** The tabs of an administrator. */
type StandardsTab = 'inForce' | 'edit' | 'publish' | 'adoption'

/** What stands in the address behind 事项标准. */
export type StandardsPlace =
  | { readonly tab: 'inForce'; readonly itemId: string | null; readonly version: number | null }
  | { readonly tab: 'edit'; readonly copyId: string | null; readonly files?: 'in' | 'out' }
  | { readonly tab: 'publish' | 'adoption' }

const tabPaths: Readonly<Record<StandardsTab, string>> = {
  inForce: paths.standards,
  edit: paths.standardsDesk.edit,
  publish: paths.standardsDesk.publish,
  adoption: paths.standardsDesk.adoption,
}

/** The standards in force; for an administrator under tabs, with the desk beside them. */
export function StandardsArea({ place }: { readonly place: StandardsPlace }) {
  const { session } = useHere()
  if (session.role !== 'administrator')
    return place.tab === 'inForce' ? screenOf(place) : <StandardsScreen itemId={null} version={null} />
  return <Tabs place={place} />
}

function Tabs({ place }: { readonly place: StandardsPlace }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const desk = useCall('standards.desk', {})
  const editing = desk.data?.documents.filter(({ copyId }) => copyId !== null).length ?? 0
  return (
    <div className="standards-area">
      <h1 className="visually-hidden">{t('standardsDesk.area.label')}</h1>
      <TabBar
        label={t('standardsDesk.area.label')}
        active={place.tab}
        onChange={(next: StandardsTab) => go(tabPaths[next])}
        tabs={(['inForce', 'edit', 'publish', 'adoption'] as const).map((key) => ({
          ...{ key, label: t(`standardsDesk.area.${key}`) },
          count: key === 'edit' && editing > 0 ? editing : undefined,
        }))}
      />
      <div className="standards-area-screen" role="tabpanel" aria-label={t(`standardsDesk.area.${place.tab}`)}>
        <Suspense fallback={<Loading />}>{screenOf(place)}</Suspense>
      </div>
    </div>
  )
}

function screenOf(place: StandardsPlace): ReactNode {
  switch (place.tab) {
    case 'inForce':
      return <StandardsScreen itemId={place.itemId} version={place.version} />
    case 'edit':
      if (place.files === 'in') return <ImportScreen />
      if (place.files === 'out') return <ExportScreen />
      return place.copyId === null ? <DeskScreen /> : <EditorScreen key={place.copyId} copyId={place.copyId} />
    case 'publish':
      return <PublishScreen />
    case 'adoption':
      return <AdoptionScreen />
  }
}
