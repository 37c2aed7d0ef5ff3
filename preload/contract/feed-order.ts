import type { FeedItem } from './wire.ts'

/** Kinds of which each item stands by itself, whatever comes after it. */
const additive = /^(notice|directive)\./

/**
 * What an item of the centre's feed is about, where the last one said counts: a case, or (by the kind's first word) a seal,
 * the calendar, the hall's relay. Undefined for notices and directives, which stand by themselves.
 */
export function feedSubject({ kind, payload }: Pick<FeedItem, 'kind' | 'payload'>): string | undefined {
  if (additive.test(kind)) return undefined
  const said = typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? payload : {}
  return typeof said.caseId === 'string' ? said.caseId : kind.split('.')[0]
}
