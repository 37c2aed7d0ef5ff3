// Owns: work over the link that makes room as soon as something more urgent waits.
// Does not own: what is more urgent (main/features/sync), the work.
// Start here: `givingWay`.

/** How work over the link is bounded. */
export type WorkBounds = {
  /** Ends it at once; what the other end has stays there. */
  readonly signal: AbortSignal
  /** Whether something more urgent waits: then what is under way is cut, and goes on later where it was. */
  readonly shouldYield: () => boolean
}

/** What work comes to that was cut for something more urgent. */
export const gaveWay = Symbol('gave way')

/** How often it is looked whether something more urgent waits. */
const checkMs = 250

/** Does work to its end, or until something more urgent waits: then its signal is given, and what it throws for that is no failure. */
export async function givingWay<T>(
  bounds: WorkBounds,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | typeof gaveWay> {
  const cut = new AbortController()
  const watch = setInterval(() => bounds.shouldYield() && cut.abort(), checkMs)
  try {
    return await work(AbortSignal.any([bounds.signal, cut.signal]))
  } catch (error) {
    if (cut.signal.aborted && !bounds.signal.aborted) return gaveWay
    throw error
  } finally {
    clearInterval(watch)
  }
}
