import { dateInWords, shanghaiTimeInWords, todayInShanghai } from '../../preload/contract/calendar.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { stationIdSchema } from '../../preload/contract/wire.ts'
import type { Office } from '../office/line.ts'
import { type LeaseRequest, leasedItemsSchema, type OfficeSeal, type RevocationRequest } from './seals.ts'

/** What `central seal …` is asked for. */
export type SealOrder =
  | { readonly action: 'list'; readonly stationId: string | null }
  | ({ readonly action: 'lease' } & LeaseRequest)
  | ({ readonly action: 'revoke' } & RevocationRequest)

/** The words of the command line that seals know. */
export type SealWords = {
  readonly station?: string
  readonly certificate?: string
  readonly uses?: string
  readonly days?: string
  readonly items?: string
  readonly reason?: string
}

/** Reads `seal list|lease|revoke` with its options. Throws USAGE. */
export function readSealOrder(action: string | undefined, rest: readonly string[], words: SealWords): SealOrder {
  if (rest.length > 0) throw new AppError('USAGE')
  const { certificate = '', reason = '', items } = words
  if (action === 'list') return { action, stationId: words.station === undefined ? null : stationOf(words.station) }
  if (certificate === '') throw new AppError('USAGE')
  if (action === 'lease') {
    const itemIds = itemsOf(items)
    const [uses, days] = [countOf(words.uses, 1_000_000), countOf(words.days, 3660)]
    return { action, stationId: stationOf(words.station), certificate, uses, days, itemIds }
  }
  if (action !== 'revoke' || reason.trim() === '' || reason.length > 200) throw new AppError('USAGE')
  return { action, certificate, reason: reason.trim() }
}

function itemsOf(word: string | undefined): string[] | null {
  const items = leasedItemsSchema.safeParse(word === undefined ? null : word.split(',').filter((item) => item !== ''))
  if (!items.success) throw new AppError('USAGE')
  return items.data
}

function stationOf(word: string | undefined): string {
  const station = stationIdSchema.safeParse(word)
  if (!station.success) throw new AppError('USAGE')
  return station.data
}

function countOf(word: string | undefined, most: number): number {
  const count = Number(word)
  if (word === undefined || !Number.isInteger(count) || count < 1 || count > most) throw new AppError('USAGE')
  return count
}

/** Does what `central seal …` asks for; gives the value for `--json` and the words for people. */
export async function runSealOrder(
  office: Office,
  order: SealOrder,
  now: Date,
): Promise<{ readonly value: unknown; readonly text: string }> {
  if (order.action === 'list') {
    const seals = await office.seals(order.stationId)
    return { value: seals, text: listInWords(seals, now) }
  }
  if (order.action === 'lease') {
    const { action: _, ...wanted } = order
    const lease = await office.lease(wanted)
    const until = dateInWords(todayInShanghai(new Date(lease.untilUtc)))
    return { value: lease, text: `已授权：${lease.uses} 次，到 ${until}。窗口联网后生效。授权编号 ${lease.leaseId}` }
  }
  const { action: _, ...wanted } = order
  const revocation = await office.revoke(wanted)
  const at = shanghaiTimeInWords(revocation.revokedAtUtc)
  return { value: revocation, text: `已停用证书 ${revocation.certificateSha256}，${at}。各窗口联网后停止使用。` }
}

function listInWords(seals: readonly OfficeSeal[], now: Date): string {
  if (seals.length === 0) return '还没有窗口报过印章。'
  return seals.map((seal) => sealInWords(seal, now)).join('\n')
}

function sealInWords(seal: OfficeSeal, now: Date): string {
  const state = seal.revoked === null ? '' : `，已停用（${seal.revoked.reason}）`
  const head = `${seal.stationId}\t${seal.name === '' ? '没有报过的印章' : seal.name}\t盖了 ${seal.impressions} 次${state}`
  const leases = seal.leases.map((lease) => {
    const until = dateInWords(todayInShanghai(new Date(lease.untilUtc)))
    const ended = lease.untilUtc <= now.toISOString() ? '，已到期' : ''
    const by = lease.grantedBy === 'station' ? '（窗口演练自授）' : ''
    return `  授权 ${lease.leaseId}${by}：${lease.impressions} / ${lease.uses} 次，到 ${until}${ended}`
  })
  const differences = seal.differences.map((difference) => `  不符：${difference}`)
  return [head, `  证书 ${seal.certificateSha256}`, ...leases, ...differences].join('\n')
}
