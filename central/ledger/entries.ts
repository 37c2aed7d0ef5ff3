// Owns: the stations' ledgers at the centre: a batch in, once, in order, or refused whole.
// Does not own: what the kinds mean (../cases, ../seals) or the shape on the link (main/wire/packing/push-codec.ts).
// Start here: `takeBatch`.

import { canonicalBytes } from '../../main/wire/canonical.ts'
import { type Entry, emptyHead, type Head } from '../../main/wire/entry.ts'
import { derivePush, headAfter } from '../../main/wire/packing/push-codec.ts'
import { verifyHead } from '../../main/wire/signatures.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { PushRequest } from '../../preload/contract/wire.ts'
import { projectEntries } from '../cases/cases.ts'
import { handOverLate } from '../cases/hand-over.ts'
import { withoutForeignCases } from '../cases/holders.ts'
import type { Database, Sql } from '../database.ts'
import { projectDayEntries } from '../days/entries.ts'
import { projectFileEntries } from '../files/expected.ts'
import { countBatch } from '../metrics/meter.ts'
import { Refusal } from '../refusal.ts'
import { projectSealEntries } from '../seals/seal-entries.ts'
import { projectCatalogueEntries } from '../standards/adoption.ts'
import { lockLineage } from '../stations/lock.ts'

/** Whose entries come, known from the request's signature; `via` names the relay that hands them on. */
export type Sender = { readonly stationId: string; readonly publicKey: string; readonly via?: string }

/**
 * Takes a batch: all of it, durable and projected in one transaction, or nothing. Entries that are there already are compared
 * and skipped, so a batch may come any number of times, also at two gateways at once (they take turns on the station's row).
 * Returns where the chain now stands. Refuses `gap` (with where it stands), `fork` (kept as evidence), `secret_missing`,
 * `malformed` (also when the head's signature does not fit).
 */
export async function takeBatch(database: Database, sender: Sender, request: PushRequest, now: Date): Promise<Head> {
  const outcome = await database.transaction(async (sql) => {
    const { head, lineage } = await lockLineage(sql, sender.stationId)
    if (request.from > head.seq + 1) return new Refusal('gap', '前面的记录还没有收到', where(head))
    const derived = await derive(sql, sender, request)
    if (derived === undefined) return new Refusal('malformed', '批次的签名与内容不符')
    const { entries, offered } = derived
    const forkedAt = await findFork(sql, sender.stationId, head, request, entries)
    if (forkedAt !== undefined) {
      await keepFork(sql, sender.stationId, forkedAt, entries, request, offered, now)
      return new Refusal('fork', '同一编号已有不同的记录，没有覆盖', { ...where(head), forkedAt: forkedAt.seq })
    }
    const fresh = entries.filter((entry) => entry.seq > head.seq)
    if (fresh.length === 0) return { head, freshEntries: 0 }
    await insertEntries(sql, sender.stationId, fresh, request, now)
    await projectEntries(sql, lineage, fresh, now)
    await projectSealEntries(sql, sender.stationId, fresh)
    await projectFileEntries(sql, sender.stationId, await withoutForeignCases(sql, lineage, fresh), lineage.before)
    await projectDayEntries(sql, sender.stationId, fresh)
    await projectCatalogueEntries(sql, sender.stationId, fresh)
    if (lineage.holder !== sender.stationId) await handOverLate(sql, lineage, fresh, now)
    await sql.query(
      `update stations set acknowledged = $2, head_hash = $3, head_signature = $4, last_seen_at = $5 where station_id = $1`,
      [sender.stationId, offered.seq, offered.hash, request.signature, now.toISOString()],
    )
    return { head: offered, freshEntries: fresh.length }
  })
  if (outcome instanceof Refusal) throw outcome
  countBatch(outcome.freshEntries)
  return outcome.head
}

function where(head: Head): { acknowledged: number; hash: string } {
  return { acknowledged: head.seq, hash: head.hash }
}

type Derived = { readonly entries: Entry[]; readonly offered: Head }

/**
 * The batch's entries and the head that the station signed; undefined where its signature does not fit. A station that was
 * restored may have given a subject another secret in its other life: with that the signature fits, and the fork is seen.
 */
