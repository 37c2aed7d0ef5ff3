import { UndoOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useAct, useCall } from '../../app/client.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import type { OpenDraft } from './open-draft.ts'

/** After a move to another standard: what was there before is kept, and one press goes back to it. Nothing where it was never moved. */
export function MoveBack({ opened, onMoved }: { readonly opened: OpenDraft; readonly onMoved: () => void }) {
  const { t } = useTranslation()
  const { draftId } = opened.draft
  const kept = useCall('drafts.wayBack', { draftId })
  const back = useAct('drafts.moveBack')
  const version = kept.data?.version ?? null
  if (version === null) return null
  const run = async () => {
    // What was typed and not saved yet comes along, too.
    if (!(await opened.keeper.flush())) return
    back.mutate({ draftId }, { onSuccess: onMoved })
  }
  return (
    <>
      <Button
        icon={<UndoOutlined />}
        title={t('standardsDesk.move.backText', { version })}
        loading={back.isPending}
        onClick={() => void run()}
      >
        {t('standardsDesk.move.back', { version })}
      </Button>
      <ErrorNotice error={back.error} />
    </>
  )
}
