import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { CallOutput } from '../../preload/contract/api.ts'
import type { Session } from '../../preload/contract/views.ts'
import {
  type DeskUnderTest,
  exited,
  freshFolder,
  loginTraining,
  removeFolder,
  spawnDesk,
  startDesk,
} from '../helpers/desk.ts'
import { readyDraft } from '../helpers/intake.ts'
import { rebuiltTables } from '../helpers/rebuild.ts'

type Received = CallOutput<'drafts.receive'>

/** What one clerk saw: what was answered, and what was asked and never answered. */
type Witness = { readonly answered: Map<string, Received>; readonly unanswered: Set<string>; kills: number }

/** Mulberry32: the same seed kills at the same places, as far as a machine lets it. */
function randomSource(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

async function receive(desk: DeskUnderTest, session: Session, draftId: string, witness: Witness): Promise<void> {
  witness.unanswered.add(draftId)
  const value = await desk.ask('drafts.receive', { draftId }, session.sessionId)
  const before = witness.answered.get(draftId)
  if (before) expect(value).toEqual(before)
  witness.answered.set(draftId, value)
  witness.unanswered.delete(draftId)
}

/** Works as a clerk until the desk is gone: first asks again for what was not answered, then takes in new cases. */
async function workUntilKilled(desk: DeskUnderTest, session: Session, witness: Witness): Promise<void> {
  let index = witness.answered.size
  try {
    for (const draftId of [...witness.unanswered]) await receive(desk, session, draftId, witness)
    for (;;) {
      index += 1
      await receive(desk, session, await readyDraft(desk, session.sessionId, index), witness)
    }
  } catch (error) {
    if (error instanceof Error && error.message.includes('"code"')) throw error
    // The connection broke: the desk was killed.
  }
}

/** Takes a ready draft and its 收件: so many requests does a case cost. */
const requestsOfCase = 8

/** The desk with `onRequest` called as each request of a clerk leaves. */
function watched(desk: DeskUnderTest, onRequest: (name: string) => void): DeskUnderTest {
  return {
    ...desk,
    ask(name, input, sessionId) {
      onRequest(name)
      return desk.ask(name, input, sessionId)
    },
    put(query, bytes, sessionId) {
      onRequest('put')
      return desk.put(query, bytes, sessionId)
    },
  }
}

/**
 * One round: a desk is started again, handed the key, put to work, and killed some moments after a request drawn at random
 * has left; every second time that request is a 收件. One round in ten dies while it opens the store.
 */
async function killedRound(
  folder: string,
  key: string,
  session: Session,
  witness: Witness,
  random: () => number,
): Promise<void> {
  const desk = await startDesk(folder, ['--training', '--cheap-pins'])
  const resumed = desk.resume(key, [session]).catch(() => undefined)
  if (random() < 0.1) {
    await wait(random() * 30)
  } else {
    await resumed
    const killAt = Math.ceil(random() * requestsOfCase)
    const onReceive = random() < 0.5
    let sent = 0
    const onRequest = (name: string) => {
      sent += 1
      if (sent >= killAt && (!onReceive || name === 'drafts.receive')) {
        setTimeout(() => desk.process.kill('SIGKILL'), random() * 8)
      }
    }
    await workUntilKilled(watched(desk, onRequest), session, witness)
  }
  await desk.kill('SIGKILL')
  witness.kills += 1
}

async function torture(seed: number, kills: number) {
  const folder = freshFolder()
  const witness: Witness = { answered: new Map(), unanswered: new Set(), kills: 0 }
  const random = randomSource(seed)
  const first = await startDesk(folder, ['--training', '--cheap-pins'])
  const session = await loginTraining(first)
  const key = await first.key()
  await first.kill('SIGKILL')
  while (witness.kills < kills) await killedRound(folder, key, session, witness, random)

  const last = await startDesk(folder)
  await last.resume(key, [session])
  for (const draftId of [...witness.unanswered]) await receive(last, session, draftId, witness)
  const ids = [...witness.answered.keys()]
  const kept = await Promise.all(ids.map((caseId) => last.ask('cases.get', { caseId }, session.sessionId)))
  const view = { view: 'all', query: '', offset: 0, limit: 1 } as const
  const { total } = await last.ask('cases.list', view, session.sessionId)
  const ledger = await last.ask('ledger.verify', {}, session.sessionId)
  await last.kill('SIGTERM')
  return { folder, key, witness, kept, total, ledger }
}

const killsPerFolder = 155

describe('a desk that is killed again and again while cases are taken in', () => {
  it('keeps every 收件 that was answered, none twice, over 310 kills', { timeout: 1_200_000 }, async () => {
    const runs = await Promise.all([torture(20261123, killsPerFolder), torture(440282, killsPerFolder)])
    for (const { folder, key, witness, kept, total, ledger } of runs) {
      const { before, after, receivedEntries } = await rebuiltTables(folder, key)
      removeFolder(folder)
      const told = kept.map(({ summary, receivedSeq, receivedHash }) => ({
        caseId: summary.caseId,
        localNumber: summary.localNumber,
        seq: receivedSeq,
        hash: receivedHash,
      }))
      expect(told).toEqual([...witness.answered.values()])
      expect(new Set(told.map(({ localNumber }) => localNumber)).size).toBe(told.length)
      expect([total, receivedEntries]).toEqual([told.length, told.length])
      expect(ledger).toMatchObject({ ok: true, brokenAt: null })
      expect(after).toEqual(before)
      expect(witness.kills).toBe(killsPerFolder)
      expect(told.length).toBeGreaterThan(killsPerFolder / 4)
    }
  })

  it('finishes a first start that was killed anywhere', { timeout: 120_000 }, async () => {
    const folder = freshFolder()
    const random = randomSource(7)
    for (let round = 0; round < 12; round += 1) {
      const child = spawnDesk(folder, ['--training', '--cheap-pins'])
      await Promise.race([wait(250 + random() * 900), exited(child)])
      child.kill('SIGKILL')
      await exited(child)
    }
    const desk = await startDesk(folder)
    const { sessionId } = await loginTraining(desk)
    const { matters } = await desk.ask('matters.list', {}, sessionId)
    const { seals } = await desk.ask('seals.status', {}, sessionId)
    const ledger = await desk.ask('ledger.verify', {}, sessionId)
    await desk.kill('SIGTERM')
    removeFolder(folder)
    expect([matters.length, seals.length, ledger.ok]).toEqual([17, 1, true])
  })
})
