import { expect, test } from 'vitest'
import type { Database } from '../../central/database.ts'
import { sql as centreTables } from '../../central/migrations/0001-centre.ts'
import { sql as sealTables } from '../../central/migrations/0002-seals.ts'
import { isMigrated, migrate } from '../../central/migrations/index.ts'
import { sha256Hex } from '../../main/wire/canonical.ts'
import { TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase } from '../helpers/centre-databases.ts'

const stations = Array.from({ length: 40 }, (_, index) => {
  const station = new TestStation(`4402821042${String(index).padStart(2, '0')}-1`)
  for (let entry = 0; entry < 25; entry += 1) station.append({ payload: { text: `\u0000 第 ${entry} 条 \\N` } })
  return station
})
const [first] = stations
const ourCase = 'a-case'

/** A database as step 2 left it, with 40 stations of 25 entries, one of them erased, and a case. */
async function makeOldCentre(database: Database): Promise<void> {
  await database.script(centreTables)
  await database.script(sealTables)
  await database.script(
    'create table migrations (version integer primary key, name text not null, checksum text not null)',
  )
  const landed = [
    [1, 'centre', sha256Hex(centreTables)],
    [2, 'seals', sha256Hex(sealTables)],
  ]
  for (const row of landed)
    await database.query('insert into migrations (version, name, checksum) values ($1, $2, $3)', row)
  for (const station of stations) await fill(database, station)
  await database.query(
    `insert into cases (case_id, station_id, seq, local_number, centre_number, matter_code, matter_name, standard_version,
       applicant_name, received_at, state)
     values ('${ourCase}', $1, 4, 'n', 'c', 'm', '高龄津贴', 1, '测试人甲', '2026-03-02T01:02:03.004Z', 'received')`,
    [first?.id],
  )
  await migrate(database)
}

async function fill(database: Database, { id, keys, head, entries, secrets }: TestStation): Promise<void> {
  await database.query(
    `insert into stations (station_id, window_name, public_key, enrolled_at, acknowledged, head_hash)
     values ($1, '一号窗口', $2, now(), $3, $4)`,
    [id, keys.publicKey, head.seq, head.hash],
  )
  const known = [...secrets].map(([subject, secret]) => ({ subject, secret }))
  await database.query(
    `insert into subject_secrets select $1, subject, secret from json_to_recordset($2::json) as s (subject text, secret text)`,
    [id, JSON.stringify(known)],
  )
  const rows = entries.map((entry) => ({
    ...entry,
    payload: isErased(id, entry.seq) ? null : JSON.stringify(entry.payload),
  }))
  await database.query(
    `insert into entries select $1, seq, kind, version, subject, actor, at, payload, "payloadDigest", hash, '2026-03-02T01:02:03Z'
     from json_to_recordset($2::json) as e (seq bigint, kind text, version integer, subject text, actor text, at text,
       payload text, "payloadDigest" text, hash text)`,
    [id, JSON.stringify(rows)],
  )
}

const isErased = (id: string, seq: number): boolean => id === first?.id && seq === 3

describeOnEachDatabase('a centre whose entries were in one table', makeOldCentre, (centre) => {
  test('carries every row over as it was', async () => {
    const rows = await centre.database.query<{
      station: string
      seq: number
      payload: string | null
      hash: string
      at: Date
    }>('select station_id as station, seq, payload, hash, received_at as at from entries order by station_id, seq')
    const received = new Date('2026-03-02T01:02:03.000Z')
    const expected = stations.flatMap(({ id, entries }) =>
      entries.map(({ seq, hash, payload }) => {
        return { station: id, seq, payload: isErased(id, seq) ? null : JSON.stringify(payload), hash, at: received }
      }),
    )
    expect(rows).toEqual(expected)
    expect(await isMigrated(centre.database)).toBe(true)
  })

  test('spreads the stations over sixteen partitions and asks one of them for one station', async () => {
    const parts = await centre.database.query<{ part: string; stations: number }>(
      'select tableoid::regclass::text as part, count(distinct station_id)::integer as stations from entries group by 1',
    )
    const plan = await centre.database.query<{ 'QUERY PLAN': string }>(
      `explain select hash from entries where station_id = '${first?.id}' and seq between 3 and 9`,
    )
    const asked = new Set(plan.flatMap((line) => line['QUERY PLAN'].match(/on (entries_\d\d)/)?.[1] ?? []))
    expect(parts.length).toBeGreaterThan(8)
    expect(parts.reduce((sum, part) => sum + part.stations, 0)).toBe(stations.length)
    expect(asked.size).toBe(1)
  })

  test('holds one entry a place and a hash once a station', async () => {
    const twice = (set: string) =>
      centre.database
        .query(
          `insert into entries select station_id, ${set}, kind, version, subject, actor, at, payload, payload_digest, hash, received_at
           from entries where station_id = '${first?.id}' and seq = 5`,
        )
        .then(
          () => 'taken',
          ({ code, cause }: { code?: string; cause?: { code?: string } }) => code ?? cause?.code,
        )
    expect([await twice('seq'), await twice('seq + 100')]).toEqual(['23505', '23505'])
  })

  test('gives every case to the window that took it in', async () => {
    const rows = await centre.database.query('select case_id as "caseId", holder_id as holder from cases')
    expect(rows).toEqual([{ caseId: ourCase, holder: first?.id }])
  })

  test('goes on where each station stood', async () => {
    const station = stations[7]?.clone()
    const [identity] = await centre.database.query<{ key: string }>('select public_key as key from centre')
    if (station === undefined || identity === undefined) throw new Error('both are there')
    station.centrePublicKey = identity.key
    station.append()
    const client = station.client(centre.url)
    const said = await client.push(station.batch(20))
    client.close()
    expect(said).toMatchObject({ acknowledged: 26, hash: station.head.hash })
  })
})
