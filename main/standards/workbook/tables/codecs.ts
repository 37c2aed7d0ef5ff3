import { deepestDocument, largestDocumentBytes, nestsDeeper } from '../../../../preload/contract/standards/documents.ts'
import { isXmlText } from '../package/xml.ts'
import type { CellValue, Written } from '../sheets/cells.ts'
import { dayOfCell } from './days.ts'
import { isSame, type Json } from './json-parts.ts'

/** How a value stands in a cell, and how a cell that anybody filled in is read. */

/** What is wrong with a cell. */
export type CellFault = { readonly problem: string; readonly remedy: string }
/** What a cell was read as. */
export type ReadCell = { readonly value: Json } | { readonly fault: CellFault }

/** One way of writing. */
export type Codec = {
  /** What goes into the cell; undefined where a cell cannot say this value. */
  write(value: Json): Written | undefined
  /** Reads a cell that holds something. `head` is the column's head, for the words. */
  read(cell: CellValue, head: string, is1904: boolean): ReadCell
  readonly kind: 'text' | 'number' | 'json'
  /** Words of a list to choose from. */
  readonly choices?: readonly string[]
}

const fault = (problem: string, remedy: string): ReadCell => ({ fault: { problem, remedy } })
/** Digits of a number that Excel keeps; those behind become zeros. */
const keptDigits = 15

/** A cell's text without outer spaces, or why it has none that can be trusted. */
export function textOf(cell: CellValue): { readonly text: string } | { readonly fault: CellFault } {
  const wrong = (problem: string, remedy: string) => ({ fault: { problem, remedy } })
  switch (cell.kind) {
    case 'text':
      return { text: cell.text.trim() }
    case 'boolean':
      return { text: cell.value ? '是' : '否' }
    case 'error':
      return wrong(`单元格里是错误值 ${cell.text}`, '删去，重新填写')
    case 'formula':
      return wrong('单元格里是公式，没有读取', '复制这一格，用“选择性粘贴—值”贴回原处')
    case 'number':
      return numberText(cell, wrong)
  }
}

function numberText(
  { raw, isDate }: Extract<CellValue, { kind: 'number' }>,
  wrong: (problem: string, remedy: string) => { readonly fault: CellFault },
) {
  if (isDate) return wrong('Excel 把它变成了日期，这里要填文字', '把单元格设为“文本”格式，再重新填写')
  const value = Number(raw)
  const digits = raw.replace(/e.*$/iu, '').replaceAll(/\D/gu, '').replace(/^0+/u, '')
  if (!Number.isFinite(value)) return wrong(`“${raw.slice(0, 20)}”不是数字`, '重新填写')
  if (Number.isInteger(value) && Math.abs(value) >= 10 ** keptDigits)
    return wrong(`Excel 把长编码变成了数字，第 ${keptDigits} 位以后已经丢失`, asTextAgain)
  // 0.1 + 0.2 in a cell is 0.30000000000000004: Excel shows fifteen digits.
  return { text: digits.length > keptDigits ? String(Number(value.toPrecision(keptDigits))) : String(value) }
}

/** Text in a cell reads back as it was written: no outer spaces, nothing that a workbook cannot hold. */
export function isCellText(text: string): boolean {
  return text !== '' && text === text.trim() && isXmlText(text) && !text.startsWith(longMark)
}

/** How a cell begins whose text lies on the sheet for long texts. */
export const longMark = '→长内容'

function reading(read: (text: string, head: string) => ReadCell): Codec['read'] {
  return (cell, head) => {
    const found = textOf(cell)
    return 'fault' in found ? found : read(found.text, head)
  }
}

/** A codec whose cells are only written where they read back as the same value. */
function exact(codec: Codec, isDateToo = false): Codec {
  return {
    ...codec,
    write(value) {
      const written = codec.write(value)
      if (written === undefined || (typeof written === 'string' && !isCellText(written))) return undefined
      const cell: CellValue =
        typeof written === 'number'
          ? { kind: 'number', raw: String(written), isDate: isDateToo }
          : { kind: 'text', text: written }
      const back = codec.read(cell, '', false)
      return 'value' in back && isSame(back.value, value) ? written : undefined
    },
  }
}

