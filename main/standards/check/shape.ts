import type { z } from 'zod'
import type { DocumentRefusal } from '../../../preload/contract/standards/documents.ts'
import { deepestDocument, largestDocumentBytes } from '../../../preload/contract/standards/documents.ts'
import { type Path, short, type Tell, valueAt } from './telling.ts'

type Issue = z.core.$ZodIssue

/** Tells why a text is no document at all. */
export function tellRefusal(refusal: DocumentRefusal, json: unknown, tell: Tell): void {
  if (refusal.why === 'shape') for (const issue of refusal.issues) tellIssue(issue, [], json, tell)
  else tell('must', [], ...refusalWords(refusal))
}

type Words = readonly [problem: string, remedy: string]

function refusalWords(refusal: Exclude<DocumentRefusal, { why: 'shape' }>): Words {
  switch (refusal.why) {
    case 'too-large': {
      const [size, most] = [Math.ceil(refusal.sizeBytes / 1024), largestDocumentBytes / 1024]
      return [`文件太大：${size} KB，最多 ${most} KB，没有读下去`, '去掉夹带的图片和附件；样表、空白表格只写名称或网址']
    }
    case 'too-deep':
      return [`括号套得太深，超过 ${deepestDocument} 层，没有读下去`, '这不像是事项标准；请从模板重新写']
    case 'not-utf8':
      return ['文件不是 UTF-8（可能存成了 GB18030），读出来是乱码', '用记事本打开，“另存为”时编码选 UTF-8']
    case 'not-json':
      return ['不是 JSON 文件，读不出来', '检查逗号、引号和括号是否成对；文件要存成 UTF-8']
    case 'half-character':
      return ['里面有半个字（残缺的字符），存不下也算不出校验值', '找到显示成方框或问号的地方，删去重新写']
    case 'doubled':
      return [`“${short(refusal.name)}”在同一处写了两遍，只有一遍会算数`, '删去一个；都要的，合在一起写']
    case 'unknown-kind':
      return [
        '看不出是哪一种文件',
        '事项标准要有 itemId；一件事和文书模板要写 kind（theme 或 template）；工作日历要有 years',
      ]
  }
}

function tellIssue(issue: Issue, base: Path, json: unknown, tell: Tell): void {
  const path: Path = [...base, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))]
  const value = valueAt(json, path)
  if (issue.code === 'invalid_union' && value !== undefined) {
    const branch = bestBranch(issue.errors, value)
    if (branch !== undefined) for (const inner of branch) tellIssue(inner, path, json, tell)
    else tell('must', path, `这里的写法不对：${inText(value)}`, '对照说明里这一项的写法改')
    return
  }
  const [problem, remedy] = value === undefined && issue.code !== 'unrecognized_keys' ? lacking : wordsOf(issue, value)
  tell('must', path, problem, remedy)
}

const lacking = ['没有填', '补上这一项'] as const

/** Of several shapes the one that the value was most likely meant to have: that with the fewest faults below it. */
function bestBranch(errors: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return errors
    .filter((branch) => branch.some(({ path }) => path.length > 0))
    .toSorted((a, b) => a.length - b.length)[0]
}

const typeWords: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '是（true）或否（false）',
  array: '列表',
  object: '一组字段',
  record: '一组字段',
}

function wordsOf(issue: Issue, value: unknown): Words {
  switch (issue.code) {
    case 'invalid_type':
      return [`应是${typeWords[issue.expected] ?? issue.expected}，现在是 ${inText(value)}`, '改成对的类型']
    case 'unrecognized_keys':
      return [`有不认识的字段：${listed(issue.keys)}`, '核对字段名；不需要的删去']
    case 'too_small':
      return [tooSmall(issue), '补足']
    case 'too_big':
      return [tooBig(issue), '缩短或改小']
    case 'invalid_value':
      return [`现在是 ${inText(value)}，不在可选的值里`, `只能写：${issue.values.map(String).map(quoted).join('、')}`]
    case 'invalid_format':
      return issue.format === 'date'
        ? [`${inText(value)} 不是日期`, '写成 年-月-日，如 2026-07-01']
        : [`${inText(value)} 的写法不对`, '对照说明里这一项的写法改']
    case 'custom':
      return [issue.message, '对照说明里这一项的写法改']
    default:
      return [`这里的写法不对：${inText(value)}`, '对照说明里这一项的写法改']
  }
}

/** Names in a line; of very many only the first. */
function listed(names: readonly string[]): string {
  const told = names.slice(0, 8).map(short).join('、')
  return names.length > 8 ? `${told}等 ${names.length} 个` : told
}

const unitOf = (origin: string) => (origin === 'string' ? '个字' : origin === 'array' ? '项' : '')

function tooSmall({ origin, minimum }: Extract<Issue, { code: 'too_small' }>): string {
  return origin === 'string' && minimum === 1 ? '没有填' : `至少要 ${minimum} ${unitOf(origin)}`.trim()
}

function tooBig({ origin, maximum }: Extract<Issue, { code: 'too_big' }>): string {
  return `最多 ${maximum} ${unitOf(origin)}`.trim()
}

const quoted = (text: string) => (text === '' ? '（留空）' : text)

function inText(value: unknown): string {
  if (value === undefined) return '空的'
  return `“${short(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))}”`
}
