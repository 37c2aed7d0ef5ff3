import type { ErrorCode } from '../../../preload/contract/errors.ts'
import type { Placement } from '../../../preload/contract/seals.ts'
import type { PageBox } from '../../../preload/contract/verification.ts'

/** Pure rules of sealing: where a seal stands to what it covers, what stops a whole job, how long the rest will take. */

/**
 * Where over a date line the seal's square goes, so that name and date lie a little below its middle (GB/T 9704-2012,
 * 7.3.5: 印章端正、居中下压发文机关署名和成文日期，使其居印章中心偏下位置). Never above or left of the page.
 */
export function overDate(date: PageBox, diameterMm: number): { page: number; xMm: number; yMm: number } {
  return {
    page: date.page,
    xMm: Math.max(0, date.xMm + (date.widthMm - diameterMm) / 2),
    yMm: Math.max(0, date.yMm + date.heightMm / 2 - diameterMm * dateDepth),
  }
}

/** How far down the seal the date's middle lies. */
const dateDepth = 0.62

/** The seal's square centred on a text, moved as asked. */
export function overText(
  box: PageBox,
  { rightMm, downMm }: Extract<Placement, { kind: 'anchor' }>,
  diameterMm: number,
): { page: number; xMm: number; yMm: number } {
  return {
    page: box.page,
    xMm: box.xMm + (box.widthMm - diameterMm) / 2 + rightMm,
    yMm: box.yMm + (box.heightMm - diameterMm) / 2 + downMm,
  }
}

/** What concerns the seal, the disk or the person and not one paper: the job waits, and no paper counts as failed. */
const pausing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SEAL_PIN_NEEDED',
  'SEAL_NOT_YOURS',
  'SEAL_APPROVAL_NEEDED',
  'SEAL_LEASE_ENDED',
  'SEAL_REVOKED',
  'SEAL_CERTIFICATE_REVOKED',
  'SEAL_CERTIFICATE_EXPIRED',
  'SEAL_CERTIFICATE_NOT_YET_VALID',
  'SEAL_TOKEN_GONE',
  'SEAL_TOKEN_LOCKED',
  'SEAL_TOKEN_UNSUPPORTED',
  'SEAL_NONE',
  'DISK_FULL',
  'STORE_READ_ONLY',
])

/** Whether a failure stops the whole job until a person has seen to it. */
export function pausesJob(code: ErrorCode): boolean {
  return pausing.has(code)
}

/** Seconds that the rest will take at the pace so far; null before the first paper is done. */
export function secondsLeft(done: number, left: number, elapsedMs: number): number | null {
  if (left === 0) return 0
  return done === 0 ? null : Math.ceil(((elapsedMs / done) * left) / 1000)
}

/** What a job that nobody ended says after the desk was started again. */
export const pausedByRestart = '程序重新启动过，盖章停在这里；已经盖好的都在。请输入印章口令，再点“继续”。'

/** What a job says that ran when the last session was locked. */
export const pausedByLock = '锁屏后印章口令已收回，盖章停在这里；已经盖好的都在。请输入印章口令，再点“继续”。'
