// Owns: seals in PKCS#11 tokens (USB keys): which are plugged in, logging in, signing. The only user of koffi.
// Does not own: the CMS (cms.ts), what a clerk is asked and told.
// Start here: openToken in open-token.ts; session.ts and library.ts below it.
export { knownTokenLibraries } from './known-libraries.ts'
export { listTokens, openToken } from './open-token.ts'
