/** Where a case stands at the centre, and which decisions are legal from there. Shared by centre, desk and window. */

/** 收件, 受理, 补正, 不予受理, 准予, 不予, 办结. */
export const caseStates = ['received', 'accepted', 'corrections', 'refused', 'approved', 'denied', 'closed'] as const

/** What the centre may decide. */
export const caseDecisions = ['accepted', 'corrections', 'refused', 'approved', 'denied', 'closed'] as const

/** Where a case stands. */
export type CaseState = (typeof caseStates)[number]

/** What clerks and officers call it. */
export const caseStateWords: Readonly<Record<CaseState, string>> = {
  received: '已收件',
  accepted: '已受理',
  corrections: '需补正',
  refused: '不予受理',
  approved: '准予',
  denied: '不予许可',
  closed: '已办结',
}

/** A decision: the state that it leads to. */
export type CaseDecision = (typeof caseDecisions)[number]

const steps = {
  received: ['accepted', 'corrections', 'refused'],
  corrections: ['accepted', 'refused', 'corrections'],
  accepted: ['approved', 'denied'],
  refused: [],
  approved: ['closed'],
  denied: ['closed'],
  closed: [],
} as const satisfies Record<CaseState, readonly CaseDecision[]>

/** The states that a decision may lead to from `state`; empty where the case has ended. 行政许可法 第32条: 受理, 补正 (told once) or 不予受理. */
export function nextStates(state: CaseState): readonly CaseDecision[] {
  return steps[state]
}

/** Whether a decision is legal in a state. */
export function canDecide(state: CaseState, decision: CaseDecision): boolean {
  return nextStates(state).includes(decision)
}
