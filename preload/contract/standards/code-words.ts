/** Code sets of matter standards with their words: GB/T 39046 and the values that are live in Guangdong. A code is compared, never parsed. '' means: not told. */

/** 事项类型, Guangdong's live codes. In GB/T 39046 itself 10 is 其他 and 20 is 公共服务: an import from there has to translate. */
export const matterKindWords = {
  '01': '行政许可',
  '02': '行政处罚',
  '03': '行政强制',
  '04': '行政征收',
  '05': '行政给付',
  '06': '行政检查',
  '07': '行政确认',
  '08': '行政奖励',
  '09': '行政裁决',
  '20': '其他行政权力',
  '21': '公共服务',
} as const

/** 行使层级. */
export const levelWords = {
  '1': '国家级',
  '2': '省级',
  '3': '市级',
  '4': '县级',
  '5': '镇（街）级',
  '6': '村（居）级',
  '7': '分级管理',
} as const

/** 实施主体性质. */
export const authorityNatureWords = { '1': '法定机关', '2': '授权组织', '3': '受委托组织', '9': '其他' } as const

/** 权力来源. */
export const powerSourceWords = {
  '1': '法定本级行使',
  '2': '上级下放',
  '3': '上级授权',
  '4': '同级授权',
  '5': '上级委托',
  '6': '同级委托',
} as const

/** 服务对象. */
export const audienceWords = {
  '1': '自然人',
  '2': '企业法人',
  '3': '事业法人',
  '4': '社会组织法人',
  '5': '行政机关',
  '6': '其他组织',
} as const

/** 办理形式. */
export const channelWords = { '1': '窗口办理', '2': '电脑端', '3': '移动端', '4': '快递', '9': '其他' } as const

/** 办件类型. */
export const handlingKindWords = { '1': '即办件', '2': '承诺件', '9': '其他' } as const

/** 必要性 of a material. */
export const necessityWords = { 1: '必要', 2: '非必要', 3: '容缺后补' } as const

/** 材料类型. */
export const materialKindWords = { '1': '证件、证书、证明', '2': '申请表格、文书', '3': '其他' } as const

/** 材料形式. */
export const materialFormWords = { '1': '纸质', '2': '电子化', '3': '纸质或电子化' } as const

/** 来源渠道 of a material. */
export const materialSourceWords = { '10': '申请人自备', '20': '政府部门核发', '99': '其他' } as const

/** 结果类型. */
export const resultKindWords = { '10': '证照', '20': '批文', '30': '其他' } as const

/** 特别程序种类. */
export const specialProcedureWords = { '1': '延长审批', '2': '其他（听证、检验、检测、鉴定、评审等）' } as const

/** 事项状态. */
export const statusWords = { active: '在用', suspended: '暂停', cancelled: '取消' } as const

/** 网上办理深度. */
export const onlineDepthWords = { I: 'Ⅰ级', II: 'Ⅱ级', III: 'Ⅲ级', IV: 'Ⅳ级' } as const

/** 环节 as Guangdong groups them. */
export const stageWords = {
  acceptance: '申请与受理',
  decision: '审查与决定',
  delivery: '颁证与送达',
} as const

/** Who decides 受理. */
export const acceptanceWords = { station: '窗口', centre: '中心' } as const

/** Papers that a template words. */
export const paperWords = {
  receipt: '收件凭证',
  checklist: '一次性告知单',
  acceptance: '受理通知书',
  correction: '补正告知书',
  refusal: '不予受理通知书',
  laterPromise: '容缺受理承诺书',
  informedPromise: '告知承诺书',
  closing: '办结通知书',
  delivery: '送达回执',
  form: '申请表',
} as const
