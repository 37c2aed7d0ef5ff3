import { z } from 'zod'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { type Role, roleSchema } from '../../../preload/contract/views.ts'
import type { Projector, SqlDatabase } from '../../store/index.ts'

/** Somebody who may log in. */
export type Account = { readonly account: string; readonly displayName: string; readonly role: Role }

const rowSchema = z.object({ account: z.string(), display_name: z.string(), role: roleSchema })

/** Fills `accounts` from the ledger. */
export const accountsProjector: Projector = {
  name: 'accounts',
  tables: ['accounts'],
  kinds: ['account.created'],
  apply(entry, db) {
    const { account, displayName, role } = entry.payload as EntryPayload<'account.created@1'>
    db.run('INSERT INTO accounts (account, display_name, role) VALUES (?, ?, ?)', [account, displayName, role])
  },
}

/** All accounts, in the order in which they were added. */
export function selectAccounts(db: SqlDatabase): Account[] {
  return db.all('SELECT account, display_name, role FROM accounts ORDER BY rowid').map((row) => {
    const { account, display_name: displayName, role } = rowSchema.parse(row)
    return { account, displayName, role }
  })
}
