import { expect, test } from 'vitest'
import { compareDocuments } from '../../main/standards/differences/compare.ts'
import { checkForm } from '../../main/standards/form/check-form.ts'
import { checkDocuments } from '../../main/standards/index.ts'
import { mergeTheme } from '../../main/standards/merge-theme.ts'
import { moveAnswers } from '../../main/standards/move-draft.ts'
import type { Answers } from '../../preload/contract/entries.ts'
import { readDocument } from '../../preload/contract/standards/documents.ts'
import { danglingUiNames } from '../../preload/contract/standards/form-names.ts'
import { harmfulParts } from '../../preload/contract/standards/harm.ts'
import { evaluateRule } from '../../preload/contract/standards/rule.ts'
import { ruleFaults } from '../../preload/contract/standards/rule-check.ts'
import { themeSchema } from '../../preload/contract/standards/theme.ts'
import { sampleJson } from '../helpers/standards.ts'

/** Standards as large as they may be, each in another way: nobody would write them, and every window must live with them. */

// biome-ignore lint/suspicious/noExplicitAny: a test changes any part of it
type Edit = (json: any) => void
const many = <T>(count: number, one: (at: number) => T) => Array.from({ length: count }, (_, at) => one(at))
const question = (at: number) => ({ title: `题${at}`, type: 'string', maxLength: 60, description: '说'.repeat(300) })

const shapes: Readonly<Record<string, Edit>> = {
  'nearly two hundred questions': (json) => {
    const { properties } = json.form.schema
    const more = many(180 - Object.keys(properties).length, (at) => [`q${at}`, question(at)])
    json.form.schema.properties = { ...properties, ...Object.fromEntries(more) }
    json.form.ui = {}
  },
  'forty conditions of four hundred parts': (json) => {
    json.form.schema.properties = { ...json.form.schema.properties, free: question(0) }
    json.form.ui = {}
    json.conditions = many(40, (at) => ({
      ...{ id: `c${at}`, text: `条件${at}` },
      rule: { or: many(99, (one) => ({ '==': [{ var: 'answers.free' }, `${at} ${one}`] })) },
    }))
  },
  'forty branches on seven answers each': (json) => {
    const { properties } = json.form.schema
    for (const at of many(11, (one) => one)) properties[`b${at}`] = { title: `b${at}`, type: 'boolean' }
    const tested = (at: number) => Object.fromEntries(many(7, (one) => [`b${(at + one) % 11}`, { const: true }]))
    json.form.schema.allOf = many(40, (at) => ({
      if: { properties: tested(at), required: ['b0'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { [`t${at}`]: question(at) } },
    }))
    json.form.ui = {}
  },
  'sixty materials with twenty points each': (json) => {
    json.materials = many(60, (at) => ({
      ...{ id: `m${at}`, name: `材料${at}`, necessity: 1, originals: 1, copies: 0, source: '10' },
      acceptancePoints: many(20, (one) => `${one}${'受'.repeat(120)}`),
    }))
  },
  'patterns to their bound in a table': (json) => {
    const columns = Object.fromEntries(
      many(16, (at) => [`c${at}`, { ...question(at), pattern: '^[ab]{1,40}[ab]{1,40}x?$' }]),
    )
    const items = { type: 'object', properties: columns }
    json.form.schema.properties.table = { title: '表', type: 'array', maxItems: 100, uniqueItems: true, items }
    json.form.ui = {}
  },
}

const documents = Object.entries(shapes).map(([name, edit]) => {
  const json = sampleJson('elderly-allowance')
  edit(json)
  const text = JSON.stringify(json)
  const read = readDocument(text)
  if (!read.ok || read.document.kind !== 'matter') throw new Error(`${name}: ${JSON.stringify(read).slice(0, 300)}`)
  return { name, text, document: read.document, form: read.document.value.form }
})

/** Answers of every question, as long as the worst that is taken. */
function answersOf(schema: unknown, rows: number): Answers {
  const { properties } = schema as { properties: Record<string, { type?: string; items?: unknown }> }
  const one = (property: { type?: string; items?: unknown }) => {
    if (property.type === 'array') return many(rows, () => answersOf(property.items, 0))
    return property.type === 'boolean' ? true : 'a'.repeat(61)
  }
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, one(property)])) as Answers
}

/** Milliseconds of this process that a piece of work takes. */
function cost(work: () => unknown): number {
  const begun = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}

test.each(documents)(
  'a standard with $name that is taken hangs nothing: check, form, comparison, move, theme',
  ({ name, text, document, form }) => {
    expect(harmfulParts(document)).toEqual([])
    const theme = themeSchema.parse({
      ...{ format: 1, kind: 'theme', themeId: 'T', name: 'T', aliases: [], version: 1, effectiveFrom: '2026-01-01' },
      ...{ sample: false, source: 's', description: '', department: 'd', sharedMaterials: [], questions: [] },
      members: [{ kind: 'matter', id: document.value.itemId }],
    })
    const answers = answersOf(form.schema, 100)
    const costs = {
      check: cost(() => checkDocuments([{ name: 'a', text }], true)),
      form: cost(() => checkForm(form, answers, '2026-11-23')),
      compare: cost(() => documents.map((other) => compareDocuments(document, other.document))),
      move: cost(() => documents.map((other) => moveAnswers(form, other.form, answers, '2026-11-23'))),
      merge: cost(() => mergeTheme(theme, { matter: () => document.value, theme: () => undefined })),
    }
    for (const [what, milliseconds] of Object.entries(costs))
      expect([name, what, milliseconds < 3000]).toEqual([name, what, true])
  },
)

