import { AppError } from '../../../preload/contract/errors.ts'
import type { WireError } from '../../../preload/contract/wire.ts'

const unreachableWords = {
  name: '按中心的网址找不到它，多半是本机没有接通外网（域名解析失败）',
  refused: '对方没有开门（拒绝连接）',
  'no-route': '本机没有接上网络，或没有通往中心的路',
  stalled: '连上了但没有数据往来',
  cut: '传到一半断了',
  portal: '网络要求先登录：有别的网页挡在中间。请用浏览器打开任意网页，按提示登录',
  proxy: '代理服务器不放行。请管理员核对代理设置',
  'tls-expired': '对方的安全证书过期或还没有生效；也可能是本机日期不对',
  'tls-untrusted': '对方的安全证书不是本机信任的机构发的',
  'tls-name': '对方的安全证书是发给别的网站的',
  tls: '建立安全连接失败',
  stopped: '这次尝试被中止',
  busy: '中心正忙，请它缓一缓',
  gateway: '中心出了故障，或正在维护',
  'not-enrolled': '这个窗口还没有在中心登记',
} as const

/** Why the centre gave no answer. */
export type UnreachableReason = keyof typeof unreachableWords

/**
 * A CENTRE_UNREACHABLE with its `reason` for the program and `why` for people. `retryAfterSeconds`: the centre asked not to
 * be tried again before.
 */
export function unreachable(
  reason: UnreachableReason,
  cause?: unknown,
  more: { readonly retryAfterSeconds?: number } = {},
): AppError {
  return new AppError('CENTRE_UNREACHABLE', { reason, why: unreachableWords[reason], ...more }, { cause })
}

/** What a failed connection comes to, by the code that node or OpenSSL gave. An AppError stays what it is. */
export function connectionFailure(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const { code = '', name } = (cause ?? {}) as NodeJS.ErrnoException
  if (code.startsWith('HPE_')) return new AppError('CENTRE_NONSENSE', { reason: 'http' }, { cause })
  return unreachable(name === 'AbortError' ? 'stopped' : reasonOf(code), cause)
}

const reasonByCode: Readonly<Record<string, UnreachableReason>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  ENETDOWN: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  ENOTFOUND: 'name',
  ENODATA: 'name',
  ESERVFAIL: 'name',
  ETIMEDOUT: 'stalled',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-name',
  HOSTNAME_MISMATCH: 'tls-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-untrusted',
  CERT_UNTRUSTED: 'tls-untrusted',
  CERT_REJECTED: 'tls-untrusted',
  CERT_REVOKED: 'tls-untrusted',
  CERT_SIGNATURE_FAILURE: 'tls-untrusted',
  CERT_CHAIN_TOO_LONG: 'tls-untrusted',
  INVALID_CA: 'tls-untrusted',
  INVALID_PURPOSE: 'tls-untrusted',
  PATH_LENGTH_EXCEEDED: 'tls-untrusted',
  EPROTO: 'tls',
}

/** Codes as in node's `dns`, `net` and `tls` (X509_V_ERR_* without its beginning). */
function reasonOf(code: string): UnreachableReason {
  const known = reasonByCode[code]
  if (known !== undefined) return known
  if (code.startsWith('EAI_')) return 'name'
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code.includes('CERT')) return 'tls'
  return 'cut'
}

const refusedWords: Record<WireError['error'], string> = {
  unauthorized: '中心认不出这个窗口，请管理员核对登记（签名不对）',
  clock_skew: '本机时间与中心相差太多',
  replayed: '同样的内容送到了两遍，只收了一遍（同一请求来了两次）',
  station_unknown: '中心没有登记过这个窗口',
  station_taken: '这个窗口已经登记过',
  station_replaced: '这台机器已由另一台代替',
  enrolment_code_wrong: '登记码不对',
  fork: '同一编号已有不同的记录',
  gap: '前面的记录还没有收到',
  secret_missing: '中心还缺核对这些记录要用的内容（缺少密值）',
  feed_behind: '中心的记录比窗口的旧，可能是从备份恢复的',
  malformed: '中心看不懂送去的内容，可能两边的程序版本不同（内容不合规定）',
  too_large: '一次送得太多',
  not_found: '中心没有要找的这一项',
  step_not_legal: '这一步不合规定',
  busy: '中心正忙',
  file_mismatch: '文件在路上变了样，要重新传',
  bundle_unreadable: 'U盘上的文件读不了',
  bundle_of_replaced: '写U盘的机器已由另一台代替',
  relay_only: '大厅的中转机办不了这件事',
  hall_taken: '别的窗口正在办这一件',
  release_refused: '这次发布不能用',
  internal: '中心出了故障',
}

/** The centre's refusal as an AppError: LEDGER_FORKED, STATION_REPLACED, ENROLMENT_CODE_WRONG, HALL_TAKEN, BUNDLE_DAMAGED, BUNDLE_OF_REPLACED, CENTRE_UNREACHABLE (its own fault) or CENTRE_REFUSED with `reason` and `why`; on `gap` also where it stands. */
export function refused({ error, message, acknowledged, hash, forkedAt }: WireError): AppError {
  if (error === 'fork') return new AppError('LEDGER_FORKED', forkedAt === undefined ? {} : { seq: forkedAt })
  if (error === 'station_replaced') return new AppError('STATION_REPLACED')
  if (error === 'bundle_of_replaced') return new AppError('BUNDLE_OF_REPLACED')
  if (error === 'enrolment_code_wrong') return new AppError('ENROLMENT_CODE_WRONG')
  if (error === 'hall_taken') return new AppError('HALL_TAKEN', { window: message.slice(0, 60) })
  if (error === 'bundle_unreadable') return new AppError('BUNDLE_DAMAGED', { reason: 'centre' })
  if (error === 'internal') return unreachable('gateway')
  if (error === 'release_refused') return new AppError('CENTRE_REFUSED', { reason: error, why: message.slice(0, 600) })
  const where = acknowledged !== undefined && hash !== undefined ? { acknowledged, hash } : {}
  return new AppError('CENTRE_REFUSED', { reason: error, why: refusedWords[error], ...where })
}
