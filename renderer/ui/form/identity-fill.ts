import { dateInWords } from '../../../preload/contract/calendar.ts'
import { ageOn, checkIdNumber, idNumberFaultInWords } from '../../../preload/contract/identity.ts'

/** JSON Schema of one answer, as far as the window looks into it. */
export type AnswerSchema = { readonly [keyword: string]: unknown }

/** Which answers an identity number can fill, by property name; undefined where the form does not ask for it. */
export type FilledNames = {
  readonly idNumber: string
  readonly birthDate?: string | undefined
  readonly sex?: string | undefined
}

/** How a form writes male and female: its own two enum values. */
export function sexValue(schema: AnswerSchema, sex: 'male' | 'female'): string | undefined {
  const words = sex === 'male' ? ['男', '男性', 'male', '1'] : ['女', '女性', 'female', '2']
  const listed = Array.isArray(schema.enum) ? schema.enum : []
  const constants = Array.isArray(schema.oneOf) ? schema.oneOf.map((one: AnswerSchema) => one.const) : []
  return [...listed, ...constants].find((value): value is string => typeof value === 'string' && words.includes(value))
}

/** What a valid identity number says in the form's own values; empty for a wrong or unfinished one. */
export function impliedAnswers(
  idNumber: unknown,
  names: FilledNames,
  sexSchema: AnswerSchema,
  today: string,
): Readonly<Record<string, string>> {
  const check = typeof idNumber === 'string' ? checkIdNumber(idNumber, today) : undefined
  if (check?.ok !== true) return {}
  const sex = sexValue(sexSchema, check.sex)
  return {
    ...(names.birthDate === undefined ? {} : { [names.birthDate]: check.birthDate }),
    ...(names.sex === undefined || sex === undefined ? {} : { [names.sex]: sex }),
  }
}

/** What the identity numbers of all people of a form say; each fills its own answers. */
export function impliedOfAll(
  answers: Readonly<Record<string, unknown>>,
  people: readonly FilledNames[],
  schemaOf: (name: string) => AnswerSchema,
  today: string,
): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...people.map((names) => impliedAnswers(answers[names.idNumber], names, schemaOf(names.sex ?? ''), today)),
  )
}

/**
 * Fills birth date and sex from the identity number where they are empty or still stand as an earlier number had filled
 * them; what the clerk typed otherwise is left alone.
 * @param filled what the number before had put in.
 */
export function fillFrom<T extends Record<string, unknown>>(
  answers: T,
  implied: Readonly<Record<string, string>>,
  filled: Readonly<Record<string, string>>,
): T {
  const free = Object.entries(implied).filter(
    ([name]) => answers[name] === undefined || answers[name] === '' || answers[name] === filled[name],
  )
  return free.every(([name, value]) => answers[name] === value) ? answers : { ...answers, ...Object.fromEntries(free) }
}

/** What an identity number tells beside its field: `1949年12月31日生 · 女 · 76 周岁`, or what is wrong with it. Null while it is unfinished. */
export function idNumberInWords(text: string, today: string): { readonly ok: boolean; readonly words: string } | null {
  if (text === '') return null
  const check = checkIdNumber(text, today)
  if (!check.ok) return { ok: false, words: idNumberFaultInWords(text, check.why) }
  const sex = check.sex === 'male' ? '男' : '女'
  return {
    ok: true,
    words: `${dateInWords(check.birthDate)}生 · ${sex} · ${ageOn(check.birthDate, today)} 周岁`,
  }
}
