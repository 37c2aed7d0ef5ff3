// Owns: who may work at this window, and who is logged in.
// Does not own: PINs and the key that they open (main/store/vault.ts).
// Start here: `createAccounts`; sessions.ts for who is logged in.
import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import { stationSubject } from '../../store/index.ts'
import { type Account, accountsProjector, selectAccounts } from './store.ts'

export { createSessions, type Sessions } from './sessions.ts'
export type { Account } from './store.ts'

/** What others may ask of accounts. */
export type Accounts = FeatureModule & {
  readonly list: () => Account[]
  /** Throws ACCOUNT_UNKNOWN. */
  readonly read: (account: string) => Account
  /** The name that people read; the account itself where it is unknown. */
  readonly displayName: (account: string) => string
  /** Writes an account, once; a second time changes nothing. */
  readonly create: (account: Account, actor: string) => void
  /** Writes that somebody logged in. */
  readonly noteOpened: (account: string) => void
  /** Writes that somebody's session ended. */
  readonly noteClosed: (account: string, why: 'logout' | 'lock') => void
}

/** The accounts feature. */
export function createAccounts(context: DeskContext): Accounts {
  const list = () => selectAccounts(context.store.db)
  const find = (name: string) => list().find(({ account }) => account === name)
  const append = (kind: string, actor: string, payload: unknown) => {
    const draft = { kind, version: 1, subject: stationSubject, actor, at: context.nowUtc(), payload }
    context.store.transaction(() => context.store.ledger.append([draft]))
  }
  return {
    handlers: {},
    projectors: [accountsProjector],
    list,
    read(name) {
      const account = find(name)
      if (!account) throw new AppError('ACCOUNT_UNKNOWN')
      return account
    },
    displayName: (name) => find(name)?.displayName ?? name,
    create(account, actor) {
      if (!find(account.account)) append('account.created', actor, account)
    },
    noteOpened: (account) => append('session.opened', account, { account }),
    noteClosed: (account, why) => append('session.closed', account, { account, why }),
  }
}
