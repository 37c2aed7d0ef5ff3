import { CheckOutlined, SendOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import { useAct } from '../../app/client.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'

/** The steps that the law and the standard allow now; others are not there. */
export function CaseActions(props: { readonly detail: CaseDetail; readonly onMaterials: () => void }) {
  const { actions, summary } = props.detail
  if (actions.includes('accept')) return <Accept caseId={summary.caseId} />
  if (actions.includes('supplement')) return <Supplement caseId={summary.caseId} onMaterials={props.onMaterials} />
  return null
}

function Accept({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const accept = useAct('cases.accept')
  const run = () => {
    if (!accept.isPending) accept.mutate({ caseId })
  }
  useShortcut('Ctrl+Enter', t('case.accept'), run)
  return (
    <>
      <ErrorNotice error={accept.error} />
      <span className="quiet case-hint">{t('case.acceptText')}</span>
      <Button
        type="primary"
        size="large"
        icon={<CheckOutlined />}
        loading={accept.isPending}
        onClick={run}
        aria-keyshortcuts="Control+Enter"
      >
        {t('case.accept')} <KeyHint keys="Ctrl+Enter" />
      </Button>
    </>
  )
}

function Supplement(props: { readonly caseId: string; readonly onMaterials: () => void }) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const supplement = useAct('cases.supplement')
  const run = () => {
    if (!supplement.isPending) supplement.mutate({ caseId: props.caseId, note }, { onSuccess: () => setNote('') })
  }
  useShortcut('Ctrl+Enter', t('case.supplement'), run)
  return (
    <>
      <ErrorNotice error={supplement.error} />
      {supplement.isSuccess ? <Notice tone="good">{t('case.supplemented')}</Notice> : null}
      <Button onClick={props.onMaterials} title={t('case.supplementText')}>
        {t('case.addMaterial')}
      </Button>
      <Input
        className="case-note"
        value={note}
        maxLength={500}
        placeholder={t('case.supplementNote')}
        aria-label={t('case.supplementNote')}
        onChange={(event) => setNote(event.target.value)}
      />
      <Button
        type="primary"
        size="large"
        icon={<SendOutlined />}
        loading={supplement.isPending}
        onClick={run}
        aria-keyshortcuts="Control+Enter"
      >
        {t('case.supplement')} <KeyHint keys="Ctrl+Enter" />
      </Button>
    </>
  )
}
