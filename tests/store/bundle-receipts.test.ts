import { randomBytes, randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { applyAnswer } from '../../main/features/bundles/applying.ts'
import type { BundlePorts } from '../../main/features/bundles/index.ts'
import { bundleRecords } from '../../main/wire/bundle/format.ts'
import { ageRecipientOf } from '../../main/wire/bundle/keys.ts'
import { createBundleWriter } from '../../main/wire/bundle/writer.ts'
import { canonicalBytes } from '../../main/wire/canonical.ts'
import { makeKeyPair, signerOf, signValue } from '../../main/wire/signatures.ts'
import type { StoredFile } from '../../preload/contract/entries.ts'
import type { FileReceipt } from '../../preload/contract/wire.ts'
import { memorySource, sampleHeader } from '../helpers/bundles.ts'
import { openFileDesk } from '../helpers/file-desk.ts'
import { temporaryFolder } from '../helpers/store.ts'

const centre = makeKeyPair()
const { centreId } = sampleHeader

/** A station with one case of so many files, which are not there themselves, and the centre's receipts for them. */
function stationWithReceipts(count: number) {
  const folder = temporaryFolder()
  const desk = openFileDesk(folder.path)
  onTestFinished(() => {
    desk.close()
    folder[Symbol.dispose]()
  })
  const events: string[] = []
  Object.assign(desk.context, { emit: ({ event }: { event: string }) => events.push(event) })
  desk.store.station.setCentre({ id: centreId, url: 'http://127.0.0.1:1', publicKey: centre.publicKey })
  const files = Array.from({ length: count }, (_, index): StoredFile => {
    const sha256 = randomBytes(32).toString('hex')
    return { sha256, sizeBytes: 100_000 + index, name: '照片.jpg', mediaType: 'image/jpeg' }
  })
  const caseId = desk.receive(files)
  const receipts = files.map(({ sha256, sizeBytes }): FileReceipt => {
    const said = { station: desk.store.station.read().id, sha256, sizeBytes, arrivedAtUtc: '2026-03-02T01:02:03.004Z' }
    return { ...said, signature: signValue(signerOf(centre.privateKey), said) }
  })
  return { ...desk, caseId, receipts, events }
}

/** The centre's answer to a bundle, with these confirmations in it. */
async function answerWith({ store }: ReturnType<typeof stationWithReceipts>, receipts: readonly FileReceipt[]) {
  const { id: stationId, publicKey } = store.station.read()
  const parts: Buffer[] = []
  const writer = await createBundleWriter({
    header: { ...sampleHeader, kind: 'return', answers: randomUUID(), stationId },
    recipient: ageRecipientOf(publicKey),
    sign: signerOf(centre.privateKey),
    sink: async (bytes) => void parts.push(Buffer.from(bytes)),
  })
  for (const receipt of receipts) writer.add(bundleRecords.receipt, canonicalBytes(receipt))
  await writer.finish()
  return memorySource(Buffer.concat(parts))
}

test('the confirmations of 1,200 files on a stick are kept by the hundreds, not one by one', async () => {
  const station = stationWithReceipts(1_200)
  const taken: number[] = []
  const ports = {
    takeReceipts: (receipts: readonly FileReceipt[]) => {
      taken.push(receipts.length)
      return station.files.noteReceipts(receipts)
    },
  } as Partial<BundlePorts> as BundlePorts
  const progress = { signal: new AbortController().signal, expect: () => undefined, advance: () => undefined }

  const said = await applyAnswer(
    station.context,
    ports,
    await answerWith(station, station.receipts),
    'yanlian',
    progress,
  )

  expect(said).toContain('确认了 1200 个文件')
  expect(taken).toEqual([500, 500, 200])
  expect(station.events).toEqual(['changed', 'changed', 'changed'])
  expect(station.files.waitingOf(station.caseId)).toBe(0)
})

test('confirmations that come together are kept together or not at all, and told once', () => {
  const station = stationWithReceipts(20)
  const { files, store, receipts, events, caseId } = station
  const [first, last] = [receipts[0] as FileReceipt, receipts.at(-1) as FileReceipt]
  const forged = { ...last, sizeBytes: last.sizeBytes + 1 }
  expect(() => files.noteReceipts([...receipts.slice(0, -1), forged])).toThrow('CENTRE_NONSENSE')
  store.db.run(
    `CREATE TEMP TRIGGER power_cut BEFORE UPDATE ON file_deliveries WHEN new.sha256 = '${last.sha256}'
     BEGIN SELECT raise(ABORT, 'power cut'); END`,
  )
  expect(() => files.noteReceipts(receipts)).toThrow('power cut')
  expect([files.waitingOf(caseId), events]).toEqual([20, []])
  store.db.run('DROP TRIGGER power_cut')

  expect(files.noteReceipts([first])).toBe(1)
  expect(files.noteReceipts(receipts)).toBe(19)
  expect(files.noteReceipts(receipts)).toBe(0)
  expect([files.waitingOf(caseId), events]).toEqual([0, ['changed', 'changed']])
})
