import { SaveOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SealStatus } from '../../../../preload/contract/seals.ts'
import { useAct } from '../../../app/client.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'

/** Where timestamps come from, and how many sealed papers still wait for theirs. */
export function TimestampPane({ timestamps }: { readonly timestamps: SealStatus['timestamps'] }) {
  const { t } = useTranslation()
  const { authorityUrl, waiting, lastError } = timestamps
  const [url, setUrl] = useState(authorityUrl ?? '')
  const save = useAct('seals.setTimestampAuthority')
  const isSame = url.trim() === (authorityUrl ?? '')
  const waitingText = waiting === 0 ? t('custody.tsaAllDone') : t('custody.tsaWaiting', { count: waiting })
  return (
    <>
      <div className="custody-scroll">
        <section className="card panel custody-rules">
          <h2>{t('custody.timestamps')}</h2>
          <p>{t('custody.tsaText')}</p>
          <p>{authorityUrl === null ? t('custody.tsaNone') : waitingText}</p>
          {lastError === '' ? null : <Notice tone="warn">{lastError}</Notice>}
          <label htmlFor="tsa-url">{t('custody.tsaUrl')}</label>
          <Input
            id="tsa-url"
            type="url"
            value={url}
            maxLength={300}
            placeholder="http://…"
            onChange={(event) => setUrl(event.target.value)}
          />
          {authorityUrl === null ? null : (
            <Button
              onClick={() => {
                setUrl('')
                save.mutate({ url: null })
              }}
            >
              {t('custody.tsaClear')}
            </Button>
          )}
        </section>
      </div>
      <ErrorNotice error={save.error} />
      {save.isSuccess ? <Notice tone="good">{t('custody.tsaSaved')}</Notice> : null}
      <ActionBar>
        <MainAction
          label={t('custody.tsaSave')}
          icon={<SaveOutlined />}
          isBusy={save.isPending}
          isOff={isSame}
          onRun={() => save.mutate({ url: url.trim() === '' ? null : url.trim() })}
        />
      </ActionBar>
    </>
  )
}
