import { AppError } from '../../preload/contract/errors.ts'
import type { Logins } from '../features/accounts/index.ts'
import type { Vault } from '../store/index.ts'
import { readTraining, writeTraining } from './profile.ts'

/** The login PINs of an open store: who holds these can let people in, but never gets the key. */
export function loginsOf(dataFolder: string, vault: Vault, key: Uint8Array): Logins {
  return {
    async check(account, pin) {
      await vault.unlock(account, pin)
    },
    async set(account, pin) {
      // A vault may hold an account that no entry tells of, where a call broke off between the two: its PIN is set anew.
      if (vault.accounts().includes(account)) await vault.setPin(key, account, pin)
      else await vault.addAccount(key, account, pin)
      noteTrainingPin(dataFolder, account, pin)
    },
  }
}

/** Logins of a store that is opened without its vault: nobody is let in through it. */
export const noLogins: Logins = {
  check: () => Promise.reject(new AppError('LOGIN_NEEDED')),
  set: () => Promise.reject(new AppError('LOGIN_NEEDED')),
}

/** What the login screen of a training station shows stays true. */
function noteTrainingPin(dataFolder: string, account: string, pin: string): void {
  const training = readTraining(dataFolder)
  if (training === undefined) return
  if (training.account === account) writeTraining(dataFolder, { ...training, pin })
  else if (training.approver?.account === account)
    writeTraining(dataFolder, { ...training, approver: { account, pin } })
}
