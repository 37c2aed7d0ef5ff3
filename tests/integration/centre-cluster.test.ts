import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openPostgres } from '../../central/database.ts'
import { enrolledStation, type TestStation } from '../helpers/centre.ts'
import { type Cluster, startCluster } from '../helpers/cluster.ts'
import { missingForPostgres } from '../helpers/postgres.ts'

const why = missingForPostgres()

describe.skipIf(why !== '')(`a centre of two gateways in processes of their own${why && `: skipped, ${why}`}`, () => {
  let cluster: Cluster
  let database: Database
  let count = 0

  beforeAll(async () => {
    cluster = await startCluster(['--metrics'])
    database = openPostgres(cluster.databaseUrl)
  })
  afterAll(async () => {
    await database?.close()
    await cluster?.stop()
  })

  const urls = () => cluster.gateways.map(({ listening }) => listening)
  const newStation = () => {
    count += 1
    return enrolledStation(database, urls()[0] ?? '', `44028210420${count}-1`)
  }

  /** What the centre holds of a station, beside what it should hold: each entry, case and impression once. */
  async function holdings(station: TestStation) {
    const one = async (text: string) => (await database.query<{ rows: number }>(text, [station.id]))[0]?.rows
    const hashes = await database.query<{ hash: string }>(
      'select hash from entries where station_id = $1 order by seq',
      [station.id],
    )
    return {
      hashes: hashes.map(({ hash }) => hash),
      cases: await one('select count(*)::integer as rows from cases where station_id = $1'),
      numbers: await one('select count(distinct centre_number)::integer as rows from cases where station_id = $1'),
      secrets: await one('select count(*)::integer as rows from subject_secrets where station_id = $1'),
      impressions: await one(
        'select coalesce(sum(impressions), 0)::integer as rows from seal_uses where station_id = $1',
      ),
    }
  }
  const expected = (station: TestStation) => {
    const cases = station.entries.filter(({ kind }) => kind === 'case.received').length
    return {
      hashes: station.entries.map(({ hash }) => hash),
      cases,
      numbers: cases,
      secrets: cases,
      impressions: cases,
    }
  }

  test('keeps one of each when the same and overlapping batches come at both at once', async () => {
    const station = await newStation()
    addCases(station, 30)
    const clients = urls().map((url) => station.client(url))
    for (let end = 10; end <= 60; end += 10)
      await Promise.all(
        clients.flatMap((client) => [
          client.push(station.batch(end - 9, end)),
          client.push(station.batch(1, end)),
          client.push(station.batch(Math.max(1, end - 14), end - 3)),
        ]),
      )
    for (const client of clients) client.close()
    expect(await holdings(station)).toEqual(expected(station))
  })

  test('tells Prometheus what it did, on a port of its own, and nothing of anybody', async () => {
    const [, gateway] = cluster.gateways
    const station = await newStation()
    addCases(station, 3)
    const client = station.client(gateway?.listening ?? '')
    const before = await metricsOf(gateway?.metrics)
    await client.push(station.batch())
    await client.push(station.batch())
    await client.feed(0)
    client.close()
    const refused = await fetch(`${gateway?.listening}/v1/stations/${station.id}/feed?after=0`)
    const after = await metricsOf(gateway?.metrics)
    const grown = (name: string) => (after.values.get(name) ?? 0) - (before.values.get(name) ?? 0)
    expect({
      refused: refused.status,
      entries: grown('cunchuang_entries_taken_total'),
      taken: grown('cunchuang_batches_total{outcome="taken"}'),
      repeated: grown('cunchuang_batches_total{outcome="repeated"}'),
      pages: grown('cunchuang_feed_pages_total'),
      refusals: grown('cunchuang_refusals_total{code="unauthorized"}'),
      inWork: after.values.get('cunchuang_pushes_in_work'),
      stations: after.values.get('cunchuang_stations_seen_24h'),
    }).toEqual({ refused: 401, entries: 6, taken: 1, repeated: 1, pages: 1, refusals: 1, inWork: 0, stations: count })
    expect(grown('cunchuang_database_seconds_count')).toBeGreaterThan(5)
    expect(after.text).not.toMatch(/测试人甲|44028210420|110101190001010000/)
    expect((await fetch(`${gateway?.listening}/metrics`)).status).toBe(404)
  })

  test('loses and doubles nothing when a connection of the database is killed in the middle of a batch', async () => {
    const station = await newStation()
    addCases(station, 10)
    const client = station.client(urls()[0] ?? '')
    await client.push(station.batch(1, 4))
    const held = await heldInTheMiddle(cluster.databaseUrl, () => client.push(station.batch(5)))
    process.kill(held.backend, 'SIGKILL')
    await held.release()
    const failure = await held.outcome
    expect(failure).toMatchObject({ code: 'CENTRE_UNREACHABLE', details: { reason: 'busy', retryAfterSeconds: 5 } })
    // PostgreSQL restarts whole when one of its processes is killed.
    await untilReady(urls())
    expect((await holdings(station)).hashes).toHaveLength(4)
    await client.push(station.batch())
    client.close()
    expect(await holdings(station)).toEqual(expected(station))
  })

  test('goes on at the other gateway when one is killed in the middle of a batch', async () => {
    const stations = await Promise.all(Array.from({ length: 4 }, newStation))
    for (const station of stations) addCases(station, 40)
    const [first, second] = cluster.gateways
    const [held] = stations
    if (first === undefined || second === undefined || held === undefined) throw new Error('two gateways are needed')
    const clients = stations.map((station) => station.client(first.listening))
    const inTheMiddle = await heldInTheMiddle(cluster.databaseUrl, () =>
      Promise.all(clients.map((client, index) => client.push(stations[index]?.batch(1, 60) ?? held.batch()))),
    )
    process.kill(first.pid, 'SIGKILL')
    expect(await inTheMiddle.outcome).toMatchObject({ code: 'CENTRE_UNREACHABLE' })
    await inTheMiddle.release()
    await Promise.all(
      stations.map(async (station) => {
        const client = station.client(second.listening)
        for (let end = 20; end <= 80; end += 20) await client.push(station.batch(Math.max(1, end - 29), end))
        client.close()
      }),
    )
    for (const client of clients) client.close()
    expect(await Promise.all(stations.map(holdings))).toEqual(stations.map(expected))
  })

  test('is alive but not ready while the database is away', async () => {
    const [, gateway] = cluster.gateways
    const ask = async (path: string) => {
      const reply = await fetch(`${gateway?.listening}${path}`)
      return { status: reply.status, body: await reply.json() }
    }
    const before = await ask('/v1/ready')
    process.kill(cluster.postgres.pid, 'SIGQUIT')
    await untilGone(cluster.postgres.pid)
    const [ready, health] = [await ask('/v1/ready'), await ask('/v1/health')]
    expect(before).toEqual({ status: 200, body: { ready: true, database: 'ok', migrations: 'ok', files: 'ok' } })
    expect(ready).toMatchObject({ status: 503, body: { ready: false, database: 'failed', migrations: 'failed' } })
    expect(health.status).toBe(200)
  })
})