async function derive(sql: Sql, { stationId, publicKey }: Sender, request: PushRequest): Promise<Derived | undefined> {
  const subjects = [...new Set(request.entries.map(([, , subject]) => subject))]
  const rows = await sql.query<{ subject: string; secret: string }>(
    'select subject, secret from subject_secrets where station_id = $1 and subject = any($2::text[])',
    [stationId, subjects],
  )
  const known = new Map(rows.map((row) => [row.subject, row.secret]))
  const sent = new Map(Object.entries(request.secrets))
  const isOther = subjects.some(
    (subject) => sent.has(subject) && (known.get(subject) ?? sent.get(subject)) !== sent.get(subject),
  )
  const secretsOf = [
    (subject: string) => known.get(subject) ?? sent.get(subject),
    ...(isOther ? [(subject: string) => sent.get(subject) ?? known.get(subject)] : []),
  ]
  for (const secretOf of secretsOf) {
    const entries = deriveWith(stationId, request, secretOf)
    const offered = headAfter({ seq: request.from - 1, hash: request.previous }, entries)
    if (verifyHead(publicKey, stationId, offered, request.signature)) return { entries, offered }
  }
  return undefined
}

function deriveWith(
  stationId: string,
  request: PushRequest,
  secretOf: (subject: string) => string | undefined,
): Entry[] {
  try {
    return derivePush(stationId, request, secretOf)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.details.reason === 'secret-missing') throw new Refusal('secret_missing', '缺少校验用的密值')
    throw new Refusal('malformed', '批次的内容不合规定')
  }
}

type Fork = { readonly seq: number; readonly known: string; readonly offered: string }

/** The first place where the batch, or what it builds on, differs from what is here. A batch that goes on at the head costs no query. */
async function findFork(
  sql: Sql,
  stationId: string,
  head: Head,
  request: PushRequest,
  entries: readonly Entry[],
): Promise<Fork | undefined> {
  const offered = new Map(entries.map((entry) => [entry.seq, entry.hash]))
  offered.set(request.from - 1, request.previous)
  const known = request.from - 1 === head.seq ? [head] : await knownHashes(sql, stationId, head, request)
  const fork = known.find(({ seq, hash }) => offered.get(seq) !== hash)
  return fork && { seq: Math.max(1, fork.seq), known: fork.hash, offered: offered.get(fork.seq) ?? '' }
}

/** What is here of the batch's stretch, with the entry before it. */
async function knownHashes(sql: Sql, stationId: string, head: Head, request: PushRequest): Promise<Head[]> {
  const last = Math.min(head.seq, request.from - 1 + request.entries.length)
  const known = await sql.query<Head>(
    'select seq, hash from entries where station_id = $1 and seq between $2 and $3 order by seq',
    [stationId, request.from - 1, last],
  )
  return request.from === 1 ? [emptyHead, ...known] : known
}

async function keepFork(
  sql: Sql,
  stationId: string,
  fork: Fork,
  entries: readonly Entry[],
  request: PushRequest,
  offeredHead: Head,
  now: Date,
): Promise<void> {
  const entry = entries.find(({ seq }) => seq === fork.seq)
  await sql.query(
    `insert into forks (station_id, seq, known_hash, offered_hash, offered_entry, offered_head_seq, offered_head_hash,
       head_signature, seen_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [
      stationId,
      fork.seq,
      fork.known,
      fork.offered,
      entry === undefined ? '' : canonicalBytes(entry).toString('utf8'),
      offeredHead.seq,
      offeredHead.hash,
      request.signature,
      now.toISOString(),
    ],
  )
}

/** Secrets and entries in one statement of arrays: as fast as COPY, and the same on PGlite (`npm run bench -- centre` compares). */
async function insertEntries(
  sql: Sql,
  stationId: string,
  entries: readonly Entry[],
  request: PushRequest,
  now: Date,
): Promise<void> {
  const isErased = (entry: Entry) => request.entries[entry.seq - request.from]?.[6] !== undefined
  const subjects = [...new Set(entries.map(({ subject }) => subject))].filter((subject) =>
    Object.hasOwn(request.secrets, subject),
  )
  await sql.query(insertStatement, [
    stationId,
    now.toISOString(),
    subjects,
    subjects.map((subject) => request.secrets[subject]),
    entries.map(({ seq }) => seq),
    entries.map(({ kind }) => kind),
    entries.map(({ version }) => version),
    entries.map(({ subject }) => subject),
    entries.map(({ actor }) => actor),
    entries.map(({ at }) => at),
    entries.map((entry) => (isErased(entry) ? null : canonicalBytes(entry.payload).toString('utf8'))),
    entries.map(({ payloadDigest }) => payloadDigest),
    entries.map(({ hash }) => hash),
  ])
}

const insertStatement = `
  with known as (
    insert into subject_secrets (station_id, subject, secret)
    select $1::text, subject, secret from unnest($3::text[], $4::text[]) as sent (subject, secret)
    on conflict do nothing
  )
  insert into entries (station_id, received_at, seq, kind, version, subject, actor, at, payload, payload_digest, hash)
  select $1::text, $2::timestamptz, sent.*
  from unnest($5::bigint[], $6::text[], $7::integer[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
    $13::text[]) as sent`
