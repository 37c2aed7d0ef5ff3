import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct, useCall } from '../../app/client.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { Field } from '../../ui/Field.tsx'

/** Where the centre of a station is that joined it: a centre that moves keeps its key, and gets its new address here. */
export function CentreCard() {
  const { t } = useTranslation()
  const { data } = useCall('sync.status', {})
  const [typed, setTyped] = useState<string | null>(null)
  const move = useAct('sync.setCentreUrl')
  const url = typed ?? data?.centreUrl ?? ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    move.mutate({ url: url.trim() })
  }
  return (
    <section className="card panel">
      <h2>{t('join.centreTitle')}</h2>
      <p>{t('join.centreText')}</p>
      <form className="people-form" onSubmit={submit}>
        <Field id="centre-url" label={t('join.centre')}>
          <Input id="centre-url" value={url} maxLength={300} onChange={(event) => setTyped(event.target.value)} />
        </Field>
        <ErrorNotice error={move.error} />
        {move.isSuccess ? <Notice tone="good">{t('join.centreMoved')}</Notice> : null}
        <Button htmlType="submit" loading={move.isPending} disabled={typed === null || typed.trim() === ''}>
          {t('join.centreMove')}
        </Button>
      </form>
    </section>
  )
}
