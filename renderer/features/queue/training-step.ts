/** What a newcomer to training may try next. */
export type TrainingStep = 'receive' | 'seal' | 'unplug' | 'receive-offline' | 'plug' | 'answer' | 'done'

/** The next thing to try in training, from what the desk says of its cases, seals and link; `done` once the centre has answered. */
export function trainingStep(given: {
  readonly cases: number
  readonly answered: boolean
  readonly waitingDocuments: number
  readonly linkOn: boolean
  readonly unsentCases: number
}): TrainingStep {
  const { cases, answered, waitingDocuments, linkOn, unsentCases } = given
  if (cases === 0) return 'receive'
  if (waitingDocuments > 0) return 'seal'
  if (!linkOn) return unsentCases === 0 ? 'receive-offline' : 'plug'
  if (answered) return 'done'
  return cases === 1 ? 'unplug' : 'answer'
}