test('forms beyond the bounds are refused: questions in all branches together, rows, patterns of a whole table', () => {
  const faultsOf = (edit: Edit) => {
    const json = sampleJson('elderly-allowance')
    edit(json)
    json.form.ui = {}
    const read = readDocument(JSON.stringify(json))
    return read.ok ? harmfulParts(read.document) : ['unread']
  }
  const branches: Edit = (json) => {
    json.form.schema.allOf = many(20, (at) => ({
      properties: Object.fromEntries(many(20, (one) => [`q${at}x${one}`, { title: 'q', type: 'string' }])),
    }))
  }
  const rows: Edit = (json) => {
    const items = { type: 'object', properties: { a: { title: 'a', type: 'string' } } }
    json.form.schema.properties.table = { title: '表', type: 'array', maxItems: 100_000, uniqueItems: true, items }
  }
  const table: Edit = (json) => {
    const columns = many(9, (at) => [`c${at}`, { title: 'c', type: 'string', pattern: '^[ab]{1,400}[ab]{1,400}x$' }])
    const items = { type: 'object', properties: Object.fromEntries(columns) }
    json.form.schema.properties.table = { title: '表', type: 'array', items }
  }
  expect(faultsOf(branches)[0]).toMatch(/^\/form\/schema\/allOf\/\d+\/properties$/)
  expect(faultsOf(rows)).toEqual(['/form/schema/properties/table/maxItems'])
  expect(faultsOf(table)[0]).toMatch(/^\/form\/schema\/properties\/table\/items\/properties\/c\d\/pattern$/)
})

test('a part that stands where a text is meant, with methods of its own, is told and never called', () => {
  const trap = { toString: 1, valueOf: 1 }
  const edits: readonly Edit[] = [
    (json) => Object.assign(json.form.ui, { 'ui:order': [trap] }),
    (json) => Object.assign(json.form.ui.name, { 'ui:options': { group: trap } }),
    (json) => Object.assign(json.form.schema, { required: [trap] }),
    (json) => Object.assign(json.form.schema.properties.name, { enum: [trap] }),
    (json) => Object.assign(json.form.schema.properties.name, { oneOf: [{ const: 'a', title: trap }] }),
    (json) => Object.assign(json.form.schema.properties.name, { format: trap }),
    (json) => Object.assign(json.form.schema.properties.name, { $ref: trap }),
    (json) => Object.assign(json.form.schema, { allOf: [{ if: { required: [trap] } }] }),
    (json) => Object.assign(json.form.schema.properties.name, { type: trap }),
    (json) => Object.assign(json.form.ui.name, { 'ui:widget': trap }),
    (json) => Object.assign(json.form.ui.name, { 'ui:help': trap, 'ui:placeholder': 1 }),
    (json) => Object.assign(json.form.ui.name, { 'ui:options': { wide: 'yes', addLabel: trap } }),
  ]
  for (const edit of edits) {
    const json = sampleJson('elderly-allowance')
    edit(json)
    const text = JSON.stringify(json)
    const { findings } = checkDocuments([{ name: 'a', text }], true)
    expect([edits.indexOf(edit), findings.some(({ severity }) => severity === 'must')]).toEqual([
      edits.indexOf(edit),
      true,
    ])
    const read = readDocument(text)
    if (!read.ok || read.document.kind !== 'matter') throw new Error('unread')
    const { value } = read.document
    expect(() => harmfulParts(read.document)).not.toThrow()
    expect(() => danglingUiNames(value.form)).not.toThrow()
    expect(() => compareDocuments(read.document, documents[0]?.document ?? read.document)).not.toThrow()
    // What could hurt is never in force, so no draft moves to it.
    if (harmfulParts(read.document).length === 0)
      expect(() => moveAnswers(value.form, value.form, { name: 'a' }, '2026-11-23')).not.toThrow()
  }
})

test('no rule that is taken takes long, whatever it looks up and whatever was answered', () => {
  const dots = '.'.repeat(4999)
  const data = {
    ...{ age: 80, today: '2026-11-23' },
    answers: { texts: many(500, () => dots), rows: many(100, () => ({ a: dots, b: 'x'.repeat(5000) })), long: dots },
  }
  const rules: readonly unknown[] = [
    { some: [{ var: 'answers.rows' }, { '==': [{ missing: many(90, () => `answers${dots.slice(0, 900)}`) }, 1] }] },
    { some: [{ var: 'answers.texts' }, { or: many(90, () => ({ var: [{ var: '' }] })) }] },
    { some: [{ var: 'answers.rows' }, { or: many(60, () => ({ in: [`${dots.slice(0, 2500)}x`, { var: 'a' }] })) }] },
    { some: [{ var: 'answers.rows' }, { or: many(60, () => ({ '-': [{ var: 'a' }, { var: 'b' }] })) }] },
    { some: [{ var: 'answers.rows' }, { '!': [{ cat: many(60, () => ({ var: 'b' })) }] }] },
    { some: [{ var: 'answers.rows' }, { or: many(60, () => ({ substr: [{ var: 'b' }, -4000, 3000] })) }] },
  ]
  for (const rule of rules) {
    expect(ruleFaults(rule)).toEqual([])
    // A standard has at most forty conditions: all of them within two seconds.
    const five = cost(() => many(5, () => expect(typeof evaluateRule(rule, data).ok).toBe('boolean')))
    expect(five).toBeLessThan(250)
  }
})
