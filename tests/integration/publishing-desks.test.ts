import { beforeAll, expect, it } from 'vitest'
import { takeDrafts } from '../../central/drafts/drafts.ts'
import { migrate } from '../../central/migrations/index.ts'
import { nameDesk } from '../../central/standards/desks.ts'
import { fillPinned } from '../../central/standards/pinned.ts'
import { registerPublisher, retirePublisher } from '../../central/standards/publishers.ts'
import { publishRelease } from '../../central/standards/releases.ts'
import { tagStation } from '../../central/standards/telling.ts'
import { openWhole } from '../../main/wire/catalogue/release-file.ts'
import { makeKeyPair, signerOf, signValue } from '../../main/wire/signatures.ts'
import type { DraftState } from '../../preload/contract/hand-over.ts'
import { deskProofHeader, publishingDeskClaim } from '../../preload/contract/standards/county.ts'
import { packOf, releaseAfter, sampleDocuments } from '../helpers/catalogues.ts'
import { enrolledStation, officeToken, receivedCase, type TestStation } from '../helpers/centre.ts'
import { type CentreInUse, describeOnEachDatabase } from '../helpers/centre-databases.ts'

const keys = makeKeyPair()
const matter = 'elder-allowance'

const draftOf = (draftId: string, standardVersion: number, itemId = matter): DraftState => ({
  ...{ draftId, revision: 1, itemId, matterName: '高龄津贴', standardVersion, answers: {}, later: [], photos: [] },
  updatedAtUtc: '2026-03-02T01:02:03.004Z',
})

