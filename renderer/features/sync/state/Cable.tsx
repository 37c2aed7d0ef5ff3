import { useTranslation } from 'react-i18next'
import { useAct } from '../../../app/client.ts'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'

/** Training: the cable, to pull and to plug. */
export function Cable({ on }: { readonly on: boolean }) {
  const { t } = useTranslation()
  const setLink = useAct('sync.setLink')
  return (
    <section className="card panel sync-cable">
      <div className="sync-cable-row">
        <div>
          <h2 id="cable">{t('sync.switch')}</h2>
          <p className="quiet">{t('sync.switchText')}</p>
        </div>
        <button
          type="button"
          role="switch"
          className="cable-switch"
          aria-labelledby="cable"
          aria-checked={on}
          disabled={setLink.isPending}
          onClick={() => setLink.mutate({ on: !on })}
        >
          <span className="cable-knob" aria-hidden="true" />
          <span>{t(on ? 'sync.switchOn' : 'sync.switchOff')}</span>
        </button>
      </div>
      <ErrorNotice error={setLink.error} />
    </section>
  )
}
