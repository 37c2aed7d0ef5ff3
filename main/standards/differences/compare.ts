// Owns: what changed between two versions of a document, in words and so that a window can mark it.
// Does not own: whether a change is right (check), what becomes of drafts (move-draft.ts).
// Start here: compareDocuments.
import type { StandardForm } from '../../../preload/contract/standard.ts'
import type { StandardDocument } from '../../../preload/contract/standards/documents.ts'
import { fieldWords } from '../../../preload/contract/standards/field-words.ts'
import type { Change } from '../../../preload/contract/standards/findings.ts'
import { ruleChangeInWords, ruleInWords } from '../../../preload/contract/standards/rule-words.ts'
import { placeDigits } from '../../../preload/contract/standards/scope.ts'
import { pointerOf, short } from '../check/telling.ts'
import { asObject, type Json, propertiesOf } from '../form/questions.ts'
import { compareForms } from './forms.ts'
import { marksOf } from './marks.ts'
import { valueInWords } from './values.ts'

/** Adds a change; its pointer and its marks follow from the rest. */
export type AddChange = (
  change: Omit<Change, 'marks' | 'pointer'> & { readonly path: readonly (string | number)[] },
) => void

type Fields = Readonly<Record<string, unknown>>
type Words = (typeof fieldWords)['matter']

/** Lists of parts that have names of their own: which field names one, and what one is called. */
const namedLists: Readonly<Record<string, readonly [key: readonly string[], noun: string]>> = {
  basis: [['title', 'clause'], '设定依据'],
  conditions: [['id'], '条件'],
  materials: [['id'], '材料'],
  specialProcedures: [['name'], '特别程序'],
  steps: [['name'], '环节'],
  fees: [['item'], '收费项目'],
  results: [['name'], '办理结果'],
  questions: [['question'], '问题'],
  places: [['name'], '办理地点'],
  templates: [['paper'], '文书模板'],
  members: [['id'], '联办事项'],
}

/** What a member of a theme, or a place, is called; undefined where that is not known. */
export type NamesOf = (kind: 'matter' | 'theme' | 'division', id: string) => string | undefined

/** Not told: they differ between any two versions. */
const notTold = new Set(['format', 'version'])

/**
 * The changes from one version of a document to another, in the order of its parts: what came, went, changed and moved,
 * each as a sentence, with the texts before and after and their marks. Documents of different kinds are wholly
 * different and give a single change. An empty list says that people are asked the very same.
 * @param namesOf a theme holds the ids of its members alone, a matter the codes of its places; what has no name is told by these.
 */
export function compareDocuments(
  before: StandardDocument,
  after: StandardDocument,
  namesOf: NamesOf = () => undefined,
): Change[] {
  const changes: Change[] = []
  const add: AddChange = ({ path, ...change }) => {
    const marks = marksOf(change.before ?? '', change.after ?? '')
    changes.push({ ...change, pointer: pointerOf(path), marks })
  }
  if (before.kind !== after.kind) {
    add({
      kind: 'changed',
      part: '',
      path: [],
      place: '整个文件',
      before: before.kind,
      after: after.kind,
      words: '不是同一种文件',
    })
    return changes
  }
  compareFields(fieldWords[after.kind], before.value, after.value, { add, namesOf })
  return changes
}

type Telling = { readonly add: AddChange; readonly namesOf: NamesOf }

