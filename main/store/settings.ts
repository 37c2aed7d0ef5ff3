import type { SqlDatabase } from './sql.ts'

/** Small facts of the machine that are no part of the ledger: a chosen port, a last retry. JSON values by key. */
export type Settings = {
  /** The value, or undefined. It is what `set` was given; check its shape where it matters. */
  readonly get: (key: string) => unknown
  /** Writes a JSON value; undefined removes the key. */
  readonly set: (key: string, value: unknown) => void
}

/** The settings table. */
export function openSettings(db: SqlDatabase): Settings {
  return {
    get(key) {
      const row = db.get<{ value: string }>('SELECT value FROM settings WHERE key = ?', [key])
      return row && JSON.parse(row.value)
    },
    set(key, value) {
      if (value === undefined) db.run('DELETE FROM settings WHERE key = ?', [key])
      else {
        db.run(
          'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
          [key, JSON.stringify(value)],
        )
      }
    },
  }
}
