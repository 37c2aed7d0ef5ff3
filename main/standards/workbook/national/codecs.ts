import type { Codec, ReadCell } from '../tables/codecs.ts'
import { isSpoiltCode, short, textOf } from '../tables/codecs.ts'
import { type Json, partOf } from '../tables/json-parts.ts'

/** How the national platform's tables write what a standard holds otherwise: codes for words, one text for a list. */

const textual = (read: (text: string, head: string) => ReadCell): Codec['read'] => {
  return (cell, head) => {
    const found = textOf(cell)
    return 'fault' in found ? found : read(found.text, head)
  }
}

/** A code: opaque text, which a spreadsheet must not have taken for a number. */
export const codeText: Codec = {
  kind: 'text',
  write: (value) => (typeof value === 'string' ? value : undefined),
  read(cell, head) {
    const found = textOf(cell)
    if ('fault' in found) return found
    const { text } = found
    if (cell.kind === 'number') return spoilt(`${head}“${short(text)}”是数字，不是文本：前面的 0 可能已经丢失`)
    return isSpoiltCode(text)
      ? spoilt(`${head}“${short(text)}”是被 Excel 变成了数字的编码，后面的位数已经丢失`)
      : { value: text }
  },
}

function spoilt(problem: string): ReadCell {
  return { fault: { problem, remedy: '照原来的编码重新填写；打开 CSV 前先把这一列设为“文本”格式' } }
}

/** A town's or a village's code: it begins with no zero and has twelve digits at most, so that as a number it has lost nothing. */
export const divisionCode: Codec = {
  ...codeText,
  read(cell, head, is1904) {
    const found = cell.kind === 'number' ? textOf(cell) : undefined
    return found !== undefined && 'text' in found ? { value: found.text } : codeText.read(cell, head, is1904)
  },
}

/** A town's code: nine digits, also where three zeros follow for a village that is none. */
export const townCode: Codec = {
  ...divisionCode,
  read(cell, head, is1904) {
    const read = divisionCode.read(cell, head, is1904)
    const code = 'value' in read ? String(read.value) : ''
    return /^\d{9}000$/u.test(code) ? { value: code.slice(0, 9) } : read
  },
}

/** A code set that is written by its codes, not its words. */
export function coded(
  words: Readonly<Record<string, string>>,
  codec: (words: Readonly<Record<string, string>>) => Codec,
): Codec {
  const { read } = codec(words)
  return {
    kind: 'text',
    read,
    write(value) {
      if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(',')
      return value === '' || typeof value === 'object' ? undefined : String(value)
    },
  }
}

/** 1 and 0 for yes and no. */
export function yesCode({ read }: Codec): Codec {
  return { kind: 'text', read, write: (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : undefined) }
}

const linesOf = (text: string) =>
  text
    .split(/\n|(?<=[；;])/u)
    .map((line) => line.trim())
    .filter((line) => line !== '')

const joined = (value: Json, part: (one: Json) => string): string | undefined =>
  Array.isArray(value) && value.length > 0 ? value.map(part).join('\n') : undefined

/** Texts, one a line or with 、 between them. */
export const listLines: Codec = {
  kind: 'text',
  write: (value) => joined(value, String),
  read: textual((text) => ({
    value: text
      .split(/\n/u)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  })),
}

/** 设定依据 as one text: each line a law. */
export const lawLines: Codec = {
  kind: 'text',
  write: (value) =>
    joined(value, (law) =>
      ['title', 'number', 'clause', 'content']
        .map((name) => partOf(law, name))
        .filter((part) => typeof part === 'string' && part !== '')
        .join(' '),
    ),
  read: textual((text) => ({
    value: linesOf(text).map((line) =>
      [...line].length > 200 ? { title: '设定依据', clause: '', content: line } : { title: line, clause: '' },
    ),
  })),
}

/** 受理条件 as one text: each line a condition. */
export const conditionLines: Codec = {
  kind: 'text',
  write: (value) => joined(value, (condition) => String(partOf(condition, 'text') ?? '')),
  read: textual((text) => ({ value: linesOf(text).map((line, at) => ({ id: `condition-${at + 1}`, text: line })) })),
}

/** A list whose first part is told by one text; 无 is none. */
export function firstOf(name: string, more: Readonly<Record<string, string>>): Codec {
  return {
    kind: 'text',
    write: (value) => joined(value, (one) => String(partOf(one, name) ?? '')),
    read: textual((text) => ({
      value: /^(?:无|没有|\/|-)$/u.test(text) ? [] : linesOf(text).map((line) => ({ [name]: line, ...more })),
    })),
  }
}
