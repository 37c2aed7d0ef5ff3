import {
  acceptanceWords,
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
  paperWords,
  powerSourceWords,
  resultKindWords,
  specialProcedureWords,
  stageWords,
  statusWords,
} from '../../../../preload/contract/standards/code-words.ts'
import { choice, choices, code, codeList, day, json, lines, text, wholeNumber, yesNo } from './codecs.ts'
import type { Json } from './json-parts.ts'
import type { Column } from './rows.ts'
import type { DocumentSheets } from './sheets.ts'

/** The sheets of a matter's standard: a sheet a part, as administrators keep them. */

const unit = choice({ workday: '工作日', day: '自然日' })
const column = (head: string, path: string, codec: Column['codec'], hint: string, width = 16): Column => ({
  head,
  hint,
  path: path.split('.'),
  codec,
  width,
})
const withEmpty = (one: Column, empty: Json): Column => ({ ...one, empty })
const needed = '必填。'

const identity = [
  column('事项名称', 'name', text, `${needed}最多 120 字。`, 24),
  column('俗称', 'aliases', lines, '群众的叫法，一行一个（Alt+Enter 换行）。', 18),
  column('实施编码', 'code', code, `${needed}照原样填，单元格是文本格式。`, 36),
  column('基本编码', 'catalogCode', code, '照原样填。'),
  column('业务办理项编码', 'handlingCode', code, '照原样填。', 36),
  column('地方编码', 'localCode', code, '照原样填。'),
  column('事项版本', 'version', wholeNumber, `${needed}整数，每改一次加 1。`, 10),
  column('事项状态', 'status', choice(statusWords), '留空按在用算。', 10),
  column('计划生效日期', 'effectiveFrom', day, `${needed}如 2026-07-01。`, 14),
  column('计划取消日期', 'effectiveUntil', day, '从这一天起不再使用；没有的留空。', 14),
  column('是否样例', 'sample', yesNo, `${needed}样例会印在表单和文书上。`, 10),
  column('出处', 'source', text, `${needed}条件、材料、时限取自哪里。`, 30),
]

const subject = [
  column('事项类型', 'kind', choice(matterKindWords), '从列表里选。', 14),
  column('行使层级', 'level', choice(levelWords), '从列表里选。', 12),
  column('实施主体', 'department', text, needed, 20),
  column('实施主体编码', 'departmentCode', code, '照原样填。', 22),
  column('实施主体性质', 'departmentNature', choice(authorityNatureWords), '从列表里选。', 14),
  column('委托部门', 'entrustingDepartment', text, '没有的留空。'),
  column('联办机构', 'jointDepartments', lines, '一行一个。', 18),
  column('权力来源', 'powerSource', choice(powerSourceWords), '从列表里选。', 14),
  column('服务对象', 'audience', text, `${needed}如 自然人。`, 14),
  column(
    '服务对象代码',
    'audienceCodes',
    choices(audienceWords),
    `几个用顿号隔开：${Object.values(audienceWords).join('、')}。`,
    18,
  ),
  column('主题分类', 'topics', lines, '一行一个。', 14),
  column('数量限制', 'quota', text, '没有的留空。'),
]

