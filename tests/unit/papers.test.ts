import { describe, expect, test } from 'vitest'
import { formParts, formSignatures } from '../../main/features/documents/form-words.ts'
import { offersOf, type PaperGround } from '../../main/features/documents/offers.ts'
import { type KnownTemplate, wordsOf } from '../../main/features/documents/paper-text.ts'
import { valuesOf } from '../../main/features/documents/paper-values.ts'
import { drawPreview } from '../../main/features/documents/preview.ts'
import type { CasePaperKind } from '../../preload/contract/papers.ts'
import { paperWords } from '../../preload/contract/standards/code-words.ts'
import { ownWords } from '../../preload/contract/standards/own-words.ts'
import { blankLine, fillText, type Template } from '../../preload/contract/standards/template.ts'
import { receivedCase } from '../helpers/centre.ts'
import { sampleStandard } from '../helpers/standards.ts'

const received = { ...receivedCase('01970000-0000-7000-8000-000000000001', '440282104208-1-20260303-0001') }
const standard = sampleStandard('elderly-allowance')
type Standing = PaperGround['standing']
const standing = (changes: Partial<Standing> = {}): Standing => ({
  ...{ state: 'received', centreCaseNumber: '', decided: [], delivered: undefined },
  ...{ later: [], materials: [], supplementedAtUtc: null, promisedDate: null },
  ...changes,
})
const step = (decision: Standing['decided'][number]['decision'], hour: number, reason = '') => ({
  ...{ decision, by: 'centre' as const, reason, atUtc: `2026-03-0${hour}T08:00:00.000Z` },
})
const ground = (changes: Partial<Standing>): PaperGround => ({ received, standard, standing: standing(changes) })
const values = (kind: CasePaperKind, changes: Partial<Standing>) =>
  valuesOf(kind, {
    ...ground(changes),
    ...{ issuer: '村民委员会', windowName: '一号窗口', clerk: '经办', now: new Date('2026-03-09T08:00:00.000Z') },
  })

describe('the words of a paper', () => {
  test('have their names filled in; a line to write on stands for what is not known, 无 for what there is none of', () => {
    const text = {
      title: '{{matterName}}通知',
      paragraphs: ['{{ applicantName }}：', '理由：{{reason}}；缺：{{missingMaterials}}'],
    }
    expect(fillText(text, { matterName: '高龄津贴', applicantName: '张三', missingMaterials: [] })).toEqual({
      title: '高龄津贴通知',
      passages: [{ text: '张三：' }, { text: `理由：${blankLine}；缺：无` }],
    })
  })

  test('print a list item by item where it stands alone, in one sentence elsewhere, and not at all where it is empty', () => {
    const text = {
      title: '单',
      paragraphs: ['{{laterMaterials}}', '补：{{laterMaterials}}', '{{missingMaterials}}', '{{remedies}}'],
    }
    expect(fillText(text, { laterMaterials: ['照片', '户口簿'], missingMaterials: [], remedies: '' })).toEqual({
      title: '单',
      passages: [{ items: ['照片', '户口簿'] }, { text: '补：照片；户口簿' }],
    })
  })

  test('that the program brings itself name nothing that it does not know', () => {
    for (const text of Object.values(ownWords)) {
      const filled = fillText(text, {})
      expect('unknown' in filled ? filled.unknown : []).toEqual([])
      expect(JSON.stringify(filled)).not.toMatch(/\{\{|\}\}/u)
    }
  })
})

