import type {
  Paper,
  Placement,
  SealingPlaces,
  SealingRequest,
  SealSlot,
  SealView,
} from '../../../../preload/contract/seals.ts'

/** The most impressions that one paper gets at once. */
export const mostPlacements = 4

/** What the clerk has chosen for the papers in hand. */
export type Choices = {
  readonly sealId: string | null
  readonly placements: readonly Placement[]
  /** The placement that is being changed. */
  readonly active: number
  /** The active seal hangs at the pointer until it is put down. */
  readonly following: boolean
  readonly certify: boolean
  readonly slots: readonly SealSlot[]
  /** The next click on the page lays a field for another organisation. */
  readonly laying: boolean
  readonly reason: string
  readonly approver: string
  readonly approverPin: string
}

/** Nothing chosen but the usual place. */
export const noChoices: Choices = {
  sealId: null,
  placements: [{ kind: 'usual' }],
  active: 0,
  following: false,
  certify: false,
  slots: [],
  laying: false,
  reason: '',
  approver: '',
  approverPin: '',
}

/** The active placement. */
export const activePlacement = (choices: Choices): Placement => choices.placements[choices.active] ?? { kind: 'usual' }

/** The choices with the placement of that number replaced. */
export function withPlacement(choices: Choices, index: number, placement: Placement): Choices {
  return { ...choices, placements: choices.placements.map((now, at) => (at === index ? placement : now)) }
}

/** The choices with one more placement, which is then the active one. */
export function withOneMore(choices: Choices, placement: Placement): Choices {
  if (choices.placements.length >= mostPlacements) return choices
  return { ...choices, placements: [...choices.placements, placement], active: choices.placements.length }
}

/** The choices without the placement of that number; one always stays. */
export function withoutPlacement(choices: Choices, index: number): Choices {
  if (choices.placements.length < 2) return choices
  const placements = choices.placements.filter((_, at) => at !== index)
  const active = Math.min(choices.active > index ? choices.active - 1 : choices.active, placements.length - 1)
  return { ...choices, placements, active, following: false }
}

/**
 * The choices for other papers: seal and place stay, for papers of one kind come one after the other; why, and whether it
 * is the first seal, belong to the papers that were sealed and must not pass unseen to the next.
 */
export function forOtherPapers(choices: Choices): Choices {
  const { certify, slots, laying, reason, approver, approverPin } = noChoices
  return { ...choices, certify, slots, laying, reason, approver, approverPin, following: false }
}

/** The seal that is chosen; without a choice the first that can be used, else the first. */
export function chosenSeal(choices: Choices, seals: readonly SealView[]): SealView | undefined {
  return (
    seals.find(({ sealId }) => sealId === choices.sealId) ??
    seals.find(({ mayUse, state }) => mayUse && state === 'usable') ??
    seals[0]
  )
}

/** What is still lacking before anything can be sealed; null where nothing is. */
export type Lack = 'papers' | 'closed' | 'seal' | 'place' | 'text' | 'reason' | 'approver' | 'pin'

/** The first thing that is lacking, in the order of the screen. `pin` is what is typed of the seal's PIN, `places` what the paper shown offers. */
export function lackOf(
  choices: Choices,
  seal: SealView | undefined,
  papers: readonly Paper[],
  pin: string,
  places?: SealingPlaces,
): Lack | null {
  if (papers.length === 0) return 'papers'
  if (papers.length === 1 && places?.certified === true && places.slots.length === 0) return 'closed'
  if (seal === undefined || !seal.mayUse || seal.state !== 'usable') return 'seal'
  if (choices.following) return 'place'
  if (choices.placements.some((one) => one.kind === 'anchor' && one.text.trim() === '')) return 'text'
  if (choices.reason.trim() === '') return 'reason'
  if (seal.custody.needsApproval && (choices.approver === '' || choices.approverPin === '')) return 'approver'
  return seal.unlocked || pin !== '' ? null : 'pin'
}

/** The choices as the desk is asked. */
export function requestOf(choices: Choices, seal: SealView, papers: readonly Paper[]): SealingRequest {
  return {
    sealId: seal.sealId,
    documentIds: papers.map(({ documentId }) => documentId),
    placements: [...choices.placements],
    certify: choices.certify ? { slots: [...choices.slots] } : null,
    reason: choices.reason.trim(),
    approval: seal.custody.needsApproval ? { account: choices.approver, pin: choices.approverPin } : null,
  }
}
