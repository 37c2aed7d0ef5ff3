// Owns: what of a draft still fits when its matter's standard changes: answers, materials, promises.
// Does not own: the draft itself (main/features/drafts), what changed in the standard (differences/compare.ts).
// Start here: moveAnswers.
import type { Answers } from '../../preload/contract/entries.ts'
import type { MaterialRequirement, MatterStandard, StandardForm } from '../../preload/contract/standard.ts'
import { checkForm, withoutBlanks } from './form/check-form.ts'
import { asObject, findQuestion, type Json, type Question, questionsOf, titleOf } from './form/questions.ts'

/** What became of one answer, or of one question that is new. */
export type AnswerMove = {
  /** JSON Pointer of the answer in the older form; '' for `asked`. */
  readonly from: string
  /** The same in the newer form; '' for `dropped`. */
  readonly to: string
  readonly title: string
  /** kept: as it was; renamed: the same question under another name; recheck: kept, but does not meet the new demands; dropped: the newer form has no place for it; asked: a new question that must be answered. */
  readonly fate: 'kept' | 'renamed' | 'recheck' | 'dropped' | 'asked'
  /** What was answered, so that the clerk can read a dropped answer; null for `asked`. */
  readonly value: Json
}

/** Answers that were moved, and what became of each. */
export type MovedAnswers = { readonly answers: Answers; readonly moves: readonly AnswerMove[] }

type Walk = {
  readonly oldQuestions: readonly Question[]
  readonly questions: readonly Question[]
  readonly wrong: ReadonlySet<string>
  readonly moves: AnswerMove[]
}

/**
 * Moves answers from one version of a form to another. Nothing that still fits is lost: an answer stays where the newer
 * form has a question of its name, and goes to a question of the same title and kind where only the name changed. Text
 * that is too long or the like stays and is to be looked at again; what the newer form cannot show (a question or an
 * option that is gone) is dropped and told with its value. Never throws. Moving to the same form changes nothing.
 * @param today YYYY-MM-DD in Asia/Shanghai, for what an identity number says.
 */
export function moveAnswers(before: StandardForm, after: StandardForm, answers: Answers, today: string): MovedAnswers {
  const [oldQuestions, questions] = [questionsOf(before), questionsOf(after)]
  const names = renamedQuestions(oldQuestions, questions, answers)
  const given = Object.entries(answers).filter(([name]) => ![...names.values()].includes(name))
  const laid = Object.fromEntries(given.map(([name, value]) => [names.get(name) ?? name, value]))
  const faults = checkForm(after, laid, today)
  const wrong = new Set(faults.filter(({ kind }) => kind === 'wrong').map(({ path }) => path))
  const walk: Walk = { oldQuestions, questions, wrong, moves: [] }
  const kept: Record<string, Json> = {}
  for (const [name, value] of given) {
    const asked = names.get(name) ?? name
    const left = moveValue(value, `/${asked}`, walk, asked === name ? 'kept' : 'renamed', `/${name}`)
    if (left !== undefined) kept[asked] = left
  }
  for (const { path, title, kind } of faults) {
    if (kind === 'missing' && findQuestion(oldQuestions, path) === undefined)
      walk.moves.push({ from: '', to: path, title, fate: 'asked', value: null })
  }
  return { answers: kept, moves: walk.moves }
}

/** Questions of the form's top level whose name changed and nothing else: by title, widget and type, where that names just one that is not answered already. */
function renamedQuestions(
  before: readonly Question[],
  after: readonly Question[],
  answers: Answers,
): ReadonlyMap<string, string> {
  const isTop = ({ path }: Question) => path.split('/').length === 2
  const looks = ({ title, widget, schema }: Question) => JSON.stringify([title, widget, schema.type])
  const gone = before.filter((one) => isTop(one) && findQuestion(after, one.path) === undefined)
  const isFree = ({ path }: Question) => withoutBlanks(answers[path.slice(1)] ?? null) === undefined
  const young = after.filter((one) => isTop(one) && isFree(one) && findQuestion(before, one.path) === undefined)
  const pairs = gone.flatMap((one) => {
    const fitting = young.filter((other) => looks(other) === looks(one))
    const rivals = gone.filter((other) => looks(other) === looks(one))
    const [fit] = fitting
    return fit !== undefined && fitting.length === 1 && rivals.length === 1
      ? [[one.path.slice(1), fit.path.slice(1)] as const]
      : []
  })
  return new Map(pairs)
}

/** The part of a value that the newer form has a place for; undefined for none. */
function moveValue(value: Json, path: string, walk: Walk, fate: 'kept' | 'renamed', oldPath: string): Json | undefined {
  const question = findQuestion(walk.questions, path)
  if (question === undefined || !fitsType(question, value)) return drop(value, oldPath, walk)
  if (Array.isArray(value) && question.schema.items !== undefined) {
    return value.map((row, at) => {
      const isTable = asObject(asObject(question.schema.items).properties)
      if (Object.keys(isTable).length === 0) return row
      // A row stays where it is, so that those below it keep their places; what is no row is told.
      if (typeof row !== 'object' || Array.isArray(row)) drop(row, `${oldPath}/${at}`, walk)
      return moveParts(asObject(row), `${path}/${at}`, walk, fate, `${oldPath}/${at}`)
    })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && question.schema.properties !== undefined)
    return moveParts(value, path, walk, fate, oldPath)
  if (!walk.wrong.has(path)) return keep(value, [oldPath, path], walk, fate)
  return isChoice(question) || typeof value === 'object'
    ? drop(value, oldPath, walk)
    : keep(value, [oldPath, path], walk, 'recheck')
}

