// Owns: handing a station's entries on to the county, in frames that end where the station signed.
// Does not own: when (onward.ts), how requests grow and go on after a cut (main/wire/tail-sender.ts), how entries came in (hall-routes.ts).
// Start here: `shipStation`.

import type { CentreClient, PushAnswer } from '../../main/wire/centre-client.ts'
import { genesisHash, type Head } from '../../main/wire/entry.ts'
import type { BatchBounds } from '../../main/wire/packing/next-batch.ts'
import { type BuiltPush, buildPush, type TailEntry } from '../../main/wire/packing/push-codec.ts'
import { type Portions, type SentTail, type TailReceiver, TailSender } from '../../main/wire/tail-sender.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { sentenceFor } from '../../preload/contract/sentences.ts'
import type { Database, Sql } from '../database.ts'
import { findRelayed, keepAcknowledgement, noteTrouble, type RelayedStation } from './stations.ts'

/** What one batch may hold at most, whoever signed it (preload/contract/wire.ts). */
const mostEntries = 1000

/** The county has less than it said, and what follows there is not here. */
const lacksEarlier = '县里缺更早的记录，等窗口自己补送'

/** Keeps the head that a station signed over a batch: a stretch that is handed on ends at such a one. */
export async function keepSignedHead(sql: Sql, stationId: string, head: Head, signature: string): Promise<void> {
  await sql.query(
    `insert into relayed_heads (station_id, seq, hash, signature) values ($1, $2, $3, $4)
     on conflict (station_id, seq) do update set hash = excluded.hash, signature = excluded.signature`,
    [stationId, head.seq, head.hash, signature],
  )
}

/** A relay's way to its county for one station: the line, and how much it carries at once. */
export type OnwardLine = { readonly client: CentreClient; readonly portions: Portions }

/**
 * Hands on what the county lacks of a station. What a refusal of this one station says is noted and stops nobody else;
 * throws CENTRE_UNREACHABLE and CENTRE_NONSENSE, which concern the link.
 */
export async function shipStation(
  database: Database,
  { client, portions }: OnwardLine,
  stationId: string,
  signal: AbortSignal,
): Promise<void> {
  const station = await findRelayed(database, stationId)
  if (station === undefined || station.trouble !== '' || station.countySeq >= station.held) return
  try {
    const sender = new TailSender(tailOf(database, stationId), portions)
    await sender.send(receiverOf(database, stationId, client), await whereWeAgree(database, station), signal)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'LEDGER_BROKEN' && error.details.reason === 'earlier')
      await noteTrouble(database, stationId, lacksEarlier)
    else if (troubles.includes(error.code))
      await noteTrouble(database, stationId, sentenceFor(error.code, error.details).title)
    else throw error
  }
}

/** Failures that concern one station and not the link. */
const troubles: readonly string[] = ['CENTRE_REFUSED', 'LEDGER_FORKED', 'LEDGER_BROKEN']

/** The county as who takes a station's entries: its word counts as it came, and is kept to be handed on. */
function receiverOf(database: Database, stationId: string, client: CentreClient): TailReceiver {
  const take = async (answer: Promise<PushAnswer>): Promise<Head> => {
    const { sentBytes: _, ...reply } = await answer
    const ours = await headAt(database, stationId, reply.acknowledged)
    // An entry that is ours under another hash: somebody else's ledger is there.
    if (ours !== undefined && ours !== reply.hash) throw new AppError('LEDGER_FORKED', { seq: reply.acknowledged })
    await keepAcknowledgement(database, stationId, reply)
    return { seq: reply.acknowledged, hash: reply.hash }
  }
  return {
    pushFrames: (frames, signal) => take(client.pushFrames(frames, { signal })),
    push: (request, signal) => take(client.push(request, signal)),
    head: (signal) => take(client.head(signal)),
  }
}

/** What the relay has to hand on of a station: up to the last head that the station signed. */
function tailOf(database: Database, stationId: string): SentTail {
  return {
    next: (previous, bounds, options) => nextStretch(database, stationId, { previous, bounds, ...options }),
    end: async () => {
      const [row] = await database.query<{ seq: number | null }>(
        `select max(seq) as seq from (${signedHeadsSql}) as heads`,
        [stationId, 0],
      )
      return row?.seq ?? 0
    },
  }
}

async function headAt(sql: Sql, stationId: string, seq: number): Promise<string | undefined> {
  const [row] = await sql.query<{ hash: string }>('select hash from entries where station_id = $1 and seq = $2', [
    stationId,
    seq,
  ])
  return row?.hash
}

type SignedHead = Head & { readonly signature: string }

type Wanted = { readonly previous: Head; readonly bounds: BatchBounds; readonly sendAllSecrets: boolean }

