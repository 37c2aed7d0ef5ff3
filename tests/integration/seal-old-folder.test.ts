import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTrainingSeal } from '../../main/signing/index.ts'
import { createVault, newStationKeys, openStore } from '../../main/store/index.ts'
import { migrations } from '../../main/store/migrations/index.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { finished, putPaper, sealingRequest, unlockSeal } from '../helpers/papers.ts'
import { fixture } from '../helpers/seals.ts'

const pin = '135790'
const sealPin = '864200'
const cost = { memoryKiB: 64, passes: 1, lanes: 1 }
const station = { stationId: '440282113201-1', divisionCode: '440282113201', windowName: '演练村综合服务窗口' }
const clerk = { account: 'yanlian', displayName: '演练员', role: 'administrator' }
let folder = ''
let desk: DeskUnderTest | undefined

beforeEach(() => {
  folder = freshFolder()
})
afterEach(async () => {
  await desk?.kill('SIGKILL')
  removeFolder(folder)
})

/** A training station as the program left it before seals had custody and leases: one account, one seal, schema 4. */
async function makeOldFolder(): Promise<void> {
  const { key } = await createVault({ folder, clock: systemClock, cost }, { account: clerk.account, pin })
  const migrationsThen = migrations.slice(0, 4)
  const store = openStore({ file: join(folder, 'station.db'), key, clock: systemClock, migrations: migrationsThen })
  const { stationId: id, divisionCode, windowName } = station
  store.station.create({ id, name: '演练村', divisionCode, windowName }, newStationKeys())
  const at = new Date().toISOString()
  const told = { kind: 'account.created', version: 1, subject: 'station', actor: 'system', at, payload: clerk }
  store.transaction(() => store.ledger.append([told]))
  const organisation = '南雄市演练镇演练村村民委员会'
  const { p12, caPem } = await makeTrainingSeal({ organisation, pin: sealPin, now: new Date() })
  store.db.run(
    `INSERT INTO seals (seal_id, name, organisation, purpose_line, diameter_mm, p12, certificate_sha256, valid_from,
       valid_until, added_at) VALUES (?, '旧章', ?, '演练专用章', 42, ?, ?, ?, '2099-01-01T00:00:00.000Z', ?)`,
    [randomUUID(), organisation, p12, 'a'.repeat(64), '2020-01-01T00:00:00.000Z', at],
  )
  store.close()
  const facts = { ...station, mode: 'training', townName: '演练镇', villageName: '演练村' }
  writeFileSync(join(folder, 'training-ca.pem'), caPem)
  writeFileSync(join(folder, 'station.json'), JSON.stringify({ format: 1, ...facts, accounts: [clerk] }))
  const secrets = { format: 1, account: clerk.account, pin, sealPin, divisionCode: station.divisionCode }
  writeFileSync(join(folder, 'training.json'), JSON.stringify(secrets))
}

it('a folder from before custody opens: its seal is told to the ledger, leased and usable, and an approver is there', async () => {
  await makeOldFolder()
  desk = await startDesk(folder)
  const status = await desk.call('station.status', {})
  const approver = status.ok ? status.value.training?.approver : undefined
  expect(status.ok && status.value.accounts.map(({ account }) => account)).toEqual(['yanlian', 'shenpi'])
  expect(await desk.call('session.login', approver ?? { account: '', pin: '' })).toMatchObject({
    ok: true,
    value: { displayName: '演练审批员', role: 'approver' },
  })
  const open = { desk, sealPin, sessionId: (await loginTraining(desk)).sessionId }
  const sealId = await unlockSeal(open)
  const { documentId } = await putPaper(open, '证明.pdf', fixture('pdf-lib-table.pdf'))
  expect((await finished(open, sealingRequest(sealId, [documentId]))).job).toMatchObject({ state: 'done', sealed: 1 })
  const { seals } = await desk.ask('seals.status', {}, open.sessionId)
  expect(seals).toMatchObject([{ name: '旧章', state: 'usable', uses: 1, lease: { uses: 1000, usesLeft: 999 } }])
})

it('a second start adds nothing more, and an approver whose PIN is known keeps it', async () => {
  await makeOldFolder()
  const kinds: unknown[] = []
  for (let start = 0; start < 2; start += 1) {
    desk = await startDesk(folder)
    const { sessionId } = await loginTraining(desk)
    kinds.push((await desk.ask('seals.status', {}, sessionId)).seals.map(({ lease }) => lease?.leaseId))
    kinds.push(readFileSync(join(folder, 'training.json'), 'utf8'))
    await desk.kill('SIGTERM')
  }
  expect(kinds.slice(2)).toEqual(kinds.slice(0, 2))
})
