import { closedInWords } from './closed-words.ts'
import type { ErrorCode, ErrorDetails, Failure } from './errors.ts'
import { releaseSentences } from './release-sentences.ts'
import { type Sentence, say, text, type Words } from './sentence-parts.ts'

export type { Sentence } from './sentence-parts.ts'

/** Seconds in words: 40 秒, 3 分钟. */
export function durationInWords(seconds: number): string {
  return seconds < 60 ? `${Math.max(1, Math.ceil(seconds))} 秒` : `${Math.ceil(seconds / 60)} 分钟`
}

const waitWords = (details: ErrorDetails): string => durationInWords(Number(details.seconds ?? 60))

const asPlainWorkbook = '请在 Excel 或 WPS 里另存为普通的 .xlsx 工作簿再试。'
const inSeveral = '请分成几个小一些的文件再试。'

/** Why a workbook or table is not read (main/standards/workbook), and what to do. */
const workbookWords: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  'too-large': ['文件太大，最大 16 MB', inSeveral],
  bomb: ['压缩的内容展开后大得不正常', '请不要打开来历不明的文件；要导入的，请重新导出一份。'],
  'old-format': ['是旧的 Excel 格式（.xls 或 .xlsb）', asPlainWorkbook],
  password: ['设了打开密码', '请在 Excel 或 WPS 里去掉密码，另存后再试。'],
  'not-a-workbook': ['不是 Excel 工作簿', asPlainWorkbook],
  damaged: ['文件损坏了', '请重新取一份，或在 Excel、WPS 里打开另存后再试。'],
  entities: ['里面夹带了不允许的定义', asPlainWorkbook],
  macros: ['里面有宏', '请在 Excel 或 WPS 里另存为不带宏的 .xlsx 工作簿再试。'],
  external: ['里面链接了别的文件或数据库', '请断开链接，另存为 .xlsx 工作簿再试。'],
  embedded: ['里面嵌了别的文件或控件', '请删去嵌入的文件和控件，另存为 .xlsx 工作簿再试。'],
  'too-many-cells': ['填了内容的单元格太多', inSeveral],
  'no-sheets': ['里面没有工作表', asPlainWorkbook],
  encoding: ['认不出文字编码', '请存成 UTF-8 或 GB 18030 编码的 CSV 再试。'],
  empty: ['是空的', '请检查这个文件有没有存好。'],
  'no-tables': ['压缩包里没有表格或 JSON 文件', '请把要导入的 .xlsx、.csv 或 .json 文件直接拖进来。'],
  'too-many-files': ['一次的文件太多', '请分几次导入，一次最多 200 个文件、64 MB。'],
}

