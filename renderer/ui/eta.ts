import { useTranslation } from 'react-i18next'
import { useHere } from '../app/session.ts'
import { shortMomentOf } from './dates.ts'

/** How a time that is left is told: seconds and minutes while they are few, then the clock. */
export type Eta =
  | { readonly kind: 'seconds' | 'minutes'; readonly count: number }
  | { readonly kind: 'clock'; readonly atUtc: string }

const fewMinutes = 15

/** Splits the seconds that are left; counted from `nowMs`. A moment of the clock is rounded up to whole minutes. */
export function etaOf(seconds: number, nowMs: number): Eta {
  if (seconds < 60) return { kind: 'seconds', count: Math.max(1, Math.ceil(seconds)) }
  if (seconds < fewMinutes * 60) return { kind: 'minutes', count: Math.ceil(seconds / 60) }
  const minute = 60_000
  return { kind: 'clock', atUtc: new Date(Math.ceil((nowMs + seconds * 1000) / minute) * minute).toISOString() }
}

/** Tells seconds that are left in words: `9 秒`, `4 分钟`, `约 16:20`, `约 11月24日 16:20`. */
export function useEta(): (seconds: number) => string {
  const { t } = useTranslation()
  const { station } = useHere()
  return (seconds) => {
    const eta = etaOf(seconds, Date.now())
    if (eta.kind !== 'clock') return t(`sync.eta.${eta.kind}`, { count: eta.count })
    return t('sync.eta.clock', { time: shortMomentOf(eta.atUtc, station.todayInShanghai) })
  }
}