/** The stretch after a head up to the last signed head that fits, at least up to the first; undefined where none is signed beyond it. */
async function nextStretch(
  database: Database,
  stationId: string,
  { previous, bounds, sendAllSecrets }: Wanted,
): Promise<BuiltPush | undefined> {
  const heads = await signedHeads(database, stationId, previous.seq)
  const [first] = heads
  if (first === undefined) return undefined
  const most = Math.max(first.seq, previous.seq + bounds.entries)
  const entries = await readEntries(database, stationId, previous, Math.min(most, previous.seq + mostEntries))
  // The county was restored to before where this relay began, or to where no signature is near enough.
  if (entries[0]?.seq !== previous.seq + 1 || first.seq > previous.seq + mostEntries)
    throw new AppError('LEDGER_BROKEN', { reason: 'earlier' })
  const end =
    heads.findLast(({ seq }) => seq <= most && plainBytesOf(entries, seq - previous.seq) <= bounds.plainBytes) ?? first
  const sent = entries.slice(0, end.seq - previous.seq)
  const { secrets, firstSeen } = await readSecrets(database, stationId, sent)
  const isNew = (subject: string) => sendAllSecrets || (firstSeen.get(subject) ?? 0) > previous.seq
  return buildPush({
    station: stationId,
    signHead: () => end.signature,
    previous,
    entries: sent,
    secrets,
    sendSecretsOf: new Set([...secrets.keys()].filter(isNew)),
  })
}

/** The county's head; where ours is another under its number, the entry before: what follows shows the county the fork, and is its evidence. */
async function whereWeAgree(database: Database, { stationId, countySeq, countyHash }: RelayedStation): Promise<Head> {
  const ours = await headAt(database, stationId, countySeq)
  if (ours === undefined || ours === countyHash) return { seq: countySeq, hash: countyHash }
  const hash = countySeq === 1 ? genesisHash : await headAt(database, stationId, countySeq - 1)
  if (hash === undefined) throw new AppError('LEDGER_FORKED', { seq: countySeq })
  return { seq: countySeq - 1, hash }
}

/** Heads that the station signed; the newest is on its row even where a kill lost the others. */
const signedHeadsSql = `
  select seq, hash, signature from relayed_heads where station_id = $1 and seq > $2
  union select acknowledged, head_hash, head_signature from stations
    where station_id = $1 and acknowledged > $2 and head_signature is not null`

/** The next signed heads after a place, in their order. */
async function signedHeads(sql: Sql, stationId: string, after: number): Promise<SignedHead[]> {
  return sql.query<SignedHead>(`${signedHeadsSql} order by seq limit 200`, [stationId, after])
}

function plainBytesOf(entries: readonly SizedEntry[], count: number): number {
  return entries.slice(0, count).reduce((sum, { plainBytes }) => sum + plainBytes, 0)
}

type SizedEntry = TailEntry & { readonly plainBytes: number }

type EntryRow = {
  seq: number
  kind: string
  version: number
  subject: string
  actor: string
  at: string
  payload: string | null
  payload_digest: string
  hash: string
}

async function readEntries(sql: Sql, stationId: string, previous: Head, until: number): Promise<SizedEntry[]> {
  const rows = await sql.query<EntryRow>(
    `select seq, kind, version, subject, actor, at, payload, payload_digest, hash from entries
     where station_id = $1 and seq > $2 and seq <= $3 order by seq`,
    [stationId, previous.seq, until],
  )
  let prev = previous.hash
  return rows.map(({ payload, payload_digest, ...row }) => {
    const entry = {
      ...row,
      station: stationId,
      payload: payload === null ? null : JSON.parse(payload),
      payloadDigest: payload_digest,
      prev,
      erased: payload === null,
      plainBytes: (payload?.length ?? 0) + 120,
    }
    prev = row.hash
    return entry
  })
}

/** The subjects' secrets, and where each subject begins here: what the county has met before needs no secret. */
async function readSecrets(
  sql: Sql,
  stationId: string,
  entries: readonly TailEntry[],
): Promise<{ secrets: Map<string, string>; firstSeen: Map<string, number> }> {
  const subjects = [...new Set(entries.map(({ subject }) => subject))]
  const rows = await sql.query<{ subject: string; secret: string; first: number }>(
    `select subject_secrets.subject, secret, min(seq) as first from subject_secrets
       join entries on entries.station_id = subject_secrets.station_id and entries.subject = subject_secrets.subject
     where subject_secrets.station_id = $1 and subject_secrets.subject = any($2::text[]) group by subject_secrets.subject, secret`,
    [stationId, subjects],
  )
  return {
    secrets: new Map(rows.map(({ subject, secret }) => [subject, secret])),
    firstSeen: new Map(rows.map(({ subject, first }) => [subject, first])),
  }
}
