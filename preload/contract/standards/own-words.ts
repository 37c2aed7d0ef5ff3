import type { paperWords } from './code-words.ts'
import type { PaperText } from './template.ts'

/**
 * The program's own words of each paper, in the form of templates: they count where a standard names no template, and an
 * administrator begins a template from them. What the law wants said: 受理 and 不予受理 in a dated and sealed voucher, 补正
 * told once and whole (行政许可法 第32条), reasons and the right to 复议 or 诉讼 with what is denied (第38条), time for 听证 and
 * 鉴定 outside the limit and told (第45条), 容缺 and 告知承诺 in writing (广东省优化营商环境条例 第32条、第36条).
 */
export const ownWords: Readonly<Record<keyof typeof paperWords, PaperText>> = {
  receipt: {
    title: '收件凭证',
    paragraphs: [
      '本凭证证明窗口已收到上列材料。是否受理由{{decider}}决定，结果另行告知。',
      '请妥善保管本凭证。查询进度、补交材料时，报上编号即可。',
    ],
  },
  checklist: {
    title: '一次性告知单',
    paragraphs: [
      '以上是这件事还缺的全部内容，请一次备齐。带着本单再来时，已经填写和提交的不用重来。',
      '收费：{{fee}}。',
    ],
  },
  acceptance: {
    title: '受理通知书',
    paragraphs: [
      '{{applicantName}}：',
      '您（你单位）{{receivedOn}}提出的“{{matterName}}”申请，{{decider}}已于{{acceptedOn}}受理。',
      '承诺办结时限：{{promisedLimit}}，{{promisedOn}}前办结。法定办结时限：{{legalLimit}}。',
      '依法需要听证、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在办结时限内，另行书面告知。',
      '查询进度时，报上本通知书的编号即可。',
    ],
  },
  correction: {
    title: '补正告知书',
    paragraphs: [
      '{{applicantName}}：',
      '您（你单位）{{receivedOn}}提出的“{{matterName}}”申请已经收到。{{decider}}审查后认为需要补正，现将需要补正的全部内容一次告知如下。',
      '需要补正的内容：{{reason}}',
      '还没有收到的材料：{{missingMaterials}}',
      '请将以上内容一次备齐，交到{{windowName}}。按要求全部补正后，依法予以受理。',
    ],
  },
  refusal: {
    title: '不予受理通知书',
    paragraphs: [
      '{{applicantName}}：',
      '您（你单位）{{receivedOn}}提出的“{{matterName}}”申请，{{decider}}审查后于{{decidedOn}}决定不予受理。',
      '理由：{{reason}}',
      '{{remedies}}',
      '交来的材料原件，请凭本通知书到{{windowName}}取回。',
    ],
  },
  laterPromise: {
    title: '容缺受理承诺书',
    paragraphs: [
      '{{issuer}}：',
      '本人（本单位）{{receivedOn}}申请办理“{{matterName}}”，主要材料已经提交，下列材料容缺后补：',
      '{{laterMaterials}}',
      '本人（本单位）已被一次告知上列所缺材料和补交期限，现承诺：按期补交，补交的材料真实、合法、有效；逾期没有补交的，由此产生的后果由本人（本单位）承担。',
    ],
  },
  informedPromise: {
    title: '告知承诺书',
    paragraphs: [
      '申请人{{applicantName}}申请办理“{{matterName}}”，选择以告知承诺方式办理。',
      '一、告知。实施主体：{{department}}。办理这个事项应当符合下列条件：',
      '{{conditions}}',
      '承诺不实的，依法终止办理或者撤销已经作出的决定，并依法承担相应责任；有较严重不良信用记录的，在信用修复前不适用告知承诺。申请人不愿意承诺或者无法承诺的，按一般程序提交材料办理。',
      '二、承诺。本人（本单位）自愿选择告知承诺，所填写的内容真实、准确；已经知晓上述告知的全部内容，能够符合告知的条件；愿意承担不实承诺的法律责任。以上承诺是本人（本单位）真实的意思表示。',
    ],
  },
  closing: {
    title: '办结通知书',
    paragraphs: [
      '{{applicantName}}：',
      '您（你单位）{{receivedOn}}提出的“{{matterName}}”申请，{{decider}}已于{{decidedOn}}作出决定：{{result}}。',
      '理由或者说明：{{reason}}',
      '{{remedies}}',
      '有结果证件、文书的，请凭有效身份证件到{{windowName}}领取。',
    ],
  },
  delivery: {
    title: '送达回执',
    paragraphs: ['下列办理结果已经送达，由领取人签收。'],
  },
  form: {
    title: '{{matterName}}申请表',
    paragraphs: ['本人（本单位）确认：以上填写的内容真实、准确。'],
  },
}
