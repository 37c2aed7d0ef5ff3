import * as words from '../../preload/contract/standards/code-words.ts'

type Codes = Readonly<Record<string, string>>

const pair = <T extends Codes>(chinese: T, english: Readonly<Record<keyof T, string>>): [Codes, Codes] => [
  chinese,
  english,
]

/** The code sets of standards in English, by the Chinese set (preload/contract/standards/code-words.ts). */
export const codeWordsInEnglish: ReadonlyMap<Codes, Codes> = new Map([
  pair(words.matterKindWords, {
    '01': 'Administrative licence',
    '02': 'Administrative penalty',
    '03': 'Administrative compulsion',
    '04': 'Administrative levy',
    '05': 'Administrative benefit',
    '06': 'Administrative inspection',
    '07': 'Administrative confirmation',
    '08': 'Administrative award',
    '09': 'Administrative ruling',
    '20': 'Other administrative power',
    '21': 'Public service',
  }),
  pair(words.levelWords, {
    '1': 'State',
    '2': 'Province',
    '3': 'City',
    '4': 'County',
    '5': 'Town (subdistrict)',
    '6': 'Village (community)',
    '7': 'Shared between levels',
  }),
  pair(words.authorityNatureWords, {
    '1': 'Statutory body',
    '2': 'Authorised organisation',
    '3': 'Entrusted organisation',
    '9': 'Other',
  }),
  pair(words.powerSourceWords, {
    '1': 'Its own by law',
    '2': 'Passed down from above',
    '3': 'Authorised from above',
    '4': 'Authorised by its level',
    '5': 'Entrusted from above',
    '6': 'Entrusted by its level',
  }),
  pair(words.audienceWords, {
    '1': 'Natural persons',
    '2': 'Enterprises',
    '3': 'Public institutions',
    '4': 'Social organisations',
    '5': 'Administrative bodies',
    '6': 'Other organisations',
  }),
  pair(words.channelWords, { '1': 'At a window', '2': 'By computer', '3': 'By phone', '4': 'By post', '9': 'Other' }),
  pair(words.handlingKindWords, { '1': 'Done at once', '2': 'Done by a promised time', '9': 'Other' }),
  pair(words.necessityWords, { 1: 'Needed', 2: 'Not needed', 3: 'May follow later' }),
  pair(words.materialKindWords, { '1': 'Certificate or proof', '2': 'Form or document', '3': 'Other' }),
  pair(words.materialFormWords, { '1': 'Paper', '2': 'Electronic', '3': 'Paper or electronic' }),
  pair(words.materialSourceWords, { '10': 'The applicant', '20': 'Issued by an authority', '99': 'Other' }),
  pair(words.resultKindWords, { '10': 'Certificate', '20': 'Approval document', '30': 'Other' }),
  pair(words.specialProcedureWords, {
    '1': 'Longer approval',
    '2': 'Other (hearing, inspection, testing, appraisal, review …)',
  }),
  pair(words.statusWords, { active: 'In use', suspended: 'Suspended', cancelled: 'Cancelled' }),
  pair(words.onlineDepthWords, { I: 'Level Ⅰ', II: 'Level Ⅱ', III: 'Level Ⅲ', IV: 'Level Ⅳ' }),
  pair(words.stageWords, {
    acceptance: 'Application and acceptance',
    decision: 'Examination and decision',
    delivery: 'Issue and delivery',
  }),
  pair(words.acceptanceWords, { station: 'The window', centre: 'The centre' }),
  pair(words.paperWords, {
    receipt: 'Receipt',
    checklist: 'Checklist',
    acceptance: 'Notice of acceptance',
    correction: 'Notice of correction',
    refusal: 'Notice of refusal',
    laterPromise: 'Promise of later materials',
    informedPromise: 'Informed promise',
    closing: 'Notice of the result',
    delivery: 'Acknowledgement of delivery',
    form: 'Application form',
  }),
])
