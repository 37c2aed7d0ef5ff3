import { readdirSync, readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { TestStation } from '../helpers/centre.ts'
import { type Cluster, startCluster } from '../helpers/cluster.ts'
import { missingForPostgres } from '../helpers/postgres.ts'
import { entriesPerCase, makeLoad, sendAll } from './centre-pushes.ts'
import { median, milliseconds, type Row } from './row.ts'

const stationCount = 8
const casesPerBatch = 25
const casesPerRound = 200
const wantedEntries = 1_000_000

/**
 * One gateway pinned to core 0 over PostgreSQL with fsync on: signed pushes over HTTP, 8 stations at once, 100 entries (25
 * cases) a batch; then the same after SQL has filled the centre up to a million entries. Client and database share the rest
 * of the machine. Beside it, how the rows go in: arrays against COPY, on the same server.
 */
export async function benchCentre(): Promise<Row[]> {
  const why = missingForPostgres()
  if (why !== '') return [{ what: `the centre: skipped, ${why}`, median: '', target: '' }]
  const cluster = await startCluster(['--gateways', '1', '--pin', '0', '--fsync'])
  const client = new pg.Client({ connectionString: cluster.databaseUrl })
  await client.connect()
  try {
    return [...(await benchPushes(cluster, client)), await benchInsert(client)]
  } finally {
    await client.end()
    await cluster.stop()
  }
}

async function benchPushes(cluster: Cluster, client: pg.Client): Promise<Row[]> {
  const url = cluster.gateways[0]?.listening ?? ''
  const stations = await makeStations(client)
  await measure(url, stations, 50)
  const atBegin = await countEntries(client)
  const small = await rounds(cluster, stations)
  await preload(client, wantedEntries - (await countEntries(client)))
  await measure(url, stations, 50)
  const atEnd = await countEntries(client)
  const large = await rounds(cluster, stations)
  const told = `PostgreSQL ${cluster.postgres.version.split(' ')[0]}, fsync ${cluster.postgres.fsync ? 'on' : 'off'}`
  const row = (what: string, { speed, load }: Measured): Row => {
    const median = `${speed.toFixed(0)}/s`
    return { what: `centre: ${what} (load ${load.toFixed(1)})`, median, target: '≥ 3,000/s', met: speed >= 3000 }
  }
  return [
    row(`entries a second into ${told}, one gateway on one core, from ${atBegin} entries`, small),
    row(`the same from ${atEnd} entries`, large),
    {
      what: `centre: CPU time of gateway and database a case, at ${atEnd} entries against ${atBegin}`,
      median: `${milliseconds(large.cpuMsPerCase)} against ${milliseconds(small.cpuMsPerCase)}`,
      target: '≤ 1.3 ×',
      met: large.cpuMsPerCase <= 1.3 * small.cpuMsPerCase,
    },
  ]
}

async function makeStations(client: pg.Client): Promise<TestStation[]> {
  const stations = Array.from({ length: stationCount }, (_, index) => new TestStation(`44028210420${index + 1}-1`))
  for (const { id, keys, head } of stations)
    await client.query(
      `insert into stations (station_id, window_name, public_key, enrolled_at, head_hash) values ($1, 'bench', $2, now(), $3)`,
      [id, keys.publicKey, head.hash],
    )
  return stations
}

async function measure(url: string, stations: readonly TestStation[], cases: number): Promise<number> {
  const loads = []
  for (const station of stations) loads.push(await makeLoad(station, cases, casesPerBatch))
  return await sendAll(url, loads)
}

/** Medians of five rounds; the CPU time stays true where other programs share the machine. */
type Measured = { readonly speed: number; readonly cpuMsPerCase: number; readonly load: number }

async function rounds(cluster: Cluster, stations: readonly TestStation[]): Promise<Measured> {
  const [gateway] = cluster.gateways
  if (gateway === undefined) throw new Error('a gateway is needed')
  const speeds: number[] = []
  const cpu: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const before = cpuMs(gateway.pid, cluster.postgres.pid)
    speeds.push(await measure(gateway.listening, stations, casesPerRound))
    cpu.push((cpuMs(gateway.pid, cluster.postgres.pid) - before) / (stationCount * casesPerRound))
  }
  return { speed: median(speeds), cpuMsPerCase: median(cpu), load: loadavg()[0] ?? 0 }
}

/** CPU time of the gateway and of the database's connections, which live through the whole run (Linux: proc(5), ticks of 10 ms). */
function cpuMs(gateway: number, postgres: number): number {
  const processes = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))
  let ticks = 0
  for (const pid of processes) {
    const fields = statOf(pid)
    if (Number(pid) === gateway || (Number(fields[1]) === postgres && commandOf(pid).includes('centre')))
      ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks * 10
}

