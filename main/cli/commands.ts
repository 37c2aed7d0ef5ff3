import { setTimeout as pause } from 'node:timers/promises'
import { dateInWords, shanghaiTimeInWords } from '../../preload/contract/calendar.ts'
import { caseStateWords } from '../../preload/contract/case-steps.ts'
import type { Delivery } from '../../preload/contract/delivery.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { DayResult } from '../../preload/contract/sync.ts'
import type { CaseDetail, CaseSummary, SyncStatus } from '../../preload/contract/views.ts'
import type { DeskCommand } from './arguments.ts'
import type { DeskLine } from './desk-line.ts'
import type { CommandOutput } from './seal/command.ts'
import { syncLines } from './sync-lines.ts'
import { factLines, tableLines } from './table.ts'

/** What a command did: its answer for `--json`, the lines for people, and whether it is to count as done. */
type Answer = { readonly value: unknown; readonly lines: readonly string[]; readonly isDone: boolean }

const deliveryWords: Readonly<Record<Delivery, string>> = {
  'stored-here': '本机已存',
  'at-hall': '大厅已收，等县里',
  'at-centre': '中心已收',
  'accepted-by-centre': '中心已受理',
}

/** Runs a command over an open line and writes its answer. Gives 0, or 1 where what was asked turned out bad. Throws as the calls do. */
export async function runCommand(command: DeskCommand, line: DeskLine, io: CommandOutput): Promise<0 | 1> {
  if (command.name !== 'station show') await line.login()
  const answer = await answerTo(command, line)
  if (command.options.json) io.stdout(JSON.stringify(answer.value, null, 2))
  else for (const text of answer.lines) io.stdout(text)
  return answer.isDone ? 0 : 1
}

async function answerTo(command: DeskCommand, line: DeskLine): Promise<Answer> {
  switch (command.name) {
    case 'cases list':
      return await listCases(command, line)
    case 'cases show':
      return told(await findCase(command.case, line), caseLines)
    case 'cases deliver': {
      const { summary } = await findCase(command.case, line)
      const { caseId } = summary
      await line.ask('cases.deliver', { caseId, receiverName: command.receiver, receiverIdNumber: command.receiverId })
      return told(await line.ask('cases.get', { caseId }), caseLines)
    }
    case 'ledger verify': {
      const verdict = await line.ask('ledger.verify', {})
      const text = verdict.ok
        ? `台账完好：共 ${verdict.count} 条，每一条都对得上。`
        : `台账第 ${verdict.brokenAt ?? '?'} 条对不上。请停止使用这台机器，并马上告诉管理员；备份可以恢复。`
      return { value: verdict, lines: [text, `末条哈希  ${verdict.head}`], isDone: verdict.ok }
    }
    case 'sync now': {
      const status = await syncNow(line)
      return { value: status, lines: syncLines(status), isDone: status.lastError === '' && status.unsentEntries === 0 }
    }
    case 'sync day': {
      const result = await line.ask('reconciliation.run', command.day === undefined ? {} : { day: command.day })
      return { value: result, lines: dayLines(result), isDone: result.agreed }
    }
    case 'sync status':
      return told(await line.ask('sync.status', {}), syncLines)
    case 'station show': {
      const { training: _, ...station } = await line.ask('station.status', {})
      return told(station, () =>
        factLines([
          ['工作站', station.stationId],
          ['村居', `${station.townName} ${station.villageName}`],
          ['窗口', station.windowName],
          ['方式', station.mode === 'training' ? '演练' : '正式'],
          ['账号', station.accounts.map(({ account, displayName }) => `${displayName}（${account}）`).join('、')],
          ['程序', station.programVersion],
          ['今天', dateInWords(station.todayInShanghai)],
        ]),
      )
    }
  }
}

function told<T>(value: T, lines: (value: T) => readonly string[]): Answer {
  return { value, lines: lines(value), isDone: true }
}

async function listCases(command: Extract<DeskCommand, { name: 'cases list' }>, line: DeskLine): Promise<Answer> {
  const { view, query, limit } = command
  const found = await line.ask('cases.list', { view, query, offset: 0, limit })
  const rows = found.cases.map((one) => [
    one.localNumber,
    one.applicantMasked,
    one.matterName,
    caseStateWords[one.state],
    daysLeftInWords(one),
    deliveryWords[one.delivery],
    shanghaiTimeInWords(one.receivedAtUtc),
  ])
  const head = ['编号', '申请人', '事项', '状态', '期限', '送达', '收件时间']
  const rest = found.total > rows.length ? `（还有 ${found.total - rows.length} 件没有列出）` : ''
  const lines = rows.length === 0 ? ['没有办件。'] : [...tableLines(head, rows), `共 ${found.total} 件${rest}`]
  return { value: found, lines, isDone: true }
}

