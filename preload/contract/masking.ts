/** Personal data on screen and in lists: the least that lets a clerk tell two people apart. The whole value is shown by a reveal, which is an entry. */

const hidden = '*'

/** `张*`, `欧***` for a name of four: the first character stays, each other character becomes a star. A single character is kept. */
export function maskName(name: string): string {
  const [first = '', ...rest] = [...name.trim()]
  return first + hidden.repeat(rest.length)
}

/** `440*************34`: first three and last two; short texts are hidden whole. */
export function maskIdNumber(idNumber: string): string {
  return maskMiddle(idNumber.trim(), 3, 2)
}

/** `138******34`; a landline keeps its area code and last two digits: `0751-*****21`. */
export function maskPhone(phone: string): string {
  const text = phone.trim()
  const hyphen = text.indexOf('-')
  return hyphen > 0 ? `${text.slice(0, hyphen + 1)}${maskMiddle(text.slice(hyphen + 1), 0, 2)}` : maskMiddle(text, 3, 2)
}

/** `621*************90`: account numbers, first three and last two. */
export function maskAccount(account: string): string {
  return maskMiddle(account.replaceAll(/\s/gu, ''), 3, 2)
}

function maskMiddle(text: string, first: number, last: number): string {
  const characters = [...text]
  if (characters.length <= first + last + 1) return hidden.repeat(characters.length)
  const middle = hidden.repeat(characters.length - first - last)
  return characters.slice(0, first).join('') + middle + characters.slice(-last).join('')
}
