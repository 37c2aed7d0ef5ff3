import type { Answers, Applicant } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { normaliseIdNumber, normalisePhone } from '../../../preload/contract/identity.ts'
import type { StandardForm } from '../../../preload/contract/standard.ts'
import { asObject } from '../../../preload/contract/standards/form-names.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'

/** Who applies, as the form says where it asks for it; empty texts where it was not answered. */
export function applicantOf(form: StandardForm, answers: Answers): Applicant {
  const { name, idNumber, phone } = form.applicant
  const text = (key: string) => {
    const value = answers[key]
    return typeof value === 'string' ? value.trim() : ''
  }
  return {
    name: text(name).slice(0, 100),
    idNumber: normaliseIdNumber(text(idNumber)),
    phone: normalisePhone(text(phone)),
  }
}

/** The answers that are held, with what one window changed since `known` laid over them; of one answer that two changed the later one counts. */
export function laidOver(held: Answers, known: Answers, typed: Answers): Answers {
  const laid = new Map(Object.entries(held))
  const [was, is] = [new Map(Object.entries(known)), new Map(Object.entries(typed))]
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const value = is.get(name)
    if (JSON.stringify(was.get(name)) === JSON.stringify(value)) continue
    if (value === undefined) laid.delete(name)
    else laid.set(name, value)
  }
  return Object.fromEntries(laid)
}

/**
 * What a form answers by itself until somebody answers otherwise: the `default` of its questions (JSON Schema 2020-12), those of
 * conditional parts excepted: the window adds them when they are asked.
 */
export function statedAnswers({ schema }: StandardForm): Answers {
  const stated = Object.entries(asObject(schema.properties)).map(
    ([name, question]) => [name, asObject(question).default] as const,
  )
  return Object.fromEntries(stated.filter((entry): entry is [string, Answers[string]] => entry[1] !== undefined))
}

/**
 * Refuses 收件 of what is not ready, naming the first kind of thing that stands in the way: MATTER_CLOSED (`matter`, `why`, `date`), ID_NUMBER_WRONG (`why`),
 * FORM_INCOMPLETE (`fields`), CONDITION_NOT_MET (`condition`), MATERIALS_MISSING (`materials`).
 */
export function assertReady(check: DraftCheck, form: StandardForm): void {
  const [closed] = check.closed
  if (closed) throw new AppError('MATTER_CLOSED', { matter: closed.name, why: closed.why, date: closed.date ?? '' })
  const idNumberPath = `/${form.applicant.idNumber}`
  const wrongId = check.form.find(({ path, kind }) => path === idNumberPath && kind === 'wrong')
  if (wrongId) throw new AppError('ID_NUMBER_WRONG', { why: wrongId.text })
  if (check.form.length > 0) {
    throw new AppError('FORM_INCOMPLETE', { fields: [...new Set(check.form.map(({ title }) => title))] })
  }
  const condition = check.conditions.find(({ state }) => state === 'unmet' || state === 'unknown')
  if (condition) throw new AppError('CONDITION_NOT_MET', { condition: condition.text })
  const missing = check.materials.filter(({ state }) => state === 'missing').map(({ name }) => name)
  if (missing.length > 0) throw new AppError('MATERIALS_MISSING', { materials: missing })
  if (!check.ready) throw new AppError('FORM_INCOMPLETE')
}

/** The requirements of a draft that are promised for later and not handed in. */
export function promisedOf(check: DraftCheck): string[] {
  return check.materials.filter(({ state }) => state === 'later').map(({ requirementId }) => requirementId)
}
