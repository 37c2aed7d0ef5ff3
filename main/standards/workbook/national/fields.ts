import {
  audienceWords,
  authorityNatureWords,
  channelWords,
  handlingKindWords,
  levelWords,
  materialFormWords,
  materialKindWords,
  materialSourceWords,
  matterKindWords,
  necessityWords,
  onlineDepthWords,
  powerSourceWords,
  resultKindWords,
} from '../../../../preload/contract/standards/code-words.ts'
import { type Codec, choice, choices, day, text, wholeNumber, yesNo } from '../tables/codecs.ts'
import { type Json, partOf } from '../tables/json-parts.ts'
import {
  coded,
  codeText,
  conditionLines,
  divisionCode,
  firstOf,
  lawLines,
  listLines,
  townCode,
  yesCode,
} from './codecs.ts'

/**
 * Columns of the national platform's tables (up_task_general_*) that a matter's standard has a field for. Other columns
 * are kept as they are and written back.
 */

/** A column: its head, the words for it, and where its value goes. */
export type Field = {
  readonly head: string
  readonly words: string
  readonly path: readonly string[]
  readonly codec: Codec
}

const field = (head: string, words: string, path: string, codec: Codec): Field => ({
  head,
  words,
  path: path.split('.'),
  codec,
})

/** 1 工作日, 2 自然日. The interface has no code list in public; words are read as well. */
const unitWords = { '1': '工作日', '2': '自然日' }
const unit = mapped(unitWords, { '1': 'workday', '2': 'day' })
/** 1 在用, 2 暂停, 3 取消. */
const state = mapped({ '1': '在用', '2': '暂停', '3': '取消' }, { '1': 'active', '2': 'suspended', '3': 'cancelled' })
const depth = mapped(
  { '1': 'Ⅰ级', '2': 'Ⅱ级', '3': 'Ⅲ级', '4': 'Ⅳ级', ...onlineDepthWords },
  { '1': 'I', '2': 'II', '3': 'III', '4': 'IV', I: 'I', II: 'II', III: 'III', IV: 'IV' },
)

/** A codec whose codes are other words in a standard. */
function mapped(words: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>): Codec {
  const codes = choice(words)
  return {
    kind: 'text',
    write: (value) => Object.keys(values).find((code) => values[code] === value),
    read(cell, head, is1904) {
      const read = codes.read(cell, head, is1904)
      return 'fault' in read ? read : { value: values[String(read.value)] ?? read.value }
    },
  }
}

/** What GB/T 39046 and the national platform call 10 and 20 is 20 and 21 in Guangdong, which a standard holds. */
const kindValues = {
  '01': '01',
  '02': '02',
  '03': '03',
  '04': '04',
  '05': '05',
  '06': '06',
  '07': '07',
  '08': '08',
  '09': '09',
  '10': '20',
  '20': '21',
}
const kindWords = {
  '01': '行政许可',
  '02': '行政处罚',
  '03': '行政强制',
  '04': '行政征收',
  '05': '行政给付',
  '06': '行政检查',
  '07': '行政确认',
  '08': '行政奖励',
  '09': '行政裁决',
  '10': '其他',
  '20': '公共服务',
}

/** Of a matter itself: up_task_general_basic. */
export const basicFields: readonly Field[] = [
  field('task_name', '事项名称', 'name', text),
  field('catalog_code', '基本编码', 'catalogCode', codeText),
  field('task_code', '实施编码', 'code', codeText),
  field('task_handle_item', '业务办理项编码', 'handlingCode', codeText),
  field('local_task_code', '地方实施编码', 'localCode', codeText),
  field('task_version', '事项版本', 'version', wholeNumber),
  field('task_state', '事项状态', 'status', state),
  field('task_type', '事项类型', 'kind', mapped(kindWords, kindValues)),
  field('plan_effective_date', '计划生效日期', 'effectiveFrom', day),
  field('plan_cancel_date', '计划取消日期', 'effectiveUntil', day),
  field('by_law', '设定依据', 'basis', lawLines),
  field('dept_name', '实施主体', 'department', text),
  field('dept_code', '实施主体编码', 'departmentCode', codeText),
  field('dept_type', '实施主体性质', 'departmentNature', coded(authorityNatureWords, choice)),
  field('entrust_name', '委托部门', 'entrustingDepartment', text),
  field('power_source', '权力来源', 'powerSource', coded(powerSourceWords, choice)),
  field('use_level', '行使层级', 'level', coded(levelWords, choice)),
  field('server_type', '服务对象', 'audienceCodes', coded(audienceWords, choices)),
  field('project_type', '办件类型', 'handlingKind', coded(handlingKindWords, choice)),
  field('accept_condition', '受理条件', 'conditions', conditionLines),
  field('handle_flow', '办理流程', 'counterFlow', text),
  field('handle_type', '办理形式', 'channels', coded(channelWords, choices)),
  field('anticipate_day', '法定办结时限', 'legalLimit.days', wholeNumber),
  field('anticipate_type', '法定办结时限单位', 'legalLimit.unit', unit),
  field('anticipate_explain', '法定办结时限说明', 'legalLimitNote', text),
  field('promise_day', '承诺办结时限', 'promisedLimit.days', wholeNumber),
  field('promise_type', '承诺办结时限单位', 'promisedLimit.unit', unit),
  field('promise_explain', '承诺办结时限说明', 'promisedLimitNote', text),
  field('special_procedure', '特别程序', 'specialProcedures', firstOf('name', { kind: '2' })),
  field('is_fee', '是否收费', 'fee.charged', yesCode(yesNo)),
  field('fee_basis', '收费依据', 'fee.text', text),
  field('limit_scene_num', '到办事现场次数', 'visits', wholeNumber),
  field('transact_addr', '办理地点', 'place.address', text),
  field('transact_time', '办理时间', 'place.hours', text),
  field('link_way', '咨询方式', 'enquiry', text),
  field('supervise_way', '监督投诉方式', 'complaint', text),
]

