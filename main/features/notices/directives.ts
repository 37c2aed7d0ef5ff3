import { assertNever } from '../../../preload/contract/errors.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { type Directive, selectDirectives } from './store.ts'

/** What a directive sets off. */
export type DirectivePorts = {
  /** Everything that waits goes now, originals that wait for the night too. */
  readonly sendFiles: () => void
  /** Today is held against the centre at the next good link; calls back once it was. */
  readonly reconcileSoon: (done: () => void) => void
}

const doneKey = 'directives.done'

/**
 * Does what the centre says, once: up to which directive all are done is kept beside the ledger, so that a rebuild repeats
 * none, and one that a crash interrupted is begun again at the next start.
 */
export class Directives {
  readonly #context: DeskContext
  readonly #ports: DirectivePorts
  /** Begun since the start, with whether they are done. */
  readonly #begun = new Map<number, boolean>()

  constructor(context: DeskContext, ports: DirectivePorts) {
    this.#context = context
    this.#ports = ports
  }

  /** Begins what is not begun. */
  follow(): void {
    for (const directive of selectDirectives(this.#context.store.db, this.#doneUpTo())) {
      if (!this.#begun.has(directive.cursor)) this.#begin(directive)
    }
  }

  #begin({ cursor, action }: Directive): void {
    this.#begun.set(cursor, false)
    switch (action) {
      case 'send-files':
        this.#ports.sendFiles()
        this.#done(cursor)
        break
      case 'reconcile':
        this.#ports.reconcileSoon(() => this.#done(cursor))
        break
      default:
        assertNever(action)
    }
  }

  #done(cursor: number): void {
    this.#begun.set(cursor, true)
    const waiting = selectDirectives(this.#context.store.db, this.#doneUpTo())
    const open = waiting.find((directive) => this.#begun.get(directive.cursor) !== true)
    const upTo = open === undefined ? waiting.at(-1)?.cursor : open.cursor - 1
    if (upTo !== undefined) this.#context.store.settings.set(doneKey, upTo)
  }

  #doneUpTo(): number {
    const kept = this.#context.store.settings.get(doneKey)
    return typeof kept === 'number' ? kept : 0
  }
}
