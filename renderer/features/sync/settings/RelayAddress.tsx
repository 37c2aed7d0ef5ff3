import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct, useCall } from '../../../app/client.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Field } from '../../../ui/Field.tsx'

/** Where the hall's relay is; an empty field means that none is used. */
export function RelayAddress({ mayChange }: { readonly mayChange: boolean }) {
  const { t } = useTranslation()
  const queue = useCall('hall.queue', { query: '', offset: 0, limit: 1 })
  const set = useAct('hall.setRelay')
  const [typed, setTyped] = useState<string | null>(null)
  const known = queue.data?.relay?.url ?? ''
  const url = typed ?? known
  const give = (next: string | null) =>
    set.mutate(
      { url: next },
      {
        onSuccess: () => {
          setTyped(null)
          void queue.refetch()
        },
      },
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (URL.canParse(url.trim())) give(url.trim())
  }
  return (
    <form className="card panel" onSubmit={submit}>
      <h2>{t('sync.settings.relay')}</h2>
      <p>{t('sync.settings.relayText')}</p>
      <Field id="network-relay" label={t('sync.settings.relayUrl')}>
        <Input
          id="network-relay"
          value={url}
          maxLength={300}
          placeholder="http://10.0.0.2:4321"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      <ErrorNotice error={set.error} />
      {set.isSuccess ? <Notice tone="good">{t('sync.settings.relaySaved')}</Notice> : null}
      {mayChange ? (
        <span className="network-buttons">
          <Button htmlType="submit" loading={set.isPending} disabled={!URL.canParse(url.trim()) || url === known}>
            {t('sync.settings.relaySave')}
          </Button>
          {known === '' ? null : (
            <Button loading={set.isPending} onClick={() => give(null)}>
              {t('sync.settings.relayClear')}
            </Button>
          )}
        </span>
      ) : null}
    </form>
  )
}
