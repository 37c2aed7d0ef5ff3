import { AppError } from '../../preload/contract/errors.ts'
import type { WireError } from '../../preload/contract/wire.ts'

const unreachableWords = {
  refused: '对方没有开门（拒绝连接）',
  name: '找不到中心的地址（域名解析失败）',
  tls: '安全证书有问题',
  stalled: '连上了但没有数据往来',
  cut: '传到一半断了',
  stopped: '这次尝试被中止',
  gateway: '中心正忙或出了故障',
  'not-enrolled': '这个窗口还没有在中心登记',
} as const

/** Why the centre gave no answer. */
export type UnreachableReason = keyof typeof unreachableWords

/** A CENTRE_UNREACHABLE with its `reason` for the program and `why` for people. */
export function unreachable(reason: UnreachableReason, cause?: unknown): AppError {
  return new AppError('CENTRE_UNREACHABLE', { reason, why: unreachableWords[reason] }, { cause })
}

const refusedWords: Record<WireError['error'], string> = {
  unauthorized: '签名不对',
  clock_skew: '本机时间与中心相差太多',
  replayed: '同一请求来了两次',
  station_unknown: '中心没有登记过这个窗口',
  station_taken: '这个窗口已经登记过',
  enrolment_code_wrong: '登记码不对',
  fork: '同一编号已有不同的记录',
  gap: '前面的记录还没有收到',
  secret_missing: '缺少校验用的密值',
  feed_behind: '中心的记录比窗口的旧，可能是从备份恢复的',
  malformed: '内容不合规定',
  too_large: '一次送得太多',
  not_found: '没有这个地址',
  step_not_legal: '这一步不合规定',
  busy: '中心正忙',
  file_mismatch: '文件在路上变了样，要重新传',
  bundle_unreadable: 'U盘上的文件读不了',
  relay_only: '大厅的中转机办不了这件事',
  hall_taken: '别的窗口正在办这一件',
  internal: '中心出了故障',
}

/** The centre's refusal as an AppError: LEDGER_FORKED, ENROLMENT_CODE_WRONG, CENTRE_UNREACHABLE (its own fault) or CENTRE_REFUSED with `reason` and `why`; on `gap` also where it stands. */
export function refused({ error, acknowledged, hash, forkedAt }: WireError): AppError {
  if (error === 'fork') return new AppError('LEDGER_FORKED', forkedAt === undefined ? {} : { seq: forkedAt })
  if (error === 'enrolment_code_wrong') return new AppError('ENROLMENT_CODE_WRONG')
  if (error === 'hall_taken') return new AppError('HALL_TAKEN')
  if (error === 'internal') return unreachable('gateway')
  const where = acknowledged !== undefined && hash !== undefined ? { acknowledged, hash } : {}
  return new AppError('CENTRE_REFUSED', { reason: error, why: refusedWords[error], ...where })
}
