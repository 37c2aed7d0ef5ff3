import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OfficeSeal } from '../../central/seals/seals.ts'
import type { SealView } from '../../preload/contract/seals.ts'
import { type CentreProcess, runCentral, startCentre } from '../helpers/centre.ts'
import { freshFolder, removeFolder, startDesk } from '../helpers/desk.ts'
import { finished, type OpenDesk, openDesk, putPaper, sealingRequest, unlockSeal } from '../helpers/papers.ts'
import { rebuiltTables } from '../helpers/rebuild.ts'
import { fixture } from '../helpers/seals.ts'

const folder = freshFolder()
let centre: CentreProcess
let open: OpenDesk
let events: Awaited<ReturnType<OpenDesk['desk']['events']>>

beforeAll(async () => {
  centre = await startCentre(folder)
  const link = ['--centre-url', centre.url, '--centre-data', folder]
  open = await openDesk(await startDesk(folder, ['--training', '--cheap-pins', '--check-outputs', ...link]))
  events = await open.desk.events()
})
afterAll(async () => {
  events.stop()
  await open.desk.kill('SIGTERM')
  await centre.kill('SIGTERM')
  removeFolder(folder)
})

const central = async (...words: string[]) => {
  const { code, stdout, stderr } = await runCentral(['seal', ...words, '--data', folder])
  if (code !== 0) throw new Error(stderr)
  return stdout
}
const refused = async (...words: string[]) => (await runCentral(['seal', ...words, '--data', folder])).stderr
const seal = async (): Promise<SealView> => {
  const [first] = (await open.desk.ask('seals.status', {}, open.sessionId)).seals
  if (first === undefined) throw new Error('no seal')
  return first
}
/** Looks again at every event until it is as wanted. */
async function until<T>(look: () => Promise<T>, isWanted: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await look()
    if (isWanted(found)) return found
    await events.next('changed', 'sync')
  }
}
const delivered = () =>
  until(
    () => open.desk.ask('sync.status', {}, open.sessionId),
    (status) => status.unsentEntries === 0 && status.acknowledgedSeq > 0,
  )
const listed = async () => JSON.parse(await central('list', '--json')) as OfficeSeal[]
const paper = async () => (await putPaper(open, '证明.pdf', fixture('pdf-lib-table.pdf'))).documentId

it('the centre knows a station’s seal and its uses, extends its lease by the feed, and stops it at the next feed', async () => {
  const before = await seal()
  const { stationId } = await open.desk.ask('station.status', {}, open.sessionId)
  await delivered()
  expect(await listed()).toMatchObject([
    {
      ...{ stationId, certificateSha256: before.certificateSha256, name: before.name, impressions: 0, revoked: null },
      leases: [{ leaseId: before.lease?.leaseId, uses: 1000, impressions: 0, grantedBy: 'station' }],
      differences: [],
    },
  ])

  // A lease that is used up is extended by the centre.
  const sealId = await unlockSeal(open)
  await open.desk.ask('seals.renewLease', { sealId, uses: 1, days: 30 }, open.sessionId)
  await finished(open, sealingRequest(sealId, [await paper()]))
  expect((await seal()).state).toBe('lease-used-up')
  await delivered()
  const short = before.certificateSha256.slice(0, 12)
  const said = await central('lease', '--station', stationId, '--certificate', short, '--uses', '3', '--days', '10')
  expect(said).toContain('已授权：3 次')
  const leased = await until(seal, ({ lease }) => lease?.uses === 3)
  expect(leased).toMatchObject({ state: 'usable', lease: { usesLeft: 3 } })
  await finished(open, sealingRequest(sealId, [await paper(), await paper()]))
  await delivered()
  const [reconciled] = await listed()
  expect(reconciled).toMatchObject({ impressions: 3, differences: [] })
  expect(reconciled?.leases.map(({ uses, impressions }) => [uses, impressions])).toEqual([
    [1000, 0],
    [1, 1],
    [3, 2],
  ])

  // Without the link a revocation is not known yet: the seal goes on within its lease.
  await open.desk.ask('sync.setLink', { on: false }, open.sessionId)
  await central('revoke', '--certificate', before.certificateSha256, '--reason', '印章遗失')
  expect((await finished(open, sealingRequest(sealId, [await paper()]))).job).toMatchObject({ sealed: 1 })
  await open.desk.ask('sync.setLink', { on: true }, open.sessionId)
  const stopped = await until(seal, ({ state }) => state === 'revoked')
  expect(stopped).toMatchObject({ unlocked: false, uses: 4 })
  const request = sealingRequest(sealId, [await paper()])
  expect(await open.desk.call('sealing.begin', request, open.sessionId)).toMatchObject({
    ok: false,
    error: { code: 'SEAL_REVOKED' },
  })
  await delivered()
  expect(await listed()).toMatchObject([{ impressions: 4, revoked: { by: 'centre', reason: '印章遗失' } }])

  // What is stopped is not leased or stopped again.
  const sha = before.certificateSha256
  expect(await refused('lease', '--station', stationId, '--certificate', sha, '--uses', '3', '--days', '10')).toContain(
    '已经停用',
  )
  expect(await refused('revoke', '--certificate', sha, '--reason', '再次')).toContain('已经停用')
  expect(
    await refused('lease', '--station', stationId, '--certificate', '00000000', '--uses', '3', '--days', '1'),
  ).toContain('没有报过')
  expect(await refused('lease', '--station', stationId, '--certificate', sha, '--uses', '0', '--days', '1')).toContain(
    '用法',
  )

  const key = await open.desk.key()
  await open.desk.kill('SIGTERM')
  const { before: kept, after } = await rebuiltTables(folder, key)
  expect(after).toEqual(kept)
})
