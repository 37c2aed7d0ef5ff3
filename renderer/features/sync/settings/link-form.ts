import { type LinkSettings, linkSettingsSchema } from '../../../../preload/contract/sync.ts'

/** The settings as they stand in their fields. */
export type LinkForm = {
  readonly limited: boolean
  readonly budget: string
  readonly originals: LinkSettings['originals']
  readonly nightFrom: string
  readonly nightUntil: string
  readonly proxy: string
}

/** The fields of settings. */
export function formOf(settings: LinkSettings): LinkForm {
  return {
    limited: settings.budgetKbit !== null,
    budget: String(settings.budgetKbit ?? 64),
    originals: settings.originals,
    nightFrom: settings.nightFrom,
    nightUntil: settings.nightUntil,
    proxy: settings.proxyUrl ?? '',
  }
}

/** Which field cannot be saved as it is; none where `settings` can. */
export type LinkFormRead =
  | { readonly settings: LinkSettings; readonly wrong: null }
  | { readonly settings: null; readonly wrong: 'budget' | 'proxy' | 'night' }

/** What the fields mean, by the contract's own rules. */
export function settingsOf(form: LinkForm): LinkFormRead {
  const proxy = form.proxy.trim()
  const read = linkSettingsSchema.safeParse({
    budgetKbit: form.limited ? Number(form.budget.trim() || Number.NaN) : null,
    originals: form.originals,
    nightFrom: form.nightFrom,
    nightUntil: form.nightUntil,
    proxyUrl: proxy === '' ? null : proxy,
  })
  if (read.success) return { settings: read.data, wrong: null }
  const field = read.error.issues[0]?.path[0]
  return { settings: null, wrong: field === 'budgetKbit' ? 'budget' : field === 'proxyUrl' ? 'proxy' : 'night' }
}