/** The fields after the name, which may hold spaces; none where the process has just ended. */
function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** PostgreSQL writes into its command line what a process is for; connections name their database. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

async function countEntries(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ entries: string }>('select count(*) as entries from entries')
  return Number(rows[0]?.entries)
}

/** Fills the centre with 500 other stations' cases: rows of a real one's size, with an entry, a secret and files each. */
async function preload(client: pg.Client, entries: number): Promise<void> {
  const cases = Math.ceil(entries / entriesPerCase)
  await client.query(
    `insert into stations (station_id, window_name, public_key, enrolled_at, head_hash)
     select '4402822' || lpad(n::text, 5, '0') || '-1', 'preload', '', now(), '' from generate_series(0, 499) as n`,
  )
  await client.query(
    `create temporary table preloaded as
     select n, '4402822' || lpad((n % 500)::text, 5, '0') || '-1' as station,
       '0190' || substr(md5('c' || n), 1, 4) || '-' || substr(md5('c' || n), 5, 4) || '-7' || substr(md5('c' || n), 9, 3)
         || '-8' || substr(md5('c' || n), 12, 3) || '-' || substr(md5('c' || n), 15, 12) as case_id
     from generate_series(0, $1::integer - 1) as n`,
    [cases],
  )
  await client.query('insert into subject_secrets select station, case_id, md5(case_id) from preloaded')
  await client.query(
    `insert into entries select station, (n / 500) * $1::integer + part, 'case.received', 1, case_id, 'clerk', '2026-03-02T01:02:03.004Z',
       repeat(md5(case_id || part), 25), md5('d' || n || part) || md5('e' || n || part), md5('h' || n || part) || md5('i' || n || part), now()
     from preloaded, generate_series(1, $1::integer) as part`,
    [entriesPerCase],
  )
  await client.query(
    `insert into cases select case_id, station, (n / 500) * $1::integer + 1, station || '-20260302-' || lpad(n::text, 6, '0'), 'p' || n,
       '11440282MB2D12345T444201400000001', '高龄津贴', 1, '测试人甲', '2026-03-02T01:02:03.004Z', 'accepted', null, station from preloaded`,
    [entriesPerCase],
  )
  await client.query(
    `insert into expected_files select station, case_id, md5(case_id || part) || md5(part || case_id), 'original', 'a.jpg', 'image/jpeg', 2400000,
       (n / 500) * $1::integer + 1 from preloaded, generate_series(1, 3) as part`,
    [entriesPerCase],
  )
  await client.query('drop table preloaded')
  await client.query('vacuum analyze')
  // What the filling left to write is not the measured pushes' to pay.
  await client.query('checkpoint')
}

/** How rows go into the table: arrays, as the centre does it, against COPY. A hundred rows a time, rolled back. */
async function benchInsert(client: pg.Client): Promise<Row> {
  await client.query('create table plain (like entries including all)')
  const rows = Array.from({ length: 100 }, (_, index) => {
    const hash = String(index).padStart(64, '0')
    return [
      '440282104208-1',
      index + 1,
      'case.received',
      1,
      'subject',
      'clerk',
      '2026-03-02',
      '…'.repeat(400),
      hash,
      hash,
      '2026-03-02T01:02:03Z',
    ]
  })
  const arrays = rows[0]?.map((_, column) => rows.map((row) => row[column])) ?? []
  const text = rows.map((row) => `${row.join('\t')}\n`).join('')
  const viaArrays = () =>
    client.query(
      `insert into plain select * from unnest($1::text[], $2::bigint[], $3::text[], $4::integer[], $5::text[], $6::text[],
         $7::text[], $8::text[], $9::text[], $10::text[], $11::timestamptz[])`,
      arrays,
    )
  const viaCopy = () => pipeline(Readable.from([text]), client.query(copyFrom('copy plain from stdin')))
  const [ours, copies] = [await timeRolledBack(client, viaArrays), await timeRolledBack(client, viaCopy)]
  return {
    what: 'centre: 100 rows into an indexed table, as arrays (peer: COPY)',
    median: `${ours.toFixed(2)} ms`,
    target: 'COPY speed (≤ 1.5 ×)',
    met: ours <= 1.5 * copies,
    peer: `${copies.toFixed(2)} ms`,
    ratio: (copies / ours).toFixed(2),
  }
}

async function timeRolledBack(client: pg.Client, work: () => Promise<unknown>): Promise<number> {
  const samples: number[] = []
  for (let round = 0; round < 60; round += 1) {
    await client.query('begin')
    const began = performance.now()
    await work()
    samples.push(performance.now() - began)
    await client.query('rollback')
  }
  return median(samples)
}
