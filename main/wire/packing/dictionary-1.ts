/**
 * Preset dictionary 1 of the push codec: what entries repeat, rarest first (deflate writes short distances shorter). Frozen:
 * another text is dictionary 2, and the centre keeps reading 1. Only public words stand here.
 */
export const dictionary1 = [
  // forms and their usual answers
  '一级二级三级四级智力精神肢体听力言语视力多重农业银行建设银行工商银行邮政储蓄银行农村信用社农村商业银行',
  '"household":[{"age":,"healthy":true,"income":,"relation":"配偶","name":"子女父母祖父母兄弟姐妹其他"}]',
  '"ethnicity":"汉族","gender":"female","gender":"male","sex":"男","sex":"女","birthDate":"19","birthDate":"20"',
  '"reason":"因病因灾意外突发重大疾病住院治疗家庭生活困难支出","householdAddress":"广东省韶关市南雄市',
  '雄州街道乌迳镇界址镇坪田镇黄坑镇邓坊镇油山镇南亩镇水口镇江头镇湖口镇珠玑镇主田镇古市镇全安镇百顺镇澜河镇帽子峰镇',
  '村委会居委会村民小组"residenceAddress":"广东省韶关市南雄市","address":"广东省韶关市南雄市","bankName":"","bankAccount":"62',
  '"agreed":true,"consent":true,"promise":true,"confirmed":true,"amount":,"level":"一档二档三档四档五档',
  // matters
  '城乡居民基本养老保险参保登记"matterName":"临时救助"matterName":"高龄津贴',
  // station and accounts
  '["station.enrolled",1,"440282100200-1","system","2026-{"centreId":"","mode":"training","publicKey":"MCowBQYDK2VwAyEA","stationId":"440282","windowName":"',
  '["catalogue.applied",1,"catalogue","system","{"matters":[{"itemId":"","sha256":"","version":1}],"release":',
  '["account.created",1,"","system","{"account":"","displayName":"","role":"administrator"approver"clerk"}]',
  '["payload.erased",1,"","system","{"reason":"","subject":"',
  '["identity.revealed",1,"{"caseId":"","field":"idNumber"phone"}]',
  '["session.closed",1,"","{"account":"","why":"lock"logout"}],["session.opened",1,"","{"account":"clerk"}],',
  '["feed.applied",1,"feed","system","{"from":,"hash":"","to":}],',
  '["case.supplemented",1,"{"caseId":"","materials":[],"note":""}],["case.accepted",1,"{"by":"station"centre","caseId":"',
  // the case's own entries
  '["document.sealed",1,"{"before":"","caseId":"","certificateSha256":"","documentId":"","file":{"mediaType":"application/pdf","name":"',
  '收件凭证.pdf","sha256":"","sizeBytes":},"reason":"收件","sealId":"","sealName":"政务服务专用章"}],',
  '["document.made",1,"{"caseId":"","documentId":"","file":{"mediaType":"application/pdf","name":"收件凭证.pdf","sha256":"","sizeBytes":',
  '},"kind":"receipt","quotesHash":"","quotesSeq":}],',
  '{"dueDate":"2026-2027-","requirementId":"household-register"idCard"id-card"application-form"bank-card"photo"proof"}],"localNumber":"',
  '{"addedAtUtc":"2026-","file":{"mediaType":"image/png","name":"身份证户口簿首页本人页银行卡申请表登记表照片审批表.png.jpg","sha256":"',
  '{"addedAtUtc":"2026-","file":{"mediaType":"image/jpeg","name":"IMG_20262027.jpg","sha256":"","sizeBytes":},"materialId":"01","requirementId":"',
  '{"format":1,"from":,"previous":"","secrets":{"":"","signature":"=="}',
  '["case.received",1,"019","clerk","2026-01-0T00:00:00.000Z",{"acceptanceBy":"station","acceptanceBy":"centre","answers":{',
  '},"applicant":{"idNumber":"440282194195196197198199200","name":"张王李刘陈杨黄赵周吴徐孙胡朱高林何郭马罗邓叶曾钟","phone":"1358"},"caseId":"019',
  '","itemId":"","later":[],"localNumber":"440282-1-2026-000","materials":[],"matterCode":"1144028200',
  '","matterName":"',
  '","promised":{"date":"2026-","days":20,"unit":"workday","unit":"day"},"receivedAtUtc":"2026-',
  '","standardSha256":"","standardVersion":1,"training":false,"training":true}],',
  '{"entries":[["case.received",1,"019',
].join('')
