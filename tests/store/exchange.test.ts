import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decideCase } from '../../central/cases/cases.ts'
import { type Database, openPostgres, type Sql } from '../../central/database.ts'
import { exchangeOnce } from '../../central/exchange/commands.ts'
import { exchangeTime } from '../../central/exchange/mapping.ts'
import { exchangeSchema, exchangeTables, tableName } from '../../central/exchange/schema.ts'
import { dismissRow, listOpenRows } from '../../central/exchange/taking.ts'
import { appendFeed } from '../../central/feed/feed.ts'
import { takeBatch } from '../../central/ledger/entries.ts'
import { migrate } from '../../central/migrations/index.ts'
import type { Material } from '../../preload/contract/entries.ts'
import { enrolledStation, receivedCase, type TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase, describeOnPostgres } from '../helpers/centre-databases.ts'
import { root } from '../helpers/programs.ts'

const now = new Date('2026-03-03T08:15:00.000Z')
const makeTables = async (database: Database) => {
  await migrate(database)
  await database.script(exchangeSchema)
}

const material = (digit: string): Material => ({
  materialId: randomUUID(),
  requirementId: 'id-card',
  file: { sha256: digit.repeat(64), name: '身份证.jpg', mediaType: 'image/jpeg', sizeBytes: 1 },
  addedAtUtc: now.toISOString(),
})

let stations = 0

/** A window of its own for each test: the tests of one database share it. */
async function newStation(database: Database, url: string): Promise<TestStation> {
  stations += 1
  return await enrolledStation(database, url, `440282104208-${stations}`)
}

function receive(station: TestStation, part: Partial<ReturnType<typeof receivedCase>> = {}) {
  const caseId = randomUUID()
  const sblsh = `${station.id}-20260303-${String(station.entries.length + 1).padStart(4, '0')}`
  const payload = { ...receivedCase(caseId, sblsh), training: false, ...part }
  station.append({ kind: 'case.received', subject: caseId, payload })
  return { caseId, sblsh }
}

async function send(database: Database, station: TestStation, from: number) {
  const sender = { stationId: station.id, publicKey: station.keys.publicKey }
  await takeBatch(database, sender, station.batch(from), now)
}

const decide = (
  database: Database,
  caseId: string,
  decision: 'accepted' | 'corrections' | 'approved' | 'denied' | 'closed' | 'refused',
  reason = '',
) => decideCase(database, caseId, { decision, reason, officer: '甲' }, now)

/** Every row of a case but the columns that differ from run to run. */
async function rowsOf(exchange: Sql, sblsh: string): Promise<Record<string, object[]>> {
  const all: Record<string, object[]> = {}
  for (const table of exchangeTables) {
    const rows = await exchange.query<Record<string, unknown>>(
      `select * from ${tableName(table)} where sblsh = $1 order by cunchuang_number`,
      [sblsh],
    )
    all[table] = rows.map(
      ({ cunchuang_key: _k, cunchuang_number: _n, cunchuang_source: _s, cunchuang_material_id: _m, ...row }) => row,
    )
  }
  return all
}

const theirs = (exchange: Sql, table: string, values: Record<string, string>) => {
  const names = Object.keys(values)
  return exchange.query(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    Object.values(values),
  )
}

