import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleGroundOf } from '../../central/bundles/ground.ts'
import { takeBundle } from '../../central/bundles/import.ts'
import { decideCase, listCases } from '../../central/cases/cases.ts'
import { publishNotice } from '../../central/feed/publishing.ts'
import { type ContentStore, openContent } from '../../central/files/content.ts'
import { listFiles } from '../../central/files/office.ts'
import { loadIdentity } from '../../central/identity.ts'
import { migrate } from '../../central/migrations/index.ts'
import { stationsWithTags } from '../../central/standards/rows.ts'
import { listTags, tagStation } from '../../central/standards/telling.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import { canonicalBytes, sha256Hex } from '../../main/wire/canonical.ts'
import { draftsMediaType, encodeDrafts } from '../../main/wire/packing/drafts-codec.ts'
import {
  type CaseHandedOver,
  caseHandedOverSchema,
  type DraftState,
  draftHandedOverSchema,
  draftsReplySchema,
} from '../../preload/contract/hand-over.ts'
import type { FeedItem } from '../../preload/contract/wire.ts'
import { bundleOf, memorySource } from '../helpers/bundles.ts'
import { enrolledStation, receivedCase, startGateway, type TestGateway, TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase } from '../helpers/centre-databases.ts'
import { sampleFile, sendEntries } from '../helpers/file-stations.ts'
import { failureOf } from '../helpers/store.ts'