function compareFields(words: Words, before: Fields, after: Fields, telling: Telling): void {
  const { add } = telling
  for (const [name, told] of Object.entries(words)) {
    const [was, is] = [before[name], after[name]]
    if (notTold.has(name) || isSame(was, is)) continue
    const [part, parts] = typeof told === 'string' ? [told, undefined] : told
    if (name === 'form') compareForms(was as StandardForm, is as StandardForm, add)
    else if (name === 'years') compareYears(was, is, part, add)
    else if (parts !== undefined && Object.hasOwn(namedLists, name)) {
      const around: Around = { list: name, part, parts, before, after, ...telling }
      compareList(listOf(was), listOf(is), around)
    } else if (parts !== undefined && typeof was === 'object' && typeof is === 'object' && was !== null && is !== null)
      compareInner(name, part, was as Fields, is as Fields, parts, add)
    else if (Array.isArray(was) && Array.isArray(is)) {
      const named = (list: readonly unknown[]) => (name === 'divisions' ? placesOf(list, telling) : list)
      compareTexts([name], name, part, named(was), named(is), add)
    } else changeOf([name], part, part, valueInWords(name, was), valueInWords(name, is), add)
  }
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
const placesOf = (codes: readonly unknown[], { namesOf }: Telling) =>
  codes.map((code) => namesOf('division', placeDigits(String(code))) ?? code)
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value : [])

/** A small group of fields: a time limit is told whole, the fee field by field. */
function compareInner(name: string, part: string, was: Fields, is: Fields, parts: Words, add: AddChange): void {
  if ('days' in is) {
    changeOf([name], part, part, valueInWords(name, was), valueInWords(name, is), add)
    return
  }
  for (const [field, told] of Object.entries(parts)) {
    const word = typeof told === 'string' ? told : told[0]
    if (!isSame(was[field], is[field]))
      changeOf(
        [name, field],
        part,
        `${part}·${word}`,
        valueInWords(field, was[field]),
        valueInWords(field, is[field]),
        add,
      )
  }
}

function changeOf(
  path: readonly (string | number)[],
  part: string,
  place: string,
  before: string | null,
  after: string | null,
  add: AddChange,
): void {
  if (before === after) return
  const kind = before === null ? 'added' : after === null ? 'removed' : 'changed'
  add({ kind, part, path, place, before, after, words: sentence(place, before, after) })
}

/** A list of plain values: which came and which went. */
function compareTexts(
  path: readonly (string | number)[],
  field: string,
  what: string,
  was: readonly unknown[],
  is: readonly unknown[],
  add: AddChange,
): void {
  const missing = (list: readonly unknown[], other: readonly unknown[]) => {
    return valueInWords(
      field,
      list.filter((one) => !other.includes(one)),
    )
  }
  const [came, went] = [missing(is, was), missing(was, is)]
  const told = [...(came === null ? [] : [`增加了“${came}”`]), ...(went === null ? [] : [`去掉了“${went}”`])]
  const words = told.length === 0 ? `${what}的顺序变了` : `${what}${told.join('，')}`
  const [before, after] = [valueInWords(field, was), valueInWords(field, is)]
  add({ kind: told.length === 0 ? 'moved' : 'changed', part: what, path, place: what, before, after, words })
}

function sentence(what: string, before: string | null, after: string | null): string {
  if (before === null) return `写上了${what}：${short(after ?? '')}`
  if (after === null) return `删去了${what}`
  const [was, is] = [short(before), short(after)]
  return was === is ? `${what}的文字有改动` : `${what}由“${was}”改为“${is}”`
}

type Around = Telling & {
  readonly list: string
  readonly part: string
  readonly parts: Words
  readonly before: Fields
  readonly after: Fields
}

function compareList(was: readonly Fields[], is: readonly Fields[], around: Around): void {
  const { list, part, add } = around
  const nameOf = (one: Fields) => nameIn(around, one)
  const [key, noun] = namedLists[list] ?? [['id'], part]
  const idOf = (one: Fields) => JSON.stringify(key.map((field) => one[field]))
  const old = new Map(was.map((one, at) => [idOf(one), { one, at }]))
  const young = new Set(is.map(idOf))
  is.forEach((one, at) => {
    const before = old.get(idOf(one))?.one
    const place = `${part}“${nameOf(one)}”`
    if (before !== undefined) comparePart(before, one, at, around)
    else
      add({
        kind: 'added',
        part,
        path: [list, at],
        place,
        before: null,
        after: wholeOf(one, around),
        words: `新增${noun}：${nameOf(one)}`,
      })
  })
  was.forEach((one, at) => {
    if (young.has(idOf(one))) return
    const place = `${part}“${nameOf(one)}”`
    const before = wholeOf(one, around)
    add({ kind: 'removed', part, path: [list, at], place, before, after: null, words: `删去${noun}：${nameOf(one)}` })
  })
  const stayed = is.filter((one) => old.has(idOf(one)))
  const order = stayed.map((one) => old.get(idOf(one))?.at ?? 0)
  if (order.every((at, index) => index === 0 || at > (order[index - 1] ?? 0))) return
  const before = stayed.toSorted((a, b) => (old.get(idOf(a))?.at ?? 0) - (old.get(idOf(b))?.at ?? 0))
  add({
    kind: 'moved',
    part,
    path: [list],
    place: part,
    before: before.map(nameOf).join('、'),
    after: stayed.map(nameOf).join('、'),
    words: `${part}的顺序变了`,
  })
}

