import fc from 'fast-check'
import {
  audienceWords,
  channelWords,
  materialFormWords,
  matterKindWords,
  paperWords,
  specialProcedureWords,
  stageWords,
} from '../../preload/contract/standards/code-words.ts'

/** Any matter's standard that its schema takes, also such as nobody would write: every field there or not, texts of any characters, forms of any shape. */

/** Texts that a table could take for something else. */
const odd = [
  '=1+1',
  ' 前后有空格 ',
  '一行\n两行',
  '\r\n',
  '_x0041_',
  '→长内容 1',
  '说明：',
  '#1',
  '@x',
  '0012',
  '1E5',
  '是',
  '2026-01-01',
  '\u0001\ufffe',
  '“引”&<号>',
  '\t',
  '\u3000',
  '𠮷',
]

const text = (max: number, min = 1) =>
  fc
    .oneof(
      { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: min, maxLength: 12 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: min, maxLength: 8 }) },
      { weight: 2, arbitrary: fc.constantFrom(...odd) },
      { weight: 1, arbitrary: fc.constantFrom('x'.repeat(max)) },
    )
    .map((value) => value.slice(0, max).replaceAll(/\p{Surrogate}/gu, ''))
    .filter((value) => value.length >= min)
const id = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/u), text(40))
const codeOf = (words: object) => fc.constantFrom(...Object.keys(words))
const day = fc.constantFrom('2026-01-01', '2026-07-15', '2027-12-31')
const limit = fc.record({ days: fc.integer({ min: 0, max: 3650 }), unit: fc.constantFrom('workday', 'day') })
const yesOrNo = fc.constantFrom(true, false, null)
const list = <T>(one: fc.Arbitrary<T>, maxLength = 4) => fc.array(one, { maxLength })
const optional = <T extends object>(all: { [K in keyof T]: fc.Arbitrary<T[K]> }, needed: (keyof T)[]) =>
  fc.record(all, { requiredKeys: needed as never })
// Deep enough to be more than any column says.
const json = fc.jsonValue({ maxDepth: 2, depthSize: 'small' }).map((value) => JSON.parse(JSON.stringify(value)))

const material = optional(
  {
    id,
    name: text(120),
    necessity: fc.constantFrom(1, 2, 3),
    originals: fc.integer({ min: 0, max: 20 }),
    copies: fc.integer({ min: 0, max: 20 }),
    source: fc.constantFrom('10', '20', '99'),
    sourceNote: text(300, 0),
    kind: fc.constantFrom('', '1', '2', '3'),
    form: fc.constantFrom('', ...Object.keys(materialFormWords)),
    acceptancePoints: list(text(300)),
    notes: text(1000, 0),
    reuseKey: text(60, 0),
    laterWithinWorkdays: fc.integer({ min: 1, max: 60 }),
  },
  ['id', 'name', 'necessity', 'originals', 'copies', 'source', 'acceptancePoints'],
)
const step = fc.oneof(
  text(60),
  optional(
    {
      name: text(60),
      stage: fc.constantFrom('', ...Object.keys(stageWords)),
      who: text(120, 0),
      limit: fc.option(limit),
      standard: text(1000, 0),
    },
    ['name'],
  ),
)

const answerName = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,8}$/u) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'a.b', '', '中文', 'x y') },
)
const choice = fc.oneof(
  { weight: 3, arbitrary: fc.record({ const: text(10, 0), title: text(10, 0) }) },
  { weight: 1, arbitrary: json },
)
const property = fc.oneof(
  {
    weight: 6,
    arbitrary: optional(
      {
        type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'object', 'strange'),
        title: text(30, 0),
        format: fc.constantFrom('date', 'email'),
        minLength: fc.nat(9),
        maxLength: fc.nat(100),
        minimum: fc.integer(),
        maximum: fc.double({ noNaN: true, noDefaultInfinity: true }),
        pattern: text(20, 0),
        default: json,
        oneOf: fc.array(choice, { maxLength: 3 }),
        description: json,
      },
      [],
    ),
  },
  { weight: 1, arbitrary: json },
)
const dictionary = <T>(one: fc.Arbitrary<T>, maxKeys = 5) =>
  fc.array(fc.tuple(answerName, one), { maxLength: maxKeys }).map((entries) => Object.fromEntries(entries))
const table = fc
  .record({
    properties: dictionary(property, 3),
    required: list(answerName, 2),
    extra: optional({ title: text(20), minItems: fc.nat(3), uniqueItems: fc.boolean() }, []),
  })
  .map(({ properties, required, extra }) => ({
    type: 'array',
    ...extra,
    items: { type: 'object', properties, ...(required.length > 0 ? { required } : {}) },
  }))
