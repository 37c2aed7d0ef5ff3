// Owns: what happened to cases, step by step, as the machines that had them saw it.
// Does not own: to whom it is told (hand-over.ts), the entries themselves (../ledger).
// Start here: `readHistories`.
import { canonicalBytes } from '../../main/wire/canonical.ts'
import { type EntryPayload, entryPayloads } from '../../preload/contract/entries.ts'
import type { HistoryEntry, HistoryItem } from '../../preload/contract/hand-over.ts'
import { type Decision, decisionSchema } from '../../preload/contract/wire.ts'
import type { Sql } from '../database.ts'

type Applied = { readonly seq: number; readonly from: number; readonly to: number }

/** What a machine's ledger and feed tell beside the cases: where its decisions stand, and what its people are called. */
type Machine = {
  readonly stationId: string
  readonly names: ReadonlyMap<string, string>
  readonly applied: readonly Applied[]
  readonly decisions: ReadonlyMap<string, readonly { readonly cursor: number; readonly decision: Decision }[]>
}

/** Reads histories of cases that went through these machines, the earliest first. */
export type Histories = {
  /** Cases without a single entry that still has its payload are left out. */
  of(caseIds: readonly string[]): Promise<Map<string, HistoryItem[]>>
}

/** Prepares to read the histories of cases that went through `machines`, the earliest first. */
export async function readHistories(sql: Sql, machines: readonly string[]): Promise<Histories> {
  const known: Machine[] = []
  for (const stationId of machines) known.push(await readMachine(sql, stationId))
  return {
    of: async (caseIds) => {
      const histories = new Map<string, HistoryItem[]>()
      for (const machine of known) {
        const entries = await readEntries(sql, machine, caseIds)
        for (const caseId of caseIds) {
          const steps = inOrder(machine, entries.get(caseId) ?? [], machine.decisions.get(caseId) ?? [])
          if (steps.length > 0) histories.set(caseId, [...(histories.get(caseId) ?? []), ...steps])
        }
      }
      return histories
    },
  }
}

type MachineRow = { readonly seq: number; readonly kind: string; readonly payload: string }

async function readMachine(sql: Sql, stationId: string): Promise<Machine> {
  const rows = await sql.query<MachineRow>(
    `select seq, kind, payload from entries
     where station_id = $1 and kind in ('account.created', 'feed.applied') and version = 1 and payload is not null
     order by seq`,
    [stationId],
  )
  const read = <N extends 'account.created@1' | 'feed.applied@1'>(name: N) =>
    rows
      .filter(({ kind }) => `${kind}@1` === name)
      .flatMap(({ seq, payload }) => {
        const { data } = entryPayloads[name].safeParse(JSON.parse(payload))
        return data === undefined ? [] : [{ seq, data: data as EntryPayload<N> }]
      })
  return {
    stationId,
    names: new Map(read('account.created@1').map(({ data }) => [data.account, data.displayName])),
    applied: read('feed.applied@1').map(({ seq, data }) => ({ seq, from: data.from, to: data.to })),
    decisions: await readDecisions(sql, stationId),
  }
}

async function readDecisions(sql: Sql, stationId: string): Promise<Machine['decisions']> {
  const rows = await sql.query<{ cursor: number; payload: string }>(
    `select cursor, payload from feed where station_id = $1 and kind = 'case.decided' order by cursor`,
    [stationId],
  )
  const decisions = new Map<string, { cursor: number; decision: Decision }[]>()
  const seen = new Set<string>()
  for (const { cursor, payload } of rows) {
    const decision = decisionSchema.safeParse(JSON.parse(payload)).data
    // A restored centre told it twice.
    if (decision === undefined || seen.has(payload)) continue
    seen.add(payload)
    decisions.set(decision.caseId, [...(decisions.get(decision.caseId) ?? []), { cursor, decision }])
  }
  return decisions
}

type EntryRow = Omit<HistoryEntry, 'what' | 'actorName' | 'payload' | 'station'> & {
  readonly subject: string
  readonly payload: string
}

async function readEntries(
  sql: Sql,
  machine: Pick<Machine, 'stationId' | 'names'>,
  caseIds: readonly string[],
): Promise<Map<string, HistoryEntry[]>> {
  const rows = await sql.query<EntryRow>(
    `select seq, kind, version, subject, actor, at, payload, hash from entries
     where station_id = $1 and subject = any($2::text[]) and payload is not null order by subject, seq`,
    [machine.stationId, caseIds],
  )
  const entries = new Map<string, HistoryEntry[]>()
  for (const { subject, payload, ...row } of rows) {
    const entry = historyEntry({ ...row, station: machine.stationId, payload: JSON.parse(payload) }, machine.names)
    entries.set(subject, [...(entries.get(subject) ?? []), entry])
  }
  return entries
}

/** An entry as a step of a history. */
export function historyEntry(
  entry: Omit<HistoryEntry, 'what' | 'actorName'>,
  names: ReadonlyMap<string, string>,
): HistoryEntry {
  const { station, seq, kind, version, actor, at, payload, hash } = entry
  const actorName = names.get(actor) ?? actor
  return { what: 'entry', station, seq, kind, version, actor, actorName, at, payload, hash }
}

/** A decision stands where the machine applied its page; one that it never heard of stands last. */
function inOrder(
  { applied }: Machine,
  entries: readonly HistoryEntry[],
  decisions: readonly { readonly cursor: number; readonly decision: Decision }[],
): HistoryItem[] {
  const placed = [
    ...entries.map((entry) => ({ place: entry.seq, item: entry as HistoryItem })),
    ...decisions.map(({ cursor, decision }) => ({
      place: applied.find(({ from, to }) => from <= cursor && cursor <= to)?.seq ?? Number.MAX_SAFE_INTEGER,
      item: { what: 'decision', decision } as HistoryItem,
    })),
  ]
  return placed.toSorted((one, other) => one.place - other.place).map(({ item }) => item)
}

/** How many bytes a step has in a feed item. */
export function bytesOfStep(step: HistoryItem): number {
  return canonicalBytes(step).byteLength
}