describeOnEachDatabase('the exchange', makeTables, (centre) => {
  const ends = () => ({ centre: centre.database, exchange: centre.database })
  const pass = () => exchangeOnce(ends(), now)
  const opened = async (sblsh: string) => (await listOpenRows(centre.database)).filter((row) => row.sblsh === sblsh)

  test('writes a whole life of a case, each row once, in the codes of the interface', async () => {
    const station = await newStation(centre.database, centre.url)
    const { caseId, sblsh } = receive(station, { materials: [material('a')] })
    await send(centre.database, station, 1)
    await decide(centre.database, caseId, 'corrections', '请补户口簿')
    station.append({
      ...{ kind: 'case.supplemented', subject: caseId, at: '2026-03-03T16:00:00.000Z' },
      payload: { caseId, materials: [material('b')], note: '' },
    })
    await send(centre.database, station, 2)
    for (const step of ['accepted', 'denied', 'closed'] as const)
      await decide(centre.database, caseId, step, '不符合条件')
    station.append({
      ...{ kind: 'case.delivered', subject: caseId },
      payload: { caseId, receiverName: '测试人乙', receiverIdNumber: '', deliveredAtUtc: now.toISOString() },
    })
    await send(centre.database, station, 3)
    const first = await pass()
    const rows = await rowsOf(centre.database, sblsh)
    const sb = {
      sblsh,
      sblsh_short: null,
      sxbm: '11440282MB2D12345T444201400000001',
      sqrlx: '3',
      sbsj: '20260302T090203',
    }
    const common = { cunchuang_read_at: null }
    const sbcl = { sblsh, md5: null, cunchuang_requirement: 'id-card', cunchuang_form: '2', ...common }
    expect(rows).toEqual({
      SB: [1, 2].map((version) => ({ ...sb, wssbqd: null, obtain_paper_way: null, version, ...common })),
      SBCL: [
        { ...sbcl, version: 1, cunchuang_sha256: 'a'.repeat(64) },
        { ...sbcl, version: 2, cunchuang_sha256: 'b'.repeat(64) },
      ],
      SL: [{ sblsh, slztdm: '1', bslyy: null, slhzh: sblsh, cunchuang_time: '20260303T161500', ...common }],
      BZGZ: [
        { sblsh, bzgzsj: '20260303T161500', bzgzyy: '请补户口簿', bzclqd: null, patch_timelimit: null, ...common },
      ],
      BZSL: [{ sblsh, bzsj: '20260304T000000', ...common }],
      BJ: [{ sblsh, bjjgdm: '7', zfhthyy: '不符合条件', cunchuang_time: '20260303T161500', ...common }],
      LQDJ: [
        {
          sblsh,
          cunchuang_time: '20260303T161500',
          cunchuang_receiver_name: '测试人乙',
          cunchuang_receiver_id: '',
          ...common,
        },
      ],
    })
    expect(first).toMatchObject({ written: 9, taken: 0, open: 0 })
    expect(await pass()).toMatchObject({ written: 0, taken: 0 })
    expect(await rowsOf(centre.database, sblsh)).toEqual(rows)
  })

  test('goes on under the number of a lost machine with what the one in its place does, and with that alone', async () => {
    const old = await newStation(centre.database, centre.url)
    const { caseId, sblsh } = receive(old)
    const supplement = (station: TestStation) =>
      station.append({
        ...{ kind: 'case.supplemented', subject: caseId },
        payload: { caseId, materials: [material('c')], note: '' },
      })
    await send(centre.database, old, 1)
    await decide(centre.database, caseId, 'corrections', '请补户口簿')
    supplement(old)
    await send(centre.database, old, 2)
    await decide(centre.database, caseId, 'corrections', '还差一页')
    stations += 1
    const id = `440282104208-${stations}`
    const successor = await enrolledStation(centre.database, centre.url, id, old.id)
    const stranger = await newStation(centre.database, centre.url)
    for (const station of [successor, stranger]) {
      supplement(station)
      await send(centre.database, station, 1)
    }
    await pass()
    const { SB, SBCL } = await rowsOf(centre.database, sblsh)
    const versions = (rows: readonly object[] | undefined) => rows?.map((row) => (row as { version: number }).version)
    expect([versions(SB), versions(SBCL)]).toEqual([
      [1, 2, 3],
      [2, 3],
    ])
  })

  test('a pass that dies at any statement leaves whole entries or none; the next writes the rest, nothing twice', async () => {
    const station = await newStation(centre.database, centre.url)
    const cases = [1, 2, 3].map(() => receive(station, { materials: [material('a'), material('b')] }))
    await send(centre.database, station, 1)
    for (const { caseId } of cases) await decide(centre.database, caseId, 'refused', '不属于本机关职权')
    for (let statement = 1; statement < 40; statement++) {
      const exchange = dyingAt(centre.database, statement)
      await exchangeOnce({ centre: centre.database, exchange }, now).catch((error: Error) => {
        if (error.message !== 'died') throw error
      })
    }
    await pass()
    for (const { sblsh } of cases) {
      const { SB, SBCL, SL } = await rowsOf(centre.database, sblsh)
      expect([SB?.length, SBCL?.length, SL?.length]).toEqual([1, 2, 1])
    }
  })

  test('two adapters at once write every row once', async () => {
    const station = await newStation(centre.database, centre.url)
    const cases = Array.from({ length: 30 }, () => receive(station))
    await send(centre.database, station, 1)
    const both = await Promise.all([pass(), pass()])
    expect(both[0].written + both[1].written).toBe(30)
    for (const { sblsh } of cases) expect((await rowsOf(centre.database, sblsh)).SB).toHaveLength(1)
  })

  test('what the other system decides comes to the station by its feed, and is not written back', async () => {
    const station = await newStation(centre.database, centre.url)
    const { sblsh } = receive(station)
    await send(centre.database, station, 1)
    await pass()
    await theirs(centre.database, 'ex_gdbs_bzgz', {
      sblsh,
      bzgzsj: '20260303T161500',
      bzgzyy: '缺户口簿',
      bzclqd: '户口簿本人页',
    })
    await theirs(centre.database, 'ex_gdbs_sl', { sblsh, slztdm: '1' })
    await theirs(centre.database, 'ex_gdbs_bj', { sblsh, bjjgdm: '6' })
    expect(await pass()).toMatchObject({ written: 0, taken: 3, open: 0 })
    const client = station.client(centre.url)
    const page = await client.feed(0)
    client.close()
    expect(page.items.map(({ payload }) => payload)).toMatchObject([
      { decision: 'corrections', reason: '缺户口簿；户口簿本人页', officer: '数据交换' },
      { decision: 'accepted', reason: '' },
      { decision: 'approved' },
      { decision: 'closed' },
    ])
    expect(await pass()).toMatchObject({ written: 0, taken: 0, open: 0 })
    const rows = await rowsOf(centre.database, sblsh)
    expect([rows.SL?.length, rows.BZGZ?.length, rows.BJ?.length]).toEqual([1, 1, 1])
  })

  test('a step that is not legal, a code that means nothing here and a case that has not come are listed; what becomes legal is taken later', async () => {
    const station = await newStation(centre.database, centre.url)
    const { caseId, sblsh } = receive(station)
    await send(centre.database, station, 1)
    await theirs(centre.database, 'ex_gdbs_bj', { sblsh, bjjgdm: '6' })
    await theirs(centre.database, 'ex_gdbs_bj', { sblsh, bjjgdm: '4' })
    const later = `${station.id}-20260303-0002`
    await theirs(centre.database, 'ex_gdbs_sl', { sblsh: later, slztdm: '1' })
    await pass()
    expect(await opened(sblsh)).toMatchObject([
      { said: '准予许可', why: expect.stringContaining('不能改为') },
      { said: '转报办结', why: expect.stringContaining('经办人') },
    ])
    expect(await opened(later)).toMatchObject([{ said: '受理', why: expect.stringContaining('还没有到') }])
    receive(station)
    await send(centre.database, station, 2)
    await decide(centre.database, caseId, 'accepted')
    expect(await pass()).toMatchObject({ taken: 2 })
    const left = await opened(sblsh)
    expect([left.map(({ said }) => said), await opened(later)]).toEqual([['转报办结'], []])
    await dismissRow(centre.database, left[0]?.rowKey ?? '', '已电话联系', now)
    await pass()
    expect(await opened(sblsh)).toEqual([])
  })

  test('an adapter that dies between the decision and its mark decides once', async () => {
    const station = await newStation(centre.database, centre.url)
    const { sblsh } = receive(station)
    await send(centre.database, station, 1)
    await pass()
    await theirs(centre.database, 'ex_gdbs_sl', { sblsh, slztdm: '1' })
    const exchange: Database = { ...dyingAt(centre.database, Infinity), query: unmarked(centre.database) }
    await expect(exchangeOnce({ centre: centre.database, exchange }, now)).rejects.toThrow('died')
    await pass()
    const feed = await centre.database.query('select 1 from feed where station_id = $1', [station.id])
    const [row] = await centre.database.query(
      'select 1 from ex_gdbs_sl where sblsh = $1 and cunchuang_read_at is null',
      [sblsh],
    )
    expect([feed.length, row, await opened(sblsh)]).toEqual([1, undefined, []])
  })

  test('after the centre was restored, a decision that is told again stays one row, and new ones are not overlooked', async () => {
    const station = await newStation(centre.database, centre.url)
    const [one, two] = [receive(station), receive(station)]
    await send(centre.database, station, 1)
    const decision = await decide(centre.database, one.caseId, 'refused', '不属于本机关职权')
    await pass()
    await centre.database.query('delete from feed where station_id = $1', [station.id])
    await centre.database.query('update stations set feed_cursor = 0 where station_id = $1', [station.id])
    await pass()
    await decide(centre.database, two.caseId, 'accepted')
    await centre.database.transaction((sql) =>
      appendFeed(sql, station.id, { kind: 'case.decided', payload: decision, again: 1 }, now),
    )
    await pass()
    const rows = [await rowsOf(centre.database, one.sblsh), await rowsOf(centre.database, two.sblsh)]
    expect(rows.map(({ SL }) => SL?.length)).toEqual([1, 1])
  })

  test('nothing of a training is written; an erased person is blanked where the exchange names one', async () => {
    const station = await newStation(centre.database, centre.url)
    const training = receive(station, { training: true })
    const erased = receive(station)
    station.append({
      ...{ kind: 'case.delivered', subject: erased.caseId },
      payload: {
        caseId: erased.caseId,
        receiverName: '测试人乙',
        receiverIdNumber: '1',
        deliveredAtUtc: now.toISOString(),
      },
    })
    await send(centre.database, station, 1)
    await decide(centre.database, training.caseId, 'accepted')
    await pass()
    station.append({ kind: 'payload.erased', subject: 'station', payload: { subject: erased.caseId, reason: '到期' } })
    await send(centre.database, station, 4)
    await pass()
    expect(Object.values(await rowsOf(centre.database, training.sblsh)).flat()).toEqual([])
    expect((await rowsOf(centre.database, erased.sblsh)).LQDJ).toMatchObject([
      { cunchuang_receiver_name: null, cunchuang_receiver_id: null },
    ])
  })
})