function comparePart(was: Fields, is: Fields, at: number, around: Around): void {
  const { list, part, parts, after, add } = around
  const [, noun] = namedLists[list] ?? [[], part]
  for (const [field, told] of Object.entries(parts)) {
    if (isSame(was[field], is[field])) continue
    const word = typeof told === 'string' ? told : told[0]
    const path = [list, at, field]
    const place = `${part}“${nameIn(around, is)}”·${word}`
    if (list === 'conditions' && field === 'rule') {
      const questions = propertiesOf(asObject((after.form as StandardForm).schema))
      const [old, young] = [was, is].map((one) => one.rule as Json | undefined)
      const [before, told] = [ruleInWords(old, questions), ruleInWords(young, questions)]
      add({ kind: 'changed', part, path, place, before, after: told, words: ruleChangeInWords(old, young, questions) })
      continue
    }
    const [old, young] = [was[field], is[field]]
    const what = word === noun ? noun : `${noun}“${nameIn(around, was)}”的${word}`
    if (Array.isArray(old) && Array.isArray(young))
      compareTexts(path, `${list}.${field}`, what, old, young, (change) => add({ ...change, part, place }))
    else {
      const [before, now] = [valueInWords(`${list}.${field}`, old), valueInWords(`${list}.${field}`, young)]
      const kind = before === null ? 'added' : now === null ? 'removed' : 'changed'
      if (before !== now) add({ kind, part, path, place, before, after: now, words: sentence(what, before, now) })
    }
  }
}

const nameFields = ['name', 'text', 'title', 'question', 'item', 'paper', 'id']

function nameIn({ list, namesOf }: Around, one: Fields): string {
  const called = list === 'members' ? namesOf(one.kind === 'theme' ? 'theme' : 'matter', String(one.id)) : undefined
  const name = called ?? nameFields.map((field) => valueInWords(field, one[field])).find((text) => text !== null)
  return short(name ?? '')
}

/** A whole part in words, line by line. */
function wholeOf(one: Fields, { list, parts }: Around): string {
  return Object.entries(parts)
    .filter(([field]) => field !== 'id' && field !== 'rule')
    .flatMap(([field, told]) => {
      const value = valueInWords(`${list}.${field}`, one[field])
      const isPlain = value === null || value === '否' || value === '0'
      return isPlain ? [] : [`${typeof told === 'string' ? told : told[0]}：${value}`]
    })
    .join('\n')
}

/** A calendar, year by year. */
function compareYears(was: unknown, is: unknown, part: string, add: AddChange): void {
  const [old, young] = [was, is].map((years) => (years ?? {}) as Readonly<Record<string, Fields>>)
  for (const year of new Set([...Object.keys(old ?? {}), ...Object.keys(young ?? {})])) {
    for (const [list, word] of [['off', '放假'] as const, ['work', '调休上班'] as const]) {
      const [before, after] = [old?.[year]?.[list], young?.[year]?.[list]].map((days) => valueInWords(list, days))
      changeOf(['years', year, list], part, `${year} 年${word}`, before ?? null, after ?? null, add)
    }
  }
}
