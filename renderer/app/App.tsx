/**
 * Owns: providers, the gate (foreign page, unreadable store, login, lock) and the map of screens.
 * Does not own: what a screen shows (features/), the bar and rail around it (frame/).
 * Start here: `App`, then `Screens`.
 */
import { StyleProvider } from '@ant-design/cssinjs'
import { QueryClientProvider } from '@tanstack/react-query'
import { ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import type { Bridge } from '../../preload/contract/bridge.ts'
import { CasesIn, CasesScreen } from '../features/queue/CasesScreen.tsx'
import { Gate } from '../features/session/Gate.tsx'
import { SyncArea } from '../features/sync/SyncArea.tsx'
import { syncTabOf } from '../features/sync/sync-tabs.ts'
import { keptStyles } from '../ui/kept-styles.ts'
import { Loading } from '../ui/Loading.tsx'
import { theme } from '../ui/theme.ts'
import { BridgeProvider, createQueryClient } from './client.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Frame } from './frame/Frame.tsx'
import { type CaseTab, paths } from './paths.ts'

const Intake = lazy(() => import('../features/intake/index.tsx').then((m) => ({ default: m.Intake })))
const Received = lazy(() => import('../features/intake/index.tsx').then((m) => ({ default: m.Received })))
const CaseScreen = lazy(() => import('../features/case/CaseScreen.tsx').then((m) => ({ default: m.CaseScreen })))
const StandardsArea = lazy(() =>
  import('../features/standards/StandardsArea.tsx').then((m) => ({ default: m.StandardsArea })),
)
const SealsArea = lazy(() => import('../features/seals/SealsArea.tsx').then((m) => ({ default: m.SealsArea })))
const SettingsScreen = lazy(() =>
  import('../features/settings/SettingsScreen.tsx').then((m) => ({ default: m.SettingsScreen })),
)

const styles = keptStyles()
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

/** The whole window. */
export function App({ bridge }: { readonly bridge: Bridge }) {
  const { i18n } = useTranslation()
  const [queries] = useState(createQueryClient)
  return (
    <StyleProvider cache={styles}>
      <ConfigProvider
        csp={{ nonce }}
        theme={theme}
        locale={i18n.language === 'en' ? enUS : zhCN}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false }}
      >
        <BridgeProvider value={bridge}>
          <QueryClientProvider client={queries}>
            <Router hook={useHashLocation}>
              <ErrorBoundary>
                <Gate>
                  <Frame>
                    <ErrorBoundary>
                      <Suspense fallback={<Loading />}>
                        <Screens />
                      </Suspense>
                    </ErrorBoundary>
                  </Frame>
                </Gate>
              </ErrorBoundary>
            </Router>
          </QueryClientProvider>
        </BridgeProvider>
      </ConfigProvider>
    </StyleProvider>
  )
}

function Screens() {
  return (
    <Switch>
      <Route path={paths.cases} component={CasesScreen} />
      <Route path="/cases/in/:view">{(params) => <CasesIn view={params.view} />}</Route>
      <Route path="/cases/:caseId/:tab?">
        {(params) => <CaseScreen key={params.caseId} caseId={params.caseId} tab={(params.tab ?? 'form') as CaseTab} />}
      </Route>
      <Route path={paths.intake}>
        <Intake draftId={null} />
      </Route>
      <Route path="/intake/:draftId">{(params) => <Intake key={params.draftId} draftId={params.draftId} />}</Route>
      <Route path="/received/:caseId">{(params) => <Received key={params.caseId} caseId={params.caseId} />}</Route>
      <Route path="/standards/:itemId?">
        {({ itemId }) => (
          <StandardsArea
            place={{ tab: 'inForce', itemId: itemId === undefined ? null : decodeURIComponent(itemId), version: null }}
          />
        )}
      </Route>
      <Route path="/standards/:itemId/version/:version">
        {({ itemId, version }) => (
          <StandardsArea place={{ tab: 'inForce', itemId: decodeURIComponent(itemId), version: Number(version) }} />
        )}
      </Route>
      <Route path="/standards/desk/edit/:copyId?">
        {({ copyId }) => <StandardsArea place={{ tab: 'edit', copyId: copyId ?? null }} />}
      </Route>
      <Route path={paths.standardsDesk.bringIn}>
        <StandardsArea place={{ tab: 'edit', copyId: null, files: 'in' }} />
      </Route>
      <Route path={paths.standardsDesk.takeOut}>
        <StandardsArea place={{ tab: 'edit', copyId: null, files: 'out' }} />
      </Route>
      <Route path={paths.standardsDesk.publish}>
        <StandardsArea place={{ tab: 'publish' }} />
      </Route>
      <Route path={paths.standardsDesk.adoption}>
        <StandardsArea place={{ tab: 'adoption' }} />
      </Route>
      <Route path={paths.seals.register}>
        <SealsArea tab="register" />
      </Route>
      <Route path={paths.seals.custody}>
        <SealsArea tab="custody" />
      </Route>
      <Route path="/seals/verify/:documentId?">
        {(params) => <SealsArea tab="verify" documentId={params.documentId ?? null} />}
      </Route>
      <Route path="/seals/of/:caseId">
        {(params) => <SealsArea key={params.caseId} tab="seal" caseId={params.caseId} />}
      </Route>
      <Route path={paths.seals.seal}>
        <SealsArea tab="seal" />
      </Route>
      <Route path="/sync/:tab?">{(params) => <SyncArea tab={syncTabOf(params.tab)} />}</Route>
      <Route path={paths.settings} component={SettingsScreen} />
      <Route>
        <Redirect to={paths.cases} replace />
      </Route>
    </Switch>
  )
}