const sentences: { readonly [C in ErrorCode]: Words } = {
  INTERNAL: say('程序出了差错。', '已经收件的办件都在本机，没有丢失。请重试；仍不行时，把事故编号告诉管理员。'),
  INPUT_INVALID: (d) => ({
    title: `送来的内容不对：${text(d, 'field', '格式不符')}。`,
    remedy: '没有做任何改动。请改正后再试。',
  }),
  NOT_FOUND: (d) => ({
    title: `没有找到${text(d, 'what', '所要的内容')}。`,
    remedy: '可能已被移走，或编号有误。请核对后再试。',
  }),
  NOT_ALLOWED: say('您的岗位不能做这一步。', '没有做任何改动。需要时请管理员办理。'),
  LOGIN_NEEDED: say('还没有登录，或已经锁屏。', '输入过的内容都已保存。请输入口令继续。'),
  PIN_WRONG: (d) => ({ title: '口令不对。', remedy: `还可以再试 ${text(d, 'left', '几')} 次，之后要等一会儿。` }),
  PIN_WAIT: (d) => ({
    title: '口令错了多次，暂时不能登录。',
    remedy: `请等 ${waitWords(d)}后再试。本机的办件都安全。`,
  }),
  ACCOUNT_UNKNOWN: say('没有这个账号。', '请在名单里选择账号，或请管理员添加。'),
  FOLDER_IN_USE: say(
    '村窗已经在这个数据文件夹上运行。',
    '两个程序同时写会损坏数据，所以没有再打开。请用已经打开的窗口，或先关掉它。',
  ),
  STORE_FROM_NEWER_VERSION: say(
    '本机的数据是更新版本的村窗写的。',
    '为了不损坏数据，没有打开，也没有改动。请安装新版村窗。',
  ),
  STORE_DAMAGED: say(
    '本机的数据文件打不开，可能损坏了。',
    '没有改动原文件。请找管理员从备份恢复；中心已收的办件不受影响。',
  ),
  STORE_READ_ONLY: say('数据文件夹不能写入。', '没有做任何改动。请让管理员检查文件夹的权限，或磁盘是否被设为只读。'),
  DISK_FULL: say('磁盘满了，这一步没有存下来。', '以前收件的都在。请清出一些空间后再试一次。'),
  DESK_RESTARTING: say('程序正在重新启动。', '已经收件的都在本机。请等几秒钟再试。'),
  LEDGER_BROKEN: (d) => ({
    title: `本机台账第 ${text(d, 'seq', '?')} 条对不上。`,
    remedy: '请停止使用这台机器，并马上告诉管理员；备份可以恢复。',
  }),
  LEDGER_FORKED: (d) => ({
    title: `中心已有另一份第 ${text(d, 'seq', '?')} 条记录，与本机不同。`,
    remedy: '本机与中心都没有覆盖。可能是机器被复制或恢复过，请联系管理员。',
  }),
  ID_NUMBER_WRONG: (d) => ({
    title: `身份证号不对：${text(d, 'why', '请核对')}。`,
    remedy: '填写的内容已保存。请对着证件再核对一遍。',
  }),
  FORM_INCOMPLETE: (d) => ({
    title: `表单还没有填好：${text(d, 'fields', '有必填项空着')}。`,
    remedy: '填写的内容已保存。请补上后再收件。',
  }),
  MATERIALS_MISSING: (d) => ({
    title: `还缺材料：${text(d, 'materials', '见右侧')}。`,
    remedy: '填写的内容已保存。补上材料，或按规定承诺容缺后补。',
  }),
  CONDITION_NOT_MET: (d) => ({
    title: `条件不符合：${text(d, 'condition', '见右侧')}。`,
    remedy: '填写的内容已保存。请向申请人说明，或核对填写的内容。',
  }),
  STEP_NOT_LEGAL: (d) => ({
    title: `办件现在是“${text(d, 'state', '当前状态')}”，不能做这一步。`,
    remedy: '没有做任何改动。请刷新后看当前可以做什么。',
  }),
  DRAFT_ALREADY_RECEIVED: say('这份草稿已经收件。', '没有重复收件。请在办件列表里打开它。'),
  THEME_CLOSED: (d) => ({
    title: `“${text(d, 'theme', '这个一件事')}”现在不能一起办：${text(d, 'matters', '其中的事项')}没有开放。`,
    remedy: '没有做任何改动。能办的事项请分别办理。',
  }),
  MATTER_CLOSED: (d) => ({
    title: `${closedInWords(text(d, 'matter', '这个事项'), text(d, 'why', ''), text(d, 'date', ''))}，现在不能收件。`,
    remedy: '没有收件；填好的、交来的都在，恢复以后接着办。请向申请人说明。',
  }),
  STANDARD_UNKNOWN: (d) => ({
    title: `没有这个事项标准：${text(d, 'itemId', '')}。`,
    remedy: '没有做任何改动。请从事项列表里重新选择。',
  }),
  FILE_TOO_LARGE: (d) => ({
    title: `文件太大：超过 ${text(d, 'limitMb', '允许的')} MB。`,
    remedy: '没有存入，其他内容不受影响。请重新拍照，或调低扫描的清晰度。',
  }),
  FILE_KIND_REFUSED: say('这种文件不能作为材料。', '没有存入。请用照片（JPG、PNG）或 PDF。'),
  FILE_DAMAGED: say('文件打不开，可能没有存完整。', '没有存入，其他内容不受影响。请重新拍照或扫描。'),
  FILE_NAME_REFUSED: say('文件名里有不允许的字符。', '没有存入。请改个名字再选一次。'),
  FILE_EMPTY: say('文件是空的。', '没有存入。请重新拍照或扫描。'),
  FILE_IN_CENTRE: say(
    '这个文件还没有从中心取回来。',
    '它在中心存得好好的，网络通时会取回。请点“取回”，或过一会儿再看。',
  ),
  GLYPHS_MISSING: (d) => ({
    title: `有打印不出的字：${text(d, 'characters', '')}。`,
    remedy: '办件已经收下。请在打印前手写补上，或改用可打印的写法。',
  }),
  PDF_NOT_A_PDF: say('这个文件不是 PDF。', '原文件没有改动。请选择 PDF 文件。'),
  PDF_ENCRYPTED: say('这个 PDF 加了密码，不能盖章。', '原文件没有改动。请先去掉密码，再盖章。'),
  PDF_DAMAGED: say('这个 PDF 已损坏或不完整。', '原文件没有改动。请重新取得这份文件。'),
  PDF_CERTIFIED_NO_CHANGES: (d) =>
    d.slots !== undefined && Array.isArray(d.slots) && d.slots.length > 0
      ? {
          title: '这个 PDF 只许盖在留好的签章栏里，不能盖在别处。',
          remedy: `原文件没有改动。请改盖在签章栏“${d.slots.join('”“')}”里。`,
        }
      : { title: '这个 PDF 的作者不允许再改动，不能盖章。', remedy: '原文件没有改动。' },
  PDF_SLOT_DEMANDS: (d) => ({
    title: `这个签章栏有特别要求（${text(d, 'demand', '不明')}），这枚印章满足不了。`,
    remedy: '原文件没有改动。请换一个位置或换一枚印章。',
  }),
  PDF_FIELD_LOCKED: say('这个 PDF 的签名栏已锁定，不能再盖章。', '原文件没有改动。'),
  PDF_PAGE_NOT_FOUND: (d) => ({
    title: `PDF 没有第 ${text(d, 'page', '?')} 页。`,
    remedy: `原文件没有改动。这份文件共 ${text(d, 'pages', '?')} 页，请改页码。`,
  }),
  PDF_TOO_LARGE: (d) => ({ title: `PDF 太大：超过 ${text(d, 'limitMb', '允许的')} MB。`, remedy: '原文件没有改动。' }),
  SEAL_PIN_NEEDED: say('印章还没有解锁。', '办件已经收下。输入印章口令后，等着盖章的文书会一起盖好。'),
  SEAL_PIN_WRONG: (d) => ({
    title: '印章口令不对。',
    remedy: d.left === undefined ? '没有盖章，原文件没有改动。' : `没有盖章。还可以再试 ${text(d, 'left', '几')} 次。`,
  }),
  SEAL_PIN_WAIT: (d) => ({
    title: '印章口令错了多次，暂时锁住。',
    remedy: `请等 ${waitWords(d)}后再试。办件已经收下，文书会等着。`,
  }),
  SEAL_FILE_DAMAGED: say('印章文件打不开，可能损坏了。', '没有盖章，原文件没有改动。请联系发章的单位。'),
  SEAL_CERTIFICATE_EXPIRED: say('印章的证书已过期。', '没有盖章，原文件没有改动。请申请换发印章。'),
  SEAL_CERTIFICATE_NOT_YET_VALID: say(
    '印章的证书还没有生效，或本机时间不对。',
    '没有盖章，原文件没有改动。请核对本机的日期。',
  ),
  SEAL_NONE: say('本机没有可用的印章。', '办件已经收下。请管理员下发印章后再盖。'),
  SEAL_NOT_YOURS: say('这枚印章不由您保管，不能使用。', '没有盖章，文件没有改动。请找保管人，或请管理员改动保管名单。'),
  SEAL_MATTER_REFUSED: say(
    '这枚印章不能盖这类文书。',
    '没有盖章，文件没有改动。请换一枚印章，或请管理员改动使用范围。',
  ),
  SEAL_APPROVAL_NEEDED: say('这枚印章要有第二个人同意才能盖。', '还没有盖章。请审批人在这台机器上输入自己的登录口令。'),
  SEAL_APPROVER_UNFIT: say('审批人必须是另一位有审批权限的人。', '还没有盖章。请换一位审批人。'),
  SEAL_LEASE_ENDED: say('印章的使用授权到期或用完了。', '没有盖章，文书先留着。联网后中心会续期，再来盖即可。'),
  SEAL_CERTIFICATE_REVOKED: say('印章的证书已被吊销。', '没有盖章，文件没有改动。请联系发章的单位。'),
  SEAL_REVOKED: say('这枚印章已经停用。', '没有盖章，文件没有改动。请换一枚印章，或联系管理员。'),
  SEAL_KEY_MISMATCH: say('印章文件里的密钥和证书不是一对。', '没有盖章，原文件没有改动。请联系发章的单位重新制作。'),
  SEAL_TOKEN_GONE: say(
    '印章的密码钥匙（U盾）拔出来了，或没有反应。',
    '已经盖好的都在，其余没有改动。请插好后点“继续”。',
  ),
  SEAL_TOKEN_LOCKED: say('密码钥匙（U盾）已被锁住。', '没有盖章。口令错得太多时它会锁住，请找发章的单位解锁。'),
  SEAL_TOKEN_UNSUPPORTED: (d) => ({
    title: `这台机器用不了密码钥匙（U盾）：${text(d, 'why', '驱动程序不合用')}。`,
    remedy: '没有盖章。请检查驱动程序是否装好，或改用印章文件。',
  }),
  SEAL_PLACE_UNKNOWN: (d) => ({
    title: `没有找到盖章的位置：${text(d, 'what', '页面上没有这处文字')}。`,
    remedy: '没有盖章，文件没有改动。请在页面上指定位置。',
  }),
  SEAL_CERTIFY_TOO_LATE: say(
    '文件上已有印章，不能再盖首章。',
    '没有盖章，文件没有改动。首章要盖在没有盖过章的文件上。',
  ),
  TIMESTAMP_REFUSED: (d) => ({
    title: `时间戳服务没有给出可用的时间戳：${text(d, 'why', '原因不明')}。`,
    remedy: '盖好的章不受影响，稍后会自动再试。',
  }),
  TIMESTAMP_UNREACHABLE: say('连不上时间戳服务。', '盖好的章不受影响，网络恢复后会自动补上。'),
  PDF_CANNOT_BE_SHOWN: say('这个 PDF 的页面显示不出来。', '原文件没有改动。请换一个程序查看，或重新取得这份文件。'),
  LINK_DOWN: say('网络已断开。', '照常受理：办件都存在本机，网络恢复后自动送到中心。'),
  CENTRE_UNREACHABLE: (d) => ({
    title: `连不上中心：${text(d, 'why', '没有回应')}。`,
    remedy: '照常受理：办件都存在本机，会自动再试。',
  }),
  CENTRE_REFUSED: (d) => ({
    title: `中心没有接收：${text(d, 'why', '原因不明')}。`,
    remedy: '办件都存在本机，没有丢失。请联系管理员。',
  }),
  CENTRE_NONSENSE: say('中心的回答看不懂，可能连到了别的网站。', '没有采用它的内容。办件都存在本机，会自动再试。'),
  ENROLMENT_CODE_WRONG: say('登记码不对，或已经用过。', '没有登记。请向管理员要一个新的登记码。'),
  ENROLMENT_TOO_LATE: say(
    '登记码要代替的旧机器，已由另一台机器代替。',
    '没有登记，这台机器没有改动。请向县里的管理员核对，要一个新的登记码。',
  ),
  STATION_REPLACED: say(
    '这台机器已由另一台代替，中心不再接收它的内容。',
    '没有送出去的都还在本机，一件不少。请不要再在这里收件，联系县里的管理员：他可以用U盘把剩下的收走。',
  ),
  ...releaseSentences,
  PORT_TAKEN: (d) => ({
    title: `端口 ${text(d, 'port', '')} 被别的程序占用，已换用另一个。`,
    remedy: '数据不受影响，照常使用新地址。',
  }),
  RELAY_UNKNOWN: say(
    '这个地址上的大厅中转机，中心没有登记过。',
    '没有把任何内容交给它。请核对地址，或等县里恢复后再设。',
  ),
  RELAY_UNREACHABLE: say(
    '大厅的中转机没有应答。',
    '没有改动，办件都在本机。请看中转机是否开着、大厅的网络是否通，再试一次。',
  ),
  HALL_TAKEN: (d) => ({
    title: `${text(d, 'window', '别的窗口')}已经在办这一件。`,
    remedy: '没有改动。请先与那个窗口说一声。',
  }),
  STICK_GONE: say('U盘拔出来了，或读不到。', '已经写好的部分都在。插好后再点一次，会接着做。'),
  STICK_FULL: (d) => ({
    title: `U盘空间不够，还差 ${text(d, 'missingMb', '一些')} MB。`,
    remedy: '办件都在本机，没有丢失。请换一个U盘，或先只带文字不带照片。',
  }),
  BUNDLE_NOTHING: say('没有要带走的：中心已经全部收到。', '不用U盘。'),
  BUNDLE_DAMAGED: say(
    'U盘上的这个文件不完整，或被改动过。',
    '一条也没有采用，别的不受影响。请在原来的窗口重新写一次。',
  ),
  BUNDLE_FOREIGN: say('U盘上的这个文件不是给这个中心的。', '没有采用，也没有改动。请核对是不是拿错了U盘。'),
  BUNDLE_OF_OTHERS: say('这是别的窗口的回执，不能在这里读入。', '没有采用，也没有改动。请把U盘带回原来的窗口。'),
  BUNDLE_OLD: say('这份回执里没有新的内容：已经读过，或比本机知道的旧。', '没有改动。有更新的回执时再读入。'),
  BUNDLE_OF_REPLACED: say(
    '写这个U盘文件的机器已由另一台代替，中心没有收。',
    'U盘上的内容没有改动。请把U盘交给县里的管理员，由他核实后收下。',
  ),
  BUNDLE_BUSY: say('U盘正在读写。', '请等它做完，或先点“停下”。'),
  NO_BROWSER: say(
    '没有找到可用的浏览器。',
    '数据不受影响。请把打印出的地址复制到 Chrome 或 Edge（120 版以上）里打开。',
  ),
  REQUEST_REFUSED: say(
    '这个窗口失效了：程序重新启动过。',
    '已经存下的都在，这一步没有执行。请用新打开的村窗窗口；没有的，打开 npm start 最后印出的地址。',
  ),
  WORKBOOK_REFUSED: (d) => ({
    title: `${text(d, 'name', '这个文件')}没有读取：${workbookWords[String(d.why)]?.[0] ?? '不是能读的工作簿'}。`,
    remedy: `里面的内容都没有导入，原有的标准没有改动。${workbookWords[String(d.why)]?.[1] ?? asPlainWorkbook}`,
  }),
  STANDARD_IMPORT_STALE: say(
    '要换掉的标准刚才又有人改过。',
    '什么也没有导入，正在改的都在。请再看一遍列表，再点导入。',
  ),
  USAGE: (d) => ({
    title: `命令写得不对：${text(d, 'why', '请看用法')}。`,
    remedy: '没有做任何改动。加 --help 看用法。',
  }),
  FILE_NOT_FOUND: (d) => ({ title: `没有找到文件 ${text(d, 'name', '')}。`, remedy: '没有做任何改动。请核对文件名。' }),
  FILE_NOT_WRITABLE: (d) => ({
    title: `写不了文件 ${text(d, 'name', '')}。`,
    remedy: '原文件没有改动。请换个位置，或检查权限和磁盘空间。',
  }),
}

/** The Chinese words of a failure. */
export function sentenceFor(code: ErrorCode, details: ErrorDetails = {}): Sentence {
  return sentences[code](details)
}

/** The whole failure as one line, with its incident number where there is one. */
export function failureLine(failure: Failure): string {
  const { title, remedy } = sentenceFor(failure.code, failure.details)
  return `${title}${remedy}${failure.incident === undefined ? '' : `（事故编号 ${failure.incident}）`}`
}
