// Owns: what each later revision of a sealed PDF did to it, and whether that can hide or alter anything.
// Does not own: the verdict (main/signing/verify.ts) and how a page looks (main/rendering).
// Start here: changesAfter in compare.ts; explain.ts says what one changed object means.
export type { BoxToSee } from './change.ts'
export { changesAfter, type LaterChange } from './compare.ts'
