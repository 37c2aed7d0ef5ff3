import type { DeskContext } from '../../desk/feature.ts'
import { committeeName } from './model.ts'
import { type SealRow, selectSeals } from './store.ts'

/**
 * In whose name receipts are made: the village's own committee as soon as it ever had a seal here, else the newest seal's
 * that is not stopped. Undefined without a seal. A seal of somebody else that is kept here too changes nothing of it.
 */
export function receiptOrganisation({ station, store }: Pick<DeskContext, 'station' | 'store'>): string | undefined {
  const own = committeeName(station.townName, station.villageName)
  const seals = selectSeals(store.db)
  if (seals.some(({ organisation }) => organisation === own)) return own
  return seals.find(({ isRevoked }) => !isRevoked)?.organisation
}

/** The seals that may stand on a receipt, the newest first: those of its organisation. */
export function receiptSeals(context: Pick<DeskContext, 'station' | 'store'>): SealRow[] {
  const issuer = receiptOrganisation(context)
  return selectSeals(context.store.db).filter(({ organisation }) => organisation === issuer)
}