const asText = (value: Json) => (typeof value === 'string' ? value : undefined)

/** Any text. */
export const text: Codec = exact({ kind: 'text', write: asText, read: reading((value) => ({ value })) })

/** What a spreadsheet has made of a long code: `4.41E+17`. */
export function isSpoiltCode(value: string): boolean {
  return /^\d(?:\.\d+)?E\+\d+$/iu.test(value)
}

const asTextAgain = '把单元格设为“文本”格式，再照原来的编码重新填写'

/** A code: opaque text. One that stands as a number has lost what a number does not keep: zeros before it, digits behind the fifteenth. */
export const code: Codec = exact({
  kind: 'text',
  write: asText,
  read(cell, head, is1904) {
    const read = text.read(cell, head, is1904)
    if (!('value' in read)) return read
    if (cell.kind === 'number')
      return fault(`${head}“${short(String(read.value))}”是数字，不是文本：前面的 0 可能已经丢失`, asTextAgain)
    if (isSpoiltCode(String(read.value)))
      return fault(`${head}“${short(String(read.value))}”是被 Excel 变成了数字的编码，后面的位数已经丢失`, asTextAgain)
    return read
  },
})

/** One text a line. */
export const lines: Codec = exact({
  kind: 'text',
  write: (value) => (Array.isArray(value) && value.every(isLine) ? value.join('\n') : undefined),
  read: reading((value) => ({
    value: value
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  })),
})

const isLine = (value: Json) => typeof value === 'string' && value !== '' && !value.includes('\n')

/** Codes without spaces: one a line, or with commas between. */
export const codeList: Codec = exact({
  kind: 'text',
  write: (value) =>
    Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join('\n') : undefined,
  read: reading((value) => ({ value: value.split(/[\s,，、;；]+/u).filter((code) => code !== '') })),
})

/** A whole number. */
export const wholeNumber: Codec = exact({
  kind: 'number',
  write: (value) => (typeof value === 'number' ? value : undefined),
  read: reading((value, head) => {
    const isWhole = /^-?\d{1,9}$/u.test(value)
    return isWhole ? { value: Number(value) } : fault(`${head}要填整数，现在是“${short(value)}”`, '改成整数，不写单位')
  }),
})

/** Any number. */
export const anyNumber: Codec = exact({
  kind: 'number',
  write: (value) => (typeof value === 'number' ? value : undefined),
  read: reading((value, head) => {
    const isNumber = /^-?\d{1,15}(?:\.\d{1,15})?$/u.test(value)
    return isNumber ? { value: Number(value) } : fault(`${head}要填数字，现在是“${short(value)}”`, '改成数字，不写单位')
  }),
})

const yesWords = new Set(['是', 'true', '1', '有', 'y', 'yes', '√'])
const noWords = new Set(['否', 'false', '0', '无', 'n', 'no', '×'])

/** 是 or 否. */
export const yesNo: Codec = exact({
  kind: 'text',
  choices: ['是', '否'],
  write: (value) => (typeof value === 'boolean' ? (value ? '是' : '否') : undefined),
  read: reading((value, head) => {
    if (yesWords.has(value.toLowerCase())) return { value: true }
    return noWords.has(value.toLowerCase())
      ? { value: false }
      : fault(`${head}只能填 是、否`, '改成 是 或 否；不知道的留空')
  }),
})

/** A day. */
export const day: Codec = exact({
  kind: 'text',
  write: asText,
  read(cell, head, is1904) {
    const found = dayOfCell(cell, is1904)
    if (found !== undefined) return { value: found }
    const read = cell.kind === 'number' ? { text: cell.raw } : textOf(cell)
    if ('fault' in read) return read
    return fault(`${head}要填日期，“${short(read.text)}”不是日历上有的日期`, '写成 年-月-日，如 2026-07-01')
  },
})