/** The database as one whose process ends at its n-th statement. */
function dyingAt(database: Database, statement: number): Database {
  let count = 0
  const counted = (sql: Sql): Sql => ({
    script: sql.script,
    query: (text, values) => {
      count += 1
      if (count >= statement) throw new Error('died')
      return sql.query(text, values)
    },
  })
  return {
    ...counted(database),
    transaction: (work) => database.transaction((sql) => work(counted(sql))),
    close: () => database.close(),
  }
}

/** Dies where a row of theirs would be marked as taken. */
function unmarked(database: Database): Database['query'] {
  return (text, values) => {
    if (text.includes('set cunchuang_read_at')) throw new Error('died')
    return database.query(text, values)
  }
}

describeOnPostgres('an exchange in a database of its own', (makeDatabase) => {
  test('is written and read the same, beside columns and rows that were there', async () => {
    const centre = openPostgres(await makeDatabase())
    const exchange = openPostgres(await makeDatabase())
    try {
      await migrate(centre)
      await exchange.script(`create table ex_gdbs_sl (sblsh varchar(50) not null, slztdm varchar(1), bslyy text, slhzh text, of_theirs text);
        insert into ex_gdbs_sl (sblsh, slztdm, of_theirs) values ('OLD-1', '1', 'kept')`)
      await exchange.script(exchangeSchema)
      await exchange.script(exchangeSchema)
      expect(await exchangeOnce({ centre, exchange }, now)).toMatchObject({ written: 0, open: 1 })
      expect(await exchange.query('select sblsh, of_theirs from ex_gdbs_sl')).toEqual([
        { sblsh: 'OLD-1', of_theirs: 'kept' },
      ])
    } finally {
      await exchange.close()
      await centre.close()
    }
  })
})

