// Owns: the station's seals (电子印章): kept closed in the store, opened by their PIN for one login, 用印登记.
// Does not own: which document is sealed and where (documents), the file format of a seal (main/pdf, main/signing).
// Start here: service.ts.
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { sealsProjector } from './projection.ts'
import {
  addSeal,
  makeStationTrainingSeal,
  type NewSeal,
  openWithPin,
  type SealPorts,
  sealStatus,
  type UnlockedSeal,
  whySealWaits,
} from './service.ts'
import { selectSeals } from './store.ts'

export { committeeName } from './model.ts'
export type { UnlockedSeal } from './service.ts'

/** What other features may ask of seals. */
export type Seals = FeatureModule & {
  /**
   * Training: makes a seal under a new training root and keeps it; one that is there already stays. The root's certificate
   * is laid into the data folder (`training-ca.pem`) for whoever checks.
   */
  readonly makeTrainingSeal: (pin: string) => Promise<void>
  /** Keeps a seal; see `addSeal` in service.ts. */
  readonly add: (seal: NewSeal) => Promise<string>
  /** Whether there is a seal at all. */
  readonly hasSeal: () => boolean
  /** The organisation on the newest seal, or undefined without one. */
  readonly organisation: () => string | undefined
  /** The seal whose PIN was given this login, or undefined. */
  readonly unlocked: () => UnlockedSeal | undefined
  /** Why documents wait, in words. */
  readonly whyWaiting: () => string
}

/** The seals feature. */
export function createSeals(context: DeskContext, ports: SealPorts): Seals {
  let current: UnlockedSeal | undefined
  let login = 0
  let lastTry: Promise<unknown> = Promise.resolve()

  /** One PIN at a time, so that tries cannot be made side by side to be counted once. */
  const unlock = (pin: string): Promise<UnlockedSeal> => {
    const own = login
    const next = lastTry.then(async () => {
      const opened = await openWithPin(context, pin)
      if (own === login) current = opened
      return opened
    })
    lastTry = next.catch(() => undefined)
    return next
  }
  return {
    handlers: {
      'seals.status': () => sealStatus(context, ports, current !== undefined),
      'seals.unlock': async ({ pin }, caller) => {
        await unlock(pin)
        const sealed = await ports.sealWaiting(callerOf(caller).account)
        context.emit({ event: 'changed', payload: { topics: ['seals', 'documents'] } })
        return { sealed }
      },
    },
    projectors: [sealsProjector],
    locked() {
      login += 1
      current = undefined
    },
    makeTrainingSeal: (pin) => makeStationTrainingSeal(context, pin),
    add: (seal) => addSeal(context, seal),
    hasSeal: () => selectSeals(context.store.db).length > 0,
    organisation: () => selectSeals(context.store.db)[0]?.organisation,
    unlocked: () => current,
    whyWaiting: () => whySealWaits(context),
  }
}
