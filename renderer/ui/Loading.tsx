import { useTranslation } from 'react-i18next'

/** Shows after 300 ms that something works. */
export function Loading({ text }: { readonly text?: string }) {
  const { t } = useTranslation()
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden="true" />
      <span>{text ?? t('common.loading')}</span>
    </div>
  )
}
