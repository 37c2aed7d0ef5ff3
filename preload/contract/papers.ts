/** Papers of a case (文书): which there are, which bear a seal. Their words are `paperWords` (standards/code-words.ts). */

/** Every paper that is made of a received case. The 一次性告知单 is none of them: it belongs to a draft and is drawn anew each time. */
export const casePaperKinds = [
  'receipt',
  'correction',
  'refusal',
  'acceptance',
  'laterPromise',
  'informedPromise',
  'closing',
  'delivery',
  'form',
] as const

/** A paper of a case. */
export type CasePaperKind = (typeof casePaperKinds)[number]

/** Whether a paper waits for a seal: an application form (申请表) is the applicant's own and bears his signature alone. */
export function needsSeal(kind: CasePaperKind | 'own'): boolean {
  return kind !== 'form'
}
