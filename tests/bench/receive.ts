import { openFeatures } from '../../main/desk/compose.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { signerWith } from '../helpers/catalogues.ts'
import { freshFolder, loginTraining, removeFolder, resourcesFolder, startDesk } from '../helpers/desk.ts'
import { allowance, allowanceAnswers, readyDraft, smallPng } from '../helpers/intake.ts'
import { median, milliseconds, type Row } from './row.ts'

const rounds = 100
const clerk = { sessionId: '', account: 'bench', displayName: 'bench' }

/** 收件, durable on disk (`synchronous=FULL`): in the desk itself, and as a client sees it over the private socket. */
export async function benchReceive(): Promise<Row[]> {
  const inside = await insideDesk()
  const outside = await overSocket()
  return [
    {
      what: '收件: entry, case, search words durable, in the desk',
      median: milliseconds(median(inside)),
      target: '< 10 ms',
    },
    {
      what: '收件: asked and answered over the private socket',
      median: milliseconds(median(outside)),
      target: '< 10 ms',
    },
  ]
}

/** The features over a real encrypted store, without drawing receipts in between. */
async function insideDesk(): Promise<number[]> {
  const dataFolder = freshFolder()
  const station = {
    stationId: '440282113201-1',
    mode: 'training' as const,
    townName: '珠玑镇',
    villageName: '珠玑村委会',
    windowName: '窗口',
  }
  const ground = { clock: systemClock, emit: () => {}, log: () => {}, dataFolder, resources: resourcesFolder, station }
  const features = openFeatures(ground, new Uint8Array(32).fill(9))
  const facts = { id: station.stationId, name: '村', divisionCode: '440282113201', windowName: '窗口' }
  features.context.store.station.create(facts, newStationKeys())
  await features.catalogue.releaseSample(signerWith(makeKeyPair()))
  const samples: number[] = []
  for (let index = 0; index < rounds; index += 1) {
    const { handlers } = features
    const draft = await handlers['drafts.create']?.({ itemId: allowance.itemId }, clerk)
    const draftId = draft?.draftId ?? ''
    await handlers['drafts.save']?.({ draftId, answers: allowanceAnswers(index) }, clerk)
    for (const requirement of [...allowance.materials, allowance.later]) {
      const file = { name: 'a.png', announcedBytes: smallPng.length, source: toStream(smallPng) }
      await features.drafts.putMaterial(draftId, requirement, file)
    }
    const started = performance.now()
    await handlers['drafts.receive']?.({ draftId }, clerk)
    samples.push(performance.now() - started)
    await features.documents.receipt(draftId, 'bench')
  }
  await features.close()
  removeFolder(dataFolder)
  return samples
}

async function* toStream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function overSocket(): Promise<number[]> {
  const dataFolder = freshFolder()
  const desk = await startDesk(dataFolder, ['--training', '--cheap-pins'])
  const { sessionId } = await loginTraining(desk)
  const samples: number[] = []
  for (let index = 0; index < rounds; index += 1) {
    const draftId = await readyDraft(desk, sessionId, index)
    const started = performance.now()
    await desk.ask('drafts.receive', { draftId }, sessionId)
    samples.push(performance.now() - started)
    await desk.ask('documents.receipt', { caseId: draftId }, sessionId)
  }
  await desk.kill('SIGTERM')
  removeFolder(dataFolder)
  return samples
}
