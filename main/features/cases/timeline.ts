import type { Delivery } from '../../../preload/contract/delivery.ts'
import { type EntryPayload, entryPayloads } from '../../../preload/contract/entries.ts'
import { maskName } from '../../../preload/contract/masking.ts'
import { paperWords } from '../../../preload/contract/standards/code-words.ts'
import type { TimelineItem } from '../../../preload/contract/views.ts'
import { lastPlace, type StoredEntry } from '../../store/index.ts'
import type { HandedCaseRow, HandedStepRow } from './handed-over.ts'
import { decisionInWords, deliveryOf, type Reached } from './model.ts'
import type { CaseRow, DecisionRow } from './store.ts'

/** What a case's timeline is told from. */
export type TimelineSource = {
  readonly row: CaseRow
  readonly entries: readonly StoredEntry[]
  /** Where the case came from, and what the machines before did; for a case of this station's own undefined and nothing. */
  readonly handed: HandedCaseRow | undefined
  readonly steps: readonly HandedStepRow[]
  readonly decisions: readonly DecisionRow[]
  readonly reached: Reached
  readonly displayName: (account: string) => string
}

/** A case told entry by entry in plain sentences, with the centre's decisions where the station learned of them. */
export function timelineOf(source: TimelineSource): TimelineItem[] {
  const { row, entries, decisions, reached, displayName } = source
  const own = entries.map((entry) => ({
    order: entry.seq,
    item: {
      seq: entry.seq,
      kind: entry.kind,
      text: sentenceFor(entry),
      actor: entry.actor === 'system' ? '系统' : displayName(entry.actor),
      atUtc: entry.at,
      delivery: deliveryOfEntry(entry, reached, row.acceptedByCentre),
    },
  }))
  const centre = decisions.map((decision) => ({
    order: decision.seq,
    item: {
      seq: null,
      kind: 'case.decided',
      text: decisionInWords(decision.decision, decision.reason),
      actor: decision.officer === '' ? '中心' : `中心 ${decision.officer}`,
      atUtc: decision.decidedAtUtc,
      delivery: null,
    },
  }))
  return [...earlier(source), ...own, ...centre].sort((a, b) => a.order - b.order).map(({ item }) => item)
}

/** What happened at other machines: their numbers say nothing here, and all of it is at the centre. */
function earlier({ handed, steps, row }: TimelineSource): { readonly order: number; readonly item: TimelineItem }[] {
  if (handed === undefined) return []
  const delivery = (kind: string) =>
    kind === 'case.received' && row.acceptedByCentre ? ('accepted-by-centre' as const) : ('at-centre' as const)
  const before = steps.map(({ place, kind, version, actorName, at, payload }) => ({
    order: place,
    item: {
      ...{ seq: null, kind, text: sentenceFor({ kind, version, payload, erased: false }) },
      ...{ actor: actorName === 'system' ? '系统' : actorName, atUtc: at, delivery: delivery(kind) },
    },
  }))
  const taken = {
    ...{ seq: null, kind: 'case.handed-over', text: `由这台机器接手，原来在 ${handed.stationId}` },
    ...{ actor: '中心', atUtc: handed.takenAtUtc, delivery: null },
  }
  return [...before, { order: lastPlace, item: taken }]
}

function deliveryOfEntry(entry: StoredEntry, reached: Reached, acceptedByCentre: boolean): Delivery {
  return deliveryOf(entry.seq, reached, entry.kind === 'case.received' && acceptedByCentre)
}

function sentenceFor(entry: Pick<StoredEntry, 'kind' | 'version' | 'payload' | 'erased'>): string {
  if (!Object.hasOwn(entryPayloads, `${entry.kind}@${entry.version}`)) return '其他记录'
  if (entry.erased) return '内容已按规定销毁，记录仍可核对'
  switch (entry.kind) {
    case 'case.received':
      return receivedInWords(entry.payload as EntryPayload<'case.received@1'>)
    case 'case.joined':
      return joinedInWords(entry.payload as EntryPayload<'case.joined@1'>)
    case 'case.accepted':
      return '本窗口受理'
    case 'case.told':
      return '已把不予受理告知申请人'
    case 'case.delivered':
      return `结果已由${maskName((entry.payload as EntryPayload<'case.delivered@1'>).receiverName)}领取`
    case 'case.supplemented':
      return supplementedInWords(entry.payload as EntryPayload<'case.supplemented@1'>)
    case 'document.made':
      return `出具${paperWords[(entry.payload as EntryPayload<'document.made@1' | 'document.made@2'>).kind]}`
    case 'document.sealed':
      return sealedInWords(entry.payload as AnySealed)
    case 'document.timestamped':
      return '文书已加盖时间戳'
    case 'identity.revealed':
      return (entry.payload as EntryPayload<'identity.revealed@1'>).field === 'phone'
        ? '查看了完整的手机号'
        : '查看了完整的身份证号'
    default:
      return '其他记录'
  }
}

type AnySealed = EntryPayload<'document.sealed@1' | 'document.sealed@2' | 'document.sealed@3'>

function sealedInWords(payload: AnySealed): string {
  return `${'title' in payload ? payload.title : '收件凭证'}已盖章：${payload.sealName}`
}

function receivedInWords({ materials, later, localNumber }: EntryPayload<'case.received@1'>): string {
  const count = materials.length === 0 ? '没有附件' : `附件 ${materials.length} 份`
  const promised = later.length === 0 ? '' : `，${later.length} 项材料承诺后补`
  return `收件，编号 ${localNumber}，${count}${promised}`
}

function joinedInWords({ themeName, cases }: EntryPayload<'case.joined@1'>): string {
  return cases.length > 1 ? `按“${themeName}”收件，一共 ${cases.length} 件` : `按“${themeName}”收件，只办这一件`
}

function supplementedInWords({ materials, note }: EntryPayload<'case.supplemented@1'>): string {
  const count = materials.length === 0 ? '' : `材料 ${materials.length} 份`
  return `补正：${[count, note].filter((part) => part !== '').join('，')}`
}
