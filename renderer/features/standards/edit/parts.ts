// Owns: which parts a document has in the editor, and how each of its fields is written.
// Does not own: the fields' words (preload/contract/standards/field-words.ts), whether a text is right (the desk's check).
// Start here: `partsOf`.
import * as words from '../../../../preload/contract/standards/code-words.ts'
import type { DocumentKind } from '../../../../preload/contract/standards/documents.ts'
import type { JsonValue } from './json-edit.ts'

/** How a field is written. `blank` of a list: what a new part of it begins with. */
export type Look =
  | { readonly as: 'text' | 'area' | 'date' | 'lines' | 'flag' | 'yesOrNo' | 'limit' | 'rule' | 'fixed' }
  /** Chosen by name from what is there: `template` of the paper beside it, `blankForm` a template of a blank form. */
  | { readonly as: 'template' | 'blankForm' | 'reuseKey' }
  /** Towns and villages by name. */
  | { readonly as: 'divisions' }
  /** The matters of a theme, and the materials that they share. */
  | { readonly as: 'members' | 'shared' }
  /** A whole number; `may`: it may be left out. */
  | { readonly as: 'number'; readonly may?: boolean }
  /** One of a code set; `may`: '' says that it is not told. Codes that are numbers stay numbers. */
  | {
      readonly as: 'choice'
      readonly of: Readonly<Record<string, string>>
      readonly may?: boolean
      readonly numeric?: boolean
    }
  | { readonly as: 'codes'; readonly of: Readonly<Record<string, string>> }
  | { readonly as: 'group'; readonly fields: readonly EditField[] }
  | { readonly as: 'list'; readonly fields: readonly EditField[]; readonly blank: () => JsonValue }

/** A field of a document or of a part of a list. `may` be left out: then an empty one is taken away. */
export type EditField = { readonly name: string; readonly look: Look; readonly may?: boolean }

/** The parts of all kinds of documents. */
export type PartKey =
  | 'basics'
  | 'codes'
  | 'conditions'
  | 'form'
  | 'materials'
  | 'limits'
  | 'steps'
  | 'fees'
  | 'results'
  | 'questions'
  | 'basis'
  | 'places'
  | 'templates'
  | 'members'
  | 'words'
  | 'days'
  | 'json'

/** A part of a document. `form` and `json` are drawn in ways of their own. */
export type EditPart = { readonly key: PartKey; readonly fields: readonly EditField[] }

const text: Look = { as: 'text' }
const area: Look = { as: 'area' }
const lines: Look = { as: 'lines' }
const date: Look = { as: 'date' }
const yesOrNo: Look = { as: 'yesOrNo' }
const choice = (of: Readonly<Record<string, string>>, may = true): Look => ({ as: 'choice', of, may })
const fields = (look: Look, ...names: string[]): EditField[] => names.map((name) => ({ name, look }))
const list = (name: string, parts: readonly EditField[], blank: () => JsonValue): EditField[] => [
  { name, look: { as: 'list', fields: parts, blank } },
]
let made = 0
/** A name for a new part of a list, which nothing else has. */
const freshId = (what: string): string => {
  made += 1
  return `${what}-${Date.now().toString(36)}${made}`
}

const question = list('questions', [...fields(text, 'question'), ...fields(area, 'answer')], () => ({
  question: '',
  answer: '',
}))

const materials: EditField[] = [
  ...fields(text, 'name'),
  { name: 'necessity', look: { as: 'choice', of: words.necessityWords, numeric: true } },
  ...fields({ as: 'number' }, 'originals', 'copies'),
  ...fields(choice(words.materialSourceWords, false), 'source'),
  { name: 'laterWithinWorkdays', look: { as: 'number', may: true }, may: true },
  ...fields(lines, 'acceptancePoints'),
  { name: 'reuseKey', look: { as: 'reuseKey' }, may: true },
  { name: 'blankForm', look: { as: 'blankForm' } },
  ...fields(text, 'issuer', 'sourceNote', 'spec', 'sample', 'basis'),
  ...fields(choice(words.materialKindWords), 'kind'),
  ...fields(choice(words.materialFormWords), 'form'),
  ...fields(area, 'notes'),
]

