import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { migrate } from '../../central/migrations/index.ts'
import { projectEarlierSealEntries } from '../../central/seals/seal-entries.ts'
import { leaseSeal, listSeals, revokeSeal } from '../../central/seals/seals.ts'
import { enrolledStation, type TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase } from '../helpers/centre-databases.ts'
import { send, someDigest, tellSeal } from '../helpers/centre-seals.ts'

describeOnEachDatabase('seals at the centre', migrate, (centre) => {
  let count = 0
  const now = new Date('2026-11-23T01:00:00.000Z')

  const newStation = () => enrolledStation(centre.database, centre.url, `440282104209-${++count}`)
  const feedOf = async (station: TestStation) => {
    const client = station.client(centre.url)
    const page = await client.feed(0, AbortSignal.timeout(30_000))
    client.close()
    return page.items.map(({ kind, payload }) => ({ kind, payload }))
  }
  const impress = (station: TestStation, certificateSha256: string, leaseId: string | null) => {
    const documentId = randomUUID()
    const common = {
      ...{ documentId, caseId: documentId, sealId: randomUUID(), sealName: '测试专用章', certificateSha256 },
      ...{ before: someDigest(), reason: '收件凭证用印' },
      file: { sha256: someDigest(), name: 'a.pdf', mediaType: 'application/pdf', sizeBytes: 9 },
    }
    const since2 = { kind: 'receipt', title: '收件凭证', form: 'page', places: [], approvedBy: '', leaseId }
    const [version, payload] = leaseId === null ? [1, common] : [2, { ...common, ...since2 }]
    station.append({ kind: 'document.sealed', version, subject: documentId, payload })
  }

  test('what a station used beyond its lease, without one, or by a seal that it never told of, does not agree', async () => {
    const station = await newStation()
    const [known, unknown] = [someDigest(), someDigest()]
    tellSeal(station, known)
    await send(station, centre.url)
    const { leaseId } = await leaseSeal(
      centre.database,
      { stationId: station.id, certificate: known.slice(0, 10), uses: 2, days: 10, itemIds: ['elder-allowance'] },
      now,
    )
    for (let use = 0; use < 3; use += 1) impress(station, known, leaseId)
    impress(station, known, 'made-up')
    impress(station, known, null)
    impress(station, unknown, leaseId)
    await send(station, centre.url)
    await send(station, centre.url) // a batch that comes again is counted once
    const seals = await listSeals(centre.database, station.id)
    const own = seals.find(({ certificateSha256 }) => certificateSha256 === known)
    const foreign = seals.find(({ certificateSha256 }) => certificateSha256 === unknown)
    expect(own).toMatchObject({
      impressions: 5,
      leases: [{ leaseId, uses: 2, impressions: 3, itemIds: ['elder-allowance'], grantedBy: 'centre' }],
      differences: [
        `授权 ${leaseId} 准用 2 次，实际盖了 3 次`,
        '有 1 次用印所写的授权 made-up 中心没有记录',
        '有 1 次用印没有写明授权',
      ],
    })
    expect(foreign?.differences[0]).toBe('窗口没有报过这枚印章，却用它盖了 1 次')
  })

  test('what came before the centre counted seals is counted by the migration', async () => {
    const station = await newStation()
    const certificate = someDigest()
    tellSeal(station, certificate)
    impress(station, certificate, null)
    impress(station, certificate, null)
    await send(station, centre.url)
    const before = await listSeals(centre.database, null)
    for (const table of ['seal_uses', 'seal_leases', 'seals']) {
      const kept = table === 'seal_leases' ? " where granted_by = 'station'" : ''
      await centre.database.query(`delete from ${table}${kept}`)
    }
    await centre.database.transaction(projectEarlierSealEntries)
    expect(await listSeals(centre.database, null)).toEqual(before)
    expect(before.some(({ impressions }) => impressions === 2)).toBe(true)
  })

  test('a revocation goes to every station, and to those that are let in later', async () => {
    const [first, second] = [await newStation(), await newStation()]
    const certificate = someDigest()
    tellSeal(first, certificate)
    await send(first, centre.url)
    const item = await revokeSeal(centre.database, { certificate: certificate.slice(0, 8), reason: '遗失' }, now)
    const later = await newStation()
    const told = { kind: 'seal.revoked', payload: item }
    expect([await feedOf(first), await feedOf(second), await feedOf(later)]).toEqual([[told], [told], [told]])
    const again = revokeSeal(centre.database, { certificate, reason: '再次' }, now)
    await expect(again).rejects.toMatchObject({ error: 'step_not_legal' })
    const lease = { stationId: first.id, certificate, uses: 1, days: 1, itemIds: null }
    await expect(leaseSeal(centre.database, lease, now)).rejects.toMatchObject({ error: 'step_not_legal' })
    await expect(revokeSeal(centre.database, { certificate: 'abc', reason: '太短' }, now)).rejects.toMatchObject({
      error: 'not_found',
    })
  })
})
