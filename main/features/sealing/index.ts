// Owns: sealing papers (盖章): where a seal goes, jobs over many papers, the impression of a paper as it is made; each impression an entry.
// Does not own: the seals, their PINs and leases (seals), papers and their files (documents), how a PDF is sealed (main/pdf).
// Start here: service.ts; jobs are jobs.ts, one at work is running.ts, one paper's impressions are impressions.ts.
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import type { PaperRow } from '../documents/index.ts'
import { boxOf, placesOf } from './places.ts'
import { type SealingPorts, sealingService } from './service.ts'

export { countPages } from './places.ts'
export type { SealingPorts } from './service.ts'
export type { PageReader } from './targets.ts'

/** What other features may ask of sealing. */
export type Sealing = FeatureModule & {
  /** Seals a paper of a case that nobody has sealed yet, where a seal is open for it; says whether it is sealed now. */
  readonly sealMade: (paper: PaperRow, account: string) => Promise<boolean>
  /** Work on one paper's newest file, one after the other. */
  readonly inTurn: <T>(documentId: string, work: () => Promise<T>) => Promise<T>
}

/** The sealing feature. */
export function createSealing(context: DeskContext, ports: SealingPorts): Sealing {
  const service = sealingService(context, ports)
  const { jobs } = service
  const bytesOf = (documentId: string) => context.blobs.readAll(ports.documents.paper(documentId).sha256)
  return {
    handlers: {
      'sealing.places': async ({ documentId }) => placesOf(ports.reader, await bytesOf(documentId)),
      'sealing.findText': async ({ documentId, text }) => {
        const boxes = await ports.reader.findText(await bytesOf(documentId), text)
        return { boxes: boxes.map(boxOf) }
      },
      'sealing.begin': (request, caller) => jobs.begin(request, callerOf(caller)),
      'sealing.job': ({ jobId }) => jobs.read(jobId),
      'sealing.jobs': () => ({ jobs: jobs.list() }),
      'sealing.cancel': async ({ jobId }) => {
        await jobs.cancel(jobId)
        return { done: true }
      },
      'sealing.resume': async ({ jobId, approval }, caller) => {
        await jobs.resume(jobId, approval ?? null, callerOf(caller))
        return { done: true }
      },
    },
    projectors: [],
    start: () => jobs.pauseLeftRunning(),
    locked: () => jobs.locked(),
    close: service.close,
    sealMade: service.sealMade,
    inTurn: service.inTurn,
  }
}
