// Owns: who this centre is: its id, its name and the Ed25519 key that signs what it answers.
// Does not own: the stations' keys (enrolment.ts).
// Start here: `loadIdentity`.
import { randomUUID } from 'node:crypto'
import { makeKeyPair } from '../main/wire/signatures.ts'
import { AppError } from '../preload/contract/errors.ts'
import type { Database } from './database.ts'

/** A centre's identity. All gateways over one database share it. */
export type Identity = {
  readonly centreId: string
  readonly name: string
  readonly publicKey: string
  readonly privateKey: string
}

/**
 * Reads the centre's identity, making it at first start; of gateways that start at once, the first one's stands. The key lies
 * in the database because gateways keep nothing: who can read the database can answer as the centre.
 */
export async function loadIdentity(database: Database, name: string, now: Date): Promise<Identity> {
  const { publicKey, privateKey } = makeKeyPair()
  await database.query(
    `insert into centre (centre_id, name, public_key, private_key, made_at) values ($1, $2, $3, $4, $5)
     on conflict (only_one) do nothing`,
    [randomUUID(), name, publicKey, privateKey, now.toISOString()],
  )
  const [identity] = await database.query<Identity>(
    `select centre_id as "centreId", name, public_key as "publicKey", private_key as "privateKey" from centre`,
  )
  if (identity === undefined) throw new Error('the centre has no identity')
  return identity
}

/** Calls the centre something else from now on; gateways that run already hear of it at their next start. */
export async function renameCentre(database: Database, name: string): Promise<void> {
  await database.query('update centre set name = $1', [name])
}

/** The name that the command line gives a centre or a relay; undefined where it gives none. Throws INPUT_INVALID for a blank one or one of more than 60 characters. */
export function readCentreName(name: string | undefined): string | undefined {
  if (name !== undefined && (name.trim() === '' || name.length > 60))
    throw new AppError('INPUT_INVALID', { field: '名称' })
  return name
}