describe('a template', () => {
  const template = (changes: Partial<Template>): KnownTemplate => ({
    sha256: 'b'.repeat(64),
    value: {
      ...{
        format: 1,
        kind: 'template',
        templateId: 'T',
        name: '统一的补正告知书',
        version: 3,
        effectiveFrom: '2026-01-01',
      },
      ...{ paper: 'correction', title: '补正通知', paragraphs: ['请补：{{reason}}'] },
      ...changes,
    },
  })
  const named = { ...standard, templates: [{ paper: 'correction' as const, templateId: 'T' }] }
  const worded = (found: KnownTemplate | undefined, paper: keyof typeof paperWords = 'correction') => {
    const { title, template: used, templateFailed } = wordsOf(paper, named, () => found, { reason: '照片' })
    return { title, used, templateFailed }
  }

  test('that the standard names gives the words, and the paper tells which version of it', () => {
    const used = { templateId: 'T', version: 3, sha256: 'b'.repeat(64) }
    expect(worded(template({}))).toEqual({ title: '补正通知', used, templateFailed: '' })
    expect(worded(template({}), 'refusal')).toEqual({ title: '不予受理通知书', used: null, templateFailed: '' })
  })

  test('that cannot be used stops no paper: the program’s own words stand in, and it says why', () => {
    const own = { title: '补正告知书', used: null }
    expect(worded(undefined)).toEqual({ ...own, templateFailed: '文书模板“T”现在没有在用的版本' })
    expect(worded(template({ paper: 'refusal' }))).toEqual({
      ...own,
      templateFailed: '文书模板“统一的补正告知书”第 3 版是另一种文书的',
    })
    expect(worded(template({ paragraphs: ['{{bornOn}}'] }))).toEqual({
      ...own,
      templateFailed: '文书模板“统一的补正告知书”第 3 版里有这个程序不认识的名字：bornOn',
    })
  })
})

describe('what stands for the names', () => {
  test('is the centre’s reason and what nobody brought for a 补正告知书, with a line to write on where it gave no reason', () => {
    const later = [{ requirementId: 'photo', dueDate: '2026-03-10' }]
    const material = (requirementId: string) => ({
      ...{ materialId: '01970000-0000-7000-8000-000000000002', requirementId, addedAtUtc: received.receivedAtUtc },
      file: { sha256: 'c'.repeat(64), name: '照片.jpg', mediaType: 'image/jpeg' as const, sizeBytes: 9 },
    })
    const materials = ['household-register', 'id-card', 'form'].map(material)
    const asked = {
      state: 'corrections' as const,
      decided: [step('corrections', 4, ' 户口簿看不清 ')],
      later,
      materials,
    }
    expect(values('correction', asked)).toMatchObject({
      reason: '户口簿看不清',
      decider: '民政部门',
      decidedOn: '2026年3月4日',
      missingMaterials: ['本人银行卡或存折', '近期一寸彩色免冠照片'],
      laterMaterials: ['近期一寸彩色免冠照片：2026年3月10日前补交'],
    })
    expect(values('correction', { ...asked, decided: [step('corrections', 4)] }).reason).toBeUndefined()
  })

  test('is the last day of the promise once its calendar came, a line to write on before', () => {
    const undated = { ...received, promised: { ...received.promised, date: null } }
    const facts = {
      issuer: '村民委员会',
      windowName: '一号窗口',
      clerk: '经办',
      now: new Date('2026-12-29T08:00:00.000Z'),
    }
    const promisedOn = (promisedDate: string | null) =>
      valuesOf('acceptance', { ...ground({ promisedDate }), received: undated, ...facts }).promisedOn
    expect([promisedOn(null), promisedOn('2027-01-26')]).toEqual([undefined, '2027年1月26日'])
  })

  test('masks the numbers of the applicant, and tells 复议 and 诉讼 with what is denied alone', () => {
    const denied = values('closing', { state: 'denied', decided: [step('accepted', 4), step('denied', 5, '已享受')] })
    const approved = values('closing', { state: 'closed', decided: [step('approved', 5), step('closed', 6)] })
    expect(String(denied.applicantIdNumber)).toContain('*')
    expect([denied.result, denied.reason, String(denied.remedies).includes('行政复议')]).toEqual([
      '不予',
      '已享受',
      true,
    ])
    expect([approved.result, approved.reason, approved.remedies]).toEqual(['准予', '', ''])
  })
})