describeOnEachDatabase('a machine in the place of another', migrate, (centre) => {
  let gateway: TestGateway
  let content: ContentStore
  let folder: string
  let windows = 0
  const now = () => new Date()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'replacement-'))
    content = await openContent({ folder }, centre.database)
    gateway = await startGateway(centre.database, now, content)
  })
  afterAll(async () => {
    await gateway.stop()
    rmSync(folder, { recursive: true })
    expect(gateway.bugs).toEqual([])
  })

  const nextId = () => {
    windows += 1
    return `440282104208-${windows}`
  }
  const lostMachine = () => enrolledStation(centre.database, gateway.url, nextId())
  /** Enrols a new machine with a code for the old one's place. */
  const replace = async (old: TestStation, id = nextId()) => {
    const { code } = await makeEnrolmentCode(centre.database, id, now(), old.id)
    return { ...(await enrolWith(code, id)), code }
  }
  const enrolWith = async (code: string, id: string) => {
    const station = new TestStation(id)
    const client = station.client(gateway.url)
    const reply = await client.enrol({ code, windowName: '新机器', publicKey: station.keys.publicKey })
    client.close()
    station.centrePublicKey = reply.centrePublicKey
    return { station, reply }
  }
  const feedOf = async (station: TestStation, after = 0): Promise<readonly FeedItem[]> => {
    const client = station.client(gateway.url)
    const page = await client.feed(after)
    client.close()
    return page.items
  }
  const handedTo = async (station: TestStation): Promise<CaseHandedOver[]> =>
    (await feedOf(station))
      .filter(({ kind }) => kind === 'case.handed-over')
      .map(({ payload }) => caseHandedOverSchema.parse(payload))
  const stepsOf = ({ history }: CaseHandedOver) =>
    history.map((step) => (step.what === 'entry' ? step.kind : step.decision.decision))
  const decide = (caseId: string, decision: 'accepted' | 'corrections' | 'approved' | 'closed' | 'refused') =>
    decideCase(centre.database, caseId, { decision, reason: '', officer: '经办人' }, now())
  const stateOf = async (caseId: string) =>
    (await listCases(centre.database)).find((one) => one.caseId === caseId)?.state
  /** Notes in a station's ledger that a page of its feed was applied. */
  const applyFeed = async (station: TestStation) => {
    const items = await feedOf(station)
    const payload = { from: 1, to: items.length, hash: sha256Hex(canonicalBytes(items)) }
    station.append({ kind: 'feed.applied', subject: 'station', actor: 'system', payload })
  }
  const supplement = (station: TestStation, caseId: string, note = '补') =>
    station.append({ kind: 'case.supplemented', subject: caseId, payload: { caseId, materials: [], note } })

  test('gets every case that somebody still has to do something about, newest first, as the old one saw it', async () => {
    const old = await lostMachine()
    old.append({
      ...{ kind: 'account.created', subject: 'station', actor: 'system' },
      payload: { account: 'clerk', displayName: '村里的文书', role: 'clerk' },
    })
    const [asked, open, delivered, toDeliver, told, toTell] = ['1', '2', '3', '4', '5', '6'].map((n) =>
      old.receive(`${old.id}-20260302-000${n}`),
    ) as [string, string, string, string, string, string]
    await sendEntries(old, gateway.url)
    await decide(asked, 'corrections')
    await applyFeed(old)
    supplement(old, asked)
    await sendEntries(old, gateway.url)
    await decide(asked, 'corrections')
    for (const caseId of [delivered, toDeliver])
      for (const step of ['accepted', 'approved', 'closed'] as const) await decide(caseId, step)
    for (const caseId of [told, toTell]) await decide(caseId, 'refused')
    const who = { receiverName: '测试人甲', receiverIdNumber: '', deliveredAtUtc: '2026-03-02T01:02:03.004Z' }
    old.append({ kind: 'case.delivered', subject: delivered, payload: { caseId: delivered, ...who } })
    old.append({ kind: 'case.told', subject: told, payload: { caseId: told } })
    await sendEntries(old, gateway.url)

    const { station, reply } = await replace(old)
    const handed = await handedTo(station)
    const ofAsked = handed.find(({ caseId }) => caseId === asked)

    expect(reply.replaced).toEqual({ stationId: old.id, cases: 4, drafts: 0 })
    expect(new Set(handed.map(({ caseId }) => caseId))).toEqual(new Set([asked, open, toDeliver, toTell]))
    expect(ofAsked && stepsOf(ofAsked)).toEqual(['case.received', 'corrections', 'case.supplemented', 'corrections'])
    expect(ofAsked?.history[0]).toMatchObject({ station: old.id, seq: 2, actor: 'clerk', actorName: '村里的文书' })
    expect(handed.every(({ from, windowName }) => from === old.id && windowName === '一号窗口')).toBe(true)
  })

  test('is the only one that the centre hears and tells from then on', async () => {
    const old = await lostMachine()
    const caseId = old.receive(`${old.id}-20260302-0001`)
    await sendEntries(old, gateway.url)
    const { station } = await replace(old)
    const stranger = await lostMachine()
    stranger.append({ kind: 'case.accepted', subject: caseId, payload: { caseId, by: 'station' } })
    await sendEntries(stranger, gateway.url)
    const afterStranger = await stateOf(caseId)
    station.append({ kind: 'case.accepted', subject: caseId, payload: { caseId, by: 'station' } })
    await sendEntries(station, gateway.url)
    const afterHolder = await stateOf(caseId)
    const before = (await feedOf(station)).length
    await decide(caseId, 'approved')
    await publishNotice(centre.database, { text: '明天停电', urgent: false, target: '440282104' }, now())
    const told = (await feedOf(station, before)).map(({ kind }) => kind)
    const dead = old.client(gateway.url)
    const said = [
      await failureOf(() => dead.push(old.batch())),
      await failureOf(() => dead.feed(0)),
      await failureOf(() => dead.head()),
    ]
    dead.close()
    const [row] = await centre.database.query<{ feed_cursor: number }>(
      'select feed_cursor from stations where station_id = $1',
      [old.id],
    )
    expect([afterStranger, afterHolder, told]).toEqual(['received', 'accepted', ['case.decided', 'notice.given']])
    expect(said.map(({ code }) => code)).toEqual(Array(3).fill('STATION_REPLACED'))
    expect(row?.feed_cursor).toBe(0)
  })

  test('is let in once, and only where that makes sense; each refusal says why', async () => {
    const old = await lostMachine()
    const other = await lostMachine()
    const fresh = nextId()
    const refusal = async (id: string, replaces?: string) =>
      makeEnrolmentCode(centre.database, id, now(), replaces).then(
        () => 'let in',
        (error: { error: string; message: string }) => `${error.error} ${error.message}`,
      )
    const { code } = await makeEnrolmentCode(centre.database, fresh, now(), old.id)
    const second = await makeEnrolmentCode(centre.database, nextId(), now(), old.id)
    const { station } = await enrolWith(code, fresh)
    const client = station.client(gateway.url)
    const again = await client.enrol({ code, windowName: '新机器', publicKey: station.keys.publicKey })
    client.close()
    expect(again.replaced).toEqual({ stationId: old.id, cases: 0, drafts: 0 })
    expect(await failureOf(() => enrolWith(code, fresh))).toMatchObject({ code: 'ENROLMENT_CODE_WRONG' })
    expect(await failureOf(() => enrolWith(second.code, second.stationId))).toMatchObject({ code: 'STATION_REPLACED' })
    expect(await refusal(other.id, other.id)).toContain('不能代替自己')
    expect(await refusal(nextId(), '440282104208-999')).toContain('not_found 中心没有登记过 440282104208-999')
    expect(await refusal(nextId(), old.id)).toContain(`已由 ${fresh} 代替`)
    expect(await refusal('440282113201-1', other.id)).toContain('同一个镇街')
    expect(await refusal(fresh, other.id)).toContain('station_taken')
    expect(await refusal(old.id)).toContain('station_replaced')
  })

  test('belongs to the rings of the old one; releases and their count go past a machine that was replaced', async () => {
    const old = await lostMachine()
    await tagStation(centre.database, { stationId: old.id, tags: ['试点'] }, now())
    const { station } = await replace(old)
    const tags = (await feedOf(station)).filter(({ kind }) => kind === 'station.tagged')
    expect(tags.map(({ payload }) => payload)).toEqual([{ tags: ['试点'] }])
    expect(await listTags(centre.database)).toEqual([{ stationId: station.id, tags: ['试点'] }])
    expect((await stationsWithTags(centre.database)).map(({ stationId }) => stationId)).not.toContain(old.id)
  })

  test('hands on what it got when it is lost itself, with all that happened at both', async () => {
    const first = await lostMachine()
    const caseId = first.receive(`${first.id}-20260302-0001`)
    await sendEntries(first, gateway.url)
    const { station: second } = await replace(first)
    await decide(caseId, 'corrections')
    supplement(second, caseId)
    await sendEntries(second, gateway.url)
    const { station: third, reply } = await replace(second)
    const [handed] = await handedTo(third)
    await decide(caseId, 'accepted')
    const told = (await feedOf(third)).filter(({ kind }) => kind === 'case.decided')
    expect(reply.replaced?.cases).toBe(1)
    expect(handed && stepsOf(handed)).toEqual(['case.received', 'case.supplemented', 'corrections'])
    expect(handed?.history.map((step) => (step.what === 'entry' ? step.station : ''))).toEqual([
      first.id,
      second.id,
      '',
    ])
    expect(told.length).toBe(1)
  })

  test('takes in the last words of the old one by an officer alone; what is new in them is told to the new one', async () => {
    const identity = await loadIdentity(centre.database, '', now())
    const ground = bundleGroundOf({ database: centre.database, identity, content, now })
    const old = await lostMachine()
    const { file, bytes } = sampleFile(3_000)
    const known = old.receive(`${old.id}-20260302-0001`)
    await sendEntries(old, gateway.url)
    const { station } = await replace(old)
    supplement(old, known, '断网时补的')
    const caseId = randomUUID()
    const materials = [
      { materialId: randomUUID(), requirementId: 'photo', file, addedAtUtc: '2026-03-02T01:02:03.004Z' },
    ]
    const payload = { ...receivedCase(caseId, `${old.id}-20260302-0002`), materials }
    old.append({ kind: 'case.received', subject: caseId, payload })
    const bundle = await bundleOf(old, identity, { files: [{ file, bytes }] })
    const take = (fromReplaced: boolean) =>
      takeBundle(ground, memorySource(bundle), '', async () => undefined, fromReplaced)
    const refused = await take(false).catch((error: { error: string; message: string }) => error)
    const taken = await take(true)
    await take(true)
    const late = await handedTo(station)
    await decide(caseId, 'accepted')
    const decided = (await feedOf(station)).filter(({ kind }) => kind === 'case.decided')
    expect(refused).toMatchObject({ error: 'bundle_of_replaced' })
    expect(taken).toMatchObject({ newEntries: 2, files: 1 })
    expect(late.slice(1).map((one) => [one.caseId, stepsOf(one), one.files.length])).toEqual([
      [known, ['case.supplemented'], 0],
      [caseId, ['case.received'], 0],
      [caseId, [], 1],
    ])
    expect(decided.length).toBe(1)
  })

  describe('files of cases that were handed over', () => {
    const piece = async (station: TestStation, sha256: string, offset = 0, length = 1 << 20) => {
      const client = station.client(gateway.url)
      const path = `/v1/stations/${station.id}/files/${sha256}/content?offset=${offset}&length=${length}`
      const reply = await client.send({ method: 'GET', path }).finally(() => client.close())
      return { status: reply.status, bytes: reply.body }
    }
    const upload = async (station: TestStation, sha256: string, bytes: Buffer, copyOf?: string) => {
      const client = station.client(gateway.url)
      const kind = copyOf === undefined ? 'class=original' : `class=copy&copyOf=${copyOf}`
      await client.send({
        method: 'POST',
        path: `/v1/stations/${station.id}/files?sha256=${sha256}&size=${bytes.length}&${kind}`,
        headers: {
          'tus-resumable': '1.0.0',
          'upload-length': String(bytes.length),
          'content-type': 'application/offset+octet-stream',
        },
        body: {
          stream: (async function* () {
            yield bytes
          })(),
          sizeBytes: bytes.length,
        },
      })
      client.close()
    }
    const caseWith = async (station: TestStation, file: ReturnType<typeof sampleFile>['file'], number = '0001') => {
      const caseId = randomUUID()
      const addedAtUtc = '2026-03-02T01:02:03.004Z'
      const materials = [{ materialId: randomUUID(), requirementId: 'photo', file, addedAtUtc }]
      const payload = { ...receivedCase(caseId, `${station.id}-20260302-${number}`), materials }
      station.append({ kind: 'case.received', subject: caseId, payload })
      await sendEntries(station, gateway.url)
      return caseId
    }

    test('come piece by piece to the machine that holds the case, with the readable copy, and to nobody else', async () => {
      const old = await lostMachine()
      const [here, copy, lost] = [sampleFile(200_000), sampleFile(2_000), sampleFile(1_000)]
      await caseWith(old, here.file)
      await caseWith(old, lost.file, '0002')
      await upload(old, here.file.sha256, here.bytes)
      await upload(old, copy.file.sha256, copy.bytes, here.file.sha256)
      const { station } = await replace(old)
      const handed = await handedTo(station)
      const pieces = [
        await piece(station, here.file.sha256, 0, 150_000),
        await piece(station, here.file.sha256, 150_000, 150_000),
        await piece(station, here.file.sha256, 200_000),
      ]
      const small = await piece(station, copy.file.sha256)
      const stranger = await lostMachine()
      // Naming a file oneself proves nothing.
      await caseWith(stranger, here.file)
      const refused = [
        await piece(stranger, here.file.sha256),
        await piece(stranger, copy.file.sha256),
        await piece(old, here.file.sha256),
        await piece(station, lost.file.sha256),
      ]
      expect(handed.flatMap(({ files }) => files)).toEqual([
        { sha256: here.file.sha256, original: true, copy: { sha256: copy.file.sha256, sizeBytes: 2_000 } },
      ])
      expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(here.bytes)).toBe(true)
      expect(small.bytes.equals(copy.bytes)).toBe(true)
      expect(refused.map(({ status }) => status)).toEqual([404, 404, 410, 404])
    })

    test('are replaced by the sealed file that the new machine makes, and a foreign one adds nothing to the case', async () => {
      const old = await lostMachine()
      const receipt = sampleFile(500, '收件凭证.pdf').file
      const caseId = old.receive(`${old.id}-20260302-0001`)
      const documentId = randomUUID()
      const made = { documentId, caseId, kind: 'receipt', file: receipt, quotesSeq: 1, quotesHash: 'a'.repeat(64) }
      old.append({ kind: 'document.made', subject: caseId, payload: { ...made, unprintable: [] } })
      await sendEntries(old, gateway.url)
      const { station } = await replace(old)
      const sealed = (file: typeof receipt) => ({
        ...{ documentId, caseId, kind: 'receipt', title: '收件凭证', sealId: 's', sealName: '章' },
        ...{ certificateSha256: 'b'.repeat(64), before: receipt.sha256, file, form: 'page', places: [] },
        ...{ reason: '', approvedBy: '', leaseId: '' },
      })
      const [ours, theirs] = [sampleFile(600, '收件凭证.pdf').file, sampleFile(700, '收件凭证.pdf').file]
      const stranger = await lostMachine()
      stranger.append({ kind: 'document.sealed', version: 2, subject: caseId, payload: sealed(theirs) })
      await sendEntries(stranger, gateway.url)
      station.append({ kind: 'document.sealed', version: 2, subject: caseId, payload: sealed(ours) })
      await sendEntries(station, gateway.url)
      const files = await listFiles(centre.database, caseId)
      expect(files.map(({ sha256 }) => sha256)).toEqual([ours.sha256])
    })
  })

  describe('drafts', () => {
    const draftOf = (changes: Partial<DraftState> = {}): DraftState => ({
      ...{ draftId: randomUUID(), revision: 3, itemId: 'SAMPLE-GLJT', matterName: '高龄津贴', standardVersion: 1 },
      ...{
        answers: { name: '测试人甲' },
        later: ['photo'],
        photos: [{ requirementId: 'id-card', name: '身份证.jpg' }],
      },
      ...{ updatedAtUtc: '2026-03-02T01:02:03.004Z' },
      ...changes,
    })
    const tell = async (station: TestStation, drafts: readonly DraftState[], gone: readonly string[] = []) => {
      const client = station.client(gateway.url)
      const body = await encodeDrafts({ format: 1, drafts: [...drafts], gone: [...gone] })
      const headers = { 'content-type': draftsMediaType }
      const path = `/v1/stations/${station.id}/drafts`
      const reply = await client.send({ method: 'POST', path, headers, body }).finally(() => client.close())
      return { status: reply.status, body: JSON.parse(reply.body.toString('utf8')) }
    }
    const draftsTo = async (station: TestStation) =>
      (await feedOf(station))
        .filter(({ kind }) => kind === 'draft.handed-over')
        .flatMap(({ payload }) => draftHandedOverSchema.safeParse(payload).data ?? [])

    test('come over in their last state, without those that were received or thrown away', async () => {
      const old = await lostMachine()
      const [kept, received, gone] = [draftOf(), draftOf(), draftOf()]
      const first = await tell(old, [kept, received, gone])
      const newer = { ...kept, revision: 5, answers: { name: '测试人乙' } }
      await tell(old, [newer], [gone.draftId])
      await tell(old, [kept])
      const payload = receivedCase(received.draftId, `${old.id}-20260302-0001`)
      old.append({ kind: 'case.received', subject: received.draftId, payload })
      await sendEntries(old, gateway.url)
      await tell(old, [received])
      const { station, reply } = await replace(old)
      expect(draftsReplySchema.parse(first.body).taken).toBe(3)
      expect(reply.replaced).toMatchObject({ cases: 1, drafts: 1 })
      expect(await draftsTo(station)).toEqual([{ from: old.id, draft: newer }])
      await tell(station, [], [newer.draftId])
      expect(await draftsTo(station)).toEqual([])
    })

    test('are refused where they are no drafts, too large, or from a dead key', async () => {
      const old = await lostMachine()
      const huge = await tell(old, [draftOf({ answers: { name: '长'.repeat(40_000) } })])
      const client = old.client(gateway.url)
      const path = `/v1/stations/${old.id}/drafts`
      const headers = { 'content-type': draftsMediaType }
      const body = Buffer.from([2, 1, 2, 3])
      const broken = await client.send({ method: 'POST', path, headers, body }).finally(() => client.close())
      await replace(old)
      const dead = await tell(old, [draftOf()])
      expect([huge.status, broken.status, dead.status]).toEqual([413, 400, 410])
    })
  })
})
