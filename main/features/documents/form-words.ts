import { dateInWords } from '../../../preload/contract/calendar.ts'
import type { Answers } from '../../../preload/contract/entries.ts'
import { isRealDate } from '../../../preload/contract/identity.ts'
import type { MatterStandard, StandardForm } from '../../../preload/contract/standard.ts'
import { isSignature, signedOnPaper } from '../../../preload/contract/standards/signature.ts'
import type { FormInput, FormPart } from '../../pdf/documents/index.ts'
import {
  asObject,
  type Json,
  type JsonObject,
  propertiesOf,
  type Question,
  questionsOf,
} from '../../standards/form/questions.ts'

type Fact = Extract<FormPart, { facts: unknown }>['facts'][number]

/** So long a value gets a row of its own. */
const shortValue = 18

/**
 * The answers of an application form in the groups, order and words of its standard: a grid a group, a table for each list of
 * rows. A question that depends on another answer and was not asked is left out; answers that the form does not know stay.
 */
export function formParts(
  form: MatterStandard['form'] | undefined,
  answers: Answers,
  divisionName: (code: string) => string,
): FormPart[] {
  const questions = form === undefined ? [] : questionsOf(form)
  const parts: FormPart[] = []
  let facts: Fact[] = []
  let group = ''
  const begin = (title: string) => {
    group = title
    facts = []
    parts.push({ title, facts })
  }
  for (const question of questions.filter((one) => isShown(one, form, answers))) {
    const value = at(answers, question.path)
    if (isTable(question)) {
      parts.push(tableOf(question, questions, value, divisionName))
      group = ''
      continue
    }
    const title = question.group || group || '填写内容'
    if (title !== group || parts.length === 0) begin(title)
    const text = inWords(question.schema, question.widget, value, divisionName)
    facts.push({ label: question.title, value: text, wide: question.widget === 'textarea' || text.length > shortValue })
  }
  const strangers = strangersOf(form, answers)
  if (strangers.length > 0) parts.push({ title: '其他内容', facts: strangers })
  return parts.filter((part) => !('facts' in part) || part.facts.length > 0)
}

/** The signatures of a form as they were drawn; a form that asks for none has a line to sign on. */
export function formSignatures(form: MatterStandard['form'] | undefined, answers: Answers): FormInput['signatures'] {
  const asked = (form === undefined ? [] : questionsOf(form)).filter(
    (one) => one.widget === 'signature' && !one.path.includes('*') && isShown({ ...one, widget: '' }, form, answers),
  )
  if (asked.length === 0) return [{ label: '申请人签名', strokes: '', words: '' }]
  return asked.map(({ title, path }) => {
    const value = at(answers, path)
    const isDrawn = typeof value === 'string' && value !== signedOnPaper && isSignature(value)
    return {
      label: title,
      strokes: isDrawn ? value : '',
      words: value === signedOnPaper ? '已在纸质表上签名' : '',
    }
  })
}

/** Parts of tables and groups are told with them, signatures below the form. */
function isShown({ path, schema, widget }: Question, form: StandardForm | undefined, answers: Answers): boolean {
  const names = path.split('/').slice(1)
  if (names.includes('*') || widget === 'signature') return false
  if (schema.type === 'object') return false
  const [first = ''] = names
  const always = asObject(asObject(form?.schema).properties)
  return first in always || answers[first] !== undefined
}

const isTable = ({ schema }: Question): boolean =>
  schema.type === 'array' && Object.keys(propertiesOf(asObject(schema.items))).length > 0

function tableOf(
  table: Question,
  questions: readonly Question[],
  value: Json | undefined,
  divisionName: (code: string) => string,
): FormPart {
  const start = `${table.path}/*/`
  const columns = questions.filter(({ path }) => path.startsWith(start) && !path.slice(start.length).includes('/'))
  const rows = Array.isArray(value) ? value.map(asObject) : []
  return {
    title: table.title,
    columns: columns.map(({ title }) => title.split('·').at(-1) ?? title),
    rows: rows.map((row) =>
      columns.map(({ path, schema, widget }) => inWords(schema, widget, row[path.slice(start.length)], divisionName)),
    ),
  }
}

function at(answers: JsonObject, path: string): Json | undefined {
  let found: Json | undefined = answers
  for (const name of path.split('/').slice(1)) found = asObject(found)[name]
  return found
}

/** A value as its question names it: the words of a choice, a date, a village's name, else as it was typed. */
function inWords(
  schema: JsonObject,
  widget: string,
  value: Json | undefined,
  divisionName: (code: string) => string,
): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value))
    return value.map((item) => inWords(asObject(schema.items), widget, item, divisionName)).join('、')
  if (typeof value === 'object') return JSON.stringify(value)
  const choices = Array.isArray(schema.oneOf) ? schema.oneOf.map(asObject) : []
  const chosen = choices.find((choice) => choice.const === value)
  if (typeof chosen?.title === 'string') return chosen.title
  const text = String(value).trim()
  if (widget === 'signature') return text === '' ? '' : '已签名'
  if (schema.format === 'date' && isRealDate(text)) return dateInWords(text)
  return widget === 'division' ? divisionName(text) : text
}

function strangersOf(form: StandardForm | undefined, answers: Answers): Fact[] {
  const known = propertiesOf(asObject(form?.schema))
  return Object.entries(answers)
    .filter(([name]) => !(name in known))
    .map(([name, value]) => ({ label: name, value: inWords({}, '', value, (code) => code), wide: true }))
}
