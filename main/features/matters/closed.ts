import type { MatterStandard } from '../../../preload/contract/standard.ts'
import { isTakenInAt } from '../../../preload/contract/standards/scope.ts'
import type { MatterClosure } from '../../../preload/contract/views.ts'
import { closureOn } from '../../standards/index.ts'
import type { HereNow, StandardSource } from './service.ts'

/** Why people cannot be taken in for a matter here and now, whichever version they were begun by; undefined for one that is open. */
export function closureNow(source: StandardSource, itemId: string, here: HereNow): MatterClosure | undefined {
  const found = source.inForce('matter', itemId)
  if (found === undefined) return { why: 'gone', date: null }
  const standard = found.value as MatterStandard
  const elsewhere = isTakenInAt(standard.divisions, here.division)
    ? undefined
    : ({ why: 'elsewhere', date: null } as const)
  return closureOn(standard, here.today) ?? elsewhere
}
