// Owns: what the station's papers look like: the 收件凭证, the 一次性告知单, the 用印登记, the 日清单, drawn on A4.
// Does not own: their words (main/features/documents), seals (../sealing), fonts (../drawing/fonts.ts).
// Start here: receipt.ts; paper.ts below it.
export { type ChecklistInput, drawChecklist } from './checklist.ts'
export { drawDay } from './day.ts'
export { picturesPdf } from './pictures.ts'
export { drawReceipt, type ReceiptInput, receiptSealPlace } from './receipt.ts'
export { drawRegister, type RegisterInput } from './register.ts'
