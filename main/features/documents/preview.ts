import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { casePaperKinds } from '../../../preload/contract/papers.ts'
import { type MatterStandard, matterStandardSchema } from '../../../preload/contract/standard.ts'
import { paperWords } from '../../../preload/contract/standards/code-words.ts'
import { fillText, templateNames } from '../../../preload/contract/standards/template.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import type { CaseStanding } from '../cases/index.ts'
import { checklistValues, wordChecklist } from './checklist-words.ts'
import { wordForm, wordNotice } from './notice-words.ts'
import type { PaperWords } from './paper-text.ts'
import { type PaperFacts, valuesOf } from './paper-values.ts'
import { wordReceipt } from './receipt-words.ts'

/** Where a sample is drawn: names of the station, and its time. */
export type PreviewPlace = { readonly issuer: string; readonly windowName: string; readonly now: Date }

/**
 * A template that is being written, drawn on the real page with made-up data and marked 示例. It may be as unfinished as it
 * likes: what is not there is left out, a name that is none says so in its place.
 */
export async function drawPreview(template: unknown, place: PreviewPlace): Promise<Uint8Array> {
  const { drawChecklist, drawForm, drawNotice, drawReceipt } = await import('../../pdf/documents/index.ts')
  const { paper, title, paragraphs } = lenient(template)
  const facts: PaperFacts = { ...sampleGround(place.now), ...place, clerk: '示例经办人' }
  const checklistFacts = {
    ...place,
    standard: sampleMatter,
    answers: sampleAnswers,
    check: sampleCheck,
    clerk: facts.clerk,
  }
  const training = { isTraining: false }
  const values = paper === 'checklist' ? checklistValues({ ...checklistFacts, ...training }) : valuesOf(paper, facts)
  const filled = fillText({ title, paragraphs }, values)
  if ('unknown' in filled) throw new Error('a name was let through that nothing fills in')
  const words: PaperWords = { ...filled, template: null, templateFailed: '' }
  const frame = { entry: { seq: 1, hash: '0'.repeat(64) }, qrText: 'urn:cunchuang:sample' }
  const marked = { isSample: true }
  if (paper === 'checklist')
    return (await drawChecklist({ ...wordChecklist({ ...checklistFacts, ...training }, words), ...marked })).pdf
  if (paper === 'receipt') return (await drawReceipt({ ...wordReceipt(facts, words, frame), ...marked })).pdf
  if (paper === 'form')
    return (await drawForm({ ...wordForm(facts, words, frame, () => '示例镇示例村'), ...marked })).pdf
  return (await drawNotice({ ...wordNotice(paper, facts, words, frame), ...marked })).pdf
}

/** What of a template can be drawn, whatever it is. */
function lenient(template: unknown) {
  const { paper, title, paragraphs } = (typeof template === 'object' && template !== null ? template : {}) as {
    readonly [name: string]: unknown
  }
  const kind = [...casePaperKinds, 'checklist' as const].find((one) => one === paper) ?? 'receipt'
  const texts = (Array.isArray(paragraphs) ? paragraphs : []).filter((text) => typeof text === 'string')
  return {
    paper: kind,
    title: withoutStrangers(typeof title === 'string' && title.trim() !== '' ? title : paperWords[kind]),
    paragraphs: texts.filter((text) => text.trim() !== '').map(withoutStrangers),
  }
}

function withoutStrangers(text: string): string {
  let left = text.slice(0, 2000)
  // What stands for a name in double braces may itself stand in braces, and be a name that is none again.
  for (let before = ''; before !== left; ) {
    before = left
    left = left.replaceAll(/\{\{([^{}]{0,60})\}\}/gu, (whole, name: string) =>
      Object.hasOwn(templateNames, name.trim()) ? whole : `〔没有“${name.trim()}”可填〕`,
    )
  }
  return left
}

const sampleAnswers = { name: '示例张三', idNumber: '110101190001010000', phone: '13800000000' }