const handling = [
  column('由谁决定受理', 'acceptanceBy', choice(acceptanceWords), `${needed}窗口或中心。`, 12),
  column('可以告知承诺', 'informedPromise', yesNo, '留空按否算。', 10),
  column('办件类型', 'handlingKind', choice(handlingKindWords), '即办件的承诺时限填 0。', 12),
  column('法定办结时限', 'legalLimit.days', wholeNumber, '只填数字；法律没有规定的留空。', 10),
  column('法定时限单位', 'legalLimit.unit', unit, '工作日或自然日。', 10),
  column('法定时限说明', 'legalLimitNote', text, '没有的留空。', 24),
  column('承诺办结时限', 'promisedLimit.days', wholeNumber, `${needed}只填数字，当场办结填 0。`, 10),
  column('承诺时限单位', 'promisedLimit.unit', unit, `${needed}工作日或自然日。`, 10),
  column('承诺时限说明', 'promisedLimitNote', text, '没有的留空。', 24),
  column('窗口办理流程', 'counterFlow', text, '用一段话说明。', 30),
  column('网上办理流程', 'onlineFlow', text, '用一段话说明。', 30),
  column('是否收费', 'fee.charged', yesNo, `${needed}收费项目写在“收费”表。`, 10),
  withEmpty(column('收费说明', 'fee.text', text, '如 不收费。', 16), ''),
  column('通办范围', 'scope', text, `${needed}如 全市通办。`, 20),
  column('收件的镇村代码', 'divisions', codeList, '一行一个；留空是都收。', 16),
  column(
    '办理形式',
    'channels',
    choices(channelWords),
    `几个用顿号隔开：${Object.values(channelWords).join('、')}。`,
    18,
  ),
  column('到现场次数', 'visits', wholeNumber, '整数。', 10),
  column('咨询方式', 'enquiry', text, '电话或地址。', 20),
  column('监督投诉方式', 'complaint', text, '电话或地址。', 20),
  column('中介服务', 'intermediary', text, '没有的留空。'),
  column('是否进驻大厅', 'inHall', yesNo, '不知道的留空。', 10),
  column('是否网上支付', 'onlinePayment', yesNo, '不知道的留空。', 10),
  column('是否可以预约', 'appointment', yesNo, '不知道的留空。', 10),
  column('是否自助终端办理', 'selfService', yesNo, '不知道的留空。', 10),
  column('是否物流快递', 'express', yesNo, '不知道的留空。', 10),
  column('网上办理深度', 'onlineDepth', choice(onlineDepthWords), '从列表里选。', 10),
]

const formColumns = [
  column('表单标题', 'form.schema.title', text, '印在表单上方。', 24),
  column('申请人姓名的题目', 'form.applicant.name', text, `${needed}“表单”表里的题目名，如 name。`, 14),
  column('证件号码的题目', 'form.applicant.idNumber', text, `${needed}如 idNumber。`, 14),
  column('电话的题目', 'form.applicant.phone', text, `${needed}如 phone。`, 14),
  column('表单其他（JSON）', 'form.patch', json, '程序写的，一般不用改。', 14),
]

const materials = [
  column('标识', 'id', text, `${needed}同一事项里不重复，如 id-card。`, 18),
  column('材料名称', 'name', text, needed, 26),
  column(
    '必要性',
    'necessity',
    choice(Object.fromEntries(Object.entries(necessityWords)), true),
    `${needed}必要、非必要或容缺后补。`,
    12,
  ),
  column('原件份数', 'originals', wholeNumber, `${needed}整数，没有的填 0。`, 8),
  column('复印件份数', 'copies', wholeNumber, `${needed}整数，没有的填 0。`, 8),
  column('来源渠道', 'source', choice(materialSourceWords), `${needed}从列表里选。`, 16),
  column('来源渠道说明', 'sourceNote', text, '没有的留空。', 18),
  column('材料类型', 'kind', choice(materialKindWords), '从列表里选。', 18),
  column('材料形式', 'form', choice(materialFormWords), '从列表里选。', 14),
  column('规格', 'spec', text, '如 A4。', 8),
  withEmpty(column('受理标准', 'acceptancePoints', lines, '窗口要看的，一行一条。', 36), []),
  column('填报须知', 'notes', text, '给申请人看的。', 24),
  column('空白表格', 'blankForm', text, '文书模板的标识。'),
  column('示例样表', 'sample', text, '在哪里看得到。'),
  column('要求提供的依据', 'basis', text, '没有的留空。', 20),
  column('出具机构', 'issuer', text, '没有的留空。'),
  column('复用标识', 'reuseKey', text, '同一个人以后再办可以接着用的，写同一个标识。', 16),
  column('几个工作日内补交', 'laterWithinWorkdays', wholeNumber, '容缺后补的填。', 10),
]

