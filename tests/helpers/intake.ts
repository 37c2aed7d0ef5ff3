import type { Answers } from '../../preload/contract/entries.ts'
import { idCheckDigit } from '../../preload/contract/identity.ts'
import type { DeskUnderTest } from './desk.ts'

/** An identity number that is right by its digits and nobody's: its area code 999999 was never given out. */
export function inventedIdNumber(index: number, birthDate = '19400101'): string {
  const first = `999999${birthDate}${String(index % 1000).padStart(3, '0')}`
  return `${first}${idCheckDigit(first)}`
}

/** A mobile number that is nobody's. */
export function inventedPhone(index: number): string {
  return `199${String(index).padStart(8, '0')}`
}

/** Answers that make an 高龄津贴 draft complete. */
export function allowanceAnswers(index: number, changes: Answers = {}): Answers {
  const name = `测试${'甲乙丙丁戊己庚辛壬癸'[index % 10]}`
  return {
    name,
    idNumber: inventedIdNumber(index),
    sex: Number(inventedIdNumber(index)[16]) % 2 === 1 ? 'male' : 'female',
    birthDate: '1940-01-01',
    phone: inventedPhone(index),
    division: '440282113201',
    address: '测试路一号',
    householdHere: 'yes',
    bankName: '测试银行',
    bankAccountName: name,
    bankAccount: '6200000000000000',
    living: 'family',
    agent: 'no',
    ...changes,
  }
}

/** The matter that `allowanceAnswers` is for, and its necessary materials. */
export const allowance = {
  itemId: 'SAMPLE-GLJT',
  materials: ['household-register', 'id-card', 'bank-card', 'form'],
  later: 'photo',
} as const

/** A whole PNG of one pixel. */
export const smallPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** A draft that is ready for 收件. */
export async function readyDraft(desk: DeskUnderTest, sessionId: string, index: number): Promise<string> {
  const { draftId } = await desk.ask('drafts.create', { itemId: allowance.itemId }, sessionId)
  await desk.ask('drafts.save', { draftId, answers: allowanceAnswers(index) }, sessionId)
  for (const requirement of allowance.materials) {
    await desk.put({ draft: draftId, requirement, name: `${requirement}.png` }, smallPng, sessionId)
  }
  await desk.ask('drafts.promiseLater', { draftId, requirementId: allowance.later, later: true }, sessionId)
  return draftId
}