const matter: EditPart[] = [
  {
    key: 'basics',
    fields: [
      ...fields(text, 'name'),
      ...fields(lines, 'aliases'),
      ...fields({ as: 'fixed' }, 'version'),
      ...fields(date, 'effectiveFrom'),
      { name: 'effectiveUntil', look: date, may: true },
      ...fields(choice(words.statusWords, false), 'status'),
      ...fields(text, 'department', 'audience', 'scope'),
      ...fields({ as: 'divisions' }, 'divisions'),
      ...fields(choice(words.acceptanceWords, false), 'acceptanceBy'),
      ...fields({ as: 'flag' }, 'informedPromise', 'sample'),
      ...fields(area, 'source'),
      ...fields(text, 'quota'),
    ],
  },
  {
    key: 'conditions',
    fields: list('conditions', [...fields(area, 'text'), { name: 'rule', look: { as: 'rule' }, may: true }], () => ({
      id: freshId('condition'),
      text: '',
    })),
  },
  { key: 'form', fields: [] },
  {
    key: 'materials',
    fields: list('materials', materials, () => ({
      ...{
        id: freshId('material'),
        name: '',
        necessity: 1,
        originals: 1,
        copies: 0,
        source: '10',
        acceptancePoints: [],
      },
    })),
  },
  {
    key: 'limits',
    fields: [
      ...fields({ as: 'limit' }, 'promisedLimit'),
      ...fields(area, 'promisedLimitNote'),
      { name: 'legalLimit', look: { as: 'limit' }, may: true },
      ...fields(area, 'legalLimitNote'),
      ...list(
        'specialProcedures',
        [
          ...fields(text, 'name'),
          ...fields(choice(words.specialProcedureWords, false), 'kind'),
          { name: 'limit', look: { as: 'limit' }, may: true },
          ...fields(text, 'basis'),
        ],
        () => ({ name: '', kind: '2', basis: '' }),
      ),
    ],
  },
  {
    key: 'steps',
    fields: [
      ...fields(choice(words.handlingKindWords), 'handlingKind'),
      ...list(
        'steps',
        [
          ...fields(text, 'name'),
          ...fields(choice(words.stageWords), 'stage'),
          ...fields(text, 'who'),
          { name: 'limit', look: { as: 'limit' }, may: true },
          ...fields(area, 'standard'),
          ...fields(text, 'result'),
        ],
        () => ({ name: '' }),
      ),
      ...fields(area, 'counterFlow', 'onlineFlow'),
    ],
  },
  {
    key: 'fees',
    fields: [
      { name: 'fee', look: { as: 'group', fields: [...fields({ as: 'flag' }, 'charged'), ...fields(text, 'text')] } },
      ...list(
        'fees',
        [
          ...fields(text, 'item', 'standard', 'basis'),
          ...fields({ as: 'flag' }, 'isReducible'),
          ...fields(text, 'reductionBasis'),
        ],
        () => ({ item: '', standard: '' }),
      ),
    ],
  },
  {
    key: 'results',
    fields: list(
      'results',
      [...fields(text, 'name'), ...fields(choice(words.resultKindWords, false), 'kind'), ...fields(text, 'sample')],
      () => ({
        ...{ name: '', kind: '30' },
      }),
    ),
  },
  { key: 'questions', fields: question },
  {
    key: 'basis',
    fields: list('basis', [...fields(text, 'title', 'clause', 'number'), ...fields(area, 'content')], () => ({
      title: '',
      clause: '',
    })),
  },
  {
    key: 'places',
    fields: [
      ...list('places', fields(text, 'name', 'address', 'hours', 'phone'), () => ({ name: '' })),
      ...fields({ as: 'codes', of: words.channelWords }, 'channels'),
      { name: 'visits', look: { as: 'number', may: true }, may: true },
      ...fields(yesOrNo, 'inHall', 'onlinePayment', 'appointment', 'selfService', 'express'),
      ...fields(choice(words.onlineDepthWords), 'onlineDepth'),
      ...fields(text, 'enquiry', 'complaint', 'intermediary'),
    ],
  },
  {
    key: 'templates',
    fields: list(
      'templates',
      [...fields(choice(words.paperWords, false), 'paper'), ...fields({ as: 'template' }, 'templateId')],
      () => ({
        ...{ paper: 'receipt', templateId: '' },
      }),
    ),
  },
  {
    key: 'codes',
    fields: [
      ...fields(text, 'itemId', 'code', 'catalogCode', 'handlingCode', 'localCode'),
      ...fields(choice(words.matterKindWords), 'kind'),
      ...fields(choice(words.levelWords), 'level'),
      ...fields(text, 'departmentCode'),
      ...fields(choice(words.authorityNatureWords), 'departmentNature'),
      ...fields(text, 'entrustingDepartment'),
      ...fields(lines, 'jointDepartments'),
      ...fields(choice(words.powerSourceWords), 'powerSource'),
      ...fields({ as: 'codes', of: words.audienceWords }, 'audienceCodes'),
      ...fields(lines, 'topics'),
    ],
  },
]

const named = (id: string): EditField[] => [
  ...fields(text, 'name', id),
  ...fields({ as: 'fixed' }, 'version'),
  ...fields(date, 'effectiveFrom'),
]

const theme: EditPart[] = [
  {
    key: 'basics',
    fields: [
      ...named('themeId'),
      ...fields(lines, 'aliases'),
      ...fields(text, 'department'),
      ...fields(area, 'description', 'source'),
      ...fields({ as: 'flag' }, 'sample'),
    ],
  },
  {
    key: 'members',
    fields: [
      { name: 'members', look: { as: 'members' } },
      { name: 'sharedMaterials', look: { as: 'shared' } },
    ],
  },
  { key: 'questions', fields: question },
]

const template: EditPart[] = [
  { key: 'basics', fields: [...named('templateId'), ...fields(choice(words.paperWords, false), 'paper')] },
  { key: 'words', fields: [...fields(text, 'title'), ...fields(lines, 'paragraphs')] },
]

const calendar: EditPart[] = [{ key: 'days', fields: fields(text, 'source') }]

const parts: Readonly<Record<DocumentKind, readonly EditPart[]>> = { matter, theme, template, calendar }

/** The parts of a kind of document, the source last. */
export function partsOf(kind: DocumentKind): readonly EditPart[] {
  return [...parts[kind], { key: 'json', fields: [] }]
}

/** The part in which a field of a document's top level is written; the source for one that no part has. */
export function partOfField(kind: DocumentKind, name: string): PartKey {
  if (kind === 'matter' && name === 'form') return 'form'
  if (kind === 'calendar' && name === 'years') return 'days'
  return parts[kind].find((part) => part.fields.some((field) => field.name === name))?.key ?? 'json'
}
