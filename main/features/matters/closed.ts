import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { MatterClosure } from '../../../preload/contract/views.ts'
import { closureOn } from '../../standards/index.ts'
import type { StandardSource } from './service.ts'

/** Why people cannot be taken in for a matter on a day, whichever version they were begun by; undefined for one that is open. */
export function closureNow(source: StandardSource, itemId: string, today: string): MatterClosure | undefined {
  const found = source.inForce('matter', itemId)
  return found === undefined ? { why: 'gone', date: null } : closureOn(found.value as MatterStandard, today)
}
