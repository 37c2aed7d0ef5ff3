import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { migrate } from '../../central/migrations/index.ts'
import { listSeals, revokeSeal } from '../../central/seals/seals.ts'
import { enrolledStation, officeToken, type TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase } from '../helpers/centre-databases.ts'
import { send, someDigest, tellSeal } from '../helpers/centre-seals.ts'

describeOnEachDatabase('false word about seals at the centre', migrate, (centre) => {
  let count = 0
  const now = new Date('2026-11-23T01:00:00.000Z')

  const newStation = () => enrolledStation(centre.database, centre.url, `440282104208-${++count}`)
  const stopOwn = (station: TestStation, sealId: string) =>
    station.append({ kind: 'seal.revoked', subject: 'station', payload: { sealId, reason: '窗口自停' } })
  const ask = async (path: string, body: unknown) => {
    const headers = { authorization: `Bearer ${officeToken}`, 'content-type': 'application/json' }
    const reply = await fetch(`${centre.url}/v1/office/seals/${path}`, {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
    })
    return reply.status
  }

  test('a seal that its station stopped and the centre then stopped is told as stopped by the centre', async () => {
    const station = await newStation()
    const [certificate, sealId] = [someDigest(), randomUUID()]
    tellSeal(station, certificate, sealId)
    stopOwn(station, sealId)
    await send(station, centre.url)
    expect(await listSeals(centre.database, station.id)).toMatchObject([
      { differences: [expect.stringContaining('通知')] },
    ])
    await revokeSeal(centre.database, { certificate, reason: '遗失' }, new Date())
    expect(await listSeals(centre.database, station.id)).toMatchObject([{ revoked: { by: 'centre' }, differences: [] }])
  })

  test('a station cannot make another one’s seal look stopped', async () => {
    const [owner, liar] = [await newStation(), await newStation()]
    const [certificate, sealId] = [someDigest(), randomUUID()]
    tellSeal(owner, certificate)
    await send(owner, centre.url)
    tellSeal(liar, certificate, sealId)
    stopOwn(liar, sealId)
    await send(liar, centre.url)
    expect(await listSeals(centre.database, owner.id)).toMatchObject([{ revoked: null, differences: [] }])
    expect(await listSeals(centre.database, liar.id)).toMatchObject([{ revoked: { by: liar.id } }])
  })

  test('words that no database can hold do not keep a station’s batch from being taken', async () => {
    const station = await newStation()
    const [certificate, sealId] = [someDigest(), 'a\u0000b']
    tellSeal(station, certificate, sealId)
    const terms = { uses: 3, fromUtc: now.toISOString(), untilUtc: now.toISOString(), itemIds: ['\u0000'] }
    station.append({ kind: 'seal.leased', subject: 'station', payload: { sealId, leaseId: '\u0000', ...terms } })
    stopOwn(station, sealId)
    await send(station, centre.url)
    const [seal] = await listSeals(centre.database, station.id)
    expect(seal).toMatchObject({ certificateSha256: certificate, leases: [{ uses: 3 }], revoked: { by: station.id } })
  })

  test.each([
    ['leases', { certificate: '\u0000'.repeat(8), itemIds: null }],
    ['leases', { certificate: 'a'.repeat(8), itemIds: ['\ud800'] }],
    ['leases', { certificate: 'a'.repeat(8), itemIds: [] }],
    ['revocations', { certificate: 'b'.repeat(64), reason: 'a\u0000b' }],
    ['revocations', { certificate: 'c'.repeat(64), reason: '\ud800' }],
    ['revocations', { certificate: "' or 1=1 --", reason: 'x' }],
  ])('the office is told of its mistake: %s %j', async (path, words) => {
    const station = await newStation()
    tellSeal(station, 'a'.repeat(64))
    await send(station, centre.url)
    const terms = path === 'leases' ? { stationId: station.id, uses: 1, days: 1 } : {}
    const status = await ask(path, { ...terms, ...words })
    expect([status >= 400 && status < 500, status]).toEqual([true, status])
  })
})
