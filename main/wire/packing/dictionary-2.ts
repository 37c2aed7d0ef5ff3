/** The keys of an object as a frame spells them out the first time (frame-writer.ts). */
function shape(keys: string): string {
  const sorted = keys.split(' ').sort()
  return `\r${sorted.length.toString(36)}\n${sorted.join('\n')}\n`
}

/** Values as they follow one another, a line each. */
function lines(...values: readonly string[]): string {
  return `${values.join('\n')}\n`
}

/**
 * Preset dictionary 2: what frames and feed pages repeat, rarest first (deflate writes short distances shorter). Frozen: another
 * text is dictionary 3, and both ends keep reading 1 and 2. Only public words stand here.
 */
export const dictionary2 = [
  // feed pages, JSON
  '{"kind":"notice.given","payload":{"givenAtUtc":"2026-","text":"","urgent":false}},{"kind":"directive.given","payload":{"action":"send-files","action":"reconcile","givenAtUtc":"2026-","reason":""}}',
  '{"kind":"calendar.published","payload":{"calendar":{"holidays":[{"date":"2027-","name":"元旦春节清明节劳动节端午节中秋节国庆节"}],"publishedAtUtc":"2026-",{"kind":"hall.relay","payload":{"relay":{"name":"","publicKey":"MCowBQYDK2VwAyEA","relayId":"relay-","url":"http://"}}}',
  '{"kind":"seal.lease","payload":{"certificateSha256":"","fromUtc":"2026-","itemIds":null,"leaseId":"","untilUtc":"2027-","uses":1000}},{"kind":"seal.revoked","payload":{"certificateSha256":"","reason":"","revokedAtUtc":"2026-"}}',
  '缺少户口簿身份证复印件不清楚请重新提交材料不齐全不符合条件经审查符合条件准予不予受理补正',
  '"decision":"corrections","decision":"refused","decision":"approved","decision":"denied","decision":"closed","officer":"","reason":""}},',
  '{"after":0,"centreTimeUtc":"2026-","items":[{"cursor":1,"kind":"case.decided","payload":{"caseId":"01","centreCaseNumber":"4402822026","decidedAtUtc":"2026-","decision":"accepted","officer":"","reason":""}}],"more":false,"more":true,"signature":"","station":"4402821"}==',
  // words of forms
  '一级二级三级四级智力精神肢体听力言语视力多重残疾人两项补贴农村低保特困供养高龄津贴孤儿退役军人优抚对象',
  '配偶妻子丈夫儿子女儿父亲母亲孙子孙女岳父婆婆儿媳兄弟姐妹祖父祖母其他务农在家待业外出务工小学初中高中大学在读无劳动能力打零工退休个体经营',
  '因病住院治疗自付元家庭生活困难无其他收入来源突发重大疾病交通事故火灾暴雨房屋受损意外死亡子女上学孩子已向亲友借款无力承担长期服药本人申请',
  '申请人行动不便，由村干部上门代收。材料原件已核对。市人民医院镇卫生院中医院',
  '雄州街道乌迳镇界址镇坪田镇黄坑镇邓坊镇油山镇南亩镇水口镇江头镇湖口镇珠玑镇主田镇古市镇全安镇百顺镇澜河镇帽子峰镇村民委员会社区居民委员会村组号广东省韶关市南雄市',
  lines(
    '中国工商银行',
    '中国建设银行',
    '中国农业银行南雄支行',
    '中国邮政储蓄银行南雄市支行',
    '南雄农村商业银行',
    '6217',
    '6228',
    '62',
  ),
  lines('own', '440282200', '汉族', 'rural', 'urban', 'resident', 'none', 'alone', 'family', 'institution'),
  lines(
    'household',
    'residence',
    'incident',
    'accident',
    'disaster',
    'spending',
    'other',
    'illness',
    'female',
    'male',
    'yes',
    'no',
  ),
  // the station's own entries
  lines('station.enrolled@1', 'system') +
    shape('centreId mode publicKey stationId windowName') +
    lines('training', 'live', '一号窗口'),
  lines('catalogue.applied@1', 'system') + shape('matters release') + shape('itemId sha256 version'),
  lines('account.created@1') + shape('account displayName role') + lines('approver', 'clerk', 'administrator'),
  lines('account.pin-set@1') + shape('account'),
  lines('payload.erased@1') + shape('reason subject'),
  lines('seal.added@1') +
    shape('algorithm certificateSha256 holder name organisation sealId validFromUtc validUntilUtc') +
    lines('rsa', 'file', 'sm2', 'token'),
  lines('seal.custody-set@1', 'seal.leased@1', 'seal.revoked@1'),
  lines('bundle.exported@1') + shape('bundleId files fromSeq sizeBytes toSeq'),
  lines('bundle.carried@1') + shape('bundleId sha256 station'),
  lines('bundle.returned@1') + shape('acknowledged bundleId'),
  lines('notice.read@1') + shape('cursor'),
  lines('day.reconciled@1'),
  lines('identity.revealed@1') + shape('caseId field') + lines('phone', 'idNumber'),
  lines('session.closed@1') + shape('account why') + lines('clerk', 'logout', 'lock'),
  lines('session.opened@1') + shape('account') + lines('clerk'),
  lines('feed.applied@1', 'station', 'system') + shape('from hash to'),
  // what may follow on a case
  lines('case.told@1', 'case.accepted@1') + shape('by caseId') + lines('station', 'centre'),
  lines('case.supplemented@1') + shape('caseId materials note'),
  lines('document.timestamped@1') + shape('atUtc authority before caseId documentId file'),
  // forms of the catalogue
  shape(
    'address agent bankAccount bankAccountName bankName birthDate division householdHere idNumber living name phone remark sex',
  ),
  shape(
    'address agent bankAccount bankAccountName bankName birthDate division employeeCovered ethnicity householdHere householdKind idNumber name phone remark sex specialGroup student',
  ),
  shape(
    'address agent bankAccount bankAccountName bankName birthDate checkConsent division happenedOn hardshipKind household idNumber name otherRelief phone placeKind reason remark sex urgent',
  ),
  shape('idNumber monthlyIncome name occupation relation'),
  // a case, its materials, its receipt, the seal on it: in the order in which they are written
  shape('addedAtUtc file materialId requirementId') + shape('mediaType name sha256 sizeBytes'),
  lines(
    'image/png',
    'image/jpeg',
    'IMG_2026',
    '.jpg',
    '身份证',
    '户口簿',
    '银行卡',
    'id-card',
    'household-register',
    'bank-card',
  ),
  shape('dueDate requirementId'),
  '\f\rcase.received@1\n',
  shape(
    'acceptanceBy answers applicant caseId itemId later localNumber matterCode matterName materials promised receivedAtUtc standardSha256 standardVersion training',
  ),
  lines('station', 'centre'),
  shape('idNumber name phone'),
  '\u00034402821-1-20262027\n',
  lines('城乡居民基本养老保险参保登记', '高龄津贴', '临时救助'),
  `\u000b0\n${shape('date days unit')}`,
  '2026-12-2027-01-\n\u000815\nworkday\n\u0004\u000f\u00081\n\u0006\u0007',
  'document.made@1\n\u000e1\n\u0001',
  `${shape('caseId documentId file kind quotesHash quotesSeq unprintable')}\u0003\u0011`,
  `${shape('mediaType name sha256 sizeBytes')}application/pdf\n\u0002\u000f\u0008`,
  'receipt\n\u0002\u0002\u000b0\n',
  'document.sealed@2\n\u000e0\n\u0001',
  shape(
    'approvedBy before caseId certificateSha256 documentId file form kind leaseId places reason sealId sealName title',
  ),
  '\n\u0002\u0003\u000f\u0002\f4\n\u0001\u0002\u000f\u0008page\n\u0002\u0011\u000b1\n',
  `${shape('heightMm page widthMm xMm yMm')}\u000842\n\u00081\n\u000842\n\u00081\n\u00082\n收件\n\u0011政务服务专用章\n收件凭证 4402821-1-2026\n`,
].join('')
