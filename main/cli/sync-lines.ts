import { shanghaiTimeInWords } from '../../preload/contract/calendar.ts'
import type { SyncStatus } from '../../preload/contract/views.ts'
import { factLines } from './table.ts'

const linkWords: Readonly<Record<SyncStatus['link'], string>> = {
  online: '在线',
  slow: '在线，但很慢',
  offline: '连不上，照常受理',
  off: '断开，照常受理',
}

/** The link and what waits for it, a fact a line. */
export function syncLines(status: SyncStatus, now: Date = new Date()): string[] {
  const time = (utc: string | null) => (utc === null ? '还没有' : shanghaiTimeInWords(utc))
  const route = status.route === 'relay' ? `，经大厅中转（存到第 ${status.relayedSeq} 条）` : ''
  return factLines([
    [
      '网络',
      `${status.replaced ? '已由另一台代替，中心不再接收' : linkWords[status.link]}（${shanghaiTimeInWords(status.sinceUtc)} 起）${route}`,
    ],
    ...(status.bytesPerSecond === null && status.roundTripMs === null ? [] : [['实测', measured(status)] as const]),
    ['台账', `本机 ${status.headSeq} 条，中心已收 ${status.acknowledgedSeq} 条`],
    ['未送达', `${status.unsentCases} 件（${status.unsentEntries} 条${leaves(status.textEtaSeconds, now)}）`],
    ...(status.unsentFiles === 0 ? [] : [['文件', filesInWords(status, now)] as const]),
    ...(status.sendingNow === '' ? [] : [['正在送', status.sendingNow] as const]),
    ...(status.returnedCases === 0 ? [] : [['退回待办', `${status.returnedCases} 件`] as const]),
    ['上次成功', time(status.lastSuccessUtc)],
    ['下次再试', status.nextTryUtc === null ? '—' : time(status.nextTryUtc)],
    ...(status.lastError === '' ? [] : [['上次差错', status.lastError] as const]),
  ])
}

function measured({ bytesPerSecond, roundTripMs }: SyncStatus): string {
  const parts = [
    ...(bytesPerSecond === null ? [] : [`上行 ${sizeInWords(bytesPerSecond)}/秒`]),
    ...(roundTripMs === null ? [] : [`往返 ${roundTripMs} 毫秒`]),
  ]
  return parts.join('，')
}

function filesInWords({ unsentFiles, unsentFileBytes, filesEtaSeconds }: SyncStatus, now: Date): string {
  return `${unsentFiles} 个，${sizeInWords(unsentFileBytes)}${leaves(filesEtaSeconds, now)}`
}

function leaves(seconds: number | null, now: Date): string {
  if (seconds === null || seconds === 0) return ''
  if (seconds < 120) return `，约 ${seconds} 秒后送完`
  return `，约 ${shanghaiTimeInWords(new Date(now.getTime() + seconds * 1000).toISOString())} 送完`
}

function sizeInWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} 字节`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