const look = fc.oneof(
  {
    weight: 4,
    arbitrary: optional(
      {
        'ui:widget': fc.constantFrom('text', 'radio', 'signature', 'strange'),
        'ui:help': text(30, 0),
        'ui:options': fc.oneof(optional({ group: text(12, 0), addLabel: text(8), wide: fc.boolean() }, []), json),
        items: fc.oneof(dictionary(json, 2), json),
      },
      [],
    ),
  },
  { weight: 1, arbitrary: json },
)
const test = answerName.chain((name) =>
  fc.oneof(
    fc.record({
      properties: fc.record({
        [name]: fc.oneof(fc.record({ const: text(8) }), fc.record({ enum: fc.array(text(8), { maxLength: 3 }) })),
      }),
      required: fc.constant([name]),
    }),
    json,
  ),
)
const branch = fc.tuple(test, dictionary(property, 2), list(answerName, 2)).map(([tested, properties, required]) =>
  Object.fromEntries([
    ['if', tested],
    ['then', { properties, ...(required.length > 0 ? { required } : {}) }],
  ]),
)

/** Any form, from such as the samples to such as no check would let pass. */
export const anyForm = fc
  .record({
    properties: dictionary(fc.oneof({ weight: 4, arbitrary: property }, { weight: 1, arbitrary: table }), 6),
    looks: dictionary(look, 6),
    branches: list(branch, 3),
    isList: fc.boolean(),
    base: optional(
      {
        $schema: fc.constant('https://json-schema.org/draft/2020-12/schema'),
        type: fc.constant('object'),
        title: text(30, 0),
        else: json,
        additionalProperties: fc.boolean(),
      },
      [],
    ),
    order: fc.constantFrom('none', 'names', 'reversed', 'star', 'wrong', 'json'),
    required: fc.option(list(answerName, 3)),
    marks: fc.boolean(),
  })
  .map(({ properties, looks, branches, isList, base, order, required, marks }) => {
    const names = Object.keys(properties)
    const orders: Record<string, object> = {
      none: {},
      names: { 'ui:order': names },
      reversed: { 'ui:order': names.toReversed() },
      star: { 'ui:order': ['*'] },
      wrong: { 'ui:order': ['nobody', ...names.slice(1), 'nobody'] },
      json: { 'ui:order': null },
    }
    const schema = {
      ...base,
      properties,
      ...(required === null ? {} : { required: marks ? names.filter((_, at) => at % 2 === 0) : required }),
      ...(isList ? { allOf: branches } : branches[0]),
    }
    return {
      schema,
      ui: { ...looks, ...orders[order] },
      applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' },
    }
  })

/** Any matter's standard of the schema's shape, as JSON. */
export const anyMatter = optional(
  {
    format: fc.constantFrom(1, 2),
    itemId: fc.oneof(
      { weight: 4, arbitrary: fc.stringMatching(/^[A-Z0-9-]{1,40}$/u) },
      { weight: 1, arbitrary: text(60) },
    ),
    code: text(60),
    catalogCode: text(60, 0),
    name: text(120),
    aliases: list(text(60)),
    version: fc.integer({ min: 1, max: 99 }),
    status: fc.constantFrom('active', 'suspended', 'cancelled'),
    effectiveFrom: day,
    effectiveUntil: fc.option(day),
    sample: fc.boolean(),
    source: text(600),
    kind: fc.constantFrom('', ...Object.keys(matterKindWords)),
    department: text(120),
    jointDepartments: list(text(120)),
    audience: text(60),
    audienceCodes: list(codeOf(audienceWords)),
    topics: list(text(60)),
    basis: list(
      optional({ title: text(200), clause: text(200, 0), number: text(100, 0), content: text(2000, 0) }, [
        'title',
        'clause',
      ]),
    ),
    conditions: list(optional({ id, text: text(500), rule: json }, ['id', 'text'])),
    acceptanceBy: fc.constantFrom('station', 'centre'),
    informedPromise: fc.boolean(),
    form: anyForm,
    materials: list(material),
    legalLimit: fc.option(limit),
    legalLimitNote: text(500, 0),
    promisedLimit: limit,
    specialProcedures: list(
      optional({ name: text(60), kind: codeOf(specialProcedureWords), limit: fc.option(limit), basis: text(300, 0) }, [
        'name',
        'kind',
      ]),
      2,
    ),
    steps: list(step),
    counterFlow: text(2000, 0),
    fee: fc.record({ charged: fc.boolean(), text: text(300, 0) }),
    fees: list(optional({ item: text(120), standard: text(300), isReducible: fc.boolean() }, ['item', 'standard']), 2),
    results: list(
      optional({ name: text(120), kind: fc.constantFrom('10', '20', '30'), sample: text(300, 0) }, ['name', 'kind']),
    ),
    questions: list(fc.record({ question: text(300), answer: text(1000) })),
    scope: text(200),
    divisions: list(text(12)),
    channels: list(codeOf(channelWords)),
    visits: fc.option(fc.nat(9)),
    places: list(optional({ name: text(120), address: text(200, 0), phone: text(60, 0) }, ['name']), 2),
    inHall: yesOrNo,
    express: yesOrNo,
    onlineDepth: fc.constantFrom('', 'I', 'IV'),
    templates: list(fc.record({ paper: codeOf(paperWords), templateId: text(60) }), 2),
  },
  [
    'format',
    'itemId',
    'code',
    'name',
    'aliases',
    'version',
    'effectiveFrom',
    'sample',
    'source',
    'department',
    'audience',
    'basis',
    'conditions',
    'acceptanceBy',
    'form',
    'materials',
    'legalLimit',
    'promisedLimit',
    'steps',
    'fee',
    'results',
    'questions',
    'scope',
  ],
)