/** Any JSON value as its text. */
export const json: Codec = {
  kind: 'json',
  write: (value) =>
    JSON.stringify(value).replaceAll(
      /[\u007f-\u009f\ufffe\uffff]/gu,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  read: reading((value, head) => {
    if (value.length > largestDocumentBytes) return fault(`${head}的内容太大`, '缩短')
    if (nestsDeeper(value, deepestDocument)) return fault(`${head}的括号套得太深`, `最多 ${deepestDocument} 层`)
    try {
      return { value: JSON.parse(value) as Json }
    } catch {
      return fault(`${head}不是 JSON，读不出来`, '检查逗号、英文引号和括号是否成对；不会写的，从导出的工作簿里照抄')
    }
  }),
}

/**
 * One of a code set, written by its word; code and word are both read, as is `1 必要`.
 * @param isNumber whether the code is a number in the document.
 */
export function choice(words: Readonly<Record<string, string>>, isNumber = false): Codec {
  const codes = orderedCodes(words)
  const find = (value: string) => codeOf(words, codes, value)
  return exact({
    kind: 'text',
    choices: codes.map((code) => words[code] ?? ''),
    write: (value) => (Object.hasOwn(words, String(value)) ? words[String(value)] : undefined),
    read: reading((value, head) => {
      const code = find(value)
      if (code === undefined) return fault(mayOnly(head, words, codes), `现在是“${short(value)}”；从下拉列表里选`)
      return { value: isNumber ? Number(code) : code }
    }),
  })
}

/** Several of a code set, with 、 between their words. */
export function choices(words: Readonly<Record<string, string>>): Codec {
  const codes = orderedCodes(words)
  return exact({
    kind: 'text',
    write: (value) =>
      Array.isArray(value) ? value.map((code) => words[String(code)] ?? String(code)).join('、') : undefined,
    read: reading((value, head) => {
      const given = value.split(/[\s,，、;；]+/u).filter((part) => part !== '')
      const found = given.map((part) => codeOf(words, codes, part))
      const wrong = given.find((_, at) => found[at] === undefined)
      if (wrong !== undefined)
        return fault(mayOnly(head, words, codes), `“${short(wrong)}”不在其中；几个之间用顿号隔开`)
      return { value: [...new Set(found.filter((code) => code !== undefined))] }
    }),
  })
}

/** JavaScript lists names like 20 before names like 01. */
function orderedCodes(words: Readonly<Record<string, string>>): string[] {
  const codes = Object.keys(words)
  return codes.every((code) => /^\d+$/u.test(code)) ? codes.toSorted((a, b) => Number(a) - Number(b)) : codes
}

function codeOf(words: Readonly<Record<string, string>>, codes: readonly string[], value: string): string | undefined {
  const plain = value.replaceAll(/\s+/gu, ' ')
  return codes.find((code) => {
    const word = words[code] ?? ''
    // A number that lost its leading zero is the same code.
    return [code, word, `${code} ${word}`, `${code}${word}`].includes(plain) || code.replace(/^0+(?=.)/u, '') === plain
  })
}

/** Codes as people write them: of numbers and words both, where the code is a number. */
function mayOnly(head: string, words: Readonly<Record<string, string>>, codes: readonly string[]): string {
  const told = codes.map((code) => words[code] ?? '').join('、')
  return codes.every((code) => /^\d+$/u.test(code))
    ? `${head}只能填 ${codes.join('、')}（${told}）`
    : `${head}只能填 ${told}`
}

/** A text of at most 30 characters in one line. */
export function short(text: string): string {
  const plain = [...text.replaceAll(/\s+/gu, ' ').trim()]
  return plain.length > 30 ? `${plain.slice(0, 29).join('')}…` : plain.join('')
}
