import type { DeskContext, FeatureModule } from './feature.ts'

/** The ledger's own call: the check of every hash, in steps, so that the desk goes on answering meanwhile. */
export function ledgerFeature(context: DeskContext): FeatureModule {
  return {
    projectors: [],
    handlers: {
      'ledger.verify': async () => {
        const { ledger } = context.store
        const steps = ledger.verifySteps()
        for (;;) {
          const step = steps.next()
          if (!step.done) {
            await new Promise((resolve) => setImmediate(resolve))
            continue
          }
          const verdict = step.value
          if (verdict.ok) return { ok: true, count: verdict.count, head: verdict.head.hash, brokenAt: null }
          const head = ledger.head()
          return { ok: false, count: head.seq, head: head.hash, brokenAt: verdict.brokenAt }
        }
      },
    },
  }
}