function moveParts(
  parts: { readonly [name: string]: Json },
  path: string,
  walk: Walk,
  fate: 'kept' | 'renamed',
  oldPath: string,
): Json {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, part]) => {
      const left = moveValue(part, `${path}/${name}`, walk, fate, `${oldPath}/${name}`)
      return left === undefined ? [] : [[name, left] as const]
    }),
  )
}

function keep(
  value: Json,
  [from, to]: readonly [from: string, to: string],
  walk: Walk,
  fate: AnswerMove['fate'],
): Json {
  if (withoutBlanks(value) !== undefined) walk.moves.push({ from, to, title: titleOf(walk.questions, to), fate, value })
  return value
}

function drop(value: Json, from: string, walk: Walk): undefined {
  if (withoutBlanks(value) === undefined) return
  const questions = findQuestion(walk.oldQuestions, from) === undefined ? walk.questions : walk.oldQuestions
  walk.moves.push({ from, to: '', title: titleOf(questions, from), fate: 'dropped', value })
}

function isChoice({ schema }: Question): boolean {
  return Array.isArray(schema.oneOf) || Array.isArray(schema.enum) || schema.const !== undefined
}

/** Whether the newer question could show a value of this kind at all. Blanks fit anywhere. */
function fitsType({ schema }: Question, value: Json): boolean {
  if (value === null || value === '') return true
  switch (schema.type) {
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && !Array.isArray(value)
    case 'integer':
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    default:
      return typeof value === 'string' || (schema.type === undefined && typeof value !== 'object')
  }
}

/** What became of one material's requirement. */
export type MaterialMove = {
  readonly requirementId: string
  readonly name: string
  /** kept: what was handed in serves on; promised: the promise stands; dropped: nobody asks for it any more; unpromised: it may not follow later any more; asked: it is new, or nothing was handed in for it yet, and it must be. */
  readonly fate: 'kept' | 'promised' | 'dropped' | 'unpromised' | 'asked'
}

/** Where handed-in materials and promises go under the newer standard. */
export type MovedMaterials = {
  /** Requirement of the older standard → of the newer one. What is not in it has no place any more. */
  readonly places: ReadonlyMap<string, string>
  readonly later: readonly string[]
  readonly moves: readonly MaterialMove[]
}

/**
 * Moves what was handed in and promised from one version of a standard to another: by the requirement's id, else by its
 * reuse key. What nobody asks for any more is told, never thrown away here.
 */
export function moveMaterials(
  before: Pick<MatterStandard, 'materials'>,
  after: Pick<MatterStandard, 'materials'>,
  handedIn: readonly string[],
  later: readonly string[],
): MovedMaterials {
  const places = new Map<string, string>()
  // A draft of another machine may hold files for what this version never asked.
  const strangers = [...handedIn, ...later].filter((id) => !before.materials.some((one) => one.id === id))
  const asked: readonly Pick<MaterialRequirement, 'id' | 'name' | 'reuseKey'>[] = [
    ...before.materials,
    ...[...new Set(strangers)].map((id) => ({ id, name: id, reuseKey: undefined })),
  ]
  for (const { id, reuseKey } of asked) {
    const same = after.materials.find((one) => one.id === id)
    const reused = reuseKey === undefined ? undefined : after.materials.find((one) => one.reuseKey === reuseKey)
    const place = same ?? reused
    if (place !== undefined) places.set(id, place.id)
  }
  const present = new Set(handedIn.flatMap((id) => places.get(id) ?? []))
  const promised = new Set(later.flatMap((id) => places.get(id) ?? []))
  const moves = after.materials.flatMap(({ id, name, necessity }): MaterialMove[] => {
    if (present.has(id)) return [{ requirementId: id, name, fate: 'kept' }]
    if (promised.has(id)) return [{ requirementId: id, name, fate: necessity === 3 ? 'promised' : 'unpromised' }]
    const isOld = [...places.values()].includes(id)
    return necessity === 2 || isOld ? [] : [{ requirementId: id, name, fate: 'asked' }]
  })
  const dropped = asked
    .filter(({ id }) => (handedIn.includes(id) || later.includes(id)) && !places.has(id))
    .map(({ id, name }): MaterialMove => ({ requirementId: id, name, fate: 'dropped' }))
  const stands = new Set(moves.filter(({ fate }) => fate === 'promised').map(({ requirementId }) => requirementId))
  return { places, later: [...stands], moves: [...moves, ...dropped] }
}
