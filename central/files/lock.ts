// Owns: that one request at a time writes to an upload, over all gateways.
// Does not own: uploads (arrivals.ts).
// Start here: `createLocker`.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Lock, Locker, RequestRelease } from '@tus/server'
import type { Database } from '../database.ts'
import { Refusal } from '../refusal.ts'

/** How a lock lives: a holder that dies is out after `leaseSeconds`; a living one hears within `renewMs` that somebody waits. */
const times = { leaseSeconds: 10, renewMs: 1000, retryMs: 100, patienceMs: 20_000 } as const

/**
 * Locks in a table, by the database's clock. Whoever comes later gets the lock: the holder is told to let go, since it is
 * mostly the same station's earlier connection of which only this end still believes that it lives. A row and not an
 * advisory lock: that would keep one database connection for as long as a village sends a photograph.
 */
export function createLocker(database: Database): Locker {
  /** What this process holds, so that it need not wait for its own next look at the table. */
  const heldHere = new Map<string, RequestRelease>()
  return { newLock: (name) => new TableLock(database, heldHere, name) }
}

class TableLock implements Lock {
  readonly #database: Database
  readonly #heldHere: Map<string, RequestRelease>
  readonly #name: string
  readonly #holder = randomUUID()
  #letGo: RequestRelease | undefined
  #renewing: NodeJS.Timeout | undefined

  constructor(database: Database, heldHere: Map<string, RequestRelease>, name: string) {
    this.#database = database
    this.#heldHere = heldHere
    this.#name = name
  }

  /** Takes the lock. Refuses `busy` where its holder does not let go in time; ends early when `signal` does. */
  async lock(signal: AbortSignal, letGo: RequestRelease): Promise<void> {
    const until = performance.now() + times.patienceMs
    while (!(await this.#take())) {
      if (signal.aborted || performance.now() > until)
        throw new Refusal('busy', '这个文件正由另一个连接传送', { retryAfterSeconds: 5 })
      await this.#heldHere.get(this.#name)?.()
      await this.#database.query('update file_locks set wanted = true where name = $1', [this.#name])
      await wait(times.retryMs)
    }
    this.#letGo = letGo
    this.#heldHere.set(this.#name, letGo)
    this.#renew(letGo)
  }

  async unlock(): Promise<void> {
    clearTimeout(this.#renewing)
    this.#renewing = undefined
    // Who outstayed the lease has a successor, who is to hear of those that wait for him.
    if (this.#heldHere.get(this.#name) === this.#letGo) this.#heldHere.delete(this.#name)
    await this.#database.query('delete from file_locks where name = $1 and holder = $2', [this.#name, this.#holder])
  }

  async #take(): Promise<boolean> {
    const taken = await this.#database.query(
      `insert into file_locks (name, holder, wanted, expires_at)
       values ($1, $2, false, clock_timestamp() + make_interval(secs => $3))
       on conflict (name) do update set holder = excluded.holder, wanted = false, expires_at = excluded.expires_at
       where file_locks.expires_at < clock_timestamp() returning name`,
      [this.#name, this.#holder, times.leaseSeconds],
    )
    return taken.length === 1
  }

  #renew(letGo: RequestRelease): void {
    const timer = setTimeout(async () => {
      const goesOn = await this.#renewOnce()
      if (this.#renewing !== timer) return
      if (goesOn) this.#renew(letGo)
      else await letGo()
    }, times.renewMs)
    timer.unref()
    this.#renewing = timer
  }

  /** Whether the lock is still ours and nobody waits for it. A database that does not answer cannot give it to others either. */
  async #renewOnce(): Promise<boolean> {
    try {
      const [row] = await this.#database.query<{ wanted: boolean }>(
        `update file_locks set expires_at = clock_timestamp() + make_interval(secs => $3)
         where name = $1 and holder = $2 returning wanted`,
        [this.#name, this.#holder, times.leaseSeconds],
      )
      return row?.wanted === false
    } catch {
      return true
    }
  }
}
