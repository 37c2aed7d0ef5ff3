import { shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import { maskIdNumber } from '../../../preload/contract/masking.ts'
import type { CasePaperKind } from '../../../preload/contract/papers.ts'
import type { FormInput, NoticeInput } from '../../pdf/documents/index.ts'
import { formParts, formSignatures } from './form-words.ts'
import type { PaperWords } from './paper-text.ts'
import { dayInWords, type PaperFacts } from './paper-values.ts'

/** What stands on every paper of a case beside its words. */
export type PaperFrame = {
  /** The entry of the 收件. */
  readonly entry: { readonly seq: number; readonly hash: string }
  readonly qrText: string
}

/** A paper that is neither receipt nor application form. */
export type NoticeKind = Exclude<CasePaperKind, 'receipt' | 'form'>

/** Who signs a paper by hand. */
const signers: Readonly<Record<NoticeKind, readonly string[]>> = {
  correction: ['申请人签收'],
  refusal: ['申请人签收'],
  acceptance: ['申请人签收'],
  laterPromise: ['承诺人签名（盖章）', '经办人'],
  informedPromise: ['承诺人签名（盖章）', '经办人'],
  closing: ['申请人签收'],
  delivery: ['领取人签收', '送达人'],
}

/** Puts words and facts of a case into what is drawn of a notice or promise. */
export function wordNotice(kind: NoticeKind, facts: PaperFacts, words: PaperWords, frame: PaperFrame): NoticeInput {
  return {
    ...common(facts, words, frame),
    passages: words.passages,
    facts: kind === 'delivery' ? deliveryFacts(facts) : [],
    signers: signers[kind],
    issuedOn: dayInWords(facts.now.toISOString()),
  }
}

/** Puts the answers of a case into what is drawn of its application form. `divisionName` names a division code in words. */
export function wordForm(
  facts: PaperFacts,
  words: PaperWords,
  frame: PaperFrame,
  divisionName: (code: string) => string,
): FormInput {
  const { received, standard } = facts
  return {
    ...common(facts, words, frame),
    parts: formParts(standard?.form, received.answers, divisionName),
    passages: words.passages,
    signatures: formSignatures(standard?.form, received.answers),
    receivedOn: dayInWords(received.receivedAtUtc),
  }
}

function common({ received, issuer, standard, now }: PaperFacts, { title }: PaperWords, { entry, qrText }: PaperFrame) {
  const { training: isTraining, localNumber: caseNumber } = received
  const { seq, hash } = entry
  const notes = standard?.sample === true ? [sampleNote] : []
  return { isTraining, issuer, title, caseNumber, notes, seq, hash, qrText, now }
}

const sampleNote = '本文书所用的事项标准是演练样例，材料和时限以广东政务服务网上当地现行的办事指南为准。'

function deliveryFacts({ received, standing, standard, windowName, clerk }: PaperFacts): NoticeInput['facts'] {
  const { delivered } = standing
  const results = standard?.results.map(({ name }) => name).join('、') ?? ''
  return [
    { label: '事项名称', value: received.matterName, wide: true, strong: true },
    { label: '申请人', value: received.applicant.name },
    { label: '身份证号', value: maskIdNumber(received.applicant.idNumber) },
    { label: '送达的结果', value: results, wide: true },
    { label: '领取人', value: delivered?.receiverName ?? '', strong: true },
    { label: '领取人证件', value: maskIdNumber(delivered?.receiverIdNumber ?? '') },
    { label: '送达时间', value: delivered === undefined ? '' : shanghaiTimeInWords(delivered.deliveredAtUtc) },
    { label: '送达地点', value: windowName },
    { label: '送达人', value: clerk, wide: true },
  ]
}
