import type { RelayItem } from '../../../preload/contract/wire.ts'
import type { SqlDatabase } from '../../store/index.ts'
import type { Head } from '../../wire/entry.ts'

/** The relay that the county let in for this station's hall. */
export type KnownRelay = NonNullable<RelayItem['relay']>

/** The relay of the centre's feed; undefined where it named none, or took it back. */
export function readRelay(db: SqlDatabase): KnownRelay | undefined {
  return db.get<KnownRelay>(
    'SELECT relay_id AS relayId, name, public_key AS publicKey, url FROM hall_relay WHERE only = 1',
  )
}

/** Puts the relay of the centre's feed in place of the one before; null takes it away. */
export function writeRelay(db: SqlDatabase, relay: KnownRelay | null): void {
  db.run('DELETE FROM hall_relay')
  if (relay === null) return
  const row = [relay.relayId, relay.name, relay.publicKey, relay.url]
  db.run('INSERT INTO hall_relay (only, relay_id, name, public_key, url) VALUES (1, ?, ?, ?, ?)', row)
}

/** Up to where the relay that is known now last said it holds the ledger; 0 without one. */
export function readRelayedSeq(db: SqlDatabase): number {
  const row = db.get<{ seq: number }>('SELECT seq FROM relayed JOIN hall_relay USING (relay_id)')
  return row?.seq ?? 0
}

/** Keeps what a relay last said it holds: less than before where it was restored from a backup. */
export function writeRelayed(db: SqlDatabase, relayId: string, head: Head, atUtc: string): void {
  db.run(
    `INSERT INTO relayed (only, relay_id, seq, hash, at) VALUES (1, ?, ?, ?, ?)
     ON CONFLICT (only) DO UPDATE SET relay_id = excluded.relay_id, seq = excluded.seq, hash = excluded.hash, at = excluded.at`,
    [relayId, head.seq, head.hash, atUtc],
  )
}
