import { useTranslation } from 'react-i18next'
import { type Delivery, deliverySchema } from '../../preload/contract/delivery.ts'

/** How many of the three steps are done: 本机已存 1, 中心已收 2, 中心已受理 3. */
export function stepsDone(delivery: Delivery): number {
  return deliverySchema.options.indexOf(delivery) + 1
}

/** Three dots, filled as far as a case has come, with the word on hover, for screen readers and, with `words`, beside them. */
export function DeliveryDots({ delivery, words = false }: { readonly delivery: Delivery; readonly words?: boolean }) {
  const { t } = useTranslation()
  const done = stepsDone(delivery)
  const word = t(`delivery.${delivery}`)
  return (
    <span className="dots" title={word}>
      {deliverySchema.options.map((step, index) => (
        <span key={step} className={index < done ? 'dot dot-on' : 'dot'} aria-hidden="true" />
      ))}
      {words ? (
        <span className="dots-word">{word}</span>
      ) : (
        <span className="visually-hidden">{t('delivery.label', { word, count: done })}</span>
      )}
    </span>
  )
}
