import type { Answers } from '../../preload/contract/entries.ts'
import { inventedIdNumber, inventedPhone } from './intake.ts'

const idNumber = inventedIdNumber(7)

/** Answers that make a draft of the sample theme 残疾人服务一件事 complete but for its materials; nobody's. */
export const disabilityAnswers: Answers = {
  ...{ name: '演练甲', idNumber, birthDate: '1940-01-01', phone: inventedPhone(7) },
  sex: Number(idNumber[16]) % 2 === 1 ? 'male' : 'female',
  ...{ householdHere: 'yes', householdGuangdong: 'yes', division: '440282113201', address: '演练组1号' },
  ...{ disabilityNumber: `${idNumber}21`, disabilityKind: 'limb', disabilityLevel: '2' },
  ...{ lastAssessedOn: '2020-01-01', hasProof: 'no', changed: '行动更不便', agent: 'no' },
  ...{ subsidyKind: 'both', lowIncome: 'low' },
  ...{ bankName: '演练信用社', bankAccountName: '演练甲', bankAccount: '6222020000000000' },
}

/** The materials that the theme needs: its ids for them. The card is both matters', the rest one's own. */
export const disabilityMaterials = {
  shared: 'disability-card',
  ofCard: ['SAMPLE-CJZ:form', 'SAMPLE-CJZ:assessment'],
  ofSubsidies: ['SAMPLE-CJBT:id-card', 'SAMPLE-CJBT:household-register', 'SAMPLE-CJBT:bank-card'],
  later: 'SAMPLE-CJBT:low-income-proof',
} as const
