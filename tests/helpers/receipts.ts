// Owns: what stands on a receipt of a case that does not exist, for tests of how receipts look.
// Does not own: drawing it (main/pdf/documents).
// Start here: sampleReceipt.
import type { ReceiptInput } from '../../main/pdf/documents/index.ts'
import { organisation } from './seals.ts'

/** A receipt without materials, changed as asked. */
export const sampleReceipt = (changes: Partial<ReceiptInput>): ReceiptInput => ({
  isTraining: false,
  issuer: organisation,
  title: '收件凭证',
  caseNumber: '440282113201-1-20261123-0001',
  matterName: '临时救助',
  matterCode: 'SAMPLE',
  applicantName: '张三',
  idNumber: '440*************10',
  phone: '138******00',
  receivedAt: '2026年11月23日 15:04',
  receivedOn: '2026年11月23日',
  windowName: '窗口',
  clerk: '经办',
  materials: [],
  later: [],
  promised: '2026年12月21日前',
  limitSource: '标准',
  notes: ['告知。'],
  seq: 1,
  hash: 'a'.repeat(64),
  qrText: 'urn:cunchuang:receipt',
  now: new Date('2026-11-23T07:04:00Z'),
  ...changes,
})
