// Owns: the rules of standards that desk and command line share: what is wrong with documents, what changed between two
// versions, what of a draft still fits, how a theme is merged, the questions of a form. Pure: no store, no feature.
// Does not own: the documents' shape and bounds (preload/contract/standards), which are in force (main/features/matters).
// Start here: check.ts, differences/compare.ts, move-draft.ts, merge-theme.ts; form/ for the questions.

export { checkBeginning } from './check/beginning.ts'
export { checkDocuments, isMust, type NamedText } from './check.ts'
export { closureOn } from './closure.ts'
export { compareDocuments, type NamesOf } from './differences/compare.ts'
