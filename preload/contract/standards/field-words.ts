/** Every field of the documents in the words that people use, by dotted path; `*` stands for a place in a list. The schema's own test holds it against the schemas. */

const basis = { title: '名称', clause: '条款', number: '文号', content: '条款内容' }
const limit = { days: '天数', unit: '单位（工作日或自然日）' }
const question = { question: '问题', answer: '答案' }

type Words = { readonly [name: string]: string | readonly [title: string, parts: Words] }

const matter: Words = {
  format: '格式版本',
  itemId: '事项标识',
  code: '实施编码',
  catalogCode: '基本编码',
  handlingCode: '业务办理项编码',
  localCode: '地方编码',
  name: '事项名称',
  aliases: '俗称',
  version: '事项版本',
  status: '事项状态',
  effectiveFrom: '计划生效日期',
  effectiveUntil: '计划取消日期',
  sample: '是否样例',
  source: '出处',
  kind: '事项类型',
  level: '行使层级',
  department: '实施主体',
  departmentCode: '实施主体编码',
  departmentNature: '实施主体性质',
  entrustingDepartment: '委托部门',
  jointDepartments: '联办机构',
  powerSource: '权力来源',
  audience: '服务对象',
  audienceCodes: '服务对象代码',
  topics: '主题分类',
  basis: ['设定依据', basis],
  conditions: ['受理条件', { id: '标识', text: '条件', rule: '规则' }],
  quota: '数量限制',
  acceptanceBy: '由谁决定受理',
  informedPromise: '可以告知承诺',
  form: [
    '表单',
    {
      schema: '题目',
      ui: '样子',
      applicant: ['申请人', { name: '姓名的题目', idNumber: '证件号码的题目', phone: '电话的题目' }],
    },
  ],
  materials: [
    '申请材料',
    {
      id: '标识',
      name: '名称',
      necessity: '必要性',
      originals: '原件份数',
      copies: '复印件份数',
      source: '来源渠道',
      sourceNote: '来源渠道说明',
      kind: '材料类型',
      form: '材料形式',
      spec: '规格',
      acceptancePoints: '受理标准',
      notes: '填报须知',
      blankForm: '空白表格',
      sample: '示例样表',
      basis: '要求提供的依据',
      issuer: '出具机构',
      reuseKey: '复用标识',
      laterWithinWorkdays: '几个工作日内补交',
    },
  ],
  handlingKind: '办件类型',
  legalLimit: ['法定办结时限', limit],
  legalLimitNote: '法定办结时限说明',
  promisedLimit: ['承诺办结时限', limit],
  promisedLimitNote: '承诺办结时限说明',
  specialProcedures: ['特别程序', { name: '名称', kind: '种类', limit: ['时限', limit], basis: '依据' }],
  steps: [
    '办理流程',
    {
      name: '环节',
      stage: '阶段',
      who: '办理人员',
      limit: ['时限', limit],
      standard: '审查标准',
      result: '办理结果',
    },
  ],
  counterFlow: '窗口办理流程',
  onlineFlow: '网上办理流程',
  fee: ['收费', { charged: '是否收费', text: '收费说明' }],
  fees: [
    '收费项目',
    {
      item: '项目名称',
      standard: '收费标准',
      basis: '收费依据',
      isReducible: '是否可以减免',
      reductionBasis: '减免依据',
    },
  ],
  results: ['办理结果', { name: '名称', kind: '类型', sample: '样本' }],
  questions: ['常见问题', question],
  scope: '通办范围',
  divisions: '收件的镇村',
  channels: '办理形式',
  visits: '到现场次数',
  places: ['办理地点', { name: '名称', address: '地址', hours: '办理时间', phone: '电话' }],
  enquiry: '咨询方式',
  complaint: '监督投诉方式',
  intermediary: '中介服务',
  inHall: '是否进驻大厅',
  onlinePayment: '是否网上支付',
  appointment: '是否可以预约',
  selfService: '是否自助终端办理',
  express: '是否物流快递',
  onlineDepth: '网上办理深度',
  templates: ['文书模板', { paper: '文书', templateId: '模板标识' }],
}

const theme: Words = {
  format: '格式版本',
  kind: '文件种类',
  themeId: '一件事标识',
  name: '名称',
  aliases: '俗称',
  version: '版本',
  effectiveFrom: '生效日期',
  sample: '是否样例',
  source: '出处',
  description: '说明',
  department: '牵头部门',
  members: ['联办事项', { kind: '种类', id: '标识', when: '适用情形', answers: '题目对应' }],
  sharedMaterials: '共用材料的复用标识',
  questions: ['常见问题', question],
}

const template: Words = {
  format: '格式版本',
  kind: '文件种类',
  templateId: '模板标识',
  name: '名称',
  version: '版本',
  effectiveFrom: '生效日期',
  paper: '文书',
  title: '标题',
  paragraphs: '段落',
}

const calendar: Words = { source: '出处', years: ['年份', { off: '放假', work: '上班' }] }

/** The words of each kind of document. */
export const fieldWords: Readonly<Record<'matter' | 'theme' | 'template' | 'calendar', Words>> = {
  matter,
  theme,
  template,
  calendar,
}

/** A field's own words; the name itself where it has none. */
export function wordOf(words: Words | undefined, name: string): string {
  const found = words !== undefined && Object.hasOwn(words, name) ? words[name] : undefined
  if (found === undefined) return name
  return typeof found === 'string' ? found : found[0]
}

/**
 * Where in a document a path leads, in words. Places in lists count from 1 and carry the part's own name where
 * `nameAt` knows it.
 *
 * @example placeInWords('matter', ['materials', 2, 'name']) // '申请材料 第 3 项·名称'
 */
export function placeInWords(
  kind: keyof typeof fieldWords,
  path: readonly PropertyKey[],
  nameAt: (path: readonly PropertyKey[]) => string = () => '',
): string {
  let words: Words | undefined = fieldWords[kind]
  let told = ''
  path.forEach((step, at) => {
    if (typeof step === 'number') {
      const name = nameAt(path.slice(0, at + 1))
      told += ` 第 ${step + 1} 项${name === '' ? '' : `（${name}）`}`
      return
    }
    const name = String(step)
    if (kind === 'calendar' && /^\d{4}$/.test(name)) {
      told += `·${name} 年`
      return
    }
    told += `${told === '' ? '' : '·'}${wordOf(words, name)}`
    const below: Words[string] | undefined = words !== undefined && Object.hasOwn(words, name) ? words[name] : undefined
    words = typeof below === 'object' ? below[1] : undefined
  })
  return told === '' ? '整个文件' : told
}
