import { CheckOutlined, SendOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import { useAct } from '../../app/client.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { MainAction } from '../../ui/MainAction.tsx'
import { Deliver } from './Deliver.tsx'

/** The steps that the law and the standard allow now; others are not there. */
export function CaseActions(props: {
  readonly detail: CaseDetail
  readonly onMaterials: () => void
  /** The result was taken away: the way of the case tells by whom. */
  readonly onDelivered: () => void
}) {
  const { actions, summary } = props.detail
  if (actions.includes('accept')) return <Accept caseId={summary.caseId} />
  if (actions.includes('supplement')) {
    const isAsked = summary.state === 'corrections'
    return <Supplement caseId={summary.caseId} isAsked={isAsked} onMaterials={props.onMaterials} />
  }
  if (actions.includes('tell')) return <Tell caseId={summary.caseId} />
  if (actions.includes('deliver')) return <Deliver caseId={summary.caseId} onDelivered={props.onDelivered} />
  return null
}

function Accept({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const accept = useAct('cases.accept')
  return (
    <>
      <ErrorNotice error={accept.error} />
      <span className="quiet case-hint">{t('case.acceptText')}</span>
      <MainAction
        label={t('case.accept')}
        icon={<CheckOutlined />}
        isBusy={accept.isPending}
        onRun={() => accept.mutate({ caseId })}
      />
    </>
  )
}

/** 不予受理 reaches the applicant by the clerk: noted once it was told. */
function Tell({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const tell = useAct('cases.tell')
  return (
    <>
      <ErrorNotice error={tell.error} />
      <span className="quiet case-hint">{t('case.tellText')}</span>
      <MainAction
        label={t('case.tell')}
        icon={<CheckOutlined />}
        isBusy={tell.isPending}
        onRun={() => tell.mutate({ caseId })}
      />
    </>
  )
}

/** What was brought goes to the centre: asked for by it (补正), or promised at 收件 (容缺). */
function Supplement(props: { readonly caseId: string; readonly isAsked: boolean; readonly onMaterials: () => void }) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const supplement = useAct('cases.supplement')
  const send = () => supplement.mutate({ caseId: props.caseId, note }, { onSuccess: () => setNote('') })
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
        placeholder={t(props.isAsked ? 'case.supplementNote' : 'case.laterNote')}
        aria-label={t(props.isAsked ? 'case.supplementNote' : 'case.laterNote')}
        onChange={(event) => setNote(event.target.value)}
      />
      <MainAction
        label={t(props.isAsked ? 'case.supplement' : 'case.sendLater')}
        icon={<SendOutlined />}
        isBusy={supplement.isPending}
        onRun={send}
      />
    </>
  )
}
