import { setImmediate } from 'node:timers/promises'

/** The longest step in milliseconds before other work gets its turn. */
const longestStepMs = 20

/** Goes through a list in short steps: whoever else this process serves is answered between them. Throws what `step` throws. */
export async function eachInTurns<T>(list: readonly T[], step: (one: T) => void): Promise<void> {
  let since = performance.now()
  for (const one of list) {
    step(one)
    if (performance.now() - since < longestStepMs) continue
    await setImmediate()
    since = performance.now()
  }
}
