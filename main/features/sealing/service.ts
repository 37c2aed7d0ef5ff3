import type { DeskContext } from '../../desk/feature.ts'
import type { PaperRow } from '../documents/index.ts'
import type { Seals } from '../seals/index.ts'
import { keepImpressions, makeImpressions, noteSealFailure } from './impressions.ts'
import { type JobPorts, SealingJobs } from './jobs.ts'

/** What sealing asks of others; given by main/desk/compose.ts. */
export type SealingPorts = JobPorts & {
  readonly seals: Pick<Seals, 'use' | 'forReceipt'>
  /** Ends what reads pages. */
  readonly close: () => Promise<void>
}

/** Sealing over one open store: jobs, the papers of cases as they are made, and whose turn it is at a paper. */
export function sealingService(context: DeskContext, ports: SealingPorts) {
  const inTurn = turnsByName()
  const jobs = new SealingJobs(context, ports, inTurn)
  return {
    jobs,
    inTurn,
    /** Seals a paper of a case that nobody has sealed yet, where a seal is open for it; says whether it is sealed now. */
    sealMade: (paper: PaperRow, account: string): Promise<boolean> =>
      inTurn(paper.documentId, async () => {
        const current = ports.documents.paper(paper.documentId)
        if (current.impressions > 0) return true
        const use = current.itemId === null ? undefined : ports.seals.forReceipt(account, current.itemId)
        if (use === undefined) return false
        const order = {
          placements: [{ kind: 'usual' } as const],
          certify: null,
          reason: `${current.title}用印`,
          use,
          account,
        }
        try {
          await keepImpressions(context, ports, await makeImpressions(context, ports, current, order), order)
        } catch (error) {
          noteSealFailure(ports, error, use.sealId)
          throw error
        }
        return true
      }),
    /** Stops what runs after the paper in hand. */
    async close(): Promise<void> {
      await jobs.close()
      await ports.close()
    },
  }
}

/** Runs work of one name one after the other, of different names side by side. */
export function turnsByName() {
  const last = new Map<string, Promise<unknown>>()
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work)
    const settled = turn
      .catch(() => undefined)
      .finally(() => {
        if (last.get(name) === settled) last.delete(name)
      })
    last.set(name, settled)
    return turn
  }
}
