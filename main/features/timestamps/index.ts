// Owns: document timestamps (RFC 3161): which sealed papers wait for theirs, asking by itself when the link is there.
// Does not own: where they are asked for and what is trusted (seals), requests and tokens (main/signing), the PDF (main/pdf).
// Start here: loop.ts; one paper is service.ts.
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import { TimestampLoop } from './loop.ts'
import type { TimestampPorts } from './service.ts'

export type { TimestampPorts } from './service.ts'

/** What other features may ask of timestamps. */
export type Timestamps = FeatureModule & {
  /** Another authority was set, or none: papers wait for it, or for nothing any more. */
  readonly authorityChanged: () => void
}

/** The timestamps feature. It never holds up sealing: it works on papers that are sealed, and asks on its own time. */
export function createTimestamps(context: DeskContext, ports: TimestampPorts): Timestamps {
  const loop = new TimestampLoop(context, ports)
  return {
    handlers: {},
    projectors: [],
    start: loop.start,
    close: loop.close,
    authorityChanged: loop.authorityChanged,
  }
}
