import { z } from 'zod'
import { errorCodes, type Failure } from '../../../preload/contract/errors.ts'
import { type LinkSettings, linkSettingsSchema } from '../../../preload/contract/sync.ts'
import type { Settings } from '../../store/index.ts'
import type { KeptRetry } from './link-timing.ts'

const switchKey = 'sync.linkOn'
const retryKey = 'sync.retry'
const settingsKey = 'sync.settings'
const replacedKey = 'sync.replaced'

/** All there is of the link, large originals at any time, no proxy of one's own. */
const firstSettings: LinkSettings = {
  budgetKbit: null,
  originals: 'always',
  nightFrom: '21:00',
  nightUntil: '06:00',
  proxyUrl: null,
}

const keptRetrySchema = z.object({
  failures: z.int().min(1),
  nextTryUtc: z.iso.datetime(),
  error: z.object({ code: z.enum(errorCodes), details: z.record(z.string(), z.unknown()) }),
})

/** What the link remembers over a restart, in the machine's settings. */
export type LinkMemory = {
  readonly isOn: () => boolean
  readonly keepSwitch: (on: boolean) => void
  readonly retry: () => KeptRetry | undefined
  readonly keepRetry: (kept: KeptRetry | undefined) => void
  /** Whether the centre said that another machine is in this one's place, and has not answered otherwise since. */
  readonly isReplaced: () => boolean
  readonly keepReplaced: (isReplaced: boolean) => void
  /** How the link is used; the usual where nobody set it, or what was kept cannot be read. */
  readonly settings: () => LinkSettings
  readonly keepSettings: (settings: LinkSettings) => void
}

/** The link's memory. `settings()` is asked by the store's reader at each call, so that the store may be opened later. */
export function linkMemory(settings: () => Settings): LinkMemory {
  return {
    isOn: () => settings().get(switchKey) !== false,
    keepSwitch: (on) => settings().set(switchKey, on),
    retry: () => {
      const { data } = keptRetrySchema.safeParse(settings().get(retryKey))
      return data && { ...data, error: data.error as Failure }
    },
    keepRetry: (kept) => settings().set(retryKey, kept),
    isReplaced: () => settings().get(replacedKey) === true,
    keepReplaced: (isReplaced) => settings().set(replacedKey, isReplaced ? true : undefined),
    settings: () => linkSettingsSchema.safeParse(settings().get(settingsKey)).data ?? firstSettings,
    keepSettings: (wanted) => settings().set(settingsKey, wanted),
  }
}
