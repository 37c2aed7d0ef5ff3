/** The screens behind 同步与对账, in the order of their tabs. */
export const syncTabs = ['state', 'stick', 'days', 'hall', 'notices', 'settings'] as const

/** One of the screens. */
export type SyncTab = (typeof syncTabs)[number]

/** The tab that an address names; `state` for none or one that is not known. */
export function syncTabOf(name: string | undefined): SyncTab {
  return syncTabs.find((tab) => tab === name) ?? 'state'
}
