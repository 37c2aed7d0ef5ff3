import { say, text, type Words } from './sentence-parts.ts'

/** What a refused release has not touched, and what to do. */
const keptCatalogue = (remedy: string): string => `正在用的事项标准没有改动，照常办件。${remedy}`

/** The sentences of releases of the catalogue and of the publisher's key. */
export const releaseSentences = {
  RELEASE_DAMAGED: (d) => ({
    title: `这个事项标准发布文件读不了：${text(d, 'place', '不完整，或被改动过')}。`,
    remedy: keptCatalogue('请重新拷贝或重新取一次；仍不行时请发布人再做一份。'),
  }),
  RELEASE_TOO_LARGE: (d) => ({
    title: `这次发布太大了：${text(d, 'place', '超出了规定的大小')}。`,
    remedy: keptCatalogue('没有再往下读。请发布人检查里面的文件。'),
  }),
  RELEASE_UNSIGNED: say('这次发布还没有签名。', keptCatalogue('请发布人用发布密钥签名（standards sign）后再用。')),
  RELEASE_SIGNATURE: say(
    '这次发布的签名不对：内容与发布人签的不一样。',
    keptCatalogue('请不要再用这个文件，并告诉发布人。'),
  ),
  RELEASE_FOREIGN_PUBLISHER: say(
    '这次发布不是这里认的发布人签的。',
    keptCatalogue('请与县里核对是谁发的；确实换了发布人时，要由原来的发布人签一次交接。'),
  ),
  RELEASE_NO_PUBLISHER: say(
    '本窗口还不知道该认哪个发布人。',
    keptCatalogue('请先联网一次：中心会告诉本窗口，然后再读这个文件。'),
  ),
  RELEASE_FOREIGN_COUNTY: (d) => ({
    title: `这次发布是给别的县（${text(d, 'county', '代码不同')}）的。`,
    remedy: keptCatalogue('请换成本县的发布文件。'),
  }),
  RELEASE_NOT_FOR_US: (d) => ({
    title: `第 ${text(d, 'release', '?')} 次发布不是给本窗口的。`,
    remedy: keptCatalogue('它只在指定的镇、村或窗口生效，本窗口不用做什么。'),
  }),
  RELEASE_OLD: (d) => ({
    title:
      'handedOver' in d
        ? `这是第 ${text(d, 'release', '?')} 次发布，是发布人换密钥（第 ${text(d, 'handedOver', '?')} 次）以前签的旧发布。`
        : `这是第 ${text(d, 'release', '?')} 次发布，本机已经有第 ${text(d, 'inForce', '?')} 次。`,
    remedy: keptCatalogue(
      'handedOver' in d
        ? '以前签的，中心告诉过本机的才算数。请联网等中心下发，或请发布人给最新的一次。'
        : '旧的不会盖掉新的。要退回旧内容，请发布人用旧内容再发一次新的。',
    ),
  }),
  RELEASE_GAP: (d) => ({
    title: `这次发布接不上：它接在第 ${text(d, 'base', '?')} 次发布后面，${text(d, 'why', '本机没有那一次')}。`,
    remedy: keptCatalogue('请用完整的发布文件，或请发布人在最新的发布上重做。'),
  }),
  RELEASE_TIME: (d) => ({
    title: `这次发布的生效时间不合理：${text(d, 'why', '请核对')}。`,
    remedy: keptCatalogue('请发布人改正时间后重新签名。'),
  }),
  RELEASE_DOCUMENT_MISSING: (d) => ({
    title: `这次发布里少了一个文件：${text(d, 'document', '见发布清单')}。`,
    remedy: keptCatalogue('请用完整的发布文件。'),
  }),
  RELEASE_DOCUMENT_CHANGED: (d) => ({
    title: `这次发布里的“${text(d, 'document', '一个文件')}”与发布清单对不上。`,
    remedy: keptCatalogue('请不要再用这个文件，并告诉发布人。'),
  }),
  RELEASE_DOCUMENT_INVALID: (d) => ({
    title: `这次发布里的“${text(d, 'document', '一个文件')}”写得不对：${text(d, 'place', '格式不符')}。`,
    remedy: keptCatalogue('请发布人改正后再发一次。'),
  }),
  RELEASE_VERSION_REUSED: (d) => ({
    title: `“${text(d, 'document', '一个文件')}”的版本号以前用过，内容却不同。`,
    remedy: keptCatalogue('改了内容就要换新的版本号。请发布人改正后再发一次。'),
  }),
  RELEASE_KEY_USED: (d) => ({
    title: `第 ${text(d, 'release', '?')} 次发布要把发布密钥换成以前用过的一把。`,
    remedy: keptCatalogue('用过的密钥不能再用。请发布人做一把新的，重新交接。'),
  }),
  PUBLISHER_PIN_WRONG: say('发布密钥的口令不对。', '没有签名，也没有改动任何内容。请核对口令再试。'),
  PUBLISHER_KEY_DAMAGED: say(
    '这个发布密钥文件读不了，可能损坏了。',
    '没有做任何改动。请换用备份的密钥文件；没有备份时，要请中心重新登记一把新的。',
  ),
  PUBLISHER_KEY_NONE: say(
    '这台机器上没有发布密钥，不能发布。',
    '改好的内容都还在。请到有发布密钥的机器上发布，或在“发布”里新做一把，并请中心登记。',
  ),
  PUBLISHER_KEY_STRANGE: (d) => ({
    title: `这把密钥（指纹 ${text(d, 'short', '?')}）不是各窗口现在认的那一把，没有换上。`,
    remedy:
      '这台机器上的密钥没有动。新的一把要先由现在的密钥交接：请把交接的那次发布送到中心或从U盘读入，再来换；拿错了文件的，请换一个。',
  }),
  STANDARD_FAULTY: (d) => ({
    title: `还有 ${text(d, 'count', '几')} 处必须改的，不能发布：${text(d, 'place', '请看检查结果')}。`,
    remedy: '改好的内容都还在。请按检查结果逐处改好，再发布。',
  }),
  STANDARD_COPY_OUT: (d) => ({
    title: `这一份已经随第 ${text(d, 'release', '?')} 次发布签了名，现在不能改。`,
    remedy: '内容都在。等它送到中心以后再改；不想发了，就先在“发布”里撤掉那一次。',
  }),
  PUBLISH_NOTHING: say('没有要发布的改动。', '正在用的事项标准没有改动。请先改一个事项，或换一个发给谁。'),
  PUBLISH_WAITING: (d) => ({
    title: `第 ${text(d, 'release', '?')} 次发布还没有送到中心，不能再做下一次。`,
    remedy: '改好的内容都还在。请先把那一次送出去，或撤掉它。',
  }),
  PUBLISH_STALE: (d) => ({
    title: `别的发布台刚发了第 ${text(d, 'release', '?')} 次发布，已经取到本机，这次没有签名。`,
    remedy: '改好的内容都还在。请看一遍它改了什么，改同一份的先选用谁的，再发布。',
  }),
  PUBLISH_CENTRE_BEHIND: (d) => ({
    title: `中心缺第 ${text(d, 'release', '?')} 次发布，可能是从旧备份恢复的。本机补送了，中心没有收（${text(d, 'why', '原因不明')}）。`,
    remedy: `这次没有签名，改好的内容都还在。请过几分钟再发布。还不行，请告诉县里管中心的人；别的发布台也请不要另做一个第 ${text(d, 'release', '?')} 次发布。`,
  }),
  PUBLISH_ON_STICK: (d) => ({
    title: `第 ${text(d, 'release', '?')} 次发布已经写到U盘（${text(d, 'stick', '')}，${text(d, 'when', '')}），不能撤掉：撤了以后同一个次数会有两种内容。`,
    remedy: text(d, 'what', '请先点“现在送”把它送到中心；要收回它的内容，再用“退回到这一次”发一次新的。'),
  }),
  PUBLISH_PERHAPS_OUT: (d) => ({
    title: `第 ${text(d, 'release', '?')} 次发布正在送，或已经送出、还没等到回话，中心可能已经有了，不能撤掉。`,
    remedy: '什么都没有丢。等网络恢复，它会自动送到；要收回它的内容，再用“退回到这一次”发一次新的。',
  }),
  PUBLISH_DESK_UNKNOWN: say(
    '中心还不认识这台发布台，不告诉它全县的数目。',
    '本机的改动都在。用这里的发布密钥发布一次就认识了；没有发布密钥的，请县里执行 central station desk 登记这台机器。',
  ),
  PUBLISH_APPROVAL_NEEDED: say(
    '这里规定发布要两个人同意。',
    '没有签名，改好的内容都还在。请第二位管理员核对后输入自己的账号和口令。',
  ),
  PUBLISH_APPROVER_UNFIT: say(
    '这个账号不能做第二个人：必须是另一位管理员。',
    '没有签名，改好的内容都还在。请另一位管理员输入自己的账号和口令。',
  ),
} as const satisfies Record<string, Words>
