// Owns: checks of any PDF for whoever brings it (验章): the verdict, the pages then and now; in memory alone, one session long.
// Does not own: how a seal is judged (main/signing), how pages look (main/rendering), what is trusted (seals).
// Start here: service.ts.
import type { Caller } from '../../../preload/contract/api.ts'
import type { Verification } from '../../../preload/contract/seals.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { type IncomingPdf, type PictureKind, type VerificationPorts, verificationService } from './service.ts'

export type { PictureKind, VerificationPorts } from './service.ts'

/** What the bytes routes ask of verification. */
export type VerificationFeature = FeatureModule & {
  /** Checks a file that is streamed in. Throws PDF_TOO_LARGE, and as `inspectPdf` in main/rendering. */
  readonly receive: (file: IncomingPdf, caller: Caller) => Promise<Verification>
  /** The checked file. Throws NOT_FOUND, also for another session's. */
  readonly file: (verificationId: string, caller: Caller) => { readonly bytes: Uint8Array; readonly name: string }
  /** A picture (PNG) of a page as a seal signed it, as it is now, or of what differs. Throws NOT_FOUND. */
  readonly picture: (
    at: { readonly id: string; readonly seal: number; readonly page: number; readonly kind: PictureKind },
    caller: Caller,
  ) => Promise<Uint8Array>
}

/** The verification feature. */
export function createVerification(context: DeskContext, ports: VerificationPorts): VerificationFeature {
  const service = verificationService(context, ports)
  return {
    handlers: {
      'verification.ofDocument': ({ documentId }, caller) => service.ofDocument(documentId, callerOf(caller)),
      'verification.compare': ({ verificationId, seal, page }, caller) =>
        service.compare(verificationId, seal, page, callerOf(caller)),
      'verification.forget': ({ verificationId }, caller) => {
        service.forget(verificationId, callerOf(caller))
        return { done: true }
      },
    },
    projectors: [],
    sessionEnded: service.endSession,
    close: service.close,
    receive: service.receive,
    file: service.file,
    picture: service.picture,
  }
}
