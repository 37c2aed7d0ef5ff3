/** Who somebody is on paper: identity numbers (GB 11643), organisation codes (GB 32100), telephone numbers. Pure rules for desk and window. */

/** Why an identity number is not one. */
export type IdNumberFault = 'length' | 'digits' | 'date' | 'check'

/** What an identity number says, or why it is none. Dates are YYYY-MM-DD. */
export type IdNumberCheck =
  | {
      readonly ok: true
      readonly birthDate: string
      readonly sex: 'male' | 'female'
      /** The first six digits: where the number was first given out. */
      readonly divisionCode: string
    }
  | { readonly ok: false; readonly why: IdNumberFault }

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const idCheckDigits = '10X98765432'

/** An identity number as it is stored: without spaces, full-width digits made plain, a final x in upper case. */
export function normaliseIdNumber(text: string): string {
  return text.normalize('NFKC').replaceAll(/[\s-]/gu, '').toUpperCase()
}

/** The check digit (GB 11643, ISO 7064 MOD 11-2) of seventeen digits; undefined for anything else. */
export function idCheckDigit(first17: string): string | undefined {
  if (!/^\d{17}$/.test(first17)) return undefined
  const sum = idWeights.reduce((total, weight, at) => total + weight * Number(first17[at]), 0)
  return idCheckDigits[sum % 11]
}

/**
 * Checks an 18-digit identity number: length, digits, a real birth date from 1900 that is not after `today`
 * (YYYY-MM-DD), check digit; the first fault found is told. A 15-digit number of before 1999 is refused as `length`.
 *
 * @example checkIdNumber('11010519491231002X', '2026-11-23') // { ok: true, birthDate: '1949-12-31', sex: 'female', … }
 */
export function checkIdNumber(text: string, today: string): IdNumberCheck {
  const number = normaliseIdNumber(text)
  if (number.length !== 18) return { ok: false, why: 'length' }
  if (!/^\d{17}[\dX]$/.test(number)) return { ok: false, why: 'digits' }
  const birthDate = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  if (!isRealDate(birthDate) || birthDate < '1900-01-01' || birthDate > today) return { ok: false, why: 'date' }
  if (idCheckDigit(number.slice(0, 17)) !== number[17]) return { ok: false, why: 'check' }
  const sex = Number(number[16]) % 2 === 1 ? 'male' : 'female'
  return { ok: true, birthDate, sex, divisionCode: number.slice(0, 6) }
}

/** A fault in words for the person who typed the number; tells a 15-digit number apart. */
export function idNumberFaultInWords(text: string, why: IdNumberFault): string {
  const number = normaliseIdNumber(text)
  switch (why) {
    case 'length':
      if (/^\d{15}$/.test(number)) return '这是 15 位的旧号码，已经停用，请按现在的身份证填 18 位'
      return `应为 18 位，现在是 ${number.length} 位`
    case 'digits':
      return '前 17 位应全是数字，最后一位是数字或 X'
    case 'date':
      return '第 7 到 14 位不是可能的出生日期'
    case 'check':
      return '最后一位与前面的数字对不上，有一位抄错了'
  }
}

const creditCodeAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/**
 * Whether a text is a unified social credit code (GB 32100): 18 characters of an alphabet without I O S V Z, weights
 * 3^i mod 31. Not for department codes of matter standards: real ones fail this check.
 */
export function isCreditCode(text: string): boolean {
  const code = text.normalize('NFKC').trim().toUpperCase()
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code)) return false
  let sum = 0
  let weight = 1
  for (const character of code.slice(0, 17)) {
    sum += weight * creditCodeAlphabet.indexOf(character)
    weight = (weight * 3) % 31
  }
  return creditCodeAlphabet[(31 - (sum % 31)) % 31] === code[17]
}

/** A telephone number as it is stored: plain digits; a landline keeps one hyphen after its area code. */
export function normalisePhone(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[\s()]/gu, '')
    .replace(/^\+?86-?(?=1[3-9]\d)/, '')
  const mobile = plain.replaceAll('-', '')
  if (/^1[3-9]\d{9}$/.test(mobile)) return mobile
  const landline = /^(010|02\d|0[3-9]\d{2})-?(\d{7,8})$/.exec(plain)
  return landline === null ? plain : `${landline[1]}-${landline[2]}`
}

/** Whether a text is a mobile number (1[3-9] and nine digits) or a landline with its area code (0751-xxxxxxx). */
export function isPhone(text: string): boolean {
  return /^1[3-9]\d{9}$|^(010|02\d|0[3-9]\d{2})-\d{7,8}$/.test(normalisePhone(text))
}

/** Full years lived on a day (both YYYY-MM-DD): the birthday counts. Negative for a birth in the future. */
export function ageOn(birthDate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years
}

/** Whether YYYY-MM-DD names a day of the calendar. */
export function isRealDate(date: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (parts === null) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  const time = new Date(Date.UTC(2000, month - 1, day))
  time.setUTCFullYear(year, month - 1, day)
  return time.getUTCMonth() === month - 1 && time.getUTCDate() === day && time.getUTCFullYear() === year
}