/** The sheets of a matter. */
export const matterSheets: DocumentSheets = {
  kind: 'matter',
  keyHead: '事项标识',
  keyPath: 'itemId',
  nameHead: '事项名称',
  fixed: { format: 2 },
  main: { sheet: '基本信息', columns: [...identity, ...subject, ...handling, ...formColumns], nulls: [['legalLimit']] },
  lists: [
    {
      sheet: '设定依据',
      field: 'basis',
      isNeeded: true,
      columns: [
        column('名称', 'title', text, `${needed}法律、法规、文件的名称。`, 36),
        column('文号', 'number', text, '没有的留空。', 20),
        withEmpty(column('条款', 'clause', text, '如 第四十七条。', 16), ''),
        column('条款内容', 'content', text, '照原文抄。', 60),
      ],
    },
    {
      sheet: '受理条件',
      field: 'conditions',
      isNeeded: true,
      columns: [
        column('标识', 'id', text, `${needed}同一事项里不重复。`, 16),
        column('条件', 'text', text, `${needed}用一句话说明。`, 50),
        column('规则（JSON）', 'rule', json, '能由程序判断的才有；不会写的留空。', 40),
      ],
    },
    { sheet: '申请材料', field: 'materials', isNeeded: true, columns: materials },
    {
      sheet: '办理环节',
      field: 'steps',
      isNeeded: true,
      plain: 'name',
      columns: [
        column('环节', 'name', text, `${needed}按先后顺序，一行一个环节。`, 16),
        column('阶段', 'stage', choice(stageWords), '从列表里选。', 16),
        column('办理人员', 'who', text, '没有的留空。'),
        column('时限', 'limit.days', wholeNumber, '只填数字。', 8),
        column('时限单位', 'limit.unit', unit, '工作日或自然日。', 10),
        column('审查标准', 'standard', text, '没有的留空。', 36),
        column('办理结果', 'result', text, '没有的留空。', 20),
      ],
    },
    {
      sheet: '特别程序',
      field: 'specialProcedures',
      isNeeded: false,
      columns: [
        column('名称', 'name', text, `${needed}如 现场核查。`, 20),
        column('种类', 'kind', choice(specialProcedureWords), `${needed}从列表里选。`, 20),
        column('时限', 'limit.days', wholeNumber, '只填数字。', 8),
        column('时限单位', 'limit.unit', unit, '工作日或自然日。', 10),
        column('依据', 'basis', text, '没有的留空。', 36),
      ],
    },
    {
      sheet: '收费',
      field: 'fees',
      isNeeded: false,
      columns: [
        column('收费项目', 'item', text, needed, 24),
        column('收费标准', 'standard', text, needed, 24),
        column('收费依据', 'basis', text, '没有的留空。', 30),
        column('是否可以减免', 'isReducible', yesNo, '留空按否算。', 10),
        column('减免依据', 'reductionBasis', text, '没有的留空。', 30),
      ],
    },
    {
      sheet: '结果',
      field: 'results',
      isNeeded: true,
      columns: [
        column('结果名称', 'name', text, needed, 30),
        column('结果类型', 'kind', choice(resultKindWords), `${needed}从列表里选。`, 12),
        column('结果样本', 'sample', text, '在哪里看得到。', 30),
      ],
    },
    {
      sheet: '常见问题',
      field: 'questions',
      isNeeded: true,
      columns: [column('问题', 'question', text, needed, 40), column('答案', 'answer', text, needed, 60)],
    },
    {
      sheet: '办理地点',
      field: 'places',
      isNeeded: false,
      columns: [
        column('地点名称', 'name', text, needed, 24),
        column('地址', 'address', text, '没有的留空。', 36),
        column('办理时间', 'hours', text, '没有的留空。', 30),
        column('电话', 'phone', text, '没有的留空。', 16),
      ],
    },
    {
      sheet: '文书',
      field: 'templates',
      isNeeded: false,
      columns: [
        column('文书', 'paper', choice(paperWords), `${needed}从列表里选。`, 18),
        column('模板标识', 'templateId', text, `${needed}“文书模板”表里的标识。`, 24),
      ],
    },
  ],
}
