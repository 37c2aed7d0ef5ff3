// Owns: who may work at this window, and who is logged in.
// Does not own: PINs and the key that they open (main/store/vault.ts, reached through `Logins`).
// Start here: `createAccounts`; sessions.ts for who is logged in.
import { AppError } from '../../../preload/contract/errors.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { stationSubject } from '../../store/index.ts'
import { type Account, accountsProjector, selectAccounts } from './store.ts'

export { createSessions, type Sessions } from './sessions.ts'
export type { Account } from './store.ts'

/** Login PINs, as far as accounts needs them; given by the desk, which alone holds the key. */
export type Logins = {
  /** Tries a PIN, with the vault's tries and waits. Throws PIN_WRONG, PIN_WAIT, ACCOUNT_UNKNOWN. */
  readonly check: (account: string, pin: string) => Promise<void>
  /** Gives an account its PIN, the first or a new one. Throws INPUT_INVALID for an unfit name or PIN. */
  readonly set: (account: string, pin: string) => Promise<void>
}

/** What others may ask of accounts. */
export type Accounts = FeatureModule & {
  /** In the order in which they were added. */
  readonly list: () => Account[]
  /** Throws ACCOUNT_UNKNOWN. */
  readonly read: (account: string) => Account
  /** Undefined for nobody. */
  readonly find: (account: string) => Account | undefined
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
export function createAccounts(context: DeskContext, logins: Logins): Accounts {
  const list = () => selectAccounts(context.store.db)
  const find = (name: string) => list().find(({ account }) => account === name)
  const read = (name: string) => {
    const account = find(name)
    if (!account) throw new AppError('ACCOUNT_UNKNOWN')
    return account
  }
  const append = (kind: string, actor: string, payload: unknown) => {
    const draft = { kind, version: 1, subject: stationSubject, actor, at: context.nowUtc(), payload }
    context.store.transaction(() => context.store.ledger.append([draft]))
  }
  const create = (account: Account, actor: string) => {
    if (!find(account.account)) append('account.created', actor, account)
  }
  return {
    handlers: {
      'accounts.list': () => ({ accounts: list().toSorted((a, b) => (a.account < b.account ? -1 : 1)) }),
      'accounts.create': async ({ pin, ...account }, caller) => {
        const { account: actor } = callerOf(caller)
        const taken = () => {
          if (find(account.account)) throw new AppError('INPUT_INVALID', { field: '账号已经有了' })
        }
        taken()
        await logins.set(account.account, pin)
        taken()
        create(account, actor)
        return { done: true }
      },
      'accounts.setPin': async ({ account, pin }, caller) => {
        read(account)
        // Told before it is done: a PIN that opens more than its owner's doors is never set unseen.
        append('account.pin-set', callerOf(caller).account, { account })
        await logins.set(account, pin)
        return { done: true }
      },
    },
    projectors: [accountsProjector],
    list,
    read,
    find,
    displayName: (name) => find(name)?.displayName ?? name,
    create,
    noteOpened: (account) => append('session.opened', account, { account }),
    noteClosed: (account, why) => append('session.closed', account, { account, why }),
  }
}