describeOnEachDatabase('a publishing desk', migrate, (centre: CentreInUse) => {
  let desk: TestStation
  let villages: TestStation[]
  const draft = releaseAfter(null, sampleDocuments(3), keys, {
    ...{ madeAtUtc: new Date(Date.now() - 60_000).toISOString(), effectiveAtUtc: new Date().toISOString() },
    targets: ['440282104208'],
  })

  const proofOf = (station: TestStation, by = keys) => ({
    [deskProofHeader]: `${by.publicKey} ${signValue(signerOf(by.privateKey), publishingDeskClaim(station.id))}`,
  })
  const ask = async (
    station: TestStation,
    what: string,
    headers: Record<string, string>,
    body?: object,
    id = station.id,
  ) => {
    const client = station.client(centre.url)
    const reply = await client.send({
      ...{ method: body === undefined ? 'GET' : 'POST', path: `/v1/stations/${id}/publishing/${what}` },
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      body: body && Buffer.from(JSON.stringify(body)),
    })
    client.close()
    return { status: reply.status, bytes: reply.body, json: () => JSON.parse(reply.body.toString()) }
  }
  const impact = async (targets: 'all' | string[], itemIds = [matter]) =>
    (await ask(desk, 'impact', proofOf(desk), { targets, itemIds })).json()

  beforeAll(async () => {
    desk = await enrolledStation(centre.database, centre.url, '440282001001-1')
    villages = []
    for (const id of ['440282104208-1', '440282104209-1', '440282113201-1'])
      villages.push(await enrolledStation(centre.database, centre.url, id))
    const order = { publicKey: keys.publicKey, county: '440282', name: '县政数局', ifNone: false }
    await registerPublisher(centre.database, order, new Date())
    await publishRelease(centre.database, await packOf(draft), new Date())
    const [one, two, three] = villages as [TestStation, TestStation, TestStation]
    for (const [station, version] of [
      [one, 1],
      [one, 2],
      [three, 1],
    ] as const) {
      const caseId = crypto.randomUUID()
      const payload = { ...receivedCase(caseId, `${station.id}-20260302-${version}`), standardVersion: version }
      station.append({ kind: 'case.received', subject: caseId, payload })
    }
    for (const station of [one, three]) {
      const client = station.client(centre.url)
      await client.push(station.batch())
      client.close()
    }
    const ofTheme: DraftState = {
      ...draftOf(crypto.randomUUID(), 7, 'theme'),
      theme: {
        inner: [],
        members: [
          { itemId: matter, version: 1, wanted: true, caseId: crypto.randomUUID() },
          { itemId: 'unwanted', version: 1, wanted: false, caseId: crypto.randomUUID() },
        ],
      },
    }
    const drafts = [
      draftOf(crypto.randomUUID(), 1),
      draftOf(crypto.randomUUID(), 1),
      draftOf(crypto.randomUUID(), 1, 'other'),
      ofTheme,
    ]
    await takeDrafts(centre.database, two.id, { format: 1, drafts, gone: [] }, new Date())
    await tagStation(centre.database, { stationId: three.id, tags: ['试点'] }, new Date())
    await centre.database.query(`update stations set last_seen_at = now() - interval '8 days' where station_id = $1`, [
      two.id,
    ])
  })

  it('hears how many cases and drafts a release meets, in all and at the stations meant, by town; one of a theme with each matter chosen', async () => {
    const ring = await impact(['440282104', '试点'])
    expect(ring).toEqual({
      ...{ enrolled: 4, meant: 3, silent: 1, silentDays: 7 },
      matters: [
        { itemId: matter, version: 1, cases: 2, casesMeant: 2, drafts: 3, draftsMeant: 3 },
        { itemId: matter, version: 2, cases: 1, casesMeant: 1, drafts: 0, draftsMeant: 0 },
      ],
      towns: [
        { code: '440282104', meant: 2, silent: 1, cases: 2, drafts: 3 },
        { code: '440282113', meant: 1, silent: 0, cases: 1, drafts: 0 },
      ],
    })
    const tagged = await impact(['试点'])
    expect([tagged.meant, tagged.matters[0].cases, tagged.matters[0].casesMeant, tagged.towns.length]).toEqual([
      1, 2, 1, 1,
    ])
    expect((await impact('all', ['unwanted', 'theme'])).matters).toEqual([])
  })

  it('counts a case no longer once it is over, and a draft no longer once it is received', async () => {
    const before = (await impact('all')).matters
    await centre.database.query("update cases set state = 'closed' where standard_version = 2")
    await centre.database.query('update cases set state = $1 where standard_version = 1 and holder_id = $2', [
      ...['approved', (villages[2] as TestStation).id],
    ])
    const after = (await impact('all')).matters
    expect([before.length, after]).toEqual([
      2,
      [{ itemId: matter, version: 1, cases: 2, casesMeant: 2, drafts: 3, draftsMeant: 3 }],
    ])
  })

  it('knows earlier cases and drafts too, once the migration has filled them in', async () => {
    const read = () => centre.database.query('select item_id from cases order by case_id')
    const drafts = () => centre.database.query('select * from station_draft_matters order by draft_id')
    const before = [await read(), await drafts()]
    await centre.database.query("update cases set item_id = ''")
    await centre.database.query('delete from station_draft_matters')
    await centre.database.transaction((sql) => fillPinned(sql))
    expect([await read(), await drafts()]).toEqual(before)
  })

  it('gets releases that are for others, and the windows of the county by name and word', async () => {
    const { releases } = (await ask(desk, 'releases', proofOf(desk))).json()
    const pack = await ask(desk, 'releases/1', proofOf(desk))
    const { windows } = (await ask(desk, 'windows', proofOf(desk))).json()
    expect(releases).toEqual([{ release: 1, sha256: draft.signed.sha256 }])
    expect((await openWhole(pack.bytes)).signed.sha256).toBe(draft.signed.sha256)
    expect(
      windows.map(({ stationId, windowName, tags }: Record<string, unknown>) => [stationId, windowName, tags]),
    ).toEqual([
      ['440282001001-1', '一号窗口', []],
      ['440282104208-1', '一号窗口', []],
      ['440282104209-1', '一号窗口', []],
      ['440282113201-1', '一号窗口', ['试点']],
    ])
  })

  it('is who proves the publisher’s key for itself, or whom an officer named; nobody else is told anything', async () => {
    const [village] = villages as [TestStation]
    const questions = ['releases', 'releases/1', 'windows']
    const statuses = async (headers: Record<string, string>, station = village, id = station.id) => [
      ...(await Promise.all(questions.map(async (what) => (await ask(station, what, headers, undefined, id)).status))),
      (await ask(station, 'impact', headers, { targets: 'all', itemIds: [] }, id)).status,
    ]
    const none = [401, 401, 401, 401]
    expect([
      await statuses({}),
      await statuses(proofOf(desk)),
      await statuses(proofOf(village, makeKeyPair())),
      await statuses({ [deskProofHeader]: 'x y' }),
      // A desk's proof does not let another speak in its name.
      await statuses(proofOf(desk), village, desk.id),
    ]).toEqual([none, none, none, none, none])
    await nameDesk(centre.database, { stationId: village.id, isDesk: true }, new Date())
    const named = await statuses({})
    await nameDesk(centre.database, { stationId: village.id, isDesk: false }, new Date())
    expect([named, await statuses({})]).toEqual([[200, 200, 200, 200], none])
    const office = await fetch(`${centre.url}/v1/office/publishing-desks`, {
      headers: { authorization: `Bearer ${officeToken}` },
    })
    expect([office.status, await office.json()]).toEqual([200, { desks: [] }])
    await retirePublisher(centre.database, keys.publicKey, new Date())
    expect(await statuses(proofOf(desk), desk)).toEqual(none)
  })
})