/** A matter that does not exist: as much of one as papers tell. */
const sampleMatter: MatterStandard = matterStandardSchema.parse({
  ...{ format: 2, itemId: 'PREVIEW', code: 'PREVIEW', name: '示例事项', aliases: [], version: 1, sample: false },
  ...{ effectiveFrom: '2026-01-01', source: '示例', department: '示例部门', audience: '自然人' },
  ...{ basis: [{ title: '示例条例', clause: '第一条' }], acceptanceBy: 'centre', scope: '示例' },
  conditions: [
    { id: 'one', text: '第一个示例条件' },
    { id: 'two', text: '第二个示例条件' },
  ],
  form: {
    schema: {
      type: 'object',
      properties: {
        name: { title: '姓名', type: 'string' },
        idNumber: { title: '身份证号', type: 'string' },
        phone: { title: '联系电话', type: 'string' },
      },
    },
    ui: {},
    applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' },
  },
  materials: ['居民身份证', '户口簿', '示例照片'].map((name, at) => ({
    ...{
      id: `m${at}`,
      name,
      necessity: at === 2 ? 3 : 1,
      originals: 1,
      copies: at,
      source: '10',
      acceptancePoints: [],
    },
  })),
  legalLimit: { days: 30, unit: 'workday' },
  promisedLimit: { days: 20, unit: 'workday' },
  steps: ['受理'],
  fee: { charged: false, text: '不收费' },
  results: [{ name: '示例结果', kind: '30' }],
  questions: [],
  enquiry: '示例咨询电话',
  complaint: '示例监督电话',
})

const sampleLater = [{ requirementId: 'm2', dueDate: '2026-12-01' }]

/** A case in every state at once: each paper finds the step that it tells. */
function sampleGround(now: Date): Pick<PaperFacts, 'received' | 'standing' | 'standard'> {
  const atUtc = now.toISOString()
  const decided = (['accepted', 'corrections', 'refused', 'approved'] as const).map((decision) => ({
    ...{ decision, by: 'centre' as const, atUtc, reason: decision === 'approved' ? '' : '这里是中心写的理由（示例）' },
  }))
  const materials = [{ materialId: '', requirementId: 'm0', addedAtUtc: atUtc }].map((one) => ({
    ...{ ...one, file: { sha256: '', name: '示例.jpg', mediaType: 'image/jpeg' as const, sizeBytes: 1 } },
  }))
  const standing: CaseStanding = {
    ...{ state: 'closed', centreCaseNumber: '示例中心编号', decided, materials, later: sampleLater },
    delivered: { receiverName: '示例李四', receiverIdNumber: '', deliveredAtUtc: atUtc },
    ...{ supplementedAtUtc: null, promisedDate: null },
  }
  const received: EntryPayload<'case.received@1'> = {
    ...{ caseId: '', localNumber: '示例编号', itemId: 'PREVIEW', matterCode: 'PREVIEW', matterName: sampleMatter.name },
    ...{
      standardVersion: 1,
      standardSha256: '',
      acceptanceBy: 'centre',
      applicant: sampleAnswers,
      answers: sampleAnswers,
    },
    ...{ materials, later: sampleLater, receivedAtUtc: atUtc, training: false },
    promised: { date: '2026-12-21', days: 20, unit: 'workday' },
  }
  return { received, standing, standard: sampleMatter }
}

const sampleCheck: DraftCheck = {
  ...{ revision: 1, ready: false, closed: [], promises: [], warnings: [] },
  form: [{ path: '/phone', title: '联系电话', kind: 'missing', text: '' }],
  conditions: [{ id: 'one', matterName: '', text: '第一个示例条件', state: 'unmet' }],
  materials: sampleMatter.materials.map(({ id, name, necessity }) => ({
    ...{ requirementId: id, name, necessity, state: necessity === 3 ? ('later' as const) : ('missing' as const) },
    dueDate: necessity === 3 ? '2026-12-01' : null,
  })),
  promised: { date: '2026-12-21', days: 20, unit: 'workday' },
}
