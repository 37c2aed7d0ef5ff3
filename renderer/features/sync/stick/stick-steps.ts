import type { BundleJob, Stick } from '../../../../preload/contract/sync.ts'

/** A bundle as a stick shows it. */
export type StickBundle = Stick['bundles'][number]

/** 把本窗口的带出去, or 替别的村送. */
export type StickWay = 'own' | 'carry'

const newestFirst = (one: StickBundle, other: StickBundle): number => other.madeAtUtc.localeCompare(one.madeAtUtc)

/** What there is on a stick for a window that carries its own: what it wrote, and the centre's answer. */
export function ownBundles(stick: Stick): { readonly out: StickBundle | null; readonly answer: StickBundle | null } {
  const ours = stick.bundles.filter(({ ours }) => ours).toSorted(newestFirst)
  return {
    out: ours.find(({ kind, state }) => kind === 'out' && state !== 'done') ?? null,
    answer: ours.find(({ kind, state }) => kind === 'return' && state === 'ready') ?? null,
  }
}

/** What other windows wrote to a stick, the newest first. */
export function othersBundles(stick: Stick): readonly StickBundle[] {
  return stick.bundles.filter(({ kind, ours }) => kind === 'out' && !ours).toSorted(newestFirst)
}

/** Which way a stick asks for: a town hall's, where all that is on it comes from others. */
export function wayOf(stick: Stick | undefined): StickWay {
  if (stick === undefined) return 'own'
  return othersBundles(stick).length > 0 && !stick.bundles.some(({ ours }) => ours) ? 'carry' : 'own'
}

/** Which of the three steps is to be done now, 1 to 3. */
export function stepOf(way: StickWay, stick: Stick | undefined): 1 | 2 | 3 {
  if (stick === undefined) return 1
  if (way === 'own') {
    const { out, answer } = ownBundles(stick)
    return answer !== null || out?.state === 'ready' ? 3 : 2
  }
  const others = othersBundles(stick)
  return others.length > 0 && others.every(({ state }) => state === 'done') ? 3 : 2
}

/** Whether a job is under way. */
export function isRunning(job: BundleJob | null): job is BundleJob {
  return job !== null && job.state === 'running'
}