function daysLeftInWords({ daysLeft, promised }: CaseSummary): string {
  if (daysLeft === null) return '日历未知'
  const unit = promised.unit === 'workday' ? '工作日' : '天'
  return daysLeft < 0 ? `超期 ${-daysLeft} ${unit}` : `还有 ${daysLeft} ${unit}`
}

/** A case by its id, its number, or the end of its number where that names just one. Throws NOT_FOUND, INPUT_INVALID. */
async function findCase(wanted: string, line: DeskLine): Promise<CaseDetail> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(wanted)) return await line.ask('cases.get', { caseId: wanted })
  const page = { view: 'all', query: wanted.slice(0, 100), offset: 0, limit: 200 } as const
  const { cases } = await line.ask('cases.list', page)
  const ending = cases.filter(({ localNumber }) => localNumber.endsWith(wanted))
  const named = cases.find(({ localNumber }) => localNumber === wanted) ?? (ending.length === 1 ? ending[0] : undefined)
  if (named !== undefined) return await line.ask('cases.get', { caseId: named.caseId })
  if (ending.length > 1) throw new AppError('INPUT_INVALID', { field: `有 ${ending.length} 件的编号以此结尾，请写全` })
  throw new AppError('NOT_FOUND', { what: `编号 ${wanted} 的办件` })
}

function caseLines(detail: CaseDetail): string[] {
  const { summary } = detail
  const { date } = summary.promised
  const facts = factLines([
    ['编号', summary.localNumber],
    ['事项', `${summary.matterName}（标准第 ${detail.standardVersion} 版）`],
    ['申请人', summary.applicantMasked],
    ['身份证号', summary.idNumberMasked],
    ['电话', summary.phoneMasked],
    ['状态', caseStateWords[summary.state]],
    ['送达', deliveryWords[summary.delivery]],
    ['收件时间', shanghaiTimeInWords(summary.receivedAtUtc)],
    ['承诺办结', date === null ? '日历未知' : `${dateInWords(date)}（${daysLeftInWords(summary)}）`],
    ['材料', `${detail.materials.length} 份${detail.later.length === 0 ? '' : `，容缺 ${detail.later.length} 份`}`],
    ['文书', documentsInWords(detail)],
    ...(detail.centreCaseNumber === '' ? [] : [['中心编号', detail.centreCaseNumber] as const]),
    ...(detail.centreReason === '' ? [] : [['中心意见', detail.centreReason] as const]),
    ['台账', `第 ${detail.receivedSeq} 条  ${detail.receivedHash}`],
  ])
  const timeline = detail.timeline.map(({ atUtc, text, actor }) => [shanghaiTimeInWords(atUtc), text, actor])
  return [...facts, '', ...tableLines(['时间', '过程', '经手'], timeline)]
}

function documentsInWords({ documents }: CaseDetail): string {
  if (documents.length === 0) return '还没有'
  return documents
    .map(({ title, sealed, waitsFor, unprintable }) => {
      const missing = unprintable.length === 0 ? '' : `（有打印不出的字：${unprintable.join('、')}，请手写补上）`
      return `${title}：${sealed ? '已盖章' : waitsFor}${missing}`
    })
    .join('；')
}

const longestTrySeconds = 120

/** Asks for a try at once and follows it to its end: everything sent, or an error, or two minutes. */
async function syncNow(line: DeskLine): Promise<SyncStatus> {
  const before = await line.ask('sync.status', {})
  await line.ask('sync.now', {})
  const until = Date.now() + longestTrySeconds * 1000
  for (;;) {
    const status = await line.ask('sync.status', {})
    const isOver =
      status.phase !== 'sending' && (status.lastSuccessUtc !== before.lastSuccessUtc || status.lastError !== '')
    if (isOver || !status.linkOn || Date.now() > until) return status
    await pause(100)
  }
}

function dayLines(result: DayResult): string[] {
  const found = result.differences.length + result.moreDifferences
  const facts = factLines([
    ['日清', dateInWords(result.day)],
    ['结论', result.agreed ? '两边一致' : `有 ${found} 处不同`],
    ['当日', `记录 ${result.entries} 条，收件 ${result.cases} 件，文件 ${result.files} 个`],
    ['末条', `第 ${result.headSeq} 条  ${result.headHash}`],
  ])
  if (result.agreed) return facts
  const rows = result.differences.map(({ what, here, there, text }) => [what, here, there, text])
  const more = result.moreDifferences === 0 ? [] : [`（还有 ${result.moreDifferences} 处没有列出）`]
  return [...facts, '', ...tableLines(['不同之处', '本机', '中心', '说明'], rows), ...more]
}
