import { dateInWords } from '../../../preload/contract/calendar.ts'
import { isRealDate } from '../../../preload/contract/identity.ts'

/** What people type, made into what is stored. Pure. */

/** Digits alone, full-width ones made plain. */
export const digitsOf = (text: string): string => text.normalize('NFKC').replaceAll(/\D/g, '')

/**
 * A typed date as YYYY-MM-DD: eight digits, or year, month and day with anything between them. Null for what is no
 * real day.
 *
 * @example dateFromTyped('19480512') // '1948-05-12'; so are '1948.5.12' and '1948年5月12日'
 */
export function dateFromTyped(text: string): string | null {
  const plain = text.normalize('NFKC').trim()
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ?? /^(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*$/.exec(plain)
  if (parts === null) return null
  const [, year = '', month = '', day = ''] = parts
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isRealDate(date) ? date : null
}

/**
 * A stored date as it is read; what is no date stays as it was typed.
 *
 * @example dateInChinese('1948-05-12') // '1948年5月12日'
 */
export function dateInChinese(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? dateInWords(text) : text
}

/** An account number in groups of four for reading aloud. */
export const groupedByFour = (digits: string): string => digits.replaceAll(/(.{4})(?=.)/g, '$1 ')
