import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Database } from '../../central/database.ts'
import { exchangeOnce } from '../../central/exchange/commands.ts'
import { exchangeSchema } from '../../central/exchange/schema.ts'
import { dismissRow, listOpenRows } from '../../central/exchange/taking.ts'
import { takeBatch } from '../../central/ledger/entries.ts'
import { migrate } from '../../central/migrations/index.ts'
import { enrolledStation, receivedCase, type TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase } from '../helpers/centre-databases.ts'

const now = new Date('2026-03-03T08:15:00.000Z')
let stations = 0

const makeTables = async (database: Database) => {
  await migrate(database)
  await database.script(exchangeSchema)
}

describeOnEachDatabase('an exchange with what does not fit', makeTables, (centre) => {
  const pass = () => exchangeOnce({ centre: centre.database, exchange: centre.database }, now)
  const newStation = () => {
    stations += 1
    return enrolledStation(centre.database, centre.url, `440282104208-${stations}`)
  }
  const numberOf = (station: TestStation) => `${station.id}-20260303-0001`
  const send = async (station: TestStation, number: string, part: Partial<ReturnType<typeof receivedCase>> = {}) => {
    const caseId = randomUUID()
    const payload = { ...receivedCase(caseId, number), training: false, ...part }
    station.append({ kind: 'case.received', subject: caseId, payload })
    station.append({ kind: 'case.accepted', subject: caseId, payload: { caseId, by: 'station' } })
    const sender = { stationId: station.id, publicKey: station.keys.publicKey }
    await takeBatch(centre.database, sender, station.batch(), now)
  }
  const rows = (table: string, sblsh: string) =>
    centre.database.query(`select cunchuang_source as source from ${table} where sblsh = $1`, [sblsh])

  test.each([
    ['longer than the column', 'a'.repeat(500)],
    ['no text for a database', 'a\u0000b'],
  ])(
    'lists a row with a value that is %s, writes everything else, and stops trying once dismissed',
    async (_what, matterCode) => {
      const [odd, good] = [await newStation(), await newStation()]
      await send(odd, numberOf(odd), { matterCode })
      await send(good, numberOf(good))
      expect(await pass()).toMatchObject({ open: 1 })
      expect(await rows('ex_gdbs_sl', numberOf(odd))).toEqual([{ source: `entry:${odd.id}:2` }])
      expect(await rows('ex_gdbs_sb', numberOf(good))).toEqual([{ source: `entry:${good.id}:1` }])
      const [held] = await listOpenRows(centre.database)
      expect(held).toMatchObject({ rowKey: `entry:${odd.id}:1`, sblsh: numberOf(odd), said: '写出到 EX_GDBS_SB' })
      expect(held?.why).not.toContain(matterCode)
      expect(await pass()).toEqual({ written: 0, taken: 0, open: 1 })
      await dismissRow(centre.database, `entry:${odd.id}:1`, '事项编码不对，已在对方系统补登', now)
      expect(await pass()).toEqual({ written: 0, taken: 0, open: 0 })
    },
  )

  test('writes a row that was refused as soon as the column takes it', async () => {
    const station = await newStation()
    await send(station, numberOf(station), { matterCode: 'b'.repeat(100) })
    await pass()
    await centre.database.script('alter table ex_gdbs_sb alter column sxbm type varchar(120)')
    expect(await pass()).toEqual({ written: 1, taken: 0, open: 0 })
    expect(await rows('ex_gdbs_sb', numberOf(station))).toEqual([{ source: `entry:${station.id}:1` }])
    expect(await pass()).toEqual({ written: 0, taken: 0, open: 0 })
    await centre.database.script('alter table ex_gdbs_sb alter column sxbm type varchar(60) using left(sxbm, 60)')
  })

  test('writes nothing under the number of another window, and still takes what is decided on it', async () => {
    const [good, wild] = [await newStation(), await newStation()]
    await send(wild, numberOf(good))
    await pass()
    expect(await rows('ex_gdbs_sl', numberOf(good))).toEqual([])
    await send(good, numberOf(good))
    await pass()
    expect(await rows('ex_gdbs_sl', numberOf(good))).toEqual([{ source: `entry:${good.id}:2` }])
    await centre.database.query(`insert into ex_gdbs_bj (sblsh, bjjgdm) values ($1, '6')`, [numberOf(good)])
    expect(await pass()).toMatchObject({ taken: 1, open: 0 })
  })

  test('lists a row of theirs without a number, and takes a reason that ends within a character', async () => {
    const station = await newStation()
    await send(station, numberOf(station))
    await pass()
    await centre.database.script(`
      alter table ex_gdbs_bj alter column sblsh drop not null, alter column zfhthyy type text;
      insert into ex_gdbs_bj (bjjgdm) values ('6')`)
    const zfhthyy = `${'由'.repeat(1999)}𠮷𠮷`
    await centre.database.query(`insert into ex_gdbs_bj (sblsh, bjjgdm, zfhthyy) values ($1, '7', $2)`, [
      numberOf(station),
      zfhthyy,
    ])
    expect(await pass()).toMatchObject({ taken: 1, open: 1 })
    const client = station.client(centre.url)
    const { items } = await client.feed(0).finally(() => client.close())
    expect(items[0]).toMatchObject({ payload: { decision: 'denied', reason: '由'.repeat(1999) } })
  })
})
