// Owns: what the station's papers look like: the 收件凭证, notices and promises of a case, the filled-in 申请表, the 一次性告知单,
// the 用印登记, the 日清单, drawn on A4.
// Does not own: their words (main/features/documents), seals (../sealing), fonts (../drawing/fonts.ts).
// Start here: receipt.ts and notice.ts; paper.ts below them.
export { type ChecklistInput, drawChecklist } from './checklist.ts'
export { drawDay } from './day.ts'
export { drawForm, type FormInput, type FormPart } from './form.ts'
export { drawNotice, type NoticeInput } from './notice.ts'
export { picturesPdf } from './pictures.ts'
export { drawReceipt, type ReceiptInput, receiptSealPlace } from './receipt.ts'
export { drawRegister, type RegisterInput } from './register.ts'
