import { CheckCircleFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import type { OpenCopy } from './copy-keeper.ts'

/** That what was typed last and not saved has been found, in one quiet line. */
export function Restored() {
  const { t } = useTranslation()
  return (
    <span className="restored" role="status">
      <CheckCircleFilled aria-hidden="true" /> {t('standardsDesk.edit.restored')}
    </span>
  )
}

/** What was typed and not saved, where the working copy became another meanwhile: it is used, or let go of. */
export function LeftBehind({ opened }: { readonly opened: OpenCopy }) {
  const { t } = useTranslation()
  const [text, setText] = useState(opened.leftBehind)
  if (text === null || opened.copy.wentOutWith !== null) return null
  const settle = () => {
    setText(null)
    void opened.settle()
  }
  return (
    <Notice
      tone="warn"
      action={
        <>
          <Button
            onClick={() => {
              opened.keeper.changeText(text)
              settle()
            }}
          >
            {t('standardsDesk.edit.leftBehindUse')}
          </Button>
          <Button onClick={settle}>{t('standardsDesk.edit.leftBehindNot')}</Button>
        </>
      }
    >
      {t('standardsDesk.edit.leftBehind')}
    </Notice>
  )
}