describeOnPostgres('the command', (makeDatabase) => {
  test('sets the exchange up, exchanges once, and refuses in one sentence what it cannot work with', async () => {
    const environment = { DATABASE_URL: await makeDatabase(), EXCHANGE_URL: await makeDatabase() }
    const early = await central(['exchange', '--once'], environment)
    const setUp = await central(['exchange', 'setup'], environment)
    const once = await central(['exchange', '--once', '--json'], environment)
    const listed = await central(['exchange', 'list'], environment)
    const lacking = await withoutColumn(environment)
    const foreign = await central(['exchange', '--once', '--exchange-url', 'mysql://somewhere/x'], environment)
    const nowhere = await central(['exchange', '--once'], { ...environment, EXCHANGE_URL: '' })
    expect([early.code, setUp.code, once.code, listed.code, foreign.code, nowhere.code]).toEqual([1, 0, 0, 0, 1, 2])
    expect(early.stderr).toMatch(/^交换库还没有备好 EX_GDBS_SB、.*请先运行 central exchange setup。\n$/)
    expect(JSON.parse(once.stdout)).toEqual({ written: 0, taken: 0, open: 0 })
    expect(listed.stdout).toBe('没有待处理的行。\n')
    expect(lacking.stderr).toBe('交换库缺少接口规定的列 EX_GDBS_SB.WSSBQD，请让交换库的管理方补上；什么也没有写。\n')
    expect(foreign.stderr).toContain('只支持 PostgreSQL')
  })
})

/** One pass against a database from which a column of the interface was taken. */
async function withoutColumn(environment: { readonly DATABASE_URL: string; readonly EXCHANGE_URL: string }) {
  const exchange = openPostgres(environment.EXCHANGE_URL)
  await exchange.script('alter table ex_gdbs_sb drop column wssbqd').finally(() => exchange.close())
  return await central(['exchange', '--once'], environment)
}

/** Runs the centre's command line from its source. */
async function central(words: readonly string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, [join(root, 'central', 'index.ts'), ...words], {
    env: { ...process.env, ...environment, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...said }
}

test('times are Asia/Shanghai’s, as GB/T 39046 writes them', () => {
  expect(exchangeTime('2025-12-31T16:00:00.000Z')).toBe('20260101T000000')
})