/** Of a matter too, in a table of their own or in the same: up_task_general_extend. */
export const extendFields: readonly Field[] = [
  field('handle_area', '通办范围', 'scope', text),
  field('is_entry_center', '是否进驻政务大厅', 'inHall', yesCode(yesNo)),
  field('is_express', '是否支持物流快递', 'express', yesCode(yesNo)),
  field('is_pay_online', '是否支持网上支付', 'onlinePayment', yesCode(yesNo)),
  field('is_schedule', '是否支持预约办理', 'appointment', yesCode(yesNo)),
  field('is_service_terminals', '是否支持终端办理', 'selfService', yesCode(yesNo)),
  field('online_handle_depth', '网上办理深度', 'onlineDepth', depth),
  field('limit_explain', '数量限制', 'quota', text),
  field('other_dept', '联办机构', 'jointDepartments', listLines),
  field('service_type', '中介服务', 'intermediary', text),
  field('result_name', '审批结果名称', 'result.name', text),
  field('result_type', '审批结果类型', 'result.kind', coded(resultKindWords, choice)),
  field('town_code', '乡镇街道代码', 'town', townCode),
  field('village_code', '村居社区代码', 'village', divisionCode),
]

/** Of a material: up_task_general_material. */
export const materialFields: readonly Field[] = [
  field('material_name', '材料名称', 'name', text),
  field(
    'is_need',
    '材料必要性',
    'necessity',
    coded(Object.fromEntries(Object.entries(necessityWords)), (words) => choice(words, true)),
  ),
  field('page_num', '纸质材料份数', 'originals', wholeNumber),
  field('page_copynum', '复印件份数', 'copies', wholeNumber),
  field('source_type', '来源渠道', 'source', coded(materialSourceWords, choice)),
  field('source_explain', '来源渠道说明', 'sourceNote', text),
  field('material_type', '材料类型', 'kind', coded(materialKindWords, choice)),
  field('material_format', '材料形式', 'form', coded(materialFormWords, choice)),
  field('page_format', '纸质材料规格', 'spec', text),
  field('accept_stand', '受理标准', 'acceptancePoints', listLines),
  field('fill_explain', '填报须知', 'notes', text),
  field('example_guid', '示例样表', 'sample', text),
  field('by_law', '要求提供材料的依据', 'basis', text),
]

/** Of a fee: up_task_general_fee_project. */
export const feeFields: readonly Field[] = [
  field('fee_name', '收费项目名称', 'item', text),
  field('fee_stand', '收费标准', 'standard', text),
  field('by_law', '收费依据', 'basis', text),
  field('is_desc', '是否允许减免', 'isReducible', yesCode(yesNo)),
  field('desc_explain', '允许减免依据', 'reductionBasis', text),
]

/** Of a question: up_task_general_questions. */
export const questionFields: readonly Field[] = [
  field('question', '问题', 'question', text),
  field('answer', '答案', 'answer', text),
]

/** The tables: what they are called, their columns, and the head by which one is known. */
export const nationalTables = [
  { table: 'basic', sheet: 'up_task_general_basic', sign: 'task_name', fields: [...basicFields, ...extendFields] },
  { table: 'material', sheet: 'up_task_general_material', sign: 'material_name', fields: materialFields },
  { table: 'fee', sheet: 'up_task_general_fee_project', sign: 'fee_name', fields: feeFields },
  { table: 'question', sheet: 'up_task_general_questions', sign: 'question', fields: questionFields },
  { table: 'extend', sheet: 'up_task_general_extend', sign: 'task_guid', fields: extendFields },
] as const satisfies readonly { table: string; sheet: string; sign: string; fields: readonly Field[] }[]

/** Which table one is. */
export type NationalTable = (typeof nationalTables)[number]['table']

/** Which list of a standard the rows of a table are. */
export const listOf = { material: 'materials', fee: 'fees', question: 'questions' } as const

const guangdongKind = field('task_type', '事项类型', 'kind', coded(matterKindWords, choice))

/**
 * A table's columns for the codes of 事项类型 that stand in it. Guangdong's own 20 is 其他行政权力, the platform's is
 * 公共服务; only Guangdong has a 21, so one of these says that all are Guangdong's.
 */
export function fieldsFor(fields: readonly Field[], kinds: readonly string[]): readonly Field[] {
  return isGuangdong(kinds) ? fields.map((one) => (one.head === 'task_type' ? guangdongKind : one)) : fields
}

/** Whether codes of 事项类型 are Guangdong's. */
export function isGuangdong(kinds: readonly string[]): boolean {
  return kinds.some((kind) => kind.trim() === '21')
}

/** A value of a row by a path that a field names. */
export const partAt = (value: Json | undefined, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((found, name) => partOf(found, name), value)
