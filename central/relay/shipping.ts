// Owns: handing a station's entries on to the county, in stretches that end where the station signed.
// Does not own: when (onward.ts); how entries came in (hall-routes.ts).
// Start here: `shipStation`.

import type { CentreClient } from '../../main/wire/centre-client.ts'
import { genesisHash, type Head } from '../../main/wire/entry.ts'
import { buildPush, type TailEntry } from '../../main/wire/packing/push-codec.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { sentenceFor } from '../../preload/contract/sentences.ts'
import type { PushReply, PushRequest } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import { findRelayed, keepAcknowledgement, moveCountyHead, noteTrouble, type RelayedStation } from './stations.ts'

/** Bounds of one stretch: a cut loses at most this; a stretch that one signature ends may be longer. */
const stretch = { entries: 200, plainBytes: 64 << 10 } as const

/** What one station may send again after a refusal before it waits for the next round. */
const mostDetours = 8

/** Keeps the head that a station signed over a batch: a stretch that is handed on ends at such a one. */
export async function keepSignedHead(sql: Sql, stationId: string, head: Head, signature: string): Promise<void> {
  await sql.query(
    `insert into relayed_heads (station_id, seq, hash, signature) values ($1, $2, $3, $4)
     on conflict (station_id, seq) do update set hash = excluded.hash, signature = excluded.signature`,
    [stationId, head.seq, head.hash, signature],
  )
}

/**
 * Hands on what the county lacks of a station. What a refusal of this one station says is noted and stops nobody else;
 * throws CENTRE_UNREACHABLE and CENTRE_NONSENSE, which concern the link.
 */
export async function shipStation(
  database: Database,
  client: CentreClient,
  stationId: string,
  signal: AbortSignal,
): Promise<void> {
  let sendAllSecrets = false
  for (let detours = 0; detours < mostDetours; ) {
    const station = await findRelayed(database, stationId)
    if (station === undefined || station.trouble !== '' || station.countySeq >= station.held) return
    try {
      const request = await nextStretch(database, station, sendAllSecrets)
      if (request === undefined) return
      await takeAnswer(database, station, await client.push(request, signal))
      sendAllSecrets = false
    } catch (error) {
      detours += 1
      if (!(error instanceof AppError)) throw error
      if (error.code === 'CENTRE_REFUSED' && error.details.reason === 'secret_missing' && !sendAllSecrets)
        sendAllSecrets = true
      else if (error.code === 'CENTRE_REFUSED' && error.details.reason === 'gap') await goBack(database, station, error)
      else if (error.code === 'CENTRE_REFUSED' || error.code === 'LEDGER_FORKED' || error.code === 'LEDGER_BROKEN')
        await noteTrouble(database, stationId, sentenceFor(error.code, error.details).title)
      else throw error
    }
  }
}

/** The county's word counts as it came; where it names an entry that is ours under another hash, somebody else's ledger is there. */
async function takeAnswer(
  database: Database,
  station: RelayedStation,
  { sentBytes: _, ...reply }: PushReply & { sentBytes?: number },
): Promise<void> {
  const ours = await headAt(database, station.stationId, reply.acknowledged)
  if (ours !== undefined && ours !== reply.hash) throw new AppError('LEDGER_FORKED', { seq: reply.acknowledged })
  await keepAcknowledgement(database, station.stationId, reply)
}

/** The county has less than it said: it goes on from there where we hold what follows; else the window itself must. */
async function goBack(database: Database, station: RelayedStation, gap: AppError): Promise<void> {
  const head = { seq: Number(gap.details.acknowledged ?? -1), hash: String(gap.details.hash) }
  const next = await headAt(database, station.stationId, head.seq + 1)
  if (head.seq < 0 || next === undefined)
    return noteTrouble(database, station.stationId, '县里缺更早的记录，等窗口自己补送')
  await moveCountyHead(database, station.stationId, head.seq, head.hash)
}

async function headAt(sql: Sql, stationId: string, seq: number): Promise<string | undefined> {
  const [row] = await sql.query<{ hash: string }>('select hash from entries where station_id = $1 and seq = $2', [
    stationId,
    seq,
  ])
  return row?.hash
}

type SignedHead = Head & { readonly signature: string }

/** The stretch after the county's head up to the last signed head that fits; undefined where none is signed beyond it. */
async function nextStretch(
  database: Database,
  station: RelayedStation,
  sendAllSecrets: boolean,
): Promise<PushRequest | undefined> {
  const { stationId } = station
  const previous = await whereWeAgree(database, station)
  const heads = await signedHeads(database, stationId, previous.seq)
  const [first] = heads
  if (first === undefined) return undefined
  const most = Math.max(first.seq, previous.seq + stretch.entries)
  const entries = await readEntries(database, stationId, previous, most)
  // The county was restored to before where this relay began.
  if (entries[0]?.seq !== previous.seq + 1) throw new AppError('LEDGER_BROKEN', { seq: previous.seq + 1 })
  const end = heads.findLast(({ seq }) => seq <= most && fits(entries, seq - previous.seq)) ?? first
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
  }).request
}

/** The county's head; where ours is another under its number, the entry before: what follows shows the county the fork, and is its evidence. */
async function whereWeAgree(database: Database, { stationId, countySeq, countyHash }: RelayedStation): Promise<Head> {
  const ours = await headAt(database, stationId, countySeq)
  if (ours === undefined || ours === countyHash) return { seq: countySeq, hash: countyHash }
  const hash = countySeq === 1 ? genesisHash : await headAt(database, stationId, countySeq - 1)
  if (hash === undefined) throw new AppError('LEDGER_FORKED', { seq: countySeq })
  return { seq: countySeq - 1, hash }
}

/** Heads beyond the county's that the station signed, in their order; the newest is on its row even where a kill lost the others. */
async function signedHeads(sql: Sql, stationId: string, after: number): Promise<SignedHead[]> {
  return sql.query<SignedHead>(
    `select seq, hash, signature from relayed_heads where station_id = $1 and seq > $2
     union select acknowledged, head_hash, head_signature from stations
       where station_id = $1 and acknowledged > $2 and head_signature is not null
     order by seq limit 200`,
    [stationId, after],
  )
}

function fits(entries: readonly SizedEntry[], count: number): boolean {
  let bytes = 0
  for (const entry of entries.slice(0, count)) bytes += entry.plainBytes
  return bytes <= stretch.plainBytes
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
