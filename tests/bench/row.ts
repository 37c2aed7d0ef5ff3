/** One line of the bench table: a median that was measured in this run, its target, and a peer where there is one. */
export type Row = {
  readonly what: string
  readonly median: string
  readonly target: string
  /** Whether the target was met; nothing where there is none to meet. */
  readonly met?: boolean
  readonly peer?: string
  /** Peer's median over ours: above 1 we are faster. */
  readonly ratio?: string
}

/** The middle of the samples. Throws on an empty list. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('no samples')
  return middle
}

/** The value that 95 of 100 samples do not exceed. Throws on an empty list. */
export function percentile95(samples: readonly number[]): number {
  const value = [...samples].sort((a, b) => a - b)[Math.ceil(samples.length * 0.95) - 1]
  if (value === undefined) throw new RangeError('no samples')
  return value
}

/** Milliseconds as text with two decimals. */
export function milliseconds(value: number): string {
  return `${value.toFixed(2)} ms`
}

/** Runs `work` a few times unmeasured, then `rounds` times, and gives each duration in milliseconds. */
export async function timeEach(rounds: number, work: () => unknown | Promise<unknown>, warmUp = 5): Promise<number[]> {
  for (let round = 0; round < warmUp; round += 1) await work()
  const samples: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now()
    await work()
    samples.push(performance.now() - started)
  }
  return samples
}
