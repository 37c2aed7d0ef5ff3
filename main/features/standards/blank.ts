import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'

const person = {
  name: { title: '姓名', type: 'string', minLength: 1, maxLength: 50 },
  idNumber: { title: '身份证号', type: 'string', minLength: 18, maxLength: 18 },
  phone: { title: '联系电话', type: 'string', maxLength: 20 },
}

const form = {
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    title: '',
    properties: person,
    required: ['name', 'idNumber', 'phone'],
  },
  ui: {
    'ui:order': ['name', 'idNumber', 'phone', '*'],
    name: { 'ui:options': { group: '申请人' } },
    idNumber: { 'ui:options': { group: '申请人' }, 'ui:widget': 'idNumber' },
    phone: { 'ui:options': { group: '申请人' }, 'ui:widget': 'phone' },
  },
  applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' },
}

/**
 * A new document with what every one of its kind has, and the rest empty for the check to name.
 * @param today YYYY-MM-DD: from when it is meant to hold.
 * @param freshId a name that no document has: themes and templates are chosen by what people call them, so that nobody
 * has to think of one. A matter's is given by the province.
 */
export function blankDocument(kind: DocumentKind, today: string, freshId: string): unknown {
  const year = String(Number(today.slice(0, 4)) + 1)
  switch (kind) {
    case 'matter':
      return {
        ...{ format: 2, itemId: '', code: '', name: '', aliases: [], version: 1, effectiveFrom: today, sample: false },
        ...{ source: '', department: '', audience: '自然人', basis: [], conditions: [], acceptanceBy: 'centre', form },
        ...{ materials: [], legalLimit: null, promisedLimit: { days: 20, unit: 'workday' }, steps: [{ name: '受理' }] },
        ...{ fee: { charged: false, text: '不收费' }, results: [], questions: [], scope: '户籍所在的村（居）' },
      }
    case 'theme':
      return {
        ...{
          format: 1,
          kind,
          themeId: freshId,
          name: '',
          aliases: [],
          version: 1,
          effectiveFrom: today,
          sample: false,
        },
        ...{ source: '', description: '', department: '', members: [], sharedMaterials: [], questions: [] },
      }
    case 'template':
      return {
        ...{ format: 1, kind, templateId: freshId, name: '', version: 1, effectiveFrom: today, paper: 'receipt' },
        ...{ title: '', paragraphs: [''] },
      }
    case 'calendar':
      return { source: '', years: { [year]: { off: [], work: [] } } }
  }
}

/** What names one matter alone, or tells how it stands: a matter that is like it has its own. */
const ofOneMatter = ['catalogCode', 'handlingCode', 'localCode', 'effectiveUntil', 'status']

/**
 * A new document that is like another: all of its contents, none of its names. A matter's codes stand empty for the check to name, as in
 * a blank one; what is called by a title is told apart by it.
 * @param value another document's JSON, which may be half written.
 */
export function documentLike(
  kind: Exclude<DocumentKind, 'calendar'>,
  value: Readonly<Record<string, unknown>>,
  today: string,
  freshId: string,
): unknown {
  const names = { matter: { itemId: '', code: '' }, theme: { themeId: freshId }, template: { templateId: freshId } }[
    kind
  ]
  const kept = Object.entries(value).filter(([field]) => kind !== 'matter' || !ofOneMatter.includes(field))
  const own = { ...names, name: likeName(value.name), version: 1, effectiveFrom: today }
  return { ...Object.fromEntries(kept), ...own }
}

/** A name has at most so many characters (preload/contract/standard.ts). */
const longestName = 120
const likeEnding = '（复制）'

function likeName(name: unknown): string {
  const known = typeof name === 'string' ? name : ''
  return `${[...known].slice(0, longestName - likeEnding.length).join('')}${likeEnding}`
}