describe('the papers that are right', () => {
  const offers = (changes: Partial<Standing>, made: Parameters<typeof offersOf>[1] = []) =>
    offersOf(ground(changes), [
      { kind: 'receipt', asOfUtc: null },
      { kind: 'form', asOfUtc: received.receivedAtUtc },
      ...made,
    ])

  test('follow the state of the case', () => {
    const later = [{ requirementId: 'photo', dueDate: null }]
    const delivered = { receiverName: '李四', receiverIdNumber: '', deliveredAtUtc: '2026-03-08T08:00:00.000Z' }
    const accepted = step('accepted', 5)
    expect(offersOf(ground({}), [])).toEqual(['receipt', 'form'])
    expect(offers({})).toEqual([])
    expect(offers({ later })).toEqual(['laterPromise'])
    expect(offers({ state: 'corrections', decided: [step('corrections', 4)] })).toEqual(['correction'])
    expect(offers({ state: 'accepted', decided: [accepted] })).toEqual(['acceptance'])
    expect(offers({ state: 'refused', decided: [step('refused', 4)], later })).toEqual(['refusal'])
    expect(offers({ state: 'approved', decided: [accepted, step('approved', 6)], later })).toEqual([
      'acceptance',
      'closing',
    ])
    expect(offers({ state: 'closed', decided: [step('denied', 6), step('closed', 7)], delivered })).toEqual([
      'closing',
      'delivery',
    ])
    // The sample that may be handled on 告知承诺: without one the paper could not be seen in training.
    const promising = { ...ground({}), standard: sampleStandard('tree-felling') }
    expect(offersOf(promising, [])).toContain('informedPromise')
  })

  test('are made once of each step: what is asked again is told again', () => {
    const once = { state: 'corrections' as const, decided: [step('corrections', 4)] }
    const made = [{ kind: 'correction', asOfUtc: '2026-03-04T08:00:00.000Z' }]
    expect(offers(once, made)).toEqual([])
    expect(offers({ ...once, decided: [step('corrections', 4), step('corrections', 5)] }, made)).toEqual(['correction'])
  })
})

describe('an application form', () => {
  const { form } = sampleStandard('destitute-support')
  const strokes = 'M10 20l3 -2'
  const answers = {
    ...{ name: '王小明', birthDate: '1950-01-02', division: '440282113201', signature: strokes, gone: '旧题目' },
    household: [{ name: '王大明' }, { name: '王二明' }],
  }
  const parts = formParts(form, answers, (code) => `村${code.slice(-3)}`)

  test('has the answers in the groups, words and tables of its standard, and leaves none out', () => {
    const [first] = parts
    const table = parts.find((part) => 'rows' in part)
    const all = parts.flatMap((part) => ('facts' in part ? part.facts.map(({ label, value }) => [label, value]) : []))
    expect(first?.title).toBe('申请人')
    expect(all).toEqual(
      expect.arrayContaining([
        ['出生日期', '1950年1月2日'],
        ['所在镇、村（居）', '村201'],
        ['gone', '旧题目'],
      ]),
    )
    expect(table && 'rows' in table && [table.columns[0], table.rows.map(([name]) => name)]).toEqual([
      '姓名',
      ['王大明', '王二明'],
    ])
    expect(JSON.stringify(parts)).not.toContain(strokes)
  })

  test('keeps the strokes of a signature, says who signed on paper, and has a line for who did not', () => {
    const signed = (value: unknown) => formSignatures(form, { ...answers, signature: value as string })[0]
    expect(signed(strokes)).toMatchObject({ strokes, words: '' })
    expect(signed('paper')).toMatchObject({ strokes: '', words: '已在纸质表上签名' })
    expect(signed('M1 1<svg>')).toMatchObject({ strokes: '', words: '' })
    expect(formSignatures(standard.form, {})).toEqual([{ label: '申请人签名', strokes: '', words: '' }])
  })
})

const unfinished = {
  title: '{{matterName}}',
  paragraphs: ['{{applicantName}}：', '{{laterMaterials}}', '{{bornOn}}', '𬺲', '{{{{bornOn}}}}', '{{{{{{today}}}}}}'],
}
const halves = [
  ...Object.keys(paperWords).map((paper) => ({ paper, ...unfinished })),
  undefined,
  { paper: 'nonsense', title: 7, paragraphs: 'x' },
]

test.each(halves)(
  'a template that is being written is drawn whatever it is, on the real page ($paper)',
  async (template) => {
    const place = { issuer: '村民委员会', windowName: '一号窗口', now: new Date('2026-03-09T08:00:00.000Z') }
    const pdf = await drawPreview(template, place)
    expect(Buffer.from(pdf.subarray(0, 5)).toString('latin1')).toBe('%PDF-')
  },
)
