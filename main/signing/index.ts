// Owns: seal keys (files and tokens), certificates, revocation lists, timestamps, the CMS of a seal, and the verdict on a sealed PDF. The only user of node-forge, sm-crypto-v2 and koffi.
// Does not own: PDF bytes (main/pdf, which this folder imports and never the other way round), custody, the register of uses.
// Start here: openSealFile in seal-file.ts and openToken in token/ give the signer for sealPdf; verifyPdf in verify.ts.
export { checkChain } from './chain.ts'
export { readCrls } from './crl.ts'
export type { OpenSeal } from './open-seal.ts'
export { openSealFile } from './seal-file.ts'
export { checkTimestampToken, timestampAuthority } from './timestamp.ts'
export { knownTokenLibraries, listTokens, openToken } from './token/index.ts'
export { makeTrainingSeal, type TrainingSeal } from './training-seal.ts'
export { afterLooking, type BoxToSee, type CheckOptions, checkPdf, type PdfCheck, verifyPdf } from './verify.ts'
