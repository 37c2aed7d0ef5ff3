/**
 * Owns: one case: head, its four tabs, the steps that the law allows the clerk now.
 * Does not own: the list (features/queue), taking in (features/intake), the PDF page (ui/PdfView.tsx).
 * Start here: `CaseScreen`.
 */
import { ArrowLeftOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import { useCall } from '../../app/client.ts'
import { type CaseTab, paths } from '../../app/paths.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { ActionBar } from '../../ui/ActionBar.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { TabBar } from '../../ui/TabBar.tsx'
import { AnswersTab } from './AnswersTab.tsx'
import { CaseActions } from './CaseActions.tsx'
import { CaseHead } from './CaseHead.tsx'
import { DocumentsTab } from './DocumentsTab.tsx'
import { MaterialsTab } from './MaterialsTab.tsx'
import { TimelineTab } from './TimelineTab.tsx'
import './case.css'

/** One case. Esc goes back to the place in the list that one came from. */
export function CaseScreen({ caseId, tab }: { readonly caseId: string; readonly tab: CaseTab }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const found = useCall('cases.get', { caseId })
  const back = () => go(paths.cases)
  useShortcut('Esc', t('case.back'), back)
  useShortcut('F9', t('case.tab.documents'), () => go(paths.oneCase(caseId, 'documents'), { replace: true }))
  useShortcut('F8', t('help.seal'), () => go(paths.seals.ofCase(caseId)))
  const backButton = (
    <Button icon={<ArrowLeftOutlined />} onClick={back} aria-keyshortcuts="Escape">
      {t('case.back')} <KeyHint keys="Esc" />
    </Button>
  )
  if (found.data === undefined) {
    return (
      <div className="page">
        <h1 className="visually-hidden">{t('case.notFound')}</h1>
        {found.error === null ? <Loading /> : <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
        {found.error === null ? null : <ActionBar left={backButton} />}
      </div>
    )
  }
  const detail = found.data
  const show = (next: CaseTab) => go(paths.oneCase(caseId, next), { replace: true })
  return (
    <div className="page">
      <CaseHead detail={detail} />
      <section className="case panel">
        <TabBar
          label={detail.summary.matterName}
          active={tab}
          onChange={show}
          tabs={[
            { key: 'form', label: t('case.tab.form') },
            { key: 'materials', label: t('case.tab.materials'), count: detail.materials.length },
            { key: 'documents', label: t('case.tab.documents'), count: detail.documents.length },
            { key: 'timeline', label: t('case.tab.timeline'), count: detail.timeline.length },
          ]}
        />
        <div className="case-tab" role="tabpanel" aria-label={t(`case.tab.${tab}`)}>
          <Tab detail={detail} tab={tab} />
        </div>
      </section>
      <ActionBar left={backButton}>
        <CaseActions detail={detail} onMaterials={() => show('materials')} onDelivered={() => show('timeline')} />
      </ActionBar>
    </div>
  )
}

function Tab({ detail, tab }: { readonly detail: CaseDetail; readonly tab: CaseTab }) {
  switch (tab) {
    case 'materials':
      return <MaterialsTab detail={detail} />
    case 'documents':
      return <DocumentsTab detail={detail} />
    case 'timeline':
      return <TimelineTab detail={detail} />
    default:
      return <AnswersTab detail={detail} />
  }
}
