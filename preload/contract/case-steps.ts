/** Where a case stands at the centre, and which decisions are legal from there. Shared by centre, desk and window. */

/** 收件, 受理, 补正, 不予受理, 准予, 不予, 办结. */
export const caseStates = ['received', 'accepted', 'corrections', 'refused', 'approved', 'denied', 'closed'] as const

/** A case's state at the centre. */
export type CaseState = (typeof caseStates)[number]

const steps = {
  received: ['accepted', 'corrections', 'refused'],
  corrections: ['accepted', 'refused', 'corrections'],
  accepted: ['approved', 'denied'],
  refused: [],
  approved: ['closed'],
  denied: ['closed'],
  closed: [],
} as const satisfies Record<CaseState, readonly Exclude<CaseState, 'received'>[]>

/** A decision: the state that it leads to. */
export type CaseDecision = Exclude<CaseState, 'received'>

/** The states that a decision may lead to from `state`; empty where the case has ended. 行政许可法 第32条: 受理, 补正 (told once) or 不予受理. */
export function nextStates(state: CaseState): readonly CaseDecision[] {
  return steps[state]
}

/** Whether a decision is legal in a state. */
export function canDecide(state: CaseState, decision: CaseDecision): boolean {
  return nextStates(state).includes(decision)
}
