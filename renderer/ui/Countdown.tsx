import { useTranslation } from 'react-i18next'
import { spanOf } from './dates.ts'
import { useNow } from './use-now.ts'

/** The time that is left until a moment, in words, counted down: `40 秒`, `3 分钟`. Empty once it has come. */
export function Countdown({ untilUtc }: { readonly untilUtc: string }) {
  const { t } = useTranslation()
  const now = useNow(1000)
  const left = Date.parse(untilUtc) - now
  if (left <= 0) return null
  const { unit, count } = spanOf(left + 999)
  return <span className="number">{t(`span.${unit}`, { count })}</span>
}

/** The time that has gone by since a moment, in words. */
export function Since({ utc }: { readonly utc: string }) {
  const { t } = useTranslation()
  const now = useNow(1000)
  const { unit, count } = spanOf(now - Date.parse(utc))
  return <span className="number">{t(`span.${unit}`, { count })}</span>
}
