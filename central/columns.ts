/** The largest `integer` of PostgreSQL. */
export const largestInteger = 2 ** 31 - 1

/** A text column refuses NUL; what else is there is kept. */
export function printable(text: string): string {
  return text.replaceAll('\u0000', '')
}
