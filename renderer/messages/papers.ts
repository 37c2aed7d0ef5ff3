import type { Words } from './words.ts'

/** Words of the papers of a case (文书), in Chinese. */
export const papersZh = {
  can: '现在可以出',
  making: '正在出，请等一下…',
  make: {
    receipt: '收件凭证',
    acceptance: '受理通知书',
    correction: '补正告知书',
    refusal: '不予受理通知书',
    laterPromise: '容缺受理承诺书',
    informedPromise: '告知承诺书',
    closing: '办结通知书',
    delivery: '送达回执',
    form: '申请表',
  },
  why: {
    receipt: '收件时没有做成，现在补做',
    acceptance: '这件已经受理',
    correction: '中心要求补正：一次告知要补什么',
    refusal: '不予受理：写明理由',
    laterPromise: '有材料承诺后补：请申请人签名',
    informedPromise: '可以用承诺代替证明：请申请人签名',
    closing: '已经作出决定',
    delivery: '结果已经领走：请领取人签名',
    form: '把填写的内容印成申请表，请申请人签名',
  },
  fromTemplate: '用的是文书模板“{{id}}”第 {{version}} 版',
  templateFailed: '没有按文书模板出，用的是程序自带的文字：{{why}}。文书照样有效，请告诉管理员。',
  signedByHand: '由申请人签名，不用盖章',
  template: {
    text: '印出来就是这样。内容是编的，标着“示例”；写的时候自己存、自己重画。',
    own: '从程序自带的文字开始',
    stranger: '文书选的是“{{paper}}”，标题或段落里还有“{{other}}”自带的文字。',
    takeOwn: '全部换成自带的文字（写过的不留）',
    names: '可以填的内容',
    namesText:
      '先点一下要放的地方，再点这里，就放进去；没有点的，放在最后一段后面。出文书时换成这件办件的内容；没有的印一条横线，可以手写。',
    side: '文书样子',
    page: '印出来的文书（示例）',
  },
}

/** The same in English. */
export const papersEn: Words<typeof papersZh> = {
  can: 'Can be made now',
  making: 'Being made…',
  make: {
    receipt: 'Receipt',
    acceptance: 'Notice of acceptance',
    correction: 'Notice of corrections',
    refusal: 'Notice of refusal',
    laterPromise: 'Promise of later materials',
    informedPromise: 'Informed promise',
    closing: 'Notice of completion',
    delivery: 'Proof of delivery',
    form: 'Application form',
  },
  why: {
    receipt: 'was not made when the case was received',
    acceptance: 'the case was accepted',
    correction: 'the centre asks for corrections: told once and whole',
    refusal: 'not accepted: with the reason',
    laterPromise: 'materials are promised for later: the applicant signs',
    informedPromise: 'a promise may stand for proof: the applicant signs',
    closing: 'the decision was made',
    delivery: 'the result was taken away: the receiver signs',
    form: 'prints the answers for the applicant to sign',
  },
  fromTemplate: 'Words of template “{{id}}”, version {{version}}',
  templateFailed:
    'Not in the words of the template, but in the program’s own: {{why}}. The paper is valid; tell an administrator.',
  signedByHand: 'Signed by the applicant, needs no seal',
  template: {
    text: 'This is how it prints. What stands on it is made up and marked as a sample; it is saved and drawn anew as you write.',
    own: 'Begin with the program’s own words',
    stranger: 'The paper is “{{paper}}”; title or paragraphs still hold the program’s words of “{{other}}”.',
    takeOwn: 'Take its own words for all of it (what was written goes)',
    names: 'What can be filled in',
    namesText:
      'Click the place first, then press one of these; else it goes behind the last paragraph. On a paper it becomes what the case says, or a line to write on.',
    side: 'The paper',
    page: 'As it prints (sample)',
  },
}
