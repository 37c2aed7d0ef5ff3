import { useTranslation } from 'react-i18next'
import type { Delivery } from '../../preload/contract/delivery.ts'

/** The steps of a delivery in their order: three, and 大厅已收 between them only while the hall's relay is where a case is. */
export function deliverySteps(delivery: Delivery): readonly Delivery[] {
  return delivery === 'at-hall'
    ? ['stored-here', 'at-hall', 'at-centre', 'accepted-by-centre']
    : ['stored-here', 'at-centre', 'accepted-by-centre']
}

/** A dot a step, filled as far as a case has come, with the word on hover, for screen readers and, with `words`, beside them. */
export function DeliveryDots({ delivery, words = false }: { readonly delivery: Delivery; readonly words?: boolean }) {
  const { t } = useTranslation()
  const steps = deliverySteps(delivery)
  const done = steps.indexOf(delivery) + 1
  const word = t(`delivery.${delivery}`)
  return (
    <span className="dots" title={word}>
      {steps.map((step, index) => (
        <span key={step} className={index < done ? 'dot dot-on' : 'dot'} aria-hidden="true" />
      ))}
      {words ? (
        <span className="dots-word">{word}</span>
      ) : (
        <span className="visually-hidden">{t('delivery.label', { word, count: done, steps: steps.length })}</span>
      )}
    </span>
  )
}
