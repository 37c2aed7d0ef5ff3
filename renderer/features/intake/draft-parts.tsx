import { CheckOutlined, WarningFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '../../app/client.ts'
import type { Saving } from '../../app/typed-keeper.ts'
import { useSentence } from '../../messages/use-sentence.ts'

/** Whether what was typed is on the disk, in one quiet line. */
export function SavingLine({ saving }: { readonly saving: Saving }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (saving.kind === 'failed')
    return (
      <span className="saving saving-failed" role="alert">
        <WarningFilled aria-hidden="true" /> {t('intake.saveFailed')}：{sentence(saving.failure).title}
      </span>
    )
  if (saving.kind === 'saving') return <span className="saving quiet">{t('intake.saving')}</span>
  const time = saving.at?.toLocaleTimeString('zh-CN', { hourCycle: 'h23', timeZone: 'Asia/Shanghai' })
  return (
    <span className="saving saving-done" data-testid="saved">
      <CheckOutlined aria-hidden="true" /> {time === undefined ? t('intake.savedAll') : t('intake.saved', { time })}
    </span>
  )
}

/** Asks in its place before a draft is thrown away. */
export function Discard({ draftId, onGone }: { readonly draftId: string; readonly onGone: () => void }) {
  const { t } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const discard = useAct('drafts.discard')
  if (!isAsking)
    return (
      <Button type="text" onClick={() => setAsking(true)}>
        {t('intake.discard')}
      </Button>
    )
  return (
    <span className="discard" role="alert">
      {t('intake.discardAsk')}
      <Button danger loading={discard.isPending} onClick={() => discard.mutate({ draftId }, { onSuccess: onGone })}>
        {t('intake.discardYes')}
      </Button>
      <Button autoFocus onClick={() => setAsking(false)}>
        {t('intake.discardNo')}
      </Button>
    </span>
  )
}
