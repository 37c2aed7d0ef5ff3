// Owns: seal keys and certificates, the CMS of a seal, and the verdict on a sealed PDF. The only user of node-forge.
// Does not own: PDF bytes (main/pdf, which this folder imports and never the other way round), custody, the register of uses.
// Start here: openSealFile in seal-file.ts gives the signer for sealPdf; verifyPdf in verify.ts.
export type { RevokedCertificate } from './chain.ts'
export { type Crl, readCrls } from './crl.ts'
export type { OpenSeal } from './open-seal.ts'
export { openSealFile } from './seal-file.ts'
export { checkTimestampToken, type TimestampAuthority, type TimestampCheck, timestampAuthority } from './timestamp.ts'
export {
  knownTokenLibraries,
  listTokens,
  openToken,
  type TokenInfo,
  type TokenLibraryInfo,
  type TokenRequest,
} from './token/index.ts'
export { makeTrainingSeal, type TrainingSeal } from './training-seal.ts'
export type { SeenBox } from './verdict.ts'
export { afterLooking, type BoxToSee, type CheckOptions, checkPdf, type PdfCheck, verifyPdf } from './verify.ts'
