import type { Handlers } from '../../../preload/contract/api.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { callerOf, type DeskContext } from '../../desk/feature.ts'
import { addSealFile, addSealToken, appendSealEntry, grantLease, makeTrainingSealFor } from './adding.ts'
import type { OpenSeals } from './opening.ts'
import { readRegister } from './register.ts'
import type { PersonName } from './register-rows.ts'
import { listTokenKeys } from './tokens.ts'
import { type ApprovalPorts, findSeal } from './use.ts'
import { sealStatus, writeTimestampAuthority } from './views.ts'

/** What seals asks of others; given by main/desk/compose.ts. */
export type SealPorts = ApprovalPorts & {
  /** Seals every receipt that waits; says how many. */
  readonly sealWaiting: (account: string) => Promise<number>
  readonly waitingCount: () => number
  /** Another timestamp authority was set, or none. */
  readonly timestampAuthoritySet: () => void
  /** Everybody who works here. */
  readonly people: () => readonly PersonName[]
}

/** What the calls stand on. */
export type SealGround = {
  readonly context: DeskContext
  readonly ports: SealPorts
  readonly open: OpenSeals
  /** Tells the windows that seals have changed without an entry. */
  readonly told: () => void
}

/** The calls of seals. */
export function sealHandlers(ground: SealGround): Partial<Handlers> {
  return { ...usingHandlers(ground), ...addingHandlers(ground), ...keepingHandlers(ground) }
}

/** Seals at work: how they stand, their PINs, the register. */
function usingHandlers({ context, ports, open, told }: SealGround): Partial<Handlers> {
  return {
    'seals.status': (_, caller) => sealStatus(context, open, ports.waitingCount(), callerOf(caller).account),
    'seals.unlock': async ({ pin, sealId, sealWaiting = true }, caller) => {
      const { account, sessionId } = callerOf(caller)
      await open.open(pin, { account, sessionId }, sealId)
      const sealed = sealWaiting ? await ports.sealWaiting(account) : 0
      told()
      return { sealed }
    },
    'seals.register': ({ offset, limit, ...query }) => readRegister(context, query, ports.people(), { offset, limit }),
    'seals.setTimestampAuthority': ({ url }) => {
      if (url !== null && !/^https?:\/\//i.test(url)) throw new AppError('INPUT_INVALID', { field: '时间戳服务的地址' })
      writeTimestampAuthority(context, url)
      ports.timestampAuthoritySet()
      told()
      return { done: true }
    },
  }
}

/** Seals on their way in. */
function addingHandlers({ context }: SealGround): Partial<Handlers> {
  return {
    'seals.add': async ({ p12, pin, face }, caller) => {
      const bytes = new Uint8Array(Buffer.from(p12, 'base64'))
      return { sealId: await addSealFile(context, { p12: bytes, pin, face }, callerOf(caller).account) }
    },
    'seals.tokens': async () => ({ keys: await listTokenKeys((error) => context.log('a token library', error)) }),
    'seals.addToken': async (given, caller) => ({
      sealId: await addSealToken(context, given, callerOf(caller).account),
    }),
    'seals.makeTraining': async (given, caller) => {
      assertTraining(context)
      return { sealId: await makeTrainingSealFor(context, given, callerOf(caller).account) }
    },
  }
}

/** Who may use a seal, how often, and that it is stopped. */
function keepingHandlers({ context, ports }: SealGround): Partial<Handlers> {
  return {
    'seals.setCustody': ({ sealId, custody }, caller) => {
      const keepers = [...new Set(custody.keepers)]
      context.store.transaction(() => {
        findSeal(context, sealId)
        const known = new Set(ports.people().map(({ account }) => account))
        if (keepers.some((keeper) => !known.has(keeper))) throw new AppError('ACCOUNT_UNKNOWN')
        appendSealEntry(context, 'seal.custody-set', { sealId, ...custody, keepers }, callerOf(caller).account)
      })
      return { done: true }
    },
    'seals.renewLease': (given, caller) => {
      assertTraining(context)
      context.store.transaction(() => {
        if (findSeal(context, given.sealId).isRevoked) throw new AppError('SEAL_REVOKED')
        grantLease(context, given, callerOf(caller).account)
      })
      return { done: true }
    },
    'seals.revoke': ({ sealId, reason }, caller) => {
      context.store.transaction(() => {
        if (findSeal(context, sealId).isRevoked) throw new AppError('SEAL_REVOKED')
        appendSealEntry(context, 'seal.revoked', { sealId, reason }, callerOf(caller).account)
      })
      return { done: true }
    },
  }
}

function assertTraining(context: DeskContext): void {
  if (context.station.mode !== 'training') throw new AppError('NOT_ALLOWED')
}
