import type { DocumentKind } from '../../preload/contract/standards/documents.ts'
import type { fieldWords } from '../../preload/contract/standards/field-words.ts'

/** The fields of the documents in English, as `fieldWords` has them in Chinese; a unit test holds one against the other. */

type Words = (typeof fieldWords)[DocumentKind]

const limit = { days: 'Days', unit: 'Unit (workdays or calendar days)' }
const question = { question: 'Question', answer: 'Answer' }

const matter: Words = {
  format: 'Format version',
  itemId: 'Matter identifier',
  code: 'Implementation code',
  catalogCode: 'Base code',
  handlingCode: 'Handling item code',
  localCode: 'Local code',
  name: 'Matter name',
  aliases: 'Common names',
  version: 'Matter version',
  status: 'Status',
  effectiveFrom: 'Planned effective date',
  effectiveUntil: 'Planned cancellation date',
  sample: 'Whether a sample',
  source: 'Source',
  kind: 'Kind of matter',
  level: 'Level of exercise',
  department: 'Implementing body',
  departmentCode: 'Code of the implementing body',
  departmentNature: 'Nature of the implementing body',
  entrustingDepartment: 'Entrusting department',
  jointDepartments: 'Joint departments',
  powerSource: 'Source of the power',
  audience: 'For whom',
  audienceCodes: 'Codes of for whom',
  topics: 'Topics',
  basis: [
    'Legal basis',
    { title: 'Title', clause: 'Clause', number: 'Document number', content: 'Text of the clause' },
  ],
  conditions: ['Conditions', { id: 'Identifier', text: 'Condition', rule: 'Rule' }],
  quota: 'Limit of number',
  acceptanceBy: 'Who decides on acceptance',
  informedPromise: 'Informed promise allowed',
  form: [
    'Form',
    {
      schema: 'Questions',
      ui: 'Look',
      applicant: [
        'Applicant',
        { name: 'Question of the name', idNumber: 'Question of the identity number', phone: 'Question of the phone' },
      ],
    },
  ],
  materials: [
    'Materials',
    {
      id: 'Identifier',
      name: 'Name',
      necessity: 'Necessity',
      originals: 'Number of originals',
      copies: 'Number of copies',
      source: 'Where it comes from',
      sourceNote: 'More on where it comes from',
      kind: 'Kind of material',
      form: 'Form of the material',
      spec: 'Size',
      acceptancePoints: 'What is checked',
      notes: 'How to fill it in',
      blankForm: 'Blank form',
      sample: 'Filled sample',
      basis: 'Basis of asking for it',
      issuer: 'Issuing body',
      reuseKey: 'Reuse key',
      laterWithinWorkdays: 'To follow within workdays',
    },
  ],
  handlingKind: 'Kind of handling',
  legalLimit: ['Legal time limit', limit],
  legalLimitNote: 'Note on the legal time limit',
  promisedLimit: ['Promised time limit', limit],
  promisedLimitNote: 'Note on the promised time limit',
  specialProcedures: [
    'Special procedures',
    { name: 'Name', kind: 'Kind', limit: ['Time limit', limit], basis: 'Basis' },
  ],
  steps: [
    'Steps',
    {
      name: 'Step',
      stage: 'Stage',
      who: 'Who does it',
      limit: ['Time limit', limit],
      standard: 'What is examined',
      result: 'Outcome',
    },
  ],
  counterFlow: 'Way at the window',
  onlineFlow: 'Way online',
  fee: ['Fee', { charged: 'Whether charged', text: 'About the fee' }],
  fees: [
    'Fee items',
    {
      item: 'Item',
      standard: 'Rate',
      basis: 'Basis of the fee',
      isReducible: 'Whether it can be reduced',
      reductionBasis: 'Basis of the reduction',
    },
  ],
  results: ['Results', { name: 'Name', kind: 'Kind', sample: 'Sample' }],
  questions: ['Common questions', question],
  scope: 'Where it can be applied for',
  divisions: 'Towns and villages that take it in',
  channels: 'Channels',
  visits: 'Visits needed',
  places: ['Places', { name: 'Name', address: 'Address', hours: 'Hours', phone: 'Phone' }],
  enquiry: 'Enquiries',
  complaint: 'Complaints',
  intermediary: 'Intermediary services',
  inHall: 'Whether in the service hall',
  onlinePayment: 'Whether paid online',
  appointment: 'Whether by appointment',
  selfService: 'Whether at a self-service machine',
  express: 'Whether by courier',
  onlineDepth: 'Depth of online handling',
  templates: ['Templates of papers', { paper: 'Paper', templateId: 'Template identifier' }],
}

const theme: Words = {
  format: 'Format version',
  kind: 'Kind of file',
  themeId: 'Theme identifier',
  name: 'Name',
  aliases: 'Common names',
  version: 'Version',
  effectiveFrom: 'Effective date',
  sample: 'Whether a sample',
  source: 'Source',
  description: 'Description',
  department: 'Leading department',
  members: ['Matters', { kind: 'Kind', id: 'Identifier', when: 'When it applies', answers: 'Questions renamed' }],
  sharedMaterials: 'Reuse keys of shared materials',
  questions: ['Common questions', question],
}

const template: Words = {
  format: 'Format version',
  kind: 'Kind of file',
  templateId: 'Template identifier',
  name: 'Name',
  version: 'Version',
  effectiveFrom: 'Effective date',
  paper: 'Paper',
  title: 'Title',
  paragraphs: 'Paragraphs',
}

const calendar: Words = { source: 'Source', years: ['Year', { off: 'Days off', work: 'Make-up workdays' }] }

/** The English words of each kind of document. */
export const fieldWordsInEnglish: Readonly<Record<DocumentKind, Words>> = { matter, theme, template, calendar }
