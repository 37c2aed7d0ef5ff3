import { refusal } from './refusal.ts'

/**
 * The part of XML 1.0 that workbooks are made of, read event by event and written. No document type, no entities but the
 * five of XML itself, no processing; names without their prefix. What is beyond that is refused.
 */

/** What stands next in a text. */
export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: string; readonly isEmpty: boolean }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }

/** How deep elements may nest. */
const deepest = 64
const longestTag = 8192
const space = /[ \t\r\n]/u

/** Reads events of an XML text in order. Throws WORKBOOK_REFUSED: `entities` for a document type or an unknown entity, `damaged`. */
export class XmlReader {
  readonly #text: string
  #at = 0
  readonly #open: string[] = []

  constructor(bytes: Buffer) {
    this.#text = decode(bytes)
  }

  /** The next event; undefined at the end. White space between elements counts as text. */
  next(): XmlEvent | undefined {
    const text = this.#text
    while (this.#at < text.length) {
      if (text[this.#at] !== '<') return this.#readText()
      const second = text[this.#at + 1]
      if (second === '?') this.#skipTo('?>')
      else if (second === '!') {
        const found = this.#declaration()
        if (found !== undefined) return found
      } else return second === '/' ? this.#readClose() : this.#readOpen()
    }
    if (this.#open.length > 0) throw refusal('damaged')
    return undefined
  }

  #readText(): XmlEvent {
    const next = this.#text.indexOf('<', this.#at)
    const end = next === -1 ? this.#text.length : next
    const raw = this.#text.slice(this.#at, end)
    this.#at = end
    return { kind: 'text', text: unescapeXml(raw) }
  }

  #declaration(): XmlEvent | undefined {
    if (this.#text.startsWith('<!--', this.#at)) {
      this.#skipTo('-->')
      return undefined
    }
    if (!this.#text.startsWith('<![CDATA[', this.#at)) throw refusal('entities')
    const end = this.#text.indexOf(']]>', this.#at)
    if (end === -1) throw refusal('damaged')
    const text = this.#text.slice(this.#at + 9, end)
    this.#at = end + 3
    return { kind: 'text', text }
  }

  #readClose(): XmlEvent {
    const end = this.#endOfTag()
    const name = localName(this.#text.slice(this.#at + 2, end).trimEnd())
    if (this.#open.pop() !== name) throw refusal('damaged')
    this.#at = end + 1
    return { kind: 'close', name }
  }

  #readOpen(): XmlEvent {
    const end = this.#endOfTag()
    const isEmpty = this.#text[end - 1] === '/'
    const inner = this.#text.slice(this.#at + 1, isEmpty ? end - 1 : end)
    const cut = inner.search(space)
    const name = localName(cut === -1 ? inner : inner.slice(0, cut))
    if (name === '') throw refusal('damaged')
    if (!isEmpty && this.#open.push(name) > deepest) throw refusal('damaged')
    this.#at = end + 1
    return { kind: 'open', name, attributes: cut === -1 ? '' : inner.slice(cut), isEmpty }
  }

  /** Where the tag's `>` stands: one within a quoted value does not end it. */
  #endOfTag(): number {
    const { length } = this.#text
    let quote = ''
    for (let at = this.#at + 1; at < length && at - this.#at < longestTag; at++) {
      const character = this.#text[at] ?? ''
      if (quote !== '') {
        if (character === quote) quote = ''
      } else if (character === '"' || character === "'") quote = character
      else if (character === '>') return at
      else if (character === '<') break
    }
    throw refusal('damaged')
  }

  #skipTo(mark: string): void {
    const end = this.#text.indexOf(mark, this.#at)
    if (end === -1) throw refusal('damaged')
    this.#at = end + mark.length
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw refusal('damaged', cause)
  }
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1)

/** Attributes of a tag by their names without prefix. One way through, however a tag is written. Throws WORKBOOK_REFUSED. */
export function attributesOf(raw: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let at = 0
  for (;;) {
    const equals = raw.indexOf('=', at)
    if (equals === -1) return found
    const name = raw.slice(at, equals).trim()
    at = equals + 1
    while (space.test(raw[at] ?? '')) at++
    const quote = raw[at] ?? ''
    const end = quote === '"' || quote === "'" ? raw.indexOf(quote, at + 1) : -1
    if (end === -1) throw refusal('damaged')
    found.set(localName(name), unescapeXml(raw.slice(at + 1, end)))
    at = end + 1
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' }

function unescapeXml(text: string): string {
  // XML 1.0 §2.11: line ends are one character, however they were written.
  const plain = text.includes('\r') ? text.replaceAll(/\r\n?/gu, '\n') : text
  if (!plain.includes('&')) return plain
  return plain.replaceAll(/&([^;&]{0,32});?/gu, (whole, name: string) => {
    const code = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/iu.exec(name)
    const point = code === null ? Number.NaN : code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16)
    const value = Object.hasOwn(entities, name) ? entities[name] : undefined
    if (whole.endsWith(';') && value !== undefined) return value
    // XML 1.0 §4.1: halves of characters and what lies beyond all of them are no characters.
    const isHalf = point >= 0xd800 && point <= 0xdfff
    if (whole.endsWith(';') && point > 0 && point <= 0x10ffff && !isHalf) return String.fromCodePoint(point)
    throw refusal('entities')
  })
}

const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

/** A text as it stands in an element or an attribute. It must hold characters of XML alone (`isXmlText`). */
export function escapeXml(text: string): string {
  return text.replaceAll(/[<>&"]/gu, (character) => escapes[character] ?? character)
}

/** Whether XML can hold a text and gives it back: no control characters but tab and line feed, no halves of characters. */
export function isXmlText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
  return !/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(text)
}