/** Each case is received, and its receipt is sealed: two entries. */
function addCases(station: TestStation, cases: number): void {
  for (let index = 0; index < cases; index += 1) {
    const caseId = station.receive(`${station.id}-20260302-${String(index + 1).padStart(6, '0')}`)
    const file = { sha256: 'd'.repeat(64), name: '收件凭证.pdf', mediaType: 'application/pdf', sizeBytes: 90_000 }
    const seal = {
      sealId: 'village',
      sealName: '收件专用章',
      certificateSha256: 'c'.repeat(64),
      leaseId: '',
      approvedBy: '',
    }
    const paper = {
      documentId: caseId,
      caseId,
      kind: 'receipt',
      title: '收件凭证',
      form: 'page',
      places: [],
      reason: '',
    }
    const payload = { ...paper, ...seal, file, before: 'e'.repeat(64) }
    station.append({ kind: 'document.sealed', version: 2, subject: caseId, payload })
  }
}

/** Starts `work` and returns when a gateway's transaction stands in the middle: entries and cases written, impressions not yet. */
async function heldInTheMiddle(databaseUrl: string, work: () => Promise<unknown>) {
  const gate = new pg.Client({ connectionString: databaseUrl })
  gate.on('error', () => undefined)
  await gate.connect()
  await gate.query('begin; lock table seal_uses in access exclusive mode')
  const outcome = work().then(
    () => undefined,
    (error: unknown) => error,
  )
  for (;;) {
    const { rows } = await gate.query<{ pid: number }>(
      "select pid from pg_locks where relation = 'seal_uses'::regclass and not granted limit 1",
    )
    const [waiting] = rows
    if (waiting !== undefined)
      return { outcome, backend: waiting.pid, release: () => gate.end().catch(() => undefined) }
  }
}

async function untilReady(urls: readonly string[]): Promise<void> {
  for (const url of urls) while ((await fetch(`${url}/v1/ready`)).status !== 200) await wait(50)
}

async function untilGone(pid: number): Promise<void> {
  const isThere = () => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  while (isThere()) await wait(20)
}

/** The page as text, and its samples by name and labels. */
async function metricsOf(url = ''): Promise<{ text: string; values: Map<string, number> }> {
  const text = await (await fetch(url)).text()
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return {
    text,
    values: new Map(
      samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
    ),
  }
}
